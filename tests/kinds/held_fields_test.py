"""Single fields that are held, of every kind that has fields: what a file says of them does not count for now."""

from datetime import datetime, timezone

import pytest
from beside_topics import InMemory
from connector_case import SINK, Remembering, World, running
from making import node
from reading import understood
from registering import Memory, WithRegistry, avro, files

from kafka_gitops.holds import Hold, in_effect
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.quota.spec import Quota
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Declared, Key, Removal, Spec, Topology
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.settings import Language, Settings

NOON = datetime(2026, 6, 15, 12, tzinfo=timezone.utc)
SMALL, LARGE = "SCRAM-SHA-256", "SCRAM-SHA-512"
Q, U, C, S = Key("quota", "user=app"), Key("user", "app"), Key("connector", "main/sink"), Key("schema", "orders-value")


def held(*fields: str) -> Hold:
    return Hold(NOON, "2026-06-15", "OPS-1", fields)


def planned(systems: Systems, topology: Topology, key: Key, *fields: str, base: Topology | None = None) -> Plan:
    return make(Wish(topology, base, holds={key: held(*fields)}), Settings(), systems)


def edits(plan: Plan) -> list[tuple[str, str | None, str | None]]:
    return [(edit.field, edit.before, edit.after) for change in plan.changes for edit in change.edits()]


def told(plan: Plan) -> list[str]:
    return [entry.reason.removeprefix("held until 2026-06-15: OPS-1 ") for entry in plan.held]


def one(key: Key, spec: Spec) -> Topology:
    return Topology(declared=(Declared(key, spec, node()),))


def quota(**limits: str) -> Topology:
    return one(Q, Quota((("user", "app"),), limits))


def test_limits_of_a_quota() -> None:
    there = InMemory(quota={(("user", "app"),): {"producer_byte_rate": 5.0, "request_percentage": 5.0}})
    plan = planned(
        there, quota(producer_byte_rate="7", consumer_byte_rate="7"), Q, "producer_byte_rate", "request_percentage"
    )
    assert edits(plan) == [("consumer_byte_rate", None, "7 bytes/s per broker")]
    said = "producer_byte_rate 5 bytes/s per broker -> 7 bytes/s per broker"
    assert told(plan) == [f"({said}, request_percentage 5 % of one thread's time per broker -> none)"]
    assert told(planned(there, quota(producer_byte_rate="5", request_percentage="5"), Q, "producer_byte_rate")) == []


def test_a_quota_that_is_not_there_is_made_with_all_limits() -> None:
    plan = planned(InMemory(), quota(producer_byte_rate="7"), Q, "producer_byte_rate")
    assert [change.action for change in plan.changes] == ["create"]
    assert plan.held == ()


def user(rotate: str | None = None) -> User:
    return User({SMALL: Credential(8192, "PASSWORD", rotate), LARGE: Credential(None, "PASSWORD")})


def test_mechanisms_of_a_user() -> None:
    there = InMemory(users={"app": {SMALL: 4096}}, variables={"PASSWORD": "of-the-test"})
    plan = planned(there, one(U, user()), U, SMALL)
    assert edits(plan) == [(LARGE, None, "4096 iterations, password from PASSWORD")]
    assert told(plan) == [f"({SMALL} 4096 iterations -> 8192 iterations, password from PASSWORD)"]
    plan = planned(there, one(U, user()), U, SMALL, LARGE)
    assert (edits(plan), len(plan.held)) == ([], 1)


@pytest.mark.parametrize("fields", [(SMALL,), (LARGE,)])
def test_no_mechanism_goes_while_one_of_its_user_is_held(fields: tuple[str, ...]) -> None:
    """Else the new one waits, the old one goes, and the user has no login."""
    there = InMemory(users={"app": {SMALL: 4096}}, variables={"PASSWORD": "of-the-test"})
    gone = (Removal(U, False, None, node(), SMALL),)
    wanted = one(U, User({LARGE: Credential(None, "PASSWORD")}))._replace(removals=gone)
    plan = planned(there, wanted, U, *fields)
    assert [edit for edit in edits(plan) if edit[0] == SMALL] == []
    assert (f"({SMALL} would be removed)" in told(plan)) == (fields == (LARGE,))
    done = InMemory(users={"app": {SMALL: 4096, LARGE: 4096}}, variables={"PASSWORD": "of-the-test"})
    plan = planned(done, wanted, U, SMALL)
    assert (plan.changes, told(plan)) == ((), [f"({SMALL} would be removed)"])


def test_a_password_that_is_to_be_written_again() -> None:
    there = InMemory(users={"app": {SMALL: 8192, LARGE: 4096}}, variables={"PASSWORD": "of-the-test"})
    plan = planned(there, one(U, user("2")), U, SMALL, base=one(U, user("1")))
    assert (plan.changes, told(plan)) == ((), ["(rotate)"])


