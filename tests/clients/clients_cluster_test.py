"""Reads and writes on a real broker, as the contract promises them."""

from collections.abc import Iterator

import pytest
from altering import eventually, set_broker

from kafka_gitops.clients import writes
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.refusals import problem
from kafka_gitops.clients.translate import login
from kafka_gitops.errors import NoAuthorizer
from kafka_gitops.kinds.cluster import Cluster, LiveConfig
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.model import Acl, Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def cluster(kafka: Sandbox) -> Iterator[Cluster]:
    """The shared broker, as admin."""
    with open_cluster(kafka.client()) as opened:
        yield opened


def make(cluster: Cluster, name: str, partitions: int | None = 1, **config: str) -> None:
    """Create a topic and wait until it is visible; config keys with _ for a dot."""
    settings = {key.replace("_", "."): value for key, value in config.items()}
    assert cluster.create_topics({name: Topic(partitions, 1, settings)}) == {name: None}
    eventually(lambda: cluster.describe_topics([name])[name] is not None)


def test_topics_are_listed_and_described(cluster: Cluster, prefix: str) -> None:
    make(cluster, prefix + "a", 3)
    listed = cluster.list_topics()[prefix + "a"]
    assert (listed.partitions, listed.replication, listed.internal) == (3, 1, False)
    names = [prefix + "a", prefix + "absent", "not a legal name", *(f"{prefix}{i}" for i in range(600))]
    described = cluster.describe_topics(names)
    assert described[prefix + "a"] == listed
    assert list(described.values()).count(None) == 602
    assert prefix + "absent" not in cluster.list_topics()  # asking did not make it


def test_partitions_and_replication_can_be_left_to_the_broker(cluster: Cluster, prefix: str) -> None:
    assert cluster.create_topics({prefix + "a": Topic(None, None, {})}) == {prefix + "a": None}
    eventually(lambda: cluster.describe_topics([prefix + "a"])[prefix + "a"] is not None)


def test_each_topic_has_its_own_problem(cluster: Cluster, prefix: str) -> None:
    make(cluster, prefix + "old")
    topics = {
        prefix + "old": Topic(1, 1, {}),
        prefix + "new": Topic(1, 1, {}),
        prefix + "rf": Topic(1, 5, {}),
        prefix + "key": Topic(1, 1, {"no.such.key": "1"}),
    }
    answers = cluster.create_topics(topics, validate_only=True)
    codes = [answer and answer.code for answer in answers.values()]
    assert codes == ["TOPIC_ALREADY_EXISTS", None, "INVALID_REPLICATION_FACTOR", "INVALID_CONFIG"]
    assert answers[prefix + "key"] == Problem("INVALID_CONFIG", "Unknown topic config name: no.such.key")
    assert cluster.describe_topics([prefix + "new"]) == {prefix + "new": None}


def test_topics_grow(cluster: Cluster, prefix: str) -> None:
    make(cluster, prefix + "a", 2)
    answers = cluster.create_partitions({prefix + "a": 4, prefix + "absent": 3})
    codes = {name: answer and answer.code for name, answer in answers.items()}
    assert codes == {prefix + "a": None, prefix + "absent": "UNKNOWN_TOPIC_OR_PARTITION"}
    eventually(lambda: cluster.list_topics()[prefix + "a"].partitions == 4)
    fewer = cluster.create_partitions({prefix + "a": 1})[prefix + "a"]
    assert fewer is not None and fewer.code == "INVALID_PARTITIONS"


def test_configs_change_key_by_key(cluster: Cluster, prefix: str) -> None:
    name = prefix + "a"
    make(cluster, name, retention_ms="1000", segment_ms="60000")
    assert cluster.alter_configs({name: {"retention.ms": None, "cleanup.policy": "compact"}}) == {name: None}
    wanted = {"segment.ms": "60000", "cleanup.policy": "compact"}
    eventually(lambda: cluster.topic_configs([name], [])[name].overrides == wanted)
    bad = cluster.alter_configs({name: {"segment.ms": "x"}}, validate_only=True)[name]
    assert bad == Problem("INVALID_CONFIG", "Invalid value x for configuration segment.ms: Not a number of type LONG")


def test_only_a_topic_own_override_counts(cluster: Cluster, kafka: Sandbox, prefix: str) -> None:
    """A cluster-wide dynamic `min.insync.replicas` is in force, and is no override of the topic."""
    name = prefix + "a"
    make(cluster, name, retention_ms="1000")
    link = Link(login(kafka.client()), timeout=10)
    assert set_broker(link, "min.insync.replicas", "2") == 0
    try:
        expected = LiveConfig({"retention.ms": "1000"}, {"min.insync.replicas": "2", "retention.ms": "1000"})
        keys = ["min.insync.replicas", "retention.ms"]
        eventually(lambda: cluster.topic_configs([name], keys) == {name: expected})
        assert cluster.topic_defaults([name], keys) == {name: {"min.insync.replicas": "2"}}
        # brokers tell no default of retention.ms: it is a log.retention.hours there
        assert cluster.broker_configs(["min.insync.replicas"]) == {"min.insync.replicas": "2"}
    finally:
        assert set_broker(link, "min.insync.replicas", "1") == 0  # with ELR it cannot be unset
        link.close()


