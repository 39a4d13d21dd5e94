"""The commands with connectors on a real worker: every output, and no secret in any of them."""

import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from connecting import until

from kafka_gitops.cli.main import main
from kafka_gitops.clients.connect import Workers, open_workers
from kafka_gitops.sandbox import Sandbox, connect
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.settings import Rest

pytestmark = pytest.mark.kafka
CANARY = "canary-5d1f9e-7a"
SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def workers(worker: Server) -> Iterator[Workers]:
    found = open_workers("main", Rest((worker.url,)), {})
    yield found
    for name in found.connectors():
        if name.startswith("cli-"):
            assert found.delete(name) is None


@pytest.fixture
def run(
    kafka: Sandbox, worker: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    """The command in a repository of its own, with the code and all that it wrote anywhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "topologies").mkdir()
    settings = {
        "environments": {
            "dev": {
                "bootstrap": kafka.sasl_bootstrap,
                "client": {
                    "security.protocol": "SASL_PLAINTEXT",
                    "sasl.mechanism": "SCRAM-SHA-256",
                    "sasl.username": "admin",
                    "sasl.password": "${KAFKA_PASSWORD}",
                },
                "connect": {"main": {"url": worker.url}},
            }
        }
    }
    monkeypatch.setenv("KAFKA_PASSWORD", kafka.admin_password)
    (tmp_path / "kafka-gitops.yaml").write_text(json.dumps(settings))

    def ran(*args: str) -> tuple[int, str]:
        code = main([*args])
        out, err = capfd.readouterr()
        return code, out + err

    return ran


def written(folder: Path) -> str:
    """All files that the commands wrote."""
    return "".join(path.read_text() for path in folder.glob("out-*"))


REPORTS = ("--report", "markdown=out-plan.md", "--report", "json=out-plan.json")


def test_a_secret_is_in_no_output_whatever_happens(run: Run, workers: Workers, tmp_path: Path) -> None:
    config = {"connector.class": SINK, "topics": "nosuch", "file": str(tmp_path / "no" / "such" / "dir")}
    secrets = {
        "db.password": CANARY,
        "url": f"jdbc:x://me:{CANARY}@db",
        "x.sasl.jaas.config": f'a.Login required password="{CANARY}";',
    }
    assert workers.put("cli-secret", {**config, **secrets}) is None
    until(workers, "cli-secret", lambda live: True)
    (tmp_path / "secrets.properties").write_text(f"pw={CANARY}\n")
    reference = f"${{file:{tmp_path}/secrets.properties:pw}}"
    item = {"name": "cli-secret", "config": {**config, "db.password": reference, "file": "/dev/null"}, "keep": ["url"]}
    number = {"name": "cli-number", "config": {**config, "tasks.max": reference, "batch": "1"}}
    file = tmp_path / "topologies" / "a.yaml"
    file.write_text(json.dumps({"context": "acme", "connectors": [item, number]}))
    said = ""
    for args in (
        ("lint",),
        ("render", "--format", "json"),
        ("-v", "plan", "-o", "out-plan.saved", *REPORTS),
        ("-v", "drift"),
        ("-v", "apply", "out-plan.saved", "--yes", "--report", "json=out-apply.json"),
        ("-v", "plan", *REPORTS),
    ):
        said += run(*args)[1]
    assert "(secret)" in said and "cli-secret" in said
    assert "Invalid value (secret) for configuration tasks.max" in said
    assert workers.connectors()["cli-secret"].config["url"] == secrets["url"]
    file.write_text(json.dumps({"context": "acme", "connectors": [{**item, "config": {**config, **secrets}}]}))
    for args in (("lint",), ("lint", "--format", "sarif"), ("render",), ("plan",)):
        said += run(*args)[1]
    assert "connector-secret" in said
    assert CANARY not in said
    assert CANARY not in written(tmp_path)


def test_a_failed_task_ends_the_apply_as_failed(run: Run, workers: Workers, tmp_path: Path) -> None:
    config = {"connector.class": SINK, "topics": "nosuch", "file": str(tmp_path / "no" / "out")}
    item = {"name": "cli-failing", "config": config, "restart": "failed"}
    (tmp_path / "topologies" / "a.yaml").write_text(json.dumps({"context": "acme", "connectors": [item]}))
    code, said = run("apply", "--yes")
    assert code == 6, said
    assert re.search(r"x connector main/cli-failing +failed: TASK_FAILED: task 0 has failed: \S+", said), said
    code, said = run("plan")
    assert "restart" in said and "task 0 failed" in said, said


def test_artefacts_of_julieops_are_connectors(run: Run, workers: Workers, tmp_path: Path) -> None:
    folder = tmp_path / "topologies"
    (folder / "c.json").write_text(
        json.dumps({"name": "cli-julie", "config": {"connector.class": SINK, "topics": "x", "file": "/dev/null"}})
    )
    artefacts = {"artefacts": [{"path": "c.json", "server": "main", "name": "cli-julie"}]}
    project = {"name": "pay", "topics": [], "connectors": artefacts}
    (folder / "a.yaml").write_text(json.dumps({"context": "acme", "projects": [project]}))
    code, said = run("apply", "--yes")
    assert code == 0, said
    assert workers.connectors()["cli-julie"].config["topics"] == "x"
    assert "No changes" in run("plan")[1]


def test_without_a_cluster_an_artefact_is_a_note_and_a_connector_an_error(run: Run, tmp_path: Path) -> None:
    folder, config = tmp_path / "topologies", tmp_path / "kafka-gitops.yaml"
    settings = json.loads(config.read_text())
    del settings["environments"]["dev"]["connect"]
    config.write_text(json.dumps(settings))
    (folder / "c.json").write_text(json.dumps({"connector.class": SINK, "topics": "x"}))
    artefacts = {"artefacts": [{"path": "c.json", "server": "main", "name": "cli-julie"}]}
    project = {"name": "pay", "topics": [], "connectors": artefacts}
    (folder / "a.yaml").write_text(json.dumps({"context": "acme", "projects": [project]}))
    code, said = run("plan")
    assert code == 0 and "connectors are not planned" in said, said
    item = {"name": "cli-ours", "config": {"connector.class": SINK, "topics": "x"}}
    (folder / "a.yaml").write_text(json.dumps({"context": "acme", "connectors": [item]}))
    code, said = run("plan")
    assert code == 78 and "topologies/a.yaml:1:" in said and "environments.dev.connect" in said, said


def test_a_worker_that_is_down_fails_the_plan_and_other_kinds_go_on(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "kafka-gitops.yaml"
    settings = json.loads(config.read_text())
    settings["environments"]["dev"]["connect"]["main"]["url"] = "http://127.0.0.1:1"
    config.write_text(json.dumps(settings))
    item = {"name": "cli-x", "config": {"connector.class": SINK, "topics": "x"}}
    (tmp_path / "topologies" / "a.yaml").write_text(json.dumps({"context": "acme", "connectors": [item]}))
    code, said = run("plan")
    assert code == 5 and "Cannot reach the Connect cluster main at http://127.0.0.1:1: connection refused" in said, said
    assert run("plan", "--only", "topics")[0] == 0
    code, said = run("doctor")
    assert code == 5 and "http://127.0.0.1:1" in said


def test_a_scope_without_connectors_refuses_them(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "kafka-gitops.yaml"
    config.write_text(json.dumps({**json.loads(config.read_text()), "manage": {"topics": ["*"]}}))
    item = {"name": "cli-x", "config": {"connector.class": SINK, "topics": "x"}}
    (tmp_path / "topologies" / "a.yaml").write_text(json.dumps({"context": "acme", "connectors": [item]}))
    code, said = run("lint")
    assert code == 1 and "outside-scope" in said and "`manage.connectors`" in said, said
    code, said = run("plan")
    assert code == 1 and "`manage.connectors`" in said, said


def test_a_login_that_is_wrong_or_missing_has_its_sentence(
    run: Run, worker_with_login: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "kafka-gitops.yaml"
    settings = json.loads(config.read_text())
    login = worker_with_login.login
    assert login is not None
    monkeypatch.setenv("CONNECT_PASSWORD", CANARY)
    item = {"name": "cli-x", "config": {"connector.class": SINK, "topics": "x", "file": "/dev/null"}}
    (tmp_path / "topologies" / "a.yaml").write_text(json.dumps({"context": "acme", "connectors": [item]}))
    named = {"url": worker_with_login.url, "username": login.username, "password": "${CONNECT_PASSWORD}"}
    for server, said in (({"url": worker_with_login.url}, "wants a login"), (named, "refuses the login of ci")):
        settings["environments"]["dev"]["connect"]["main"] = server
        config.write_text(json.dumps(settings))
        code, told = run("plan")
        assert code == 1 and said in told and CANARY not in told, told
    monkeypatch.setenv("CONNECT_PASSWORD", login.password)
    code, told = run("plan")
    assert code == 0 and "+ connector main/cli-x" in told, told


DEBEZIUM = "io.debezium:debezium-connector-mysql:3.0.0.Final:tar.gz:plugin"


@pytest.fixture(scope="module")
def debezium(kafka: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A worker with a plugin of somebody else's, from Maven."""
    maven = shutil.which("mvn")
    if maven is None:
        pytest.skip("there is no Maven here that could fetch the plugin")
    folder = tmp_path_factory.mktemp("plugins")
    goal = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={DEBEZIUM}", f"-DoutputDirectory={folder}"]
    subprocess.run(goal, check=True, capture_output=True, timeout=300, env={**os.environ})
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder / "plugin", filter="data")
    own = {**connect.apart("debezium"), "plugin.path": str(folder / "plugin"), "plugin.discovery": "hybrid_warn"}
    with connect.running(kafka.bootstrap, properties=own) as server:
        yield server


