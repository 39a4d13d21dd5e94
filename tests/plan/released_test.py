"""What the files let go of is neither deleted, revoked nor reset, and the plan names it; every kind, whatever prunes."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from beside_topics import InMemory
from connector_case import SINK, Remembering, running
from making import acl, topic
from registering import Memory, avro

from kafka_gitops.descriptor.build import topology
from kafka_gitops.kinds import PLURALS
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topology
from kafka_gitops.plan import file
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.plan.policy import consent, refusals
from kafka_gitops.report import plan_markdown, plan_text
from kafka_gitops.report.views import PlanView
from kafka_gitops.settings import Language, Limits, Settings
from kafka_gitops.text.source import parse

PAY = f"""\
- name: pay
  topics:
  - name: orders
    config: {{num.partitions: "1", replication.factor: "1"}}
    schemas: []
  consumers: [{{principal: User:pay-svc, group: pay-svc}}]
  producers: [{{principal: User:pay-svc, transactionId: pay-tx}}]
  quotas: [{{user: pay-svc, producer_byte_rate: 5}}]
  users: [{{name: pay-svc, mechanism: SCRAM-SHA-512, password: "${{PAY}}"}}]
  schemas: [{{subject: acme.pay.orders-value, file: a.avsc}}]
  connectors: [{{name: pay-sink, config: {{connector.class: {SINK}, topics: acme.pay.orders}}}}]
"""
SHIP = """\
- name: ship
  topics:
  - name: parcels
    config: {num.partitions: "1", replication.factor: "1"}
  consumers: [{principal: User:ship-svc, group: ship-svc}]
