"""Snapshots of real servers: no secret in any byte, the same bytes again, plans with nothing but the file."""

import base64
import gzip
import json
import stat
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from altering import eventually
from connecting import until
from desk import Desk, topology

from kafka_gitops.clients.connect import Workers, open_workers
from kafka_gitops.clients.registry import open_registry
from kafka_gitops.kinds.schema.live import Asked
from kafka_gitops.kinds.schema.spec import Schema
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.registry import API
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.settings import Rest

pytestmark = pytest.mark.kafka
CANARY = "canary-7c2e51-Zq"
SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector"
SECONDS = "1795168800"  # 2026-11-20T10:00:00Z
CONFIG = """\
rules: {{topic-owner: off}}
environments:
  dev:
    bootstrap: {bootstrap}
    client:
      security.protocol: SASL_PLAINTEXT
      sasl.mechanism: SCRAM-SHA-256
      sasl.username: admin
      sasl.password: ${{KAFKA_WORD}}
    schema_registry: {{url: "{registry}", username: ci, password: "${{REGISTRY_WORD}}"}}
    connect: {{main: {{url: "{connect}"}}}}
"""


@pytest.fixture
def desk(
    kafka: Sandbox, registry_with_login: Server, worker: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """A repository of one environment, the passwords in the environment's variables."""
    made = Desk(tmp_path / "repository")
    servers = {"registry": registry_with_login.url, "connect": worker.url}
    made.write("kafka-gitops.yaml", CONFIG.format(bootstrap=kafka.sasl_bootstrap, **servers))
    assert registry_with_login.login is not None
    monkeypatch.setenv("KAFKA_WORD", kafka.admin_password)
    monkeypatch.setenv("REGISTRY_WORD", registry_with_login.login.password)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", SECONDS)
    return made


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on no password is known, and no address leads anywhere."""

    def go() -> None:
        for name in ("KAFKA_WORD", "REGISTRY_WORD", "USER_WORD"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it connects"))

    return go


@pytest.fixture
def workers(worker: Server) -> Iterator[Workers]:
    found = open_workers("main", Rest((worker.url,)), {})
    yield found
    for name in found.connectors():
        if name.startswith("snap-"):
            assert found.delete(name) is None


def unpacked(desk: Desk, name: str = "dev.snapshot") -> dict[str, Any]:
    """What is in a snapshot."""
    body: dict[str, Any] = json.loads(gzip.decompress((desk.home / name).read_bytes()))
    return body


def forms(secret: str) -> set[bytes]:
    """A text as it may stand in bytes: plain, in base64 from each of three beginnings, and in hexadecimal."""
    found = {secret.encode(), secret.encode().hex().encode()}
    for ahead in range(3):
        inner = base64.b64encode(b"\0" * ahead + secret.encode()).decode().rstrip("=")
        found.add(inner[4 if ahead else 0 : -2].encode())
    return found


def plant(desk: Desk, workers: Workers, registry: Server, prefix: str, folder: Path) -> None:
    """Secrets wherever a server keeps any."""
    (folder / "words.properties").write_text(f"place=/no/such/{CANARY}/out\n", encoding="utf-8")
    config = {
        "connector.class": SINK,
        "topics": f"{prefix}orders",
        "file": f"${{file:{folder}/words.properties:place}}",  # what it stands for is in the trace of the task
        "db.password": CANARY,
        "odd.setting": CANARY,
        "connection.url": f"jdbc:postgresql://db/x?user=me&password={CANARY}",
        "value.converter.schema.registry.url": f"http://me:{CANARY}@registry:8081",
        "key.converter.basic.auth.user.info": f"me:{CANARY}",
        "x.sasl.jaas.config": f'a.Login required password="{CANARY}";',
        "transforms": "mark",
        "transforms.mark.type": "org.apache.kafka.connect.transforms.InsertField$Value",
        "transforms.mark.static.field": "who",
        "transforms.mark.static.value": CANARY,
        "errors.retry.timeout": "7000",
    }
    assert workers.put("snap-secret", config) is None
    until(workers, "snap-secret", lambda live: bool(live.failures))
    assert CANARY in "".join(trace for _, trace in workers.connectors()["snap-secret"].failures)
    assert registry.login is not None
    rest = Rest((registry.url,), username=registry.login.username, password=registry.login.password)
    schema = Schema("AVRO", json.dumps({"type": "record", "name": "A", "fields": []}))
    assert open_registry(rest, {}).register(Asked(f"{prefix}orders-value", schema)) is None
    named = f"{registry.url.removesuffix(API)}/apis/registry/v3/groups/default/artifacts/{prefix}orders-value"
    labels = json.dumps({"description": CANARY, "labels": {"vault.token": CANARY}}).encode()
    login = base64.b64encode(f"{registry.login.username}:{registry.login.password}".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {login}"}
    request = urllib.request.Request(named, labels, headers, method="PUT")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status in (200, 204)


def test_no_secret_of_any_server_is_in_a_snapshot(
    desk: Desk,
    workers: Workers,
    registry_with_login: Server,
    kafka: Sandbox,
    prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("USER_WORD", CANARY)
    users = f"users: [{{name: {prefix}app, mechanism: SCRAM-SHA-512, password: '${{USER_WORD}}'}}]"
    desk.write("topologies/a.yaml", topology(prefix, "orders num.partitions=1 replication.factor=1", extra=users))
    desk.ok("apply", "--yes")
    plant(desk, workers, registry_with_login, prefix, tmp_path)
    result = desk.run("snapshot", "-e", "dev", "-o", "dev.snapshot")
    assert result.code == 0, result
    data = (desk.home / "dev.snapshot").read_bytes()
    secrets = [CANARY, kafka.admin_password, "ci-secret", *(f"{name}-secret" for name in ("alice", "bob", "streams"))]
    for secret in secrets:
        for form in forms(secret):
            assert form not in data
            assert form not in gzip.decompress(data)
            assert form.decode() not in result.out + result.err
    body = unpacked(desk)
    config = body["connect"]["main"]["connectors"]["snap-secret"]["config"]
    hidden = "(not known from the snapshot)"
    assert config["errors.retry.timeout"] == "7000" and config["file"].startswith("${file:")
    assert config["db.password"] == config["connection.url"] == "(secret)"
    assert config["odd.setting"] == config["transforms.mark.static.value"] == hidden
    assert body["kafka"]["users"][f"{prefix}app"] == {"SCRAM-SHA-512": 4096}
    assert body["registry"]["subjects"][f"{prefix}orders-value"]["versions"][0]["type"] == "AVRO"
    assert registry_with_login.url not in json.dumps(body) and kafka.sasl_bootstrap not in json.dumps(body)


def test_it_is_confidential_and_says_so_and_the_same_state_gives_the_same_bytes(
    desk: Desk, workers: Workers, prefix: str
) -> None:
    desk.write("topologies/a.yaml", topology(prefix, "orders retention.ms=7"))
    desk.ok("apply", "--yes")
    config = {
        "connector.class": SINK,
        "topics": f"{prefix}x",
        "file": "/dev/null",
        "odd.setting": "1",
        "b.password": "x1",
    }
    assert workers.put("snap-plain", config) is None
    until(workers, "snap-plain", lambda live: any(task.state == "RUNNING" for task in live.tasks))
    said = desk.run("snapshot", "-o", "dev.snapshot").err
    assert "confidential: it has no password, and it is the map of principals, hosts and rights" in said
    assert "connectors without the values of odd.setting: a plan does not compare them (--connector-key KEY)" in said
    assert "Plan against it: kafka-gitops plan --against dev.snapshot" in said
    path = desk.home / "dev.snapshot"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert unpacked(desk)["made"] == "2026-11-20T10:00:00Z"
    desk.ok("snapshot", "-o", "again.snapshot")
    assert (desk.home / "again.snapshot").read_bytes() == path.read_bytes()
    desk.ok("snapshot", "-o", "more.snapshot", "--connector-key", "odd.setting")
    assert (
        unpacked(desk, "more.snapshot")["connect"]["main"]["connectors"]["snap-plain"]["config"]["odd.setting"] == "1"
    )
    result = desk.run("snapshot", "-o", "x", "--connector-key", "b.password")
    assert result.code == 64 and "by its name it holds a secret" in result.err


def test_values_that_are_not_in_it_are_not_compared_and_it_says_which(
    desk: Desk, workers: Workers, prefix: str, offline: Callable[[], None]
) -> None:
    config = {
        "connector.class": SINK,
        "topics": f"{prefix}x",
        "file": "/dev/null",
        "odd.setting": "1",
        "tasks.max": "1",
    }
    assert workers.put("snap-plain", config) is None
    until(workers, "snap-plain", lambda live: bool(live.tasks))
    desk.ok("snapshot", "-o", "dev.snapshot")
    item = {"name": "snap-plain", "config": {**config, "odd.setting": "2"}}
    desk.write("topologies/a.yaml", json.dumps({"context": "acme", "connectors": [item]}))
    assert desk.run("plan", "--exit-code").code == 2  # the value differs on the worker
    offline()
    out = desk.ok("plan", "--exit-code", "--against", "dev.snapshot")
    assert "connector main/snap-plain: odd.setting not known from the snapshot, so not compared" in out
    changed = {**item, "config": {**config, "tasks.max": "2"}}
    desk.write("topologies/a.yaml", json.dumps({"context": "acme", "connectors": [changed]}))
    result = desk.run("plan", "--exit-code", "--against", "dev.snapshot")
    assert result.code == 2 and "tasks.max           1 -> 2" in result.out, result
    assert "not asked: the workers: what is wrong with the config of 1 connector" in result.out


def test_a_plan_against_it_needs_nothing_else_and_no_apply_takes_it(
    desk: Desk, prefix: str, offline: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    desk.write("topologies/a.yaml", topology(prefix, "orders retention.ms=7", "old"))
    desk.ok("apply", "--yes")
    desk.ok("snapshot", "-o", "dev.snapshot")
    gone = f"removed: [{{topic: {prefix}old}}]"
    desk.write("topologies/a.yaml", topology(prefix, "orders retention.ms=9 segment.ms=8", "new", extra=gone))
    offline()
    result = desk.run("plan", "--against", "dev.snapshot", "-o", "plan.json", "--report", "markdown=plan.md")
    assert result.code == 4, result
    assert result.out.startswith("Against a snapshot of cluster ") and "(less than a minute old)" in result.out
    assert "not asked: the brokers: what they or their policies refuse of 2 changes" in result.out
    assert "nobody looked whether it holds records and who reads it: they are lost" in result.out
    assert f"+ topic {prefix}new" in result.out and "7 (7 ms) -> 9 (9 ms)" in result.out
    assert "Saved to plan.json. It was made against a snapshot, so no apply takes it." in result.err
    assert "this plan cannot be applied" in (desk.home / "plan.md").read_text(encoding="utf-8")
    plan = json.loads((desk.home / "plan.json").read_text(encoding="utf-8"))
    assert plan["snapshot"]["topics_only"] is False
    refused = desk.run("apply", "plan.json", "--yes")
    assert refused.code == 1 and "it cannot be applied" in refused.err, refused
    desk.write("topologies/a.yaml", topology(prefix, "orders retention.ms=7", "old"))
    assert desk.run("plan", "--exit-code", "--against", "dev.snapshot").code == 0
    desk.write("topologies/a.yaml", topology(prefix, "orders retention.ms=8", "old"))
    assert desk.run("plan", "--exit-code", "--against", "dev.snapshot").code in (2, 4)


def test_of_another_cluster_or_environment_it_is_refused(desk: Desk, prefix: str, kafka: Sandbox) -> None:
    desk.write("topologies/a.yaml", topology(prefix, "orders"))
    desk.ok("snapshot", "-o", "dev.snapshot", "--for-forks")
    config = (desk.home / "kafka-gitops.yaml").read_text(encoding="utf-8")
    desk.write("kafka-gitops.yaml", config.replace("  dev:", "  prod:"))
    result = desk.run("plan", "--against", "dev.snapshot")
    assert result.code == 1
    assert "dev.snapshot is a snapshot of environment dev, and the plan is for environment prod." in result.err
    desk.ok("snapshot", "-o", "prod.snapshot")
    desk.write("kafka-gitops.yaml", config.replace("  dev:", "  prod:\n    cluster_id: another"))
    result = desk.run("plan", "--against", "prod.snapshot")
    assert result.code == 1 and "environment prod is cluster another." in result.err, result


def test_one_for_forks_holds_the_declared_topics_alone(desk: Desk, prefix: str, kafka: Sandbox) -> None:
    grant = f"acls: [{{principals: ['User:{prefix}app'], allow: [READ], topics: ['{prefix}orders']}}]"
    desk.write("topologies/a.yaml", topology(prefix, "orders retention.ms=7", "other", extra=grant))
    desk.ok("apply", "--yes")
    desk.write("topologies/a.yaml", topology(prefix, "orders", "none.yet", extra=grant))
    eventually(lambda: desk.run("plan", "--exit-code").code != 5)
    said = desk.run("snapshot", "-o", "forks.snapshot", "--for-forks").err
    assert "1 topic that the files declare" in said
    body = unpacked(desk, "forks.snapshot")
    kafka_part = body["kafka"]
    assert body.keys() == {"format", "tool", "digest", "made", "environment", "topics_only", "kafka"}
    assert {key for key, value in kafka_part.items() if value} == {"topics", "defaults"}
    assert kafka_part["topics"].keys() == {f"{prefix}orders"}
    assert kafka_part["topics"][f"{prefix}orders"]["overrides"] == {"retention.ms": "7"}
    assert kafka_part["topics"][f"{prefix}orders"].keys() == {"partitions", "replication", "overrides"}
    assert "app" not in json.dumps(body) and "User:" not in json.dumps(body)
