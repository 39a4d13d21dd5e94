"""A run that died between asking for a new password and its answer: the next one says which password is in force."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from acting import repository
from desk import Desk
from hooking import git

from kafka_gitops.clients.kafka import attempt
from kafka_gitops.clients.scram import KafkaUsers
from kafka_gitops.clients.translate import login
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
LARGE = "SCRAM-SHA-512"
OLD, NEW = "canary-of-the-old-one", "canary-of-the-new-one"
CONFIG = """\
owner: OWNER
topology: topologies
rules: {topic-owner: off}
environments:
  prod:
    bootstrap: HOST
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    ledger: required
    client: {security.protocol: SASL_PLAINTEXT, sasl.mechanism: SCRAM-SHA-256, sasl.username: admin, sasl.password: admin-secret}
"""


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A repository whose user has the old password, and whose ledger says so."""
    monkeypatch.setenv("WORD", OLD)
    made = Desk(tmp_path / "repository")
    repository(made.home, CONFIG.replace("HOST", kafka.sasl_bootstrap).replace("OWNER", prefix.strip(".")))
    made.ok("ledger", "init", "-e", "prod")
    commit(made, prefix, "1")
    made.ok("apply", "--yes")
    monkeypatch.setenv("WORD", NEW)
    commit(made, prefix, "2")
    return made


def commit(desk: Desk, prefix: str, rotate: str) -> None:
    user = f'{{name: {prefix}app, mechanism: {LARGE}, password: "${{WORD}}", rotate: {rotate}}}'
    desk.write("topologies/a.yaml", f"context: acme\nusers: [{user}]\nprojects: []\n")
    git(desk.home, "add", "-A")
    git(desk.home, "commit", "-qm", f"rotate {rotate}")


def dies(desk: Desk, patch: pytest.MonkeyPatch, *, written: bool) -> None:
    """An apply that ends in its request, which the cluster carries out or not."""
    real = KafkaUsers.write_users

    def write_users(self: KafkaUsers, wanted: Mapping[Any, Any]) -> Mapping[Any, Any]:
        if written:
            assert set(real(self, wanted).values()) == {None}
        raise Killed

    with patch.context() as only, pytest.raises(Killed):
        only.setattr(KafkaUsers, "write_users", write_users)
        desk.run("apply", "--yes", "--accept", "user-rotate")


def logs_in(kafka: Sandbox, name: str, password: str) -> bool:
    host, _, port = kafka.sasl_bootstrap.rpartition(":")
    asked = {**kafka.client(), "sasl.mechanism": LARGE, "sasl.username": name, "sasl.password": password}
    found = attempt(host, int(port), login(asked), timeout=10)
    if found.step is not None and found.step.wire is not None:
        found.step.wire.close()
    return found.step is not None


@pytest.mark.parametrize("written", [True, False])
def test_it_is_tried(desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch, written: bool) -> None:
    name = f"{prefix}app"
    dies(desk, monkeypatch, written=written)
    if written:
        came = f"the new password is in force: a login by {LARGE} succeeds"
        rest = ""
    else:
        came = f"the old password is in force, unless WORD was set anew since: a login by {LARGE} is refused"
        rest = f"; to be sure, ask again: kafka-gitops apply --rotate user:{name}"
    result = desk.run("apply", "--yes", "--only", "topics")  # which does not ask for it again
    assert result.code == 0, result
    assert f"  user {name}: rotate was asked for, and no answer came; {came}{rest}\n" in result.err
    assert logs_in(kafka, name, NEW if written else OLD)
    records = [json.loads(line) for line in desk.ok("ledger", "export", "-e", "prod").splitlines()]
    (died,) = [one for one in records if one.get("status") == "died"]
    (outcome,) = died["outcomes"]
    assert outcome["status"] == ("done" if written else "unknown")
    assert outcome["detail"].endswith(f" looked: {came}")
    said = result.out + result.err + json.dumps(records)
    assert OLD not in said and NEW not in said


def test_what_cannot_be_tried_is_told_as_that(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies(desk, monkeypatch, written=True)
    monkeypatch.delenv("WORD")
    result = desk.run("apply", "--yes", "--only", "topics")
    assert result.code == 0, result
    asked = f"  user {prefix}app: rotate was asked for, and no answer came; to be sure, ask again: "
    assert f"{asked}kafka-gitops apply --rotate user:{prefix}app\n" in result.err
