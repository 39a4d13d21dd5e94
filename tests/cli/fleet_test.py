"""Many checkouts in one table: each is a row whatever is in it, and what two of them declare is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from configuring import Ran, home, run

__all__ = ["home", "run"]
Run = Callable[..., Ran]
GOLDENS = Path(__file__).parents[1] / "golden"

PAY = """\
context: acme
projects:
- name: pay
  topics:
  - {name: orders, config: {num.partitions: "3", replication.factor: "3"}}
  consumers:
  - {principal: "User:c", group: g}
"""
RISK = PAY.replace("name: pay", "name: risk").replace('"User:c", group: g', '"User:r", group: r')
KSQL = f"{RISK}  ksql:\n    artefacts: {{streams: [{{path: a.sql, name: a}}]}}\n"
SQL = "CREATE STREAM a (x INT) WITH (kafka_topic='a', value_format='json');\n"
MOVED = PAY.replace("context: acme", "context: other")
FILES = {
    "billing/kafka-gitops.yaml": "topology: files\nenvironments: {dev: {bootstrap: 'a:1'}, prod: {bootstrap: 'b:1'}}\n",
    "billing/files/pay.yaml": PAY,
    "config-bad/kafka-gitops.yaml": "nosuch: 1\n",
    "empty/README.md": "nothing\n",
    "julie/run/tb.properties": "bootstrap.servers=a:1\ntopology.builder.access.control.class=x.RBACProvider\n",
    "julie/topologies/pay.yaml": PAY,
    "julie/topologies/other.yaml": MOVED,
    "julie/a.sql": SQL,
    "elsewhere/tb.properties": "bootstrap.servers=z:1\n",
    "elsewhere/pay.yaml": PAY,
    "ksql/risk.yaml": KSQL,
    "ksql/a.sql": SQL,
    "ksql/plans.yaml": "plans:\n  gold: {config: {retention.ms: '1'}}\n",
    "torn/t.yaml": "context: a\nprojects:\n- name: {{x}}\n  topics: [\n",
    "under/a.properties": "topology.topic.prefix.separator=_\n",
    "under/b.properties": "topology.topic.prefix.separator=-\n",
    "under/c.properties": "topology.dlq.topics.generate=perhaps\n",
    "under/t.yaml": RISK.replace("risk", "under").replace("User:r", "User:u").replace("group: r", "group: u"),
}
TEXT = """\
CHECKOUT    LOADS        TOPICS    ACLS    ERRORS    WARNINGS    NOT MANAGED    SHARED
billing     yes          1         3       0         0           -              4
config-bad  no           -         -       -         -           -              -
elsewhere   yes          1         3       0         0           -              -
empty       nothing      -         -       -         -           -              -
julie       yes          2         5       0         0           rights (rbac)  4
ksql        yes          1         3       0         1           ksqlDB         -
torn        with errors  0         0       1         0           -              -
under       yes          1         3       0         0           -              -
"""
OVERLAPS = """\
Declared by more than one checkout:
  topic acme.pay.orders: billing/files/pay.yaml:5, julie/topologies/pay.yaml:5
  User:c may DESCRIBE topic acme.pay.orders: billing/files/pay.yaml:7, julie/topologies/pay.yaml:7
  User:c may READ group g: billing/files/pay.yaml:7, julie/topologies/pay.yaml:7
  User:c may READ topic acme.pay.orders: billing/files/pay.yaml:7, julie/topologies/pay.yaml:7

