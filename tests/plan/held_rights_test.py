"""A right that is held holds what would open more without it."""

from datetime import datetime, timezone

import pytest
from linting import read
from making import acl
from recording import Recording

from kafka_gitops.changes import Change
from kafka_gitops.holds import Hold, in_effect
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import acl_key
from kafka_gitops.plan.holding import without_held
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.settings import Settings

NOON = datetime(2026, 6, 15, 12, tzinfo=timezone.utc)
HOLD = "hold: {until: 2026-06-15, reason: OPS-1}"


def planned(text: str) -> Plan:
    topology = read(text)
    return make(Wish(topology, holds=in_effect(topology, NOON, 14)), Settings(), Recording())


def told(plan: Plan) -> dict[str, str]:
    return {str(entry.key): entry.reason for entry in plan.held}


def bindings(deny: str, allow: str) -> str:
    denied = f"- principals: [{deny}]\n  deny: [READ]\n  topics: [acme.secret]\n  {HOLD}\n"
    allowed = f"- principals: [{allow}]\n  allow: [READ]\n  topics: [acme.*]\n"
    return (
        f"context: acme\nprojects: []\nacls:\n{denied}{allowed}- principals: [User:b]\n  allow: [READ]\n  groups: [g]\n"
    )


SECRET = "acl User:a must not READ topic acme.secret"


@pytest.mark.parametrize("allow", ["User:a", '"User:*"'])
def test_a_right_waits_for_a_denial_that_is_held(allow: str) -> None:
    plan = planned(bindings("User:a", allow))
    who = allow.strip('"')
    assert told(plan) == {
        SECRET: "held until 2026-06-15: OPS-1 (would be created)",
        f"acl {who} may READ topic acme.*": f"it waits for {SECRET}, held until 2026-06-15: OPS-1",
    }
    assert "acl User:b may READ group g" in {str(one.key) for one in plan.changes}


def test_a_right_of_another_user_does_not_wait_for_it() -> None:
    plan = planned(bindings("User:a", "User:b"))
    assert [*told(plan)] == [SECRET]


def test_a_denial_stays_while_the_end_of_a_right_is_held() -> None:
    deny, allow = acl("a", "READ", "topic:acme.secret", permission="DENY"), acl("a", "READ", "topic:acme.secret")
    gone = [Change(acl_key(one), one, None) for one in (allow, deny)]
    hold = Hold(NOON, "2026-06-15", "OPS-1")
    [part] = without_held([Part("acls", gone)], {acl_key(allow): hold})
    may = "acl User:a may READ topic acme.secret"
    assert part.changes == []
    assert [(str(one.key), one.reason) for one in part.held] == [
        (may, "held until 2026-06-15: OPS-1 (would be deleted)"),
        (SECRET, f"it waits for {may}, held until 2026-06-15: OPS-1"),
    ]
    [part] = without_held([Part("acls", gone)], {acl_key(deny): hold})
    assert [one.key for one in part.changes] == [acl_key(allow)]
