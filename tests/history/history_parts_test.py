"""The pure parts of a history: what messages say, what is asked for, times."""

import csv
import io
from datetime import datetime, timezone

import pytest

from kafka_gitops.history import message
from kafka_gitops.history.entry import Entry, Fact
from kafka_gitops.history.since import since
from kafka_gitops.history.wanted import right, wanted
from kafka_gitops.model import Acl, Key, acl_key
from kafka_gitops.report import history_csv
from kafka_gitops.report.history import HistoryView

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("subject", "body", "found"),
    [
        ("Merge pull request #12 from acme/x", "", "#12"),
        ("Keep orders (#13)", "", "#13"),
        ("Keep orders (!14)", "", "!14"),
        ("Merge branch 'x' into 'main'", "Keep orders\n\nSee merge request acme/kafka!15", "!15"),
        ("Merged in x (pull request #16)", "", "#16"),
        ("Pull request #17: Keep orders", "", "#17"),
        ("Merged PR 18: Keep orders", "", "#18"),
        ("Fix #19 for good", "", None),
        ('Revert "Keep orders (#13)"', "", None),
    ],
)
def test_the_change_request_of_a_commit(subject: str, body: str, found: str | None) -> None:
    fact = message.request(subject, body, [])
    assert (fact.value if fact else None) == found


def test_a_trailer_names_a_change_request() -> None:
    assert message.request("x", "", [("Reviewed-on", "https://git.example/pulls/3")]) == Fact(
        "https://git.example/pulls/3", "git (unproved)"
    )


def test_an_approver_is_a_name_and_never_an_address() -> None:
    said = [("Approved-by", "Cleo Park <c@x.y>"), ("Reviewed-by", "d@x.y"), ("Signed-off-by", "Eve <e@x.y>")]
    assert [fact.value for fact in message.approvers(said)] == ["Cleo Park"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Ann Bee", "Ann Bee"),
        ("ann@corp.example", "ann@***"),
        ("ann@corp", "ann@***"),
        ("Ann <ann@corp.example>", "Ann"),
        ("<ann@corp.example>", "<ann@***>"),
        ("Keep orders, says ann@corp.example.", "Keep orders, says ann@***"),
        ("Thanks (ann.bee+x@163.com)", "Thanks (ann.bee+x@***)"),
        ("https://user:secret@host mail@x", "https://host mail@***"),
        ("https://user:se@cret@host/x", "https://host/x"),
        ("user:secret@host", "host"),
        ("See https://git.example/acme/kafka/pulls/3", "See https://git.example/acme/kafka/pulls/3"),
        ("Bump actions/checkout@v4 and pkg@1.2.3 for @all", "Bump actions/checkout@v4 and pkg@1.2.3 for @all"),
        ("git@github.com:acme/kafka", "git@***:acme/kafka"),
    ],
)
def test_an_address_is_not_shown(written: str, found: str) -> None:
    assert message.shown(written) == found
    assert message.title(written, "") == found


def test_a_risk_is_accepted_by_a_name_without_an_address() -> None:
    [one] = message.accepted("ann@corp.example", [("Kafka-Gitops-Accept", "retention-shrink t")])
    assert one.by.value == "ann@***"


@pytest.mark.parametrize(
    ("acl", "found"),
    [
        (Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "t"), ("User:a", "t")),
        (Acl("User:a b", "10.0.0.1", "READ", "DENY", "GROUP", "PREFIXED", "t."), ("User:a b", "t.*")),
        (Acl("User:a", "*", "READ", "ALLOW", "TRANSACTIONAL_ID", "LITERAL", "*"), ("User:a", "*")),
        (Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "t*"), ("User:a", "t*")),
        (Acl("User:a", "*", "READ", "ALLOW", "CLUSTER", "LITERAL", "kafka-cluster"), ("User:a", "cluster")),
    ],
)
def test_a_right_by_its_sentence(acl: Acl, found: tuple[str, str]) -> None:
    assert right(str(acl)) == found


@pytest.mark.parametrize(
    ("asked", "key", "fits"),
    [
        ("orders", Key("topic", "orders"), True),
        ("topic orders", Key("topic", "orders"), True),
        ("Topics orders", Key("topic", "orders"), True),
        ("schema orders", Key("topic", "orders"), False),
        ("ord*", Key("topic", "orders"), True),
        ("*", Key("topic", "orders"), True),
        ("orders", Key("topic", "orders2"), False),
        ("User:app", Key("user", "app"), True),
        ("User:app", Key("quota", "user=app client-id=x"), True),
        ("User:app", Key("topic", "app"), False),
        ("orders.v1", acl_key(Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "PREFIXED", "orders.")), True),
        ("topic orders.v1", acl_key(Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "PREFIXED", "orders.")), False),
        ("User:a", acl_key(Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "*")), True),
        ("User:b", acl_key(Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "*")), False),
    ],
)
def test_what_is_meant(asked: str, key: Key, fits: bool) -> None:
    assert wanted(asked)(key) is fits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01T08:00+02:00", "2026-03-01T06:00:00+00:00"),
        ("12h", "2026-03-01T00:00:00+00:00"),
        ("1w", "2026-02-22T12:00:00+00:00"),
        ("1y", "2025-03-01T12:00:00+00:00"),
        ("999999y", None),
        ("x", None),
        ("-1d", None),
    ],
)
def test_since_when(text: str, found: str | None) -> None:
    assert since(text, NOW) == (None if found is None else int(datetime.fromisoformat(found).timestamp()))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_begins_a_formula(first: str) -> None:
    view = HistoryView([Entry(0, "merged", f"{first}SUM(1)")], "prod", "git")
    [row] = csv.DictReader(io.StringIO(history_csv.render(view)))
    assert row["title"] == f"'{first}SUM(1)"
