"""What real brokers refuse is told in the plan: their own rules, a policy of the cluster, and what they do not answer."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from altering import eventually
from conftest import USERS
from desk import Desk
from desk import topology as text

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.link import Link
from kafka_gitops.model import Acl, Topic
from kafka_gitops.sandbox import Sandbox, running

pytestmark = pytest.mark.kafka
ONE = "num.partitions=1 replication.factor=1"


def desk_of(home: Path, kafka: Sandbox, user: str = "admin") -> Desk:
    options = [word for key, value in kafka.client(user).items() for word in ("-X", f"{key}={value}")]
    return Desk(home, [*options, "--timeout", "20"])


def test_a_plan_promises_nothing_that_the_broker_refuses(tmp_path: Path, kafka: Sandbox, prefix: str) -> None:
    desk = desk_of(tmp_path, kafka)
    desk.write("t.yaml", text(prefix, f"cu4_card {ONE}", f"live {ONE}"))
    desk.ok("apply", "t.yaml", "--yes")
    desk.write(
        "t.yaml",
        text(
            prefix,
            f"live {ONE} remote.storage.enable=true",
            f"cu4.card {ONE}",
            "three num.partitions=1 replication.factor=3",
            f"tiered {ONE} remote.storage.enable=true",
            f"cf {ONE} confluent.tier.enable=true",
            "many num.partitions=20000 replication.factor=1",
            f"good {ONE}",
        ),
    )
    result = desk.run("ci", "plan", "t.yaml", "--no-comment")
    assert result.code == 1
    tiered = "INVALID_CONFIG: Tiered Storage functionality is disabled in the broker. Topic cannot be configured"
    for reason in (
        f"x topic {prefix}live  the brokers refuse it: {tiered}",
        f'x topic {prefix}cu4.card  its name collides with "{prefix}cu4_card": Kafka takes "." and "_" for the same',
        f"x topic {prefix}three  the brokers refuse it: INVALID_REPLICATION_FACTOR: Unable to replicate the partition 3",
        f"x topic {prefix}tiered  the brokers refuse it: {tiered}",
        f"x topic {prefix}cf  the brokers refuse it: INVALID_CONFIG: Unknown topic config name: confluent.tier.enable",
        f"x topic {prefix}many  20000 partitions: brokers make a topic of fewer than 10,000",
    ):
        assert reason in result.out
    assert "1 topic to create, 0 to update, 0 to delete; 6 cannot be done" in result.out
    assert "The brokers refuse 6 changes of this plan: " in result.err
    applied = desk.run("apply", "t.yaml", "--yes")
    assert (applied.code, "1 applied and verified, 0 failed, 0 skipped, 6 not possible" in applied.out) == (6, True)
    assert desk.run("apply", "t.yaml", "--yes").code == 1
    with open_cluster(kafka.client()) as cluster:
        left = sorted(name.removeprefix(prefix) for name in cluster.list_topics() if name.startswith(prefix))
    assert left == ["cu4_card", "good", "live"]


def test_without_the_rights_the_plan_goes_on_with_one_note(tmp_path: Path, kafka: Sandbox, prefix: str) -> None:
    rights = [
        Acl("User:dave", "*", operation, "ALLOW", "TOPIC", "PREFIXED", prefix)
        for operation in ("DESCRIBE", "DESCRIBE_CONFIGS")
    ]
    admin, dave = desk_of(tmp_path, kafka), desk_of(tmp_path, kafka, "dave")
    admin.write("t.yaml", text(prefix, f"old {ONE}", f"grows {ONE}"))
    admin.ok("apply", "t.yaml", "--yes")
    admin.write(
        "t.yaml",
        text(
            prefix,
            f"old {ONE} retention.ms=8640000000",
            "grows num.partitions=2 replication.factor=1",
            f"new {ONE} remote.storage.enable=true",
            "three num.partitions=1 replication.factor=3",
        ),
    )
    with open_cluster(kafka.client()) as cluster:
        assert set(cluster.create_acls(rights).values()) == {None}
        eventually(lambda: set(rights) <= set(cluster.list_acls()))
        told = dave.run("ci", "plan", "t.yaml", "--no-comment", "--only", "topics")
        more = [rights[0]._replace(operation=operation) for operation in ("CREATE", "ALTER", "ALTER_CONFIGS")]
        assert set(cluster.create_acls(more).values()) == {None}  # a second principal for plans
        eventually(lambda: set(more) <= set(cluster.list_acls()))
        asked = dave.run("ci", "plan", "t.yaml", "--no-comment", "--only", "topics")
        cluster.delete_acls([*rights, *more])
    assert told.code == 1
    assert f"x topic {prefix}three  replication factor 3: the cluster has 1 broker (" in told.out
    assert "1 topic to create, 2 topics to update, 0 to delete; 1 cannot be done" in told.out
    assert told.out.count("note: The brokers could not be asked about ") == 1
    for operation in ("Create", "Alter", "AlterConfigs"):
        grant = f"kafka-acls --add --allow-principal User:dave --operation {operation} --topic {prefix}"
        assert told.out.count(grant) == 1
    assert (asked.code, "note: The brokers" in asked.out) == (1, False)
    assert f"x topic {prefix}new  the brokers refuse it: INVALID_CONFIG: Tiered Storage" in asked.out
    assert f"x topic {prefix}three  the brokers refuse it: INVALID_REPLICATION_FACTOR" in asked.out


def test_brokers_are_asked_once_per_kind_and_not_at_all_without_changes(
    tmp_path: Path, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    before: Callable[..., Any] = Link.write

    def counted(link: Link, request: Any, *, node: int = -1) -> Any:
        asked.append((type(request).__name__, request.validate_only))
        return before(link, request, node=node)

    desk = desk_of(tmp_path, kafka)
    desk.write("t.yaml", text(prefix, *(f"n{number} {ONE}" for number in range(20))))
    monkeypatch.setattr(Link, "write", counted)
    desk.ok("plan", "t.yaml")
    assert asked == [("CreateTopicsRequest", True)]
    desk.ok("apply", "t.yaml", "--yes")
    asked.clear()
    desk.ok("plan", "t.yaml")
    assert asked == []
    grown = "num.partitions=2 replication.factor=1 retention.ms=86400000"
    desk.write("t.yaml", text(prefix, *(f"n{number} {grown}" for number in range(20))))
    desk.run("plan", "t.yaml")
    assert asked == [("CreatePartitionsRequest", True), ("IncrementalAlterConfigsRequest", True)]


POLICIES = """
import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.*;

