"""`kafka-gitops render`: its three formats, its refusals, and how files reach it."""

import io
import json
import subprocess
from pathlib import Path

import pytest
import yaml
from desk import Desk

from kafka_gitops.cli import load
from kafka_gitops.cli.main import main
from kafka_gitops.cli.request import Files
from kafka_gitops.git import Repository
from kafka_gitops.model import Topology
from kafka_gitops.settings import Language, Settings

TOPOLOGY = """\
context: acme
projects:
- name: pay
  consumers: [{principal: "User:c", group: g}]
  topics:
  - name: orders
    config: {num.partitions: "6", replication.factor: "3", retention.ms: "1000", cleanup.policy: delete}
  - {name: refunds}
special_topics:
- name: _lone
"""
STATE: dict[str, list[dict[str, object]]] = {
    "topics": [
        {"name": "_lone", "partitions": None, "replication_factor": None, "config": {}},
        {
            "name": "acme.pay.orders",
            "partitions": 6,
            "replication_factor": 3,
            "config": {"cleanup.policy": "delete", "retention.ms": "1000"},
        },
        {"name": "acme.pay.refunds", "partitions": None, "replication_factor": None, "config": {}},
    ],
    "acls": [
        {
            "principal": "User:c",
            "host": "*",
            "operation": operation,
            "permission": "ALLOW",
            "resource_type": kind,
            "pattern_type": "LITERAL",
            "name": name,
        }
        for operation, kind, name in [
            ("DESCRIBE", "TOPIC", "acme.pay.orders"),
            ("DESCRIBE", "TOPIC", "acme.pay.refunds"),
            ("READ", "GROUP", "g"),
            ("READ", "TOPIC", "acme.pay.orders"),
            ("READ", "TOPIC", "acme.pay.refunds"),
        ]
    ],
}
TEXT = """\
3 topics, 5 ACLs

TOPIC             PARTITIONS    REPLICATION    CONFIG
_lone             (broker)      (broker)
acme.pay.orders   6             3              cleanup.policy=delete retention.ms=1000
acme.pay.refunds  (broker)      (broker)

User:c may DESCRIBE topic acme.pay.orders
User:c may DESCRIBE topic acme.pay.refunds
User:c may READ group g
User:c may READ topic acme.pay.orders
User:c may READ topic acme.pay.refunds
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to work in, with one topology."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text(TOPOLOGY)
    return tmp_path


def arguments(*paths: str) -> Files:
    """The options of a run that the loader looks at."""
    return Files(paths=paths)


def test_text(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "t.yaml"]) == 0
    out, err = capsys.readouterr()
    assert out == TEXT
    assert err == ""


def test_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "t.yaml", "--format", "json", "-q"]) == 0
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == (STATE, "")
    assert list(json.loads(out)["acls"][0]) == list(STATE["acls"][0])


def test_yaml(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "t.yaml", "--format", "yaml"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == STATE


def test_stdin(monkeypatch: pytest.MonkeyPatch, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("context: c\nspecial_topics: [{name: t}]\n"))
    assert main(["render", "-", "--format", "json"]) == 0
    assert [topic["name"] for topic in json.loads(capsys.readouterr().out)["topics"]] == ["t"]


def test_errors_are_said_and_nothing_is_rendered(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "bad.yaml").write_text("context: acme\nprojects: {name: p}\n")
    assert main(["render", "bad.yaml", "t.yaml", "-q"]) == 1
    assert capsys.readouterr() == (
        "",
        'bad.yaml:2:12: error wrong-type found a mapping, expected a list of projects (begin every entry with "- ")\n',
    )


def test_a_path_that_is_not_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "nowhere"]) == 64
    assert "There is no nowhere." in capsys.readouterr().err


def test_what_is_ignored_is_noted_and_side_files_are_no_topologies(here: Path) -> None:
    (here / "README.md").write_text("")
    (here / "kafka-gitops.yaml").write_text("")
    (here / "plans.yaml").write_text("plans: {gold: {config: {retention.ms: 1}}}\n")
    found = load.load_topology(arguments("."), Settings(language=Language(plans="plans.yaml")))
    assert found.problems == ()
    assert found.notes == ("1 file ignored: README.md (not .yaml, .yml or .json)",)


def test_side_files_that_are_not_there(here: Path) -> None:
    found = load.load_topology(arguments("t.yaml"), Settings(language=Language(plans="p.yaml", roles="r.yaml")))
    assert [f"{problem.span} {problem.rule} {problem.message}" for problem in found.problems] == [
        "p.yaml:1:1 file-not-found there is no such file; it is named as the plans file",
        "r.yaml:1:1 file-not-found there is no such file; it is named as the roles file",
    ]


def test_the_config_names_the_paths_and_the_customary_ones_come_last(here: Path) -> None:
    assert load.topology_paths(arguments(), Settings()) == ()
    (here / "topology.yaml").write_text("")
    assert load.topology_paths(arguments(), Settings()) == ("topology.yaml",)
    (here / "topologies").mkdir()
    assert load.topology_paths(arguments(), Settings()) == ("topologies",)
    assert load.topology_paths(arguments(), Settings(topology=("t.yaml",))) == ("t.yaml",)
    assert load.topology_paths(arguments("x"), Settings(topology=("t.yaml",))) == ("x",)


def test_the_base_is_read_with_its_own_plans(here: Path) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    (here / "t.yaml").write_text("context: c\nspecial_topics: [{name: t, plan: p}]\n")
    (here / "plans.yaml").write_text("plans: {p: {config: {retention.ms: '1'}}}\n")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        subprocess.run(["git", *identity, *command], check=True, timeout=30)
    (here / "plans.yaml").write_text("plans: {p: {config: {retention.ms: '2'}}}\n")
    settings = Settings(language=Language(plans="plans.yaml"))
    now = load.load_topology(arguments("."), settings)
    with Repository() as repo:
        _as_then(here, settings, repo, now)


def _as_then(here: Path, settings: Settings, repo: Repository, now: Topology) -> None:
    then = load.load_base(arguments("."), settings, repo, "HEAD", now)
    assert [topic.spec.config["retention.ms"] for found in (now, then) for topic in found.topics] == ["2", "1"]
    assert then.problems == ()
    [path] = now.sources
    assert then.sources[path] is now.sources[path]  # it is the same, so it was not parsed again
    (here / "t.yaml").write_text("context: d\n")
    now = load.load_topology(arguments("."), settings)
    assert load.load_base(arguments("."), settings, repo, "HEAD", now).sources[path].text.startswith("context: c\n")


def test_what_lint_refuses_is_not_rendered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "context: c\nprojects:\n- name: p\n  topics:\n  - name: a\n    config: {retention.mss: '1'}\n  - name: a\n"
    (tmp_path / "t.yaml").write_text(text)
    assert main(["render", str(tmp_path / "t.yaml")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(": error ")[1].split(" ")[0] for line in err.splitlines()] == [
        "topic-config-unknown",
        "topic-duplicate",
    ]


def test_what_no_run_makes_is_said_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "context: c\nprojects:\n- name: p\n  rbac: [{Owner: [User:a]}]\n- name: q\n  schemas: [{principal: User:b}]\n"
    )
    (here / "r.yaml").write_text(f"{text}  ksql: {{artefacts: {{tables: [{{path: a.sql, name: A}}]}}}}\n")
    (here / "a.sql").write_text("CREATE TABLE A;\n")
    assert main(["render", "r.yaml"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("0 topics, 0 ACLs")
    assert err == (
        "warning: r.yaml:4:3: 2 sections of role bindings are not managed: rights are given as Kafka's own ACLs, and none"
        " stands in for a role\n"
        "warning: r.yaml:7:32: 1 file of ksqlDB is not managed: no run creates, changes or deletes a stream or a table\n"
    )


def test_rights_stand_in_one_order_in_the_text_and_in_the_documents(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    rights = ("READ], hosts: ['10.0.0.1']", "WRITE]")
    entries = "".join(f"- {{principals: ['User:a'], allow: [{one}, topics: [t]}}\n" for one in rights)
    desk.write("t.yaml", f"context: c\nacls:\n{entries}")
    told = [
        f"{one['operation']} {one['host']}"
        for one in json.loads(desk.ok("render", "t.yaml", "--format", "json"))["acls"]
    ]
    assert told == ["WRITE *", "READ 10.0.0.1"]
    assert desk.ok("render", "t.yaml").splitlines()[-2:] == [
        "User:a may WRITE topic t",
        "User:a may READ topic t from 10.0.0.1",
    ]