8 checkouts: 5 without errors, 1 with errors, 1 without a topology, 1 not read; 6 topics, 17 ACLs; \
4 resources in more than one checkout
"""


@pytest.fixture
def fleet(home: Path) -> Path:
    """A folder of checkouts."""
    for path, text in FILES.items():
        file = home / "repos" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return home / "repos"


def rows(ran: Ran) -> dict[str, dict[str, Any]]:
    assert ran.code == 0, ran
    return {row["name"]: row for row in json.loads(ran.out)["checkouts"]}


def test_each_checkout_is_a_row_and_overlaps_are_told(fleet: Path, run: Run) -> None:
    ran = run("fleet", "repos")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(TEXT)
    assert ran.out.endswith(OVERLAPS)
    for said in (
        '  config-bad: kafka-gitops.yaml:1:1: kafka-gitops.yaml has no key "nosuch"; known keys: ',
        "  julie: run/tb.properties:2: topology.builder.access.control.class is RBACProvider: ",
        "  torn: errors and warnings by rule: yaml-syntax 1\n",
        '  under: not used: c.properties:1: topology.dlq.topics.generate is "perhaps", expected true or false\n',
        "  under: a.properties is used; other words have b.properties\n",
    ):
        assert said in ran.out


def test_the_same_checkouts_give_the_same_bytes(fleet: Path, run: Run) -> None:
    for format in ("text", "json", "markdown"):
        assert run("fleet", "repos", "--format", format) == run("fleet", "repos/", "--format", format)


def test_json_has_everything(fleet: Path, run: Run) -> None:
    found = rows(run("fleet", "repos", "--format", "json"))
    assert found["billing"]["config"] == ["kafka-gitops.yaml"]
    assert found["billing"]["topologies"] == ["files"]
    assert found["julie"]["config"] == ["run/tb.properties"]
    assert found["julie"]["topologies"] == ["topologies/pay.yaml", "topologies/other.yaml"]
    assert found["ksql"]["rules"] == {"not-managed": 1}
    assert [found[name]["state"] for name in ("billing", "config-bad", "empty", "torn")] == [
        "yes",
        "no",
        "nothing",
        "with errors",
    ]


def test_text_of_a_checkout_is_inert_in_markdown(fleet: Path, run: Run) -> None:
    hostile = fleet / "a|b <img> @team"
    hostile.mkdir()
    (hostile / "kafka-gitops.yaml").write_text("'[x](http://evil)': 1\n", encoding="utf-8")
    out = run("fleet", "repos", "--format", "markdown").out
    assert "| `a\\|b <img> @team` | no |" in out
    assert "[x](http" not in out


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("t.yaml", b"\xff\xfe\x00context: a\nprojects:\n"),
        ("t.json", b'{"context": "a", "projects": [' * 2000),
        ("kafka-gitops.yaml", b"\xff"),
        ("kafka-gitops.yaml", b"topology: nowhere\n"),
        ("kafka-gitops.yaml", b"rules: {nosuch: error}\ntopology: .\n"),
        ("kafka-gitops.yaml", b"environments: {a: {client_config: '${X}'}}\n"),
        ("a.properties", b"julie.roles=nowhere.yaml\n\\u12"),
        ("t.yaml", b"context: a\nprojects: [{name: p, topics: [{name: t, plan: x}]}]\n"),
        ("t.yaml", b"context: a\ncontext: b\nprojects: 5\n"),
    ],
)
def test_a_broken_checkout_is_a_row(home: Path, run: Run, path: str, data: bytes) -> None:
    (home / "repos/x").mkdir(parents=True)
    (home / "repos/x" / path).write_bytes(data)
    (home / "repos/x/loop").symlink_to(home / "repos/x")
    ran = run("fleet", "repos", "--format", "json")
    assert list(rows(ran)) == ["x"] and ran.err == ""


def test_a_folder_without_checkouts_is_told(home: Path, run: Run) -> None:
    assert run("fleet", "nowhere").code == 64
    (home / "repos").mkdir()
    assert run("fleet", "repos").err.startswith("error: repos has no folders in it, and each is to be a checkout.\n")


def test_the_goldens_of_the_reference_are_counted_as_it_counts(home: Path, run: Run) -> None:
    found = rows(run("fleet", str(GOLDENS), "--format", "json"))
    assert len(found) == 40
    for name, row in found.items():
        wanted = json.loads((GOLDENS / name / "expected.json").read_text(encoding="utf-8"))
        topics = len(wanted["topics"]) + len(wanted["special_topics"])
        assert (row["declared"].get("topics", 0), row["declared"].get("acls", 0)) == (topics, len(wanted["acls"])), name
