"""Rights to read that go while groups with members may be using them: which are marked, and what is said once."""

import pytest
from making import acl, gained, lost
from recording import OnlyKafka

from kafka_gitops.changes import Change
from kafka_gitops.kinds.acl import in_use
from kafka_gitops.kinds.readers import Group, Member, Seen
from kafka_gitops.model import Acl

BILLING = Group("pay.billing", True, (Member("app", "/10.0.0.5", frozenset({"pay.orders"})),) * 2)
SHARE = Group("pay.share", True)
IDLE = Group("pay.idle", False, (), {"pay.orders": {0: 5}})
LAST = "who writes, and which principal a member logs in as, the cluster does not tell"


class Cluster(OnlyKafka):
    """What the brokers tell of groups, and how often they were asked."""

    def __init__(self, seen: Seen | None) -> None:
        self.answer, self.asked = seen, 0

    @property
    def readers(self) -> "Cluster":
        return self

    def seen(self, topics: object) -> Seen | None:
        assert topics is None  # offsets are of no use here
        self.asked += 1
        return self.answer


def marked(*changes: Change, left: tuple[Acl, ...] = (), seen: Seen | None = None) -> tuple[list[str], list[str]]:
    """The sentences of the mark by change, and the notes."""
    notes: list[str] = []
    found = in_use.marked(changes, left, Cluster(seen), notes)
    return [risk.sentence for change in found for risk in change.risks], notes


SEEN = Seen((BILLING, IDLE, SHARE))
MEMBERS = "pay.billing (2 members: app at 10.0.0.5)"


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ("group:pay.billing", f"groups with members now: {MEMBERS}"),
        ("group:pay.*", f"groups with members now: {MEMBERS}, pay.share (its members are not told)"),
        ("group:*", f"groups with members now: {MEMBERS}, pay.share (its members are not told)"),
        ("topic:pay.orders", f"groups with members now: {MEMBERS}"),
        ("topic:pay*", f"groups with members now: {MEMBERS}"),
    ],
)
def test_the_groups_under_a_right_that_goes(resource: str, said: str) -> None:
    sentences, notes = marked(lost(acl("app", "READ", resource)), seen=SEEN)
    assert sentences == [said]
    assert notes == [f"under the right to read that goes groups have members now (right-in-use); {LAST}"]


@pytest.mark.parametrize("resource", ["group:pay.idle", "group:pay", "topic:pay.other", "group:ship*"])
def test_no_group_with_members_is_said_as_that(resource: str) -> None:
    sentences, notes = marked(lost(acl("app", "READ", resource)), seen=SEEN)
    assert (sentences, notes) == ([], [f"under the right to read that goes no group has members now; {LAST}"])


def test_several_rights_are_told_together() -> None:
    changes = [lost(acl("app", "READ", f"group:{name}")) for name in ("pay.billing", "pay.idle", "gone")]
    sentences, notes = marked(*changes, seen=SEEN._replace(blind=True, left=1))
    assert len(sentences) == 1
    assert notes == [
        "1 of the 3 rights to read that go has groups with members now (right-in-use); under the others no group that "
        f"was seen has members now; {LAST}; 1 group was not looked at; not all groups may be seen (needs Describe on "
        "all groups)"
    ]


def test_a_new_denial_is_one_too_and_nothing_else_is_asked_about() -> None:
    denied = gained(acl("app", "READ", "group:pay.billing", permission="DENY"))
    assert marked(denied, seen=SEEN)[0] == [f"groups with members now: {MEMBERS}"]
    calm = [
        gained(acl("app", "READ", "group:g")),
        lost(acl("app", "READ", "group:g", permission="DENY")),
        lost(acl("app", "WRITE", "topic:t")),
        lost(acl("app", "DESCRIBE", "group:g")),
        lost(acl("app", "ALTER", "cluster")),
    ]
    cluster = Cluster(SEEN)
    assert in_use.marked(calm, (), cluster, []) == calm
    assert cluster.asked == 0


@pytest.mark.parametrize(
    ("resource", "other", "stands_in"),
    [
        ("group:pay.billing", acl("app", "ALL", "group:pay.*"), True),
        ("group:pay.billing", acl("app", "READ", "group:*"), True),
        ("group:pay.*", acl("app", "READ", "group:pay*"), True),
        ("group:pay.*", acl("app", "READ", "group:*"), True),
        ("group:*", acl("app", "READ", "group:pay*"), False),
        ("group:pay.*", acl("app", "READ", "group:pay."), False),
        ("group:pay.billing", acl("app", "READ", "topic:pay*"), False),
        ("group:pay.billing", acl("other", "READ", "group:pay.billing"), False),
        ("group:pay.billing", acl("app", "READ", "group:pay.*", host="10.0.0.1"), False),
        ("group:pay.billing", acl("app", "DESCRIBE", "group:pay.*"), False),
    ],
)
def test_a_right_that_another_one_stands_in_for_does_not_go(resource: str, other: Acl, stands_in: bool) -> None:
    sentences, notes = marked(lost(acl("app", "READ", resource)), left=(other,), seen=SEEN)
    assert (sentences == [], notes == []) == (stands_in, stands_in)


def test_without_brokers_nobody_looked() -> None:
    assert marked(lost(acl("app", "READ", "group:g"))) == (
        [],
        ["nobody looked which groups use the right to read that goes: there is no broker to ask"],
    )
