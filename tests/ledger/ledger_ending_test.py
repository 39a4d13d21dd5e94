"""What a run leaves when it ends: its status, the owner's commit, what is open, the names of what is owned."""

from dataclasses import replace

import pytest
from making import topic
from memory_log import CLUSTER

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.ledger import chain, ending
from kafka_gitops.ledger.ending import Applied, Place
from kafka_gitops.ledger.names import Claim
from kafka_gitops.ledger.nouns import Open, Owner, Run, RunOutcome
from kafka_gitops.ledger.owner import Identity
from kafka_gitops.model import Key, topic_key
from kafka_gitops.redact import keep_secret

STARTED = Run("20270115-080000-0a1b2c", 3, "sha256:x", CLUSTER, "acme", "dev", "running")
WHO = Identity("acme", "dev", "github.com/acme/streams", "kafka-gitops.yaml")
BEFORE = Owner(
    CLUSTER, "acme", "dev", "github.com/acme/streams", "kafka-gitops.yaml", "c0", number=2, digest="sha256:x"
)


def outcome(name: str, status: str, *, gone: bool = False, detail: str | None = None) -> Outcome:
    spec = topic(1, 1)
    return Outcome(Change(topic_key(name), spec if gone else None, None if gone else spec), status, detail)


@pytest.mark.parametrize(
    ("statuses", "code", "stopped", "said"),
    [
        ((), 0, False, "done"),
        (("done", "already"), 0, False, "done"),
        (("done", "failed"), 6, False, "partly"),
        (("failed", "skipped"), 1, False, "failed"),
        (("failed",), 6, False, "partly"),  # a part of one change is done
        (("done", "skipped"), 6, True, "stopped"),
        (("unknown",), 6, False, "partly"),
    ],
)
def test_how_it_ended(statuses: tuple[str, ...], code: int, stopped: bool, said: str) -> None:
    found = [RunOutcome("topic", f"t{n}", "create", status) for n, status in enumerate(statuses)]
    assert ending.ended(STARTED, found, code=code, stopped=stopped).status == said


def test_the_next_place_comes_after_the_last_end_and_after_who_died_since() -> None:
    died = Run("20270115-080000-0a1b2c", 3, "sha256:x", CLUSTER, "acme", "dev", "died")
    assert ending.after(None, []) == Place(1, None)
    assert ending.after(BEFORE, []) == Place(3, "sha256:x")
    assert ending.after(BEFORE, [died]) == Place(4, chain.digest(died))


@pytest.mark.parametrize(
    ("status", "applied", "commit"),
    [
        ("done", Applied("c1", True, ()), "c1"),
        ("partly", Applied("c1", True, (Open("topic", "a", "failed"),)), "c1"),
        ("failed", Applied("c1", True, (Open("topic", "a", "failed"),)), "c0"),  # nothing of it is applied
        ("done", Applied("c1", False, ()), "c0"),  # --only
        ("done", Applied(None, True, ()), "c0"),  # no commit has these files
    ],
)
def test_the_commit_moves_when_something_of_it_is_applied(status: str, applied: Applied, commit: str) -> None:
    run = ending.ended(STARTED, (), code={"done": 0, "partly": 6}.get(status, 1), stopped=False)
    found = ending.owner(WHO, BEFORE, run, applied, 1, (), at=70, digest=chain.digest(run))
    assert (found.commit, found.open) == (commit, applied.open if commit == "c1" else ())
    assert (found.number, found.digest, found.run) == (3, chain.digest(run), STARTED.run)
    assert found.at == 70


def test_an_apply_of_a_part_keeps_what_was_open_elsewhere() -> None:
    asked = [outcome("a", "done", gone=True), outcome("b", "failed")]
    earlier = replace(BEFORE, open=tuple(Open("topic", name, "failed: policy", "c9") for name in "abc"))
    found = ending.open_of(asked, {}, earlier)
    assert ending.with_earlier(found, asked, earlier) == (
        Open("topic", "c", "failed: policy", "c9"),
        Open("topic", "b", "failed"),
    )
    assert ending.with_earlier(found, asked, None) == found