public class Policies implements CreateTopicPolicy, AlterConfigPolicy {
    public void configure(Map<String, ?> configs) {}
    public void close() {}
    public void validate(CreateTopicPolicy.RequestMetadata asked) {
        if (asked.numPartitions() != null && asked.numPartitions() > 4)
            throw new PolicyViolationException("at most 4 partitions here, ask #kafka");
    }
    public void validate(AlterConfigPolicy.RequestMetadata asked) {
        if ("-1".equals(asked.configs().get("retention.ms")))
            throw new PolicyViolationException("nothing is kept for ever here");
    }
}
"""


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Sandbox]:
    """A broker with policies of its own for new topics and for configs."""
    from kafka_gitops.sandbox.source import Source, runtime

    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "Policies.java").write_text(POLICIES, encoding="utf-8")
    jars = runtime(Source(), log=lambda _line: None).classpath
    subprocess.run(["javac", "--release", "17", "-cp", jars, "Policies.java"], cwd=folder, check=True)
    jar = folder / "policies.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        archive.write(folder / "Policies.class", "Policies.class")
    names = {"create.topic.policy.class.name": "Policies", "alter.config.policy.class.name": "Policies"}
    with running(users=USERS, properties=names, jars=[jar]) as sandbox:
        yield sandbox


@pytest.mark.skipif(shutil.which("javac") is None, reason="a policy is a Java class, and there is no compiler")
def test_the_policies_of_a_cluster_are_told_in_the_plan(tmp_path: Path, strict: Sandbox) -> None:
    desk = desk_of(tmp_path, strict)
    with open_cluster(strict.client()) as cluster:
        assert cluster.create_topics({"there": Topic(1, 1, {})}) == {"there": None}
    wanted = ("wide num.partitions=6 replication.factor=1", f"there {ONE} retention.ms=-1", f"good {ONE}")
    desk.write("t.yaml", text("", *wanted))
    told = desk.ok("plan", "t.yaml")
    for name, words in (("wide", "at most 4 partitions here, ask #kafka"), ("there", "nothing is kept for ever here")):
        line = {"wide": 3, "there": 7}[name]
        assert f"x topic {name}  the brokers refuse it: POLICY_VIOLATION: {words} (t.yaml:{line})" in told
    assert "1 topic to create, 0 to update, 0 to delete; 2 cannot be done" in told
