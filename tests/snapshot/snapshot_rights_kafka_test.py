"""Snapshots by logins that may not read all: what is missing is told when it is made, and again when it is needed."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from altering import eventually
from desk import Desk, topology

from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.model import Acl, Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
CONFIG = """\
rules: {{topic-owner: off}}
environments:
  dev:
    bootstrap: {bootstrap}
    client: {{security.protocol: SASL_PLAINTEXT, sasl.mechanism: SCRAM-SHA-256, sasl.username: carol, sasl.password: "${{WORD}}"}}
"""
GRANT = "acls: [{principals: ['User:app'], allow: [READ], topics: ['PREFIXorders']}]"


@pytest.fixture
def cluster(kafka: Sandbox) -> Iterator[KafkaCluster]:
    with open_cluster(kafka.client()) as found:
        yield found


@pytest.fixture
def desk(
    kafka: Sandbox, cluster: KafkaCluster, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A repository whose login may describe the topics of the prefix and their configs, and nothing else."""
    monkeypatch.setenv("WORD", "carol-secret")
    made = Desk(tmp_path / "repository")
    made.write("kafka-gitops.yaml", CONFIG.format(bootstrap=kafka.sasl_bootstrap))
    rights = [
        Acl("User:carol", "*", operation, "ALLOW", "TOPIC", "PREFIXED", prefix)
        for operation in ("DESCRIBE", "DESCRIBE_CONFIGS", "CREATE")
    ]
    cluster.create_acls(rights)
    eventually(lambda: set(rights) <= set(cluster.list_acls()))
    yield made
    cluster.delete_acls(rights)


def test_what_the_login_may_not_read_is_left_out_and_told(
    desk: Desk, prefix: str, cluster: KafkaCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.create_topics({f"hidden.{prefix}x": Topic(1, 1, {})})
    desk.write("topologies/a.yaml", topology(prefix, "orders num.partitions=1"))
    desk.ok("apply", "--yes", "--only", "topics")
    said = desk.run("snapshot", "-o", "dev.snapshot").err
    for kind in ("ACLs", "quotas", "users"):
        assert f"without {kind}: " in said, said
    body = json.loads(gzip.decompress((desk.home / "dev.snapshot").read_bytes()))
    topics = body["kafka"]["topics"]  # also those that other tests let everybody see
    assert f"{prefix}orders" in topics and f"hidden.{prefix}x" not in topics
    assert body["kafka"]["acls"]["unknown"]["error"] == "MissingRight"
    monkeypatch.delenv("WORD")
    assert desk.run("plan", "--exit-code", "--against", "dev.snapshot").code == 0
    desk.write("topologies/a.yaml", topology(prefix, "orders", extra=GRANT.replace("PREFIX", prefix)))
    result = desk.run("plan", "--against", "dev.snapshot")
    assert result.code == 1, result
    assert "The snapshot does not have it, because of this error when it was made: " in result.err
    assert desk.run("plan", "--only", "topics", "--against", "dev.snapshot").code == 0


def test_topics_outside_manage_are_named_and_their_configs_are_not_read(
    desk: Desk, prefix: str, cluster: KafkaCluster, kafka: Sandbox
) -> None:
    admin = CONFIG.format(bootstrap=kafka.sasl_bootstrap).replace("carol", "admin")
    desk.write("kafka-gitops.yaml", admin)
    desk.options = ["-X", f"sasl.password={kafka.admin_password}"]
    desk.write("topologies/a.yaml", topology(prefix, "mine.a", "other.b"))
    desk.ok("apply", "--yes")
    desk.write("kafka-gitops.yaml", f"manage: {{topics: ['{prefix}mine.*']}}\n{admin}")
    desk.ok("snapshot", "-o", "dev.snapshot")
    topics = json.loads(gzip.decompress((desk.home / "dev.snapshot").read_bytes()))["kafka"]["topics"]
    assert topics[f"{prefix}other.b"]["no_configs"] is True and "no_configs" not in topics[f"{prefix}mine.a"]
    desk.write("topologies/a.yaml", topology(prefix, "mine.a"))
    assert desk.run("plan", "--exit-code", "--only", "topics", "--against", "dev.snapshot").code == 0
    desk.write("kafka-gitops.yaml", f"manage: {{topics: ['{prefix}*']}}\n{admin}")
    desk.write("topologies/a.yaml", topology(prefix, "mine.a", "other.b"))
    result = desk.run("plan", "--only", "topics", "--against", "dev.snapshot")
    said = f"The snapshot has no configs of topic {prefix}other.b: it was outside `manage` when it was made."
    assert result.code == 1 and said in result.err, result


def test_without_an_authorizer_there_is_a_snapshot_without_acls(no_authorizer: Sandbox, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "repository")
    desk.write("kafka-gitops.yaml", f"environments: {{dev: {{bootstrap: '{no_authorizer.bootstrap}'}}}}\n")
    said = desk.run("snapshot", "-o", "dev.snapshot").err
    assert "without ACLs: " in said, said
    desk.write("topologies/a.yaml", topology("none.", "t", extra=GRANT.replace("PREFIX", "none.")))
    result = desk.run("plan", "--against", "dev.snapshot")
    live = desk.run("plan")
    assert result.code == live.code == 1 and live.err.split(": ", 1)[1].splitlines()[0] in result.err, (result, live)
