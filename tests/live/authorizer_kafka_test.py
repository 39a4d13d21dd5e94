"""The offline authorizer and a real broker give the same verdicts: random bindings, all operations that answers tell."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from kafka_gitops.authorizer import Authorizer, Request
from kafka_gitops.catalog.acls import ALL, operations
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # kafka-python's reading of its own resources

VERSION = "4.3"
HOST = "127.0.0.1"  # where the tests' clients come from
USERS = ("alice", "bob")
ENDS = ("a", "ab", "abc", "abd", "b", "b.a", "b.ab", "c")
ROUNDS = 12

Answers = dict[tuple[str, str], set[str]]


def random_acl(chance: random.Random, prefix: str) -> Acl:
    """A binding on names that begin with the prefix, on all names, or on the cluster."""
    kind = chance.choices(("TOPIC", "GROUP", "CLUSTER"), (8, 4, 1))[0]
    end = chance.choice(ENDS)
    pattern = chance.choice(("LITERAL", "PREFIXED"))
    name = prefix + (end if pattern == "LITERAL" else end[: chance.randint(0, len(end))])
    if kind == "CLUSTER":
        pattern, name = "LITERAL", "kafka-cluster"
    elif chance.random() < 0.1:
        pattern, name = "LITERAL", "*"
    return Acl(
        chance.choice(("User:alice", "User:bob", "User:*", "User:ali")),
        chance.choices(("*", HOST, "10.0.0.1"), (6, 2, 1))[0],
        chance.choice((*operations(kind, VERSION), "DESCRIBE")),
        chance.choices(("ALLOW", "DENY"), (4, 1))[0],
        kind,
        pattern,
        name,
    )


def converted(acl: Acl) -> Any:
    """A binding in the client's class."""
    from kafka.admin import ACL, ACLOperation, ACLPermissionType, ACLResourcePatternType, ResourcePattern, ResourceType

    kind, pattern = ResourceType[acl.resource_type], ACLResourcePatternType[acl.pattern_type]
    operation, permission = ACLOperation[acl.operation], ACLPermissionType[acl.permission]
    return ACL(acl.principal, acl.host, operation, permission, ResourcePattern(kind, acl.name, pattern))


def filtering(acl: Any) -> Any:
    """The filter that finds exactly this binding."""
    from kafka.admin import ACLFilter, ResourcePatternFilter

    where = acl.resource_pattern
    exact = ResourcePatternFilter(where.resource_type, where.resource_name, where.pattern_type)
    return ACLFilter(acl.principal, acl.host, acl.operation, acl.permission_type, exact)


@contextmanager
def granted(client: Any, acls: Sequence[Acl]) -> Iterator[None]:
    """The bindings, in force on the broker for the time of the block."""
    ours = [converted(acl) for acl in acls]
    try:
        client.create_acls(ours)
        settle(client, lambda found: found >= set(ours))
        yield
    finally:
        client.delete_acls([filtering(one) for one in ours])
        settle(client, lambda found: not found & set(ours))


def settle(client: Any, reached: Any) -> None:
    """Wait until the broker's authorizer has what was asked for."""
    from kafka.admin import (
        ACLFilter,
        ACLOperation,
        ACLPermissionType,
        ACLResourcePatternType,
        ResourcePatternFilter,
        ResourceType,
    )

    where = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    everything = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, where)
    deadline = time.monotonic() + 60
    while not reached(set(client.describe_acls(everything)[0])):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(client: Any, names: Sequence[str]) -> Answers:
    """What the broker tells a user about itself: (type, name) -> operations; without DESCRIBE there are none."""
    from confluent_kafka import KafkaException, TopicCollection

    found: Answers = {}
    topics = client.describe_topics(TopicCollection(list(names)), include_authorized_operations=True)
    groups = client.describe_consumer_groups(list(names), include_authorized_operations=True)
    for kind, futures in (("TOPIC", topics), ("GROUP", groups)):
        for name, future in futures.items():
            try:
                found[kind, name] = {one.name for one in future.result().authorized_operations or ()}
            except KafkaException as error:
                assert error.args[0].name() == f"{kind}_AUTHORIZATION_FAILED"
                found[kind, name] = set()
    cluster = client.describe_cluster(include_authorized_operations=True).result()
    found["CLUSTER", "kafka-cluster"] = {one.name for one in cluster.authorized_operations or ()}
    return found


def expected(index: Authorizer, user: str, told: Answers) -> Answers:
    """What the offline authorizer says to the same questions; a resource without DESCRIBE tells nothing else."""
    found: Answers = {}
    for kind, name in told:
        asked = [one for one in operations(kind, VERSION) if one != ALL]
        may = {one for one in asked if index.decide(Request(f"User:{user}", one, kind, name, HOST)).allowed}
        found[kind, name] = may if "DESCRIBE" in may else set()
    return found


def quiet(broker: Sandbox, user: str) -> dict[str, Any]:
    """The settings of a client that keeps its log lines to itself."""
    return {**broker.client(user), "log_level": 0}


@contextmanager
def clients(broker: Sandbox) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """The one who grants, and the users who ask."""
    from confluent_kafka.admin import AdminClient
    from kafka.admin import KafkaAdminClient

    granting = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    try:
        yield granting, {user: AdminClient(quiet(broker, user)) for user in USERS}
    finally:
        granting.close()


def warm_up(admin: Any, names: Sequence[str]) -> None:
    """Create the topics; note an offset in each group, which waits until the broker has a coordinator for it."""
    from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
    from confluent_kafka.cimpl import NewTopic

    for future in admin.create_topics([NewTopic(name, 1, 1) for name in names]).values():
        future.result()
    for name in names:
        offset = ConsumerGroupTopicPartitions(name, [TopicPartition(name, 0, 0)])
        for future in admin.alter_consumer_group_offsets([offset]).values():
            future.result()


def compare(broker: Sandbox, prefix: str, *, seed: int, open_without_acl: bool) -> int:
    """Ask both about random bindings, round after round; the number of answers with any operation in them."""
    from confluent_kafka.admin import AdminClient

    chance = random.Random(seed)
    names = [prefix + end for end in ENDS]
    admin = AdminClient(quiet(broker, "admin"))
    warm_up(admin, names)
    telling = 0
    with clients(broker) as (granting, users):
        for _ in range(ROUNDS):
            acls = list(dict.fromkeys(random_acl(chance, prefix) for _ in range(chance.randint(1, 40))))
            index = Authorizer(acls, open_without_acl=open_without_acl)
            with granted(granting, acls):
                for user, client in users.items():
                    told = answers(client, names)
                    assert told == expected(index, user, told), (seed, user, acls)
                    telling += sum(bool(may) for may in told.values())
    for future in admin.delete_topics(names).values():
        future.result()
    return telling


@pytest.mark.kafka
def test_a_real_broker_says_the_same(kafka: Sandbox, prefix: str) -> None:
    assert compare(kafka, prefix, seed=1, open_without_acl=False) > ROUNDS * 5


@pytest.mark.kafka
def test_a_broker_that_is_open_without_acls_says_the_same(open_kafka: Sandbox, prefix: str) -> None:
    assert compare(open_kafka, prefix, seed=2, open_without_acl=True) > ROUNDS * 5