def test_what_is_open_and_why() -> None:
    outcomes = [
        outcome("a", "done"),
        outcome("b", "already"),
        outcome("c", "failed", detail="POLICY_VIOLATION: no"),
        outcome("d", "skipped"),
    ]
    assert ending.open_of(outcomes, {Key("topic", "e"): "POLICY_VIOLATION: never"}, BEFORE) == (
        Open("topic", "c", "failed: POLICY_VIOLATION: no"),
        Open("topic", "d", "skipped"),
        Open("topic", "e", "refused: POLICY_VIOLATION: never"),
    )


def removal(name: str) -> Outcome:
    """One that is made because the files no longer declare what was applied."""
    one = outcome(name, "skipped", gone=True)
    return one._replace(change=replace(one.change, known="it was applied"))


def test_a_removal_that_is_open_keeps_the_commit_that_declared_it() -> None:
    before = replace(BEFORE, open=(Open("topic", "b", "skipped", "c-1"), Open("topic", "c", "failed")))
    waits = ending.open_of([], {}, before, {Key("topic", "a"): "held", Key("topic", "z"): "held"})
    assert [(one.name, one.why) for one in waits] == [("a", "held"), ("z", "held")]
    assert all(one.commit is not None for one in waits)
    found = ending.open_of([removal("a"), removal("b"), outcome("d", "failed", gone=True)], {}, before)
    assert {one.name: one.commit for one in found} == {"a": "c0", "b": "c-1", "d": None}


def claim(name: str, digest: str = "x") -> Claim:
    return Claim("topic", name, digest)


def changed(*names: str) -> dict[Key, Claim]:
    return {topic_key(name): claim(name, "new") for name in names}


def test_of_all_files_it_is_what_they_declare_and_what_is_still_to_be_removed() -> None:
    outcomes = [outcome("a", "done"), outcome("gone", "done", gone=True), outcome("left", "skipped", gone=True)]
    found = ending.claimed([claim("gone"), claim("left")], [claim("a")], outcomes, changed("a", "gone", "left"))
    assert found == [claim("a"), claim("left", "new")]


def test_of_some_files_it_is_what_was_owned_and_what_the_changes_did() -> None:
    outcomes = [outcome("a", "done"), outcome("b", "failed"), outcome("gone", "done", gone=True)]
    found = ending.claimed([claim("gone"), claim("other")], None, outcomes, changed("a", "b", "gone"))
    assert found == [claim("a", "new"), claim("other")]


def test_no_known_secret_is_in_the_reason_why_one_is_open() -> None:
    keep_secret("tangerine-7")
    key = topic_key("a")
    said = [
        *ending.open_of([outcome("a", "failed", detail="of tangerine-7")], {}, None),
        *ending.open_of([], {key: "of tangerine-7"}, None),
        *ending.open_of([], {}, None, {key: "of tangerine-7"}),
    ]
    assert [one.why for one in said] == ["failed: of [redacted]", "refused: of [redacted]", "of [redacted]"]


def test_the_reason_why_one_is_open_stays_short() -> None:
    (found,) = ending.open_of([outcome("a", "failed", detail="x" * 4_000)], {}, None)
    assert (len(found.why), found.why[:10], found.why[-5:]) == (300, "failed: xx", "xx...")


def test_more_open_removals_than_a_record_names_leave_the_commit_where_it_was() -> None:
    spec = topic(1, 1)
    made = [outcome(f"new{n}", "skipped") for n in range(990)]
    gone = [Outcome(Change(topic_key(f"old{n}"), spec, None, known="x"), "skipped") for n in range(1_001)]
    some = ending.open_of([*made, *gone[:100]], {}, BEFORE)
    assert [one.commit for one in some] == ["c0"] * 100 + [None] * 900
    assert ending.owner(WHO, BEFORE, STARTED, Applied("c1", True, some), 0, (), at=0, digest="d").commit == "c1"
    many = ending.open_of([*made, *gone], {}, BEFORE)
    assert ending.owner(WHO, BEFORE, STARTED, Applied("c1", True, many), 0, (), at=0, digest="d").commit == "c0"


def test_what_was_never_made_is_not_claimed_and_what_waits_to_go_still_is() -> None:
    never, waits, others = (Claim("topic", name, "d") for name in ("never", "waits", "others"))
    found = ending.claimed([waits, others], [never], [outcome("never", "skipped")], {}, [waits.key])
    assert found == [waits]
    assert ending.claimed([never], [never], [outcome("never", "skipped")], {}) == [never]
    assert ending.claimed([], [never], [outcome("never", "unknown")], {}) == [never]