def connector(state: str | None = None, **config: str) -> Topology:
    return one(C, Connector({"connector.class": SINK, "topics": "a", **config}, state))


def test_keys_and_the_state_of_a_connector() -> None:
    live = running(**{"connector.class": SINK, "topics": "a", "x": "1", "y": "1"})
    box = Remembering(sink=live._replace(state="PAUSED"))
    plan = planned(World(main=box), connector("running", x="2", y="2", z="2"), C, "x", "z", "state")
    assert edits(plan) == [("y", "1", "2")]
    assert told(plan) == ["(state paused -> running, x 1 -> 2, z none -> 2)"]
    assert planned(World(main=box), connector("running", x="2", y="1"), C, "x", "state").changes == ()


def test_a_secret_of_a_connector_that_is_held_is_kept_and_shown_nowhere() -> None:
    box = Remembering(sink=running(**{"connector.class": SINK, "topics": "a", "magic": "hunter2", "y": "1"}))
    plan = planned(World(main=box), connector(magic="${file:/s:m}", y="2"), C, "magic")
    [change] = plan.changes
    assert isinstance(change.after, Connector)
    assert (change.after.keep, edits(plan)) == (("magic",), [("y", "1", "2")])
    assert told(plan) == ["(magic (secret) -> ${file:/s:m})"]
    assert "hunter2" not in repr(plan)


def subject(level: str) -> Topology:
    return files(f"schemas:\n- {{subject: orders-value, file: a.avsc, compatibility: {level}}}\n", a=avro("x"))


@pytest.mark.parametrize(("level", "said"), [("FULL", ["(compatibility none -> FULL)"])])
def test_the_level_of_a_subject(level: str, said: list[str]) -> None:
    there = WithRegistry(memory=Memory().put("orders-value", avro("x")))
    plan = planned(there, subject(level), S, "compatibility")
    assert (plan.changes, told(plan)) == ((), said)
    new = planned(WithRegistry(memory=Memory()), subject(level), S, "compatibility")
    assert ([change.action for change in new.changes], new.held) == (["create"], ())


HOLD = "hold: {until: 2026-06-15, reason: OPS-1, fields: [FIELD]}"
FILES = f"""\
context: acme
quotas:
- {{user: app, producer_byte_rate: 7, {HOLD}}}
users:
- {{name: app, mechanism: SCRAM-SHA-512, password: "${{PASSWORD}}", {HOLD}}}
connectors:
- {{name: sink, config: {{connector.class: {SINK}, topics: a}}, {HOLD}}}
acls:
- {{principals: [User:app], allow: [READ], topics: [a], {HOLD}}}
"""
UNITS = "producer_byte_rate, consumer_byte_rate, request_percentage, controller_mutation_rate, connection_creation_rate"


@pytest.mark.parametrize(
    ("line", "field", "message", "help"),
    [
        (3, "producer_byte_rate", None, None),
        (3, "producer_rate", 'a quota has no field "producer_rate", so nothing is held by that name', 'write "producer_byte_rate"'),
        (3, "retention.ms", 'a quota has no field "retention.ms", so nothing is held by that name', f"write one of {UNITS}"),
        (5, "SCRAM-SHA-256", None, None),
        (5, "iterations", 'a user has no field "iterations", so nothing is held by that name', f"write one of {SMALL}, {LARGE}"),
        (7, "topics", None, None),
        (7, "state", None, None),
        (7, "topic", 'a connector has no field "topic", so nothing is held by that name', 'write "topics"'),
        (7, "tasks.max", 'a connector has no field "tasks.max", so nothing is held by that name',
         "write a key of its `config`, or `state`; to hold any other, hold the connector as a whole"),
        (9, "READ", 'ACLs have no fields that could be held one by one: without "fields" all of it is held', "delete it"),
    ],
)  # fmt: skip
def test_a_name_that_is_no_field_is_an_error_with_its_place(
    line: int, field: str, message: str | None, help: str | None
) -> None:
    lines = [
        text.replace(f", {HOLD}", "") if number != line else text for number, text in enumerate(FILES.splitlines(), 1)
    ]
    text = "\n".join(lines).replace("FIELD", field)
    topology = understood(text, settings=Language(connect_servers=("main",)))
    found = [one for one in lint.run(topology, Settings(), today=NOON.date()) if one.rule == "hold-malformed"]
    expected = [] if message is None else [(line, message, help)]
    assert [(one.span.line, one.message, one.help) for one in found] == expected
    assert [hold.fields for hold in in_effect(topology, NOON, 14).values()] == [(field,)]