def test_a_plugin_of_somebody_else_says_what_it_wants(run: Run, debezium: Server, tmp_path: Path) -> None:
    config = tmp_path / "kafka-gitops.yaml"
    settings = json.loads(config.read_text())
    settings["environments"]["dev"]["connect"]["main"]["url"] = debezium.url
    config.write_text(json.dumps(settings))
    (tmp_path / "s.properties").write_text(f"pw={CANARY}\n")
    text = f"""\
context: acme
connectors:
- name: cli-shop
  config:
    connector.class: io.debezium.connector.mysql.MySqlConnector
    topic.prefix: shop
    database.hostname: 127.0.0.1
    database.port: "1"
    database.user: me
    database.password: "${{file:{tmp_path}/s.properties:pw}}"
    database.server.id: many
"""
    (tmp_path / "topologies" / "a.yaml").write_text(text)
    said = run("plan")[1]
    assert re.search(r"x connector main/cli-shop  database.server.id: .*topologies/a.yaml:11\)", said), said
    (tmp_path / "topologies" / "a.yaml").write_text(text.replace("many", '"1"'))
    said = run("plan")[1]
    assert "Unable to connect" in said and CANARY not in said, said
    (tmp_path / "topologies" / "a.yaml").write_text(text.replace("mysql.MySql", "mysql.MySqll"))
    said = run("plan")[1]
    assert "it has io.debezium.connector.mysql.MySqlConnector" in said, said
