"""`ledger` and the doctor's lines about it on a real broker: made by who may, printed for who may not."""

from pathlib import Path

import pytest
from altering import eventually
from desk import Desk

from kafka_gitops.clients import log
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.ledger import packed
from kafka_gitops.ledger.log import PREFIX
from kafka_gitops.ledger.nouns import Run
from kafka_gitops.ledger.people import person
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
CONFIG = """\
owner: OWNER
environments:
  prod:
    bootstrap: HOST
    ledger: MODE
    client: {security.protocol: SASL_PLAINTEXT, sasl.mechanism: SCRAM-SHA-256, sasl.username: USER, sasl.password: USER-secret}
"""


@pytest.fixture
def owner(prefix: str) -> str:
    """A name that no other test has."""
    return f"{prefix.strip('.')}-owner"


@pytest.fixture
def topic(owner: str) -> str:
    """The topic of its ledger."""
    return f"_kafka_gitops.{owner}.prod"


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox, owner: str) -> Desk:
    """A directory with a config whose ledger is required."""
    made = Desk(tmp_path)
    configure(made, kafka, owner)
    return made


def configure(desk: Desk, kafka: Sandbox, owner: str, user: str = "admin", mode: str = "required") -> None:
    """Write the config for a user of the broker."""
    text = CONFIG.replace("HOST", kafka.sasl_bootstrap).replace("OWNER", owner)
    desk.write("kafka-gitops.yaml", text.replace("USER", user).replace("MODE", mode))


EVERY = f"--resource-pattern-type prefixed --topic {PREFIX}"
UNSEEN = f"User:bob may not see all ledgers (it needs Read on the topics whose names begin with {PREFIX})"


def section(out: str) -> list[str]:
    """The doctor's lines about the ledger."""
    lines = out.splitlines()
    return lines[lines.index("prod: ledger") + 1 :] if "prod: ledger" in lines else []


def test_it_is_made_checked_and_mended(desk: Desk, kafka: Sandbox, topic: str, owner: str) -> None:
    assert section(desk.run("doctor").out)[0] == f"  FAIL  ledger topic         there is no topic {topic}"
    assert desk.ok("ledger", "init") == f"Created topic {topic} for the ledger of owner {owner}.\n"
    eventually(lambda: desk.run("ledger", "init").out == f"Topic {topic} exists, and its settings are right.\n")
    assert desk.ok("ledger", "check").splitlines() == [
        f"Ledger {topic} on cluster {kafka.cluster_id}",
        f"  ok    ledger topic         {topic}",
        "  ok    ledger settings      1 replica, compact, LogAppendTime",
        "  ok    may use the ledger   may read and write it",
        "  ok    other ledgers        may see them",
        f"  note  owner                {owner}; nothing was applied yet",
        "  ok    records              0 records, 0 runs",
        "  ok    hashes               0 runs in one chain",
    ]
    with open_cluster(kafka.client()) as cluster:
        assert not any(cluster.alter_configs({topic: {"cleanup.policy": "delete"}}).values())
    eventually(lambda: desk.run("ledger", "init").code == 1)
    refused = desk.run("ledger", "init")
    assert "cleanup.policy is delete, expected compact: with any other, records go by age or size." in refused.err
    assert f"--alter --topic {topic} --add-config cleanup.policy=compact" in refused.err
    assert "FAIL  ledger settings      cleanup.policy is delete, expected compact" in desk.run("doctor").out
    assert desk.ok("ledger", "init", "--fix") == f"Set on topic {topic}: cleanup.policy=compact\n"
    eventually(lambda: desk.run("ledger", "check").code == 0)


def test_who_may_not_make_it_gets_the_commands(desk: Desk, kafka: Sandbox, topic: str, owner: str) -> None:
    configure(desk, kafka, owner, "alice")
    refused = desk.run("ledger", "init")
    assert refused.code == 1
    assert f"User:alice may not describe topic {topic}" in refused.err
    assert "--operation Write --operation DescribeConfigs --topic" in desk.run("ledger", "check").out
    assert [line.split()[0] for line in desk.ok("ledger", "init", "--print").splitlines()] == [
        "kafka-topics",
        "kafka-acls",
        "kafka-acls",
    ]
    configure(desk, kafka, owner, "alice", "optional")
    assert section(desk.run("doctor").out)[0].startswith("  note  ledger topic         User:alice may not describe")
    configure(desk, kafka, owner, "alice", "off")
    assert section(desk.run("doctor").out) == []


def test_the_printed_rights_are_what_it_takes(desk: Desk, kafka: Sandbox, topic: str, owner: str) -> None:
    desk.ok("ledger", "init")
    own = [
        Acl("User:bob", "*", one, "ALLOW", "TOPIC", "LITERAL", topic) for one in ("READ", "WRITE", "DESCRIBE_CONFIGS")
    ]
    with open_cluster(kafka.client()) as cluster:
        assert not any(cluster.create_acls(own).values())
        configure(desk, kafka, owner, "bob")
        eventually(lambda: desk.run("ledger", "check").code == 0)
        told = section(desk.run("doctor").out)
        assert told[3] == f"  note  other ledgers        {UNSEEN}: what left the files stays"
        assert f"kafka-acls --add --allow-principal User:bob --operation Read {EVERY}" in told[5]
        every = Acl("User:bob", "*", "READ", "ALLOW", "TOPIC", "PREFIXED", PREFIX)
        assert not any(cluster.create_acls([every]).values())
        eventually(lambda: "  ok " in section(desk.run("doctor").out)[3])
        assert all(line.startswith("  ok") for line in section(desk.run("doctor").out))
        assert not any(cluster.delete_acls([every]).values())


def test_records_are_exported_and_a_person_is_taken_out(desk: Desk, kafka: Sandbox, topic: str) -> None:
    desk.ok("ledger", "init")
    with open_cluster(kafka.client()) as cluster:
        name = "20261128-091101-0a1b2c"
        ada = person("ada", "environment", "00ff")
        run = Run(name, 1, None, cluster.id, "pay", "prod", "done", actor=ada)
        log.on(cluster.link).log(topic).append(packed.entries(run))
    assert '"name":"ada"' in desk.ok("ledger", "export")
    assert desk.ok("ledger", "erase", "--actor", "ada") == f"Erased ada from 1 record of the ledger {topic}.\n"
    assert desk.ok("ledger", "erase", "--actor", "ada") == f"No record of the ledger {topic} names ada.\n"
    assert desk.ok("ledger", "export", "-o", "all.jsonl") == ""
    assert "ada" not in (desk.home / "all.jsonl").read_text()
    assert "1 run in one chain" in desk.ok("ledger", "check")
    assert desk.run("ledger", "erase").code == 64
