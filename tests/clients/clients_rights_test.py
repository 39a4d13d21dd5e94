"""What a principal without some right is told, and what one with rights on its own prefix can do."""

import time
from collections.abc import Iterator

import pytest

from kafka_gitops.clients import partitions
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.readers import sees_all
from kafka_gitops.errors import MissingRight
from kafka_gitops.kinds.cluster import Cluster
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.readers import Holding, Log
from kafka_gitops.model import Acl, Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


def no_topic(user: str, operation: str, name: str) -> Problem:
    """The problem of a write that takes a right on a topic, with the command that grants it."""
    line = f"kafka-acls --add --allow-principal User:{user} --operation {operation} --topic {name}"
    help = f"Grant {operation} (a prefix covers many):\n  {line}"
    return Problem("TOPIC_AUTHORIZATION_FAILED", f"User:{user} lacks {operation} on the topic", help=help)


def no_cluster(user: str) -> Problem:
    """The same for ACLs, which take a right on the cluster."""
    help = f"Grant Alter:\n  kafka-acls --add --allow-principal User:{user} --operation Alter --cluster"
    return Problem("CLUSTER_AUTHORIZATION_FAILED", f"User:{user} lacks Alter on the cluster", help=help)


@pytest.fixture
def alice(kafka: Sandbox) -> Iterator[KafkaCluster]:
    """The shared broker as somebody without any right."""
    with open_cluster(kafka.client("alice")) as opened:
        yield opened


def test_topics_that_may_not_be_described(alice: KafkaCluster) -> None:
    with pytest.raises(MissingRight) as caught:
        alice.describe_topics(["b", "a"])
    assert caught.value.message == "User:alice may not describe 2 topics: a, b."
    assert caught.value.help == (
        "Grant Describe (a prefix covers many):\n"
        "  kafka-acls --add --allow-principal User:alice --operation Describe --topic a --topic b"
    )


def test_many_topics_are_told_once(alice: KafkaCluster) -> None:
    with pytest.raises(MissingRight) as caught:
        alice.describe_topics([f"t{number:03}" for number in range(300)])
    assert caught.value.message.startswith("User:alice may not describe 300 topics: t000, t001, ")
    assert caught.value.message.endswith("t009 and 290 more.")
    assert (caught.value.help or "").endswith("and so on for 290 more; a prefix: --resource-pattern-type prefixed")


def test_configs_that_may_not_be_read(alice: KafkaCluster) -> None:
    with pytest.raises(MissingRight) as caught:
        alice.topic_configs(["a"], [])
    assert caught.value.message == "User:alice may not read the configs of topic a."
    assert "--operation DescribeConfigs --topic a" in (caught.value.help or "")


def test_acls_that_may_not_be_read(alice: KafkaCluster) -> None:
    with pytest.raises(MissingRight) as caught:
        alice.list_acls()
    assert caught.value.message == (
        "User:alice may not read the cluster's ACLs, so a plan would be blind to them. "
        "Grant it, or plan topics only: --only topics"
    )
    assert caught.value.help == "  kafka-acls --add --allow-principal User:alice --operation Describe --cluster"
    assert caught.value.exit_code == 1


def test_what_is_only_nice_to_know_is_left_out(alice: KafkaCluster) -> None:
    assert alice.reassigning() is None
    assert alice.broker_configs(["num.partitions"]) == {"num.partitions": None}
    assert not sees_all(alice.link)


def test_writes_without_rights(alice: KafkaCluster) -> None:
    acl = Acl("User:bob", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "a")
    assert alice.create_topics({"a": Topic(1, 1, {})}) == {"a": no_topic("alice", "Create", "a")}
    assert alice.create_partitions({"a": 3}) == {"a": no_topic("alice", "Alter", "a")}
    assert alice.alter_configs({"a": {"retention.ms": "1"}}) == {"a": no_topic("alice", "AlterConfigs", "a")}
    assert alice.delete_topics({"a": None}) == {"a": no_topic("alice", "Delete", "a")}
    assert alice.create_acls([acl]) == {acl: no_cluster("alice")}
    assert alice.delete_acls([acl]) == {acl: no_cluster("alice")}


def test_a_principal_with_rights_on_its_prefix_can_do_its_job(kafka: Sandbox, prefix: str) -> None:
    operations = ("CREATE", "DESCRIBE", "ALTER", "DELETE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS", "READ")
    acls = [Acl("User:carol", "*", operation, "ALLOW", "TOPIC", "PREFIXED", prefix) for operation in operations]
    name, other = prefix + "a", "other." + prefix
    with open_cluster(kafka.client()) as admin, open_cluster(kafka.client("carol")) as carol:
        assert set(admin.create_acls(acls).values()) == {None}
        assert admin.create_topics({other: Topic(1, 1, {})}) == {other: None}
        until = time.monotonic() + 60
        refused = {name: no_topic("carol", "Create", name)}
        while carol.create_topics({name: Topic(1, 1, {"max.message.bytes": "1000"})}) == refused:
            assert time.monotonic() < until
        while carol.describe_topics([name, prefix + "absent"])[name] is None:
            assert time.monotonic() < until
        assert set(carol.list_topics()) == {name}
        assert carol.topic_configs([name], [])[name].overrides == {"max.message.bytes": "1000"}
        assert carol.topic_defaults([name], ["max.message.bytes"]) == {name: {"max.message.bytes": "1048588"}}
        assert carol.alter_configs({name: {"retention.ms": "2000"}}) == {name: None}
        assert carol.create_partitions({name: 2}) == {name: None}
        empty = Log(0, 0, local=0, newest=-1)
        assert partitions.on(carol.link).holdings({name: None}) == {name: Holding({0: empty, 1: empty}, refused=True)}
        assert carol.create_topics({other: Topic(1, 1, {})}) == {other: no_topic("carol", "Create", other)}
        assert carol.delete_topics({name: carol.list_topics()[name].topic_id}) == {name: None}
        admin.delete_acls(acls)
        admin.delete_topics({other: None})


def reads_acls(cluster: Cluster) -> bool:
    """Whether a right to read ACLs has reached the authorizer, which is later than the list of ACLs shows it."""
    try:
        return bool(list(cluster.list_acls()))
    except MissingRight:
        return False


def test_groups_are_seen_with_the_right_on_all_of_them_only(kafka: Sandbox, prefix: str) -> None:
    part = Acl("User:alice", "*", "DESCRIBE", "ALLOW", "GROUP", "PREFIXED", prefix)
    cluster = Acl("User:alice", "*", "DESCRIBE", "ALLOW", "CLUSTER", "LITERAL", "kafka-cluster")
    whole = Acl("User:alice", "*", "DESCRIBE", "ALLOW", "GROUP", "LITERAL", "*")
    with open_cluster(kafka.client()) as admin, open_cluster(kafka.client("alice")) as alice:
        assert sees_all(admin.link)
        admin.create_acls([part, cluster])
        until = time.monotonic() + 60
        while not reads_acls(alice):
            assert time.monotonic() < until
        assert not sees_all(alice.link)
        admin.create_acls([whole])
        while not sees_all(alice.link):
            assert time.monotonic() < until
        admin.delete_acls([part, cluster, whole])
