"""What a record says of outcomes may be made early, and is never other than what is made at the end."""

from collections.abc import Iterator

import pytest
from making import topic

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.cli.foretold import Foretold
from kafka_gitops.ledger import codec, records
from kafka_gitops.ledger.nouns import RunOutcome
from kafka_gitops.model import topic_key
from kafka_gitops.redact import forget, keep_secret

DONE, OTHER = (Outcome(Change(topic_key(name), None, topic(3, 1, retention_ms="canary-1")), "done") for name in "ab")


@pytest.fixture(autouse=True)
def _no_secrets() -> Iterator[None]:
    yield
    forget()


def begun(made: list[Outcome]) -> Foretold:
    """One that was told of both outcomes, and has made what is to be said of them."""

    def make(outcome: Outcome) -> RunOutcome:
        made.append(outcome)
        return RunOutcome.of(outcome)

    found = Foretold(make)
    found.told(DONE)
    found.told(OTHER)
    found.begin(lambda: None)
    return found


def lines(*told: Outcome) -> list[str]:
    return records.lines({"outcomes": [codec.dumped(RunOutcome.of(one)) for one in told]})


def test_what_came_as_foretold_is_made_once() -> None:
    made: list[Outcome] = []
    foretold = begun(made)
    assert foretold.all([DONE, OTHER]) == ((RunOutcome.of(DONE), RunOutcome.of(OTHER)), lines(DONE, OTHER))
    assert made == [DONE, OTHER]


def test_what_came_otherwise_is_made_anew() -> None:
    late = OTHER._replace(status="unverified", detail="not visible yet")
    assert begun([]).all([DONE, late]) == ((RunOutcome.of(DONE), RunOutcome.of(late)), lines(DONE, late))


def test_a_secret_that_is_known_only_since_is_taken_out() -> None:
    foretold = begun([])
    foretold.all([DONE])
    keep_secret("canary-1")
    (told,), (line,) = foretold.all([DONE])
    assert "canary-1" not in line
    assert told == RunOutcome.of(DONE)
    assert any(edit.after == "[redacted]" for edit in told.edits)


def test_what_fails_fails_where_it_is_wanted() -> None:
    def make(outcome: Outcome) -> RunOutcome:
        raise ValueError(outcome.status)

    foretold = Foretold(make)
    foretold.told(DONE)
    foretold.begin(lambda: None)
    assert foretold.all([]) == ((), [])
    with pytest.raises(ValueError, match="done"):
        foretold.all([DONE])