"""
READER = "acls:\n- {principals: [User:ship-svc], allow: [READ], topics: [acme.pay.orders]}\n"
BEFORE = f"context: acme\nprojects:\n{SHIP}{PAY}{READER}"
AFTER = f"context: acme\nprojects:\n{SHIP}"
PATTERNS = (
    'topics: ["acme.pay.*"], groups: [pay-svc], transactional_ids: ["pay-*"], users: [pay-svc], '
    'subjects: ["acme.pay.*"], connectors: ["pay-*"]'
)
ALL = Settings(prune=frozenset(PLURALS), limits=Limits(percent=100))
RIGHTS = {
    *(acl("pay-svc", operation, "topic:acme.pay.orders") for operation in ("READ", "WRITE", "DESCRIBE")),
    *(acl("pay-svc", operation, "transactional_id:pay-tx") for operation in ("WRITE", "DESCRIBE")),
    acl("pay-svc", "READ", "group:pay-svc"),
    acl("pay-svc", "IDEMPOTENT_WRITE", "cluster"),
    acl("ship-svc", "READ", "topic:acme.pay.orders"),
}
OTHERS = {acl("ship-svc", operation, "topic:acme.ship.parcels") for operation in ("READ", "DESCRIBE")}
MINE = [
    "topic acme.pay.orders",
    *sorted(f"acl {right}" for right in RIGHTS),
    "quota user=pay-svc",
    "user pay-svc",
    "schema acme.pay.orders-value",
    "connector main/pay-sink",
]


class World(InMemory):
    """All kinds on fakes, each with what the project declares."""

    def __init__(self) -> None:
        there = {"acme.pay.orders": topic(1, 1), "acme.ship.parcels": topic(1, 1)}
        super().__init__(
            topics=there,
            acls=RIGHTS | OTHERS | {acl("ship-svc", "READ", "group:ship-svc")},
            quota={(("user", "pay-svc"),): {"producer_byte_rate": 5.0}},
            users={"pay-svc": {"SCRAM-SHA-512": 4096}},
        )
        self.memory = Memory().put("acme.pay.orders-value", avro("x"))
        box = Remembering(**{"pay-sink": running(**{"connector.class": SINK, "topics": "acme.pay.orders"})})
        self.clusters = {"main": box}

    def has(self, system: str) -> bool:
        return True

    @property
    def registry(self) -> Any:
        return self.memory

    @property
    def connect(self) -> Mapping[str, Any]:
        return self.clusters


def read(text: str) -> Topology:
    def reader(_topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        return avro("x"), None

    found = topology({"a.yaml": parse("a.yaml", text)}, Language(connect_servers=("main",)), read=reader)
    assert [problem for problem in found.problems if problem.severity > 2] == []
    return found


def planned(statement: str, *, before: str = BEFORE, after: str = AFTER, only_change: bool = False) -> Plan:
    files = read(f"{after}removed:\n- {statement}\n" if statement else after)
    return make(Wish(files, read(before), only_change=only_change), ALL, World())


def gone(plan: Plan) -> list[str]:
    return [str(change.key) for change in plan.changes if change.after is None]


def let_go(plan: Plan) -> list[str]:
    return [str(entry.key) for entry in plan.released]


@pytest.mark.parametrize("only_change", [False, True])
def test_without_a_statement_all_of_it_goes(only_change: bool) -> None:
    made = planned("", only_change=only_change)
    assert (sorted(gone(made)), let_go(made)) == (sorted(MINE), [])


@pytest.mark.parametrize("only_change", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "{release: {project: pay}}",
        "{release: {project: pay, context: acme}}",
        f"{{release: {{{PATTERNS}, principals: ['User:pay-*', 'User:ship-svc']}}}}",
    ],
)
def test_nothing_of_a_project_is_touched(statement: str, only_change: bool) -> None:
    made = planned(statement, only_change=only_change)
    assert (made.changes, made.nevers, made.stays, made.notes) == ((), (), (), ())
    assert sorted(let_go(made)) == sorted(MINE)
    assert file.loads(file.dumps(made), "plan.json").released == made.released


def test_what_no_list_names_goes() -> None:
    without = planned("{release: {topics: ['acme.pay.*']}}")
    assert sorted(let_go(without)) == sorted(line for line in MINE if "topic acme.pay.orders" in line)
    assert sorted([*gone(without), *let_go(without)]) == sorted(MINE)


def test_principals_bound_the_rights_and_open_the_lists_that_are_left_out() -> None:
    rights = sorted(f"acl {right}" for right in RIGHTS if right.principal == "User:pay-svc")
    own = planned("{release: {principals: ['User:pay-*']}}")
    assert sorted(let_go(own)) == sorted([*rights, "quota user=pay-svc", "user pay-svc"])
    both = planned("{release: {principals: ['User:ship-*'], topics: ['acme.pay.*'], groups: [pay-svc]}}")
    assert let_go(both) == ["topic acme.pay.orders", "acl User:ship-svc may READ topic acme.pay.orders"]


def test_exact_bindings_and_single_resources() -> None:
    right = "{acl: {principals: [User:ship-svc], allow: [READ], topics: [acme.pay.orders]}, release: true}"
    assert let_go(planned(right)) == ["acl User:ship-svc may READ topic acme.pay.orders"]
    for line in ("topic acme.pay.orders", "quota user=pay-svc", "user pay-svc", "connector main/pay-sink"):
        kind, _, name = line.partition(" ")
        made = planned(f"{{{kind}: {name}, release: true}}")
        assert let_go(made) == [line]
        assert sorted([*gone(made), line]) == sorted(MINE)


def test_what_other_projects_still_give_stays_declared() -> None:
    made = planned("{release: {project: pay}}", after=f"{AFTER}{READER}")
    assert "acl User:ship-svc may READ topic acme.pay.orders" not in let_go(made)
    assert made.changes == ()


def test_a_project_that_is_still_declared_is_an_error() -> None:
    for context, count in (("acme", 1), ("other", 0)):
        text = f"{BEFORE}removed: [{{release: {{project: pay, context: {context}}}}}]\n"
        found = topology({"a.yaml": parse("a.yaml", text)}, Language())
        assert [str(one.related[0][0]) for one in found.problems if one.rule == "resource-duplicate"] == [
            "a.yaml:10:5"
        ] * count


def test_a_right_on_a_prefix_is_let_go_of_where_it_reaches_nothing_else() -> None:
    wide = "- {principals: [User:audit], allow: [READ], topics: ['acme.pay.*', 'acme.*']}\n"
    made = planned("{release: {project: pay}}", before=f"{BEFORE}{wide}")
    assert "acl User:audit may READ topic acme.pay.*" in let_go(made)
    assert "acl User:audit may READ topic acme.*" not in let_go(made)


def test_one_mechanism_of_a_user_may_be_let_go_of() -> None:
    user = "- {name: pay-svc, mechanism: SCRAM-SHA-512, password: '${PAY}'}\n"
    files = read(
        f"context: acme\nusers:\n{user}removed:\n- {{user: pay-svc, mechanism: SCRAM-SHA-256, release: true}}\n"
    )
    world = World()
    world.users["pay-svc"]["SCRAM-SHA-256"] = 4096
    assert make(Wish(files, files), ALL, world).changes == ()


def test_a_statement_of_nothing_is_a_note_once() -> None:
    statement = "{release: {project: pya}}"
    made = planned(statement)
    assert made.notes[0] == "a.yaml:9:4 lets go of nothing: the files before this change declare nothing of project pya"
    assert gone(made)
    old = f"{AFTER}removed:\n- {statement}\n"
    assert planned(statement, before=old).notes == ()


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ("{topic: acme.pay.orders}", "topic acme.pay.orders"),
        ("{user: pay-svc}", "user pay-svc"),
        (
            "{acl: {principals: [User:pay-svc], allow: [READ], groups: [pay-svc]}}",
            "acl User:pay-svc may READ group pay-svc",
        ),
    ],
)
def test_what_another_statement_deletes_refuses_the_plan(other: str, what: str) -> None:
    made = planned(f"{{release: {{project: pay}}}}\n- {other}")
    assert made.changes == ()
    (refused,) = made.nevers
    assert (str(refused.key), refused.reason) == (
        what,
        "it is let go of in a.yaml:9:4: delete one of the two statements",
    )
    assert [refusal.way for refusal in refusals(made, Limits(), consent([], []))] == [None]


def view(plan: Plan, named: int = 0) -> PlanView:
    return PlanView(plan, plan.declared, consent([], []), named=named)


def test_the_reports_have_a_line_for_each_kind() -> None:
    made = planned("{release: {project: pay}, because: 'now in the repository of payments'}")
    told = plan_text.render(view(made)).splitlines()
    at = told.index("This change lets go of what leaves the files and stays as it is, whatever `prune` names:")
    by = "by a.yaml:9: now in the repository of payments"
    assert told[at + 1 : at + 7] == [
        f"  1 topic {by}: acme.pay.orders",
        told[at + 2],
        f"  1 quota {by}: user=pay-svc",
        f"  1 user {by}: pay-svc",
        f"  1 schema {by}: acme.pay.orders-value",
        f"  1 connector {by}: main/pay-sink",
    ]
    assert told[at + 2].startswith(f"  8 ACLs {by}: User:pay-svc may ")
    assert told[at + 2].endswith(", 3 more (-v shows all)")
    assert "User:ship-svc may READ topic acme.pay.orders" in plan_text.render(view(made, named=1000))
    markdown = plan_markdown.render(view(made))
    assert "**This change lets go of what leaves the files, and stays as it is: 8 ACLs**: now in the" in markdown
    assert "| `User:ship-svc may READ topic acme.pay.orders` | `a.yaml:9` |" in markdown
    told_json = json.loads(file.dumps(made))["released"]
    assert told_json[0]["name"] == "acme.pay.orders"
