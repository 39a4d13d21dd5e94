"""What of a new plan nobody approved."""

from dataclasses import replace

import pytest
from making import acl, topic

from kafka_gitops.changes import Change, Origin, Risk
from kafka_gitops.model import Key, topic_key
from kafka_gitops.plan import file as plan_file
from kafka_gitops.plan.approval import unapproved
from kafka_gitops.plan.make import Plan

NEW = Change(topic_key("orders"), None, topic(3, 1))
EDIT = Change(topic_key("payments"), topic(1, 1, retention_ms="2"), topic(1, 1, retention_ms="1"))
GONE = Change(topic_key("old"), topic(1, 1), None, pin="id-1")
BINDING = acl("app", "READ", "topic:orders")
GRANT = Change(Key("acl", str(BINDING)), None, BINDING)


def plan(*changes: Change) -> Plan:
    return Plan("prod", "cluster-1", changes=changes)


APPROVED = plan(NEW, EDIT, GONE, GRANT)


@pytest.mark.parametrize("changes", [(), (NEW,), (GRANT, EDIT), (NEW, EDIT, GONE, GRANT)])
def test_equal_or_a_subset_is_approved(changes: tuple[Change, ...]) -> None:
    assert unapproved(plan(*changes), APPROVED) == []


@pytest.mark.parametrize(
    "change",
    [
        replace(NEW, key=topic_key("other")),
        replace(NEW, after=topic(6, 1)),
        replace(EDIT, before=topic(1, 1, retention_ms="3")),
        replace(EDIT, after=None),
        replace(GONE, pin="id-2"),
        replace(GRANT, key=topic_key(str(BINDING))),
    ],
    ids=["another name", "another wish", "moved in between", "a deletion", "made anew", "another kind"],
)
def test_what_differs_is_not_approved(change: Change) -> None:
    assert unapproved(plan(NEW, change), APPROVED) == [change]


def test_places_risks_and_order_are_no_difference() -> None:
    moved = replace(EDIT, origin=Origin("b.yaml", 9), risks=(Risk("retention-shrink", "older records go", True),))
    assert unapproved(plan(GRANT, moved), APPROVED) == []


@pytest.mark.parametrize("other", [replace(APPROVED, environment="dev"), replace(APPROVED, cluster="cluster-2")])
def test_another_environment_or_cluster_shares_nothing(other: Plan) -> None:
    assert unapproved(plan(NEW), other) == [NEW]


def test_a_digest_tells_only_equal_from_not_equal() -> None:
    digest = plan_file.approval(APPROVED)
    assert unapproved(APPROVED, digest) == []
    assert unapproved(plan(NEW), digest) == [NEW]
    assert unapproved(plan(), digest) == []


def test_a_digest_knows_what_was_made_anew() -> None:
    again = plan(NEW, EDIT, replace(GONE, pin="id-2"), GRANT)
    assert unapproved(again, plan_file.approval(APPROVED)) == [*again.changes]


def test_a_plan_survives_its_file_as_approved() -> None:
    assert unapproved(APPROVED, plan_file.loads(plan_file.dumps(APPROVED), "plan.json")) == []
