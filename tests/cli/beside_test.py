"""Files beside and below a topology: what they are, which are read, what is said of the others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kafka_gitops.cli.main import main

TOPOLOGY = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: a\n    {}\n"
CONNECTOR = '{"name": "sink", "config": {"connector.class": "org.acme.Sink", "topics": "acme.pay.a"}}'
SCHEMA = '{"type": "record", "name": "A", "fields": []}'
WORKFLOW = "on: push\njobs: {test: {steps: []}}\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Write files, run a command in their directory: its exit code, its stdout, its notes."""
    monkeypatch.chdir(tmp_path)

    def called(files: dict[str, str], *command: str) -> tuple[int, str, str]:
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        code = main([*command])
        out, err = capsys.readouterr()
        left = [line for line in err.splitlines() if "the broker decides" not in line]
        return code, out, "".join(f"{line}\n" for line in left)

    return called


def test_what_is_below_is_missed_only_where_it_is_a_topology(run: Run) -> None:
    files = {
        "t/a.yaml": TOPOLOGY.format("config: {}"),
        "t/.github/workflows/ci.yml": WORKFLOW,
        "t/.github/topology.yml": TOPOLOGY,
        "t/connectors/c.json": CONNECTOR,
        "t/schemas/v.json": SCHEMA,
        "t/team/more/b.yaml": TOPOLOGY.replace("pay", "ship"),
    }
    code, _, notes = run(files, "lint", "t")
    assert (code, notes) == (0, "note: t/team holds topology files and is not read; --recursive does\n")


def test_recursive_reads_topologies_alone(run: Run) -> None:
    files = {
        "t/a.yaml": TOPOLOGY.format("schemas: {value.schema.file: schemas/v.json}"),
        "t/.github/workflows/ci.yml": WORKFLOW,
        "t/connectors/c.json": CONNECTOR,
        "t/schemas/v.json": '{"type": "string"}',
        "t/ci/pipeline.yml": WORKFLOW,
        "t/k8s/topic.yaml": "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: {name: a}\nspec: {}\n",
    }
    code, out, notes = run(files, "lint", "t", "--recursive", "--format", "concise")
    assert (code, out) == (0, "")
    assert notes == (
        "note: No topologies, so not read: t/ci/pipeline.yml (a pipeline), t/connectors/c.json (a connector),"
        " t/k8s/topic.yaml (a Strimzi KafkaTopic: kafka-gitops migrate --from strimzi t/k8s/topic.yaml --out DIR)\n"
    )


def test_what_may_be_a_topology_with_a_slip_is_an_error_as_ever(run: Run) -> None:
    code, out, _ = run({"t/a.yaml": "context: acme\nprojetcs: []\n"}, "lint", "t", "--format", "concise")
    assert code == 1
    assert '"projetcs" may be meant as "projects"' in run({}, "lint", "t", "--format", "full")[1], out


def test_plans_and_roles_beside_the_topology(run: Run) -> None:
    files = {
        "topologies/a.yaml": TOPOLOGY.format("plan: gold") + "  auditor: [{principal: User:a}]\n",
        "topologies/plans.yaml": "plans: {gold: {config: {}}}\n",
        "topologies/roles.yaml": "roles: []\n",
    }
    code, _, said = run(files, "render", "topologies")
    assert code == 1
    assert said.splitlines() == [
        'topologies/a.yaml:6:11: error file-not-found the topic has the plan "gold", but there is no plans file'
        ' (name it: "plans: topologies/plans.yaml" in kafka-gitops.yaml)',
        'topologies/a.yaml:7:3: error unknown-key a project has no key "auditor", and no custom role has that name'
        " (known keys: acls, connectors, consumers, ksql, name, producers, quotas, rbac, schemas, streams, topics, users;"
        ' no roles file is configured: "roles: topologies/roles.yaml" in kafka-gitops.yaml names one)',
        "topologies/plans.yaml:1:1: error nothing-declared this is a plans file, and no topology"
        ' (write "plans: topologies/plans.yaml" in kafka-gitops.yaml)',
        "topologies/roles.yaml:1:1: error nothing-declared this is a roles file, and no topology"
        ' (write "roles: topologies/roles.yaml" in kafka-gitops.yaml)',
    ]


def test_schemas_that_are_not_here_would_be_missing_in_a_plan(run: Run) -> None:
    text = TOPOLOGY.format("schemas: {value.schema.file: nowhere.avsc}")
    text += "  - name: b\n    schemas: {value.schema.file: /mounted/v.avsc}\n"
    code, out, notes = run({"t.yaml": text}, "lint", "t.yaml", "--format", "concise")
    assert (code, out.splitlines()[0]) == (
        1,
        "t.yaml:6:34: error artefact-not-found nowhere.avsc: there is no such file",
    )
    assert "/mounted" not in out
    assert notes == ("note: Not looked at: 1 schema or connector with an absolute path that is not here\n")


def test_connect_clusters_that_nothing_can_name(run: Run) -> None:
    text = TOPOLOGY.format("config: {}") + "  connectors:\n    artefacts: [{path: /c.json, server: connect, name: n}]\n"
    assert "Connect cluster" not in run({"t.yaml": text}, "lint", "t.yaml", "--format", "concise")[1]


@pytest.mark.parametrize(
    ("key", "rule"),
    [("metadataTopic", "ignored-input"), ("description", "ignored-input"), ("confg", "unknown-key"),
     ("consumer", "unknown-key"), ("producer", "unknown-key"), ("plans", "unknown-key"), ("partition", "unknown-key")],
)  # fmt: skip
def test_keys_of_a_topic_that_nobody_reads(run: Run, key: str, rule: str) -> None:
    code, out, _ = run({"t.yaml": TOPOLOGY.format(f"{key}: y")}, "lint", "t.yaml", "--format", "concise")
    assert f" {rule} " in out.splitlines()[0]
    assert code == (rule == "unknown-key")


def test_a_near_miss_beside_the_right_key_is_ignored(run: Run) -> None:
    text = TOPOLOGY.format("config: {}\n    configs: {}")
    assert " warning ignored-input " in run({"t.yaml": text}, "lint", "t.yaml", "--format", "concise")[1]