def test_a_topic_made_anew_survives_the_deletion_of_the_old_one(cluster: Cluster, prefix: str) -> None:
    name = prefix + "a"
    make(cluster, name)
    first = cluster.list_topics()[name].topic_id
    assert cluster.delete_topics({name: first}) == {name: None}
    eventually(lambda: cluster.describe_topics([name])[name] is None)
    make(cluster, name)
    assert cluster.list_topics()[name].topic_id != first
    problem = cluster.delete_topics({name: first})[name]
    assert problem is not None and problem.code == "UNKNOWN_TOPIC_ID"
    assert name in cluster.list_topics()
    assert cluster.delete_topics({name: None}) == {name: None}


def test_acls_come_and_go_exactly(cluster: Cluster, prefix: str) -> None:
    allow = Acl("User:bob", "*", "READ", "ALLOW", "TOPIC", "LITERAL", prefix + "a")
    deny = allow._replace(permission="DENY")
    prefixed = allow._replace(pattern_type="PREFIXED")
    odd = Acl("User:bob", "10.0.0.1", "DESCRIBE_CONFIGS", "ALLOW", "CLUSTER", "LITERAL", "kafka-cluster")
    every = [allow, deny, prefixed, odd]
    mine = set(every)
    assert cluster.create_acls([*every, allow]) == dict.fromkeys(every)
    eventually(lambda: mine <= set(cluster.list_acls()))
    assert cluster.delete_acls([allow, allow._replace(host="10.9.9.9")]) == {
        allow: None,
        allow._replace(host="10.9.9.9"): None,
    }
    eventually(lambda: mine & set(cluster.list_acls()) == mine - {allow})
    assert set(cluster.delete_acls(every).values()) == {None}
    eventually(lambda: not mine & set(cluster.list_acls()))


def test_a_binding_that_the_broker_refuses(cluster: Cluster, prefix: str) -> None:
    good = Acl("User:bob", "*", "READ", "ALLOW", "TOPIC", "LITERAL", prefix + "a")
    bad = good._replace(principal="bob")
    answers = cluster.create_acls([good, bad])
    assert answers[good] is None
    refused = answers[bad]
    assert refused is not None and refused.code == "INVALID_REQUEST"
    assert "principal" in refused.message.lower() and "Exception" not in refused.message
    cluster.delete_acls([good])


def test_no_authorizer(no_authorizer: Sandbox, prefix: str) -> None:
    acl = Acl("User:bob", "*", "READ", "ALLOW", "TOPIC", "LITERAL", prefix + "a")
    with open_cluster(no_authorizer.client()) as cluster:
        with pytest.raises(NoAuthorizer) as caught:
            cluster.list_acls()
        refused = cluster.create_acls([acl])[acl]
    assert caught.value.message == "No authorizer is configured on the brokers, so there are no ACLs to read or write."
    assert refused is not None and refused.code == "SECURITY_DISABLED"


def test_nothing_is_moved_on_one_broker(cluster: Cluster) -> None:
    assert cluster.reassigning() == frozenset()


def test_a_lost_connection_is_made_anew_for_reads_and_told_for_writes(kafka: Sandbox, prefix: str) -> None:
    link = Link(login(kafka.client()), timeout=10)
    link._wires[-1]._socket.close()
    said = f"{kafka.sasl_bootstrap} was asked for CreateTopics: bad file descriptor. It may or may not be done"
    assert writes.create_topics(link, {prefix + "a": Topic(1, 1, {})}, validate_only=True) == {
        prefix + "a": Problem("NETWORK_EXCEPTION", said, "lost")
    }
    assert writes.create_topics(link, {prefix + "a": Topic(1, 1, {})}, validate_only=True) == {prefix + "a": None}
    link._wires[-1]._socket.close()
    assert KafkaCluster(link, {}).describe_topics([prefix + "a"]) == {prefix + "a": None}
    link.close()


@pytest.mark.parametrize(
    ("weights", "sizes"),
    [
        ({}, []),
        ({f"t{i}": 7 for i in range(2500)}, [1000, 1000, 500]),
        ({f"t{i}": 31 for i in range(600)}, [290, 290, 20]),
        ({"huge": 20_000, "small": 1}, [1, 1]),
    ],
)
def test_batches_stay_under_the_controllers_limit(weights: dict[str, int], sizes: list[int]) -> None:
    batches = list(writes.batches(weights))
    assert [len(batch) for batch in batches] == sizes
    assert [name for batch in batches for name in batch] == list(weights)


@pytest.mark.parametrize(
    ("code", "message", "text"),
    [
        (0, None, "None"),
        (44, "org.apache.kafka.common.errors.PolicyViolationException: too many", "POLICY_VIOLATION: too many"),
        (
            31,
            "Request Request(processor=1, connectionId=127.0.0.1:1-127.0.0.1:2-0-1, session=...) is not authorized.",
            "CLUSTER_AUTHORIZATION_FAILED: this principal lacks the right on the cluster",
        ),
        (29, None, "TOPIC_AUTHORIZATION_FAILED: this principal lacks the right on the topic"),
        (40, "first line\n\tat java.lang.Thread", "INVALID_CONFIG: first line"),
        (9999, "new", "ERROR_9999: new"),
    ],
)
def test_a_problem_is_in_the_brokers_words_without_java(code: int, message: str | None, text: str) -> None:
    assert str(problem(code, message)) == text
