"""What git did between the last applied commit and head, told apart from what somebody did to the cluster."""

from collections.abc import Mapping

import pytest
from making import acl, declared, grant, node, topic, topology

from kafka_gitops.changes import Change
from kafka_gitops.kinds.quota.spec import Quota
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, AclRemoval, Declared, Key, Removal, Spec, Topic, Topology, acl_key, topic_key
from kafka_gitops.plan.merged import merged

T = topic_key("t")
WEEK, THREE, DAY = (topic(1, 1, retention_ms=text) for text in ("604800000", "259200000", "86400000"))
OPEN, GROWN = topic(None, None, retention_ms="604800000"), topic(6, 1, retention_ms="604800000")
READ = acl("app", "READ", "topic:t")
Q, U = Key("quota", "user=app"), Key("user", "app")


def files(spec: Topic | Acl | None, *removed: Removal | Acl) -> Topology:
    """The files of one commit: at most one topic or binding, and what they state to go."""
    found = topology() if spec is None else topology(grant(spec) if isinstance(spec, Acl) else declared("t", spec))
    rights = tuple(one for one in removed if isinstance(one, Acl))
    names = tuple(one for one in removed if isinstance(one, Removal))
    gone = (AclRemoval(rights, None, node()),) if rights else ()
    return found._replace(removals=names, acl_removals=gone)


GONE, RELEASED = (Removal(T, release, None, node()) for release in (False, True))


def update(before: Topic, after: Topic, defaults: Mapping[str, str] = {}) -> Change:
    return Change(T, before, after, defaults=defaults)


@pytest.mark.parametrize(
    ("change", "last", "head", "answer"),
    [
        pytest.param(update(WEEK, THREE), files(WEEK), files(THREE), True, id="the cluster is as it was applied"),
        pytest.param(update(DAY, THREE), files(WEEK), files(THREE), False, id="and somebody changed the same field"),
        pytest.param(update(DAY, WEEK), files(WEEK), files(WEEK), False, id="git changed nothing"),
        pytest.param(
            update(topic(1, 1, retention_ms="604800000", segment_ms="9"), THREE), files(WEEK), files(THREE), False,
            id="somebody changed another field of it",
        ),
        pytest.param(
            update(topic(1, 1, retention_ms="259200000"), topic(1, 1, retention_ms="259200000", segment_ms="9")),
            files(WEEK), files(topic(1, 1, retention_ms="259200000", segment_ms="9")), True,
            id="a part of it is done already",
        ),
        pytest.param(
            update(topic(1, 1), THREE, {"retention.ms": "604800000"}), files(WEEK), files(THREE), True,
            id="it had the value as the default of the brokers",
        ),
        pytest.param(
            update(topic(1, 1), THREE, {"retention.ms": "1000"}), files(WEEK), files(THREE), False,
            id="the default is another",
        ),
        pytest.param(update(WEEK, GROWN), files(OPEN), files(GROWN), True, id="partitions were left to the brokers"),
        pytest.param(update(WEEK, GROWN), files(topic(2, 1)), files(GROWN), False, id="partitions were not"),
        pytest.param(update(WEEK, THREE), files(None), files(THREE), False, id="it is there and was declared since"),
        pytest.param(Change(T, None, WEEK), files(None), files(WEEK), True, id="it is new"),
        pytest.param(Change(T, None, WEEK), files(WEEK), files(WEEK), False, id="somebody deleted it"),
        pytest.param(Change(T, None, THREE), files(WEEK), files(THREE), False, id="somebody deleted what git changed"),
        pytest.param(Change(T, WEEK, None), files(WEEK), files(None), True, id="it left the files"),
        pytest.param(Change(T, WEEK, None), files(None), files(None), False, id="it is in no files"),
        pytest.param(Change(T, WEEK, None), files(WEEK), files(None, GONE), True, id="it is stated to go"),
        pytest.param(Change(T, WEEK, None), files(None), files(None, GONE), True, id="what was nobody's is to go"),
        pytest.param(Change(T, WEEK, None), files(None, GONE), files(None, GONE), False, id="somebody made it anew"),
        pytest.param(Change(T, WEEK, None), files(None, RELEASED), files(None, GONE), True, id="it was let go of only"),
        pytest.param(Change(acl_key(READ), None, READ), files(None), files(READ), True, id="a new right"),
        pytest.param(Change(acl_key(READ), None, READ), files(READ), files(READ), False, id="a right that was revoked"),
        pytest.param(Change(acl_key(READ), READ, None), files(None), files(None, READ), True, id="a right is to go"),
        pytest.param(
            Change(acl_key(READ), READ, None), files(None, READ), files(None, READ), False, id="a right came back"
        ),
    ],
)  # fmt: skip
def test_a_change_is_of_git_or_not(change: Change, last: Topology, head: Topology, answer: bool) -> None:
    assert merged(change, last, head) is answer


def one(key: Key, spec: Spec) -> Topology:
    return Topology(declared=(Declared(key, spec, node()),))


def user(iterations: int | None, variable: str | None = "APP", rotate: str | None = None, more: bool = False) -> User:
    two = {"SCRAM-SHA-512": Credential(None, "APP")} if more else {}
    return User({"SCRAM-SHA-256": Credential(iterations, variable, rotate), **two})


def quota(**limits: str) -> Quota:
    return Quota((("user", "app"),), limits)


@pytest.mark.parametrize(
    ("key", "change", "last", "head", "answer"),
    [
        (Q, (quota(request_percentage="5"), quota(request_percentage="7")), quota(request_percentage="5"),
         quota(request_percentage="7"), True),
        (Q, (quota(request_percentage="6"), quota(request_percentage="7")), quota(request_percentage="5"),
         quota(request_percentage="7"), False),
        (U, (user(4096, None), user(8192)), user(4096), user(8192), True),
        (U, (user(5000, None), user(8192)), user(4096), user(8192), False),
        (U, (User({}), User({"SCRAM-SHA-512": Credential(4096, "APP")})), user(None), user(None, more=True), True),
        (U, (User({}), User({"SCRAM-SHA-512": Credential(4096, "APP")})), user(None, more=True),
         user(None, more=True), False),
    ],
)  # fmt: skip
def test_so_is_one_of_another_kind(key: Key, change: tuple[Spec, Spec], last: Spec, head: Spec, answer: bool) -> None:
    assert merged(Change(key, *change), one(key, last), one(key, head)) is answer


@pytest.mark.parametrize(("rotate", "answer"), [("2", True), ("1", False)])
def test_an_act_is_of_git_where_it_changed_the_entry(rotate: str, answer: bool) -> None:
    change = Change(U, user(4096), user(4096), act="rotate")
    assert merged(change, one(U, user(None, rotate="1")), one(U, user(None, rotate=rotate))) is answer
