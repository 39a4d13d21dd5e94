"""A share group (KIP-932) on a real broker, with a share consumer: `make long`, for its client is slow to begin."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import confluent_kafka
import pytest
from making import removal, topology

from kafka_gitops.clients import readers
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.systems import Servers
from kafka_gitops.kinds.readers import Group, Member
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topic
from kafka_gitops.plan import make as planner
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.settings import Settings

LONG = os.environ.get("KAFKA_GITOPS_LONG")
pytestmark = [pytest.mark.kafka, pytest.mark.skipif(not LONG, reason="make long")]


@pytest.fixture
def admin(kafka: Sandbox) -> Iterator[KafkaCluster]:
    with open_cluster(kafka.client()) as opened:
        yield opened


@pytest.fixture
def filled(admin: KafkaCluster, prefix: str) -> str:
    """A topic."""
    assert admin.create_topics({prefix + "a": Topic(2, 1, {})}) == {prefix + "a": None}
    return prefix + "a"


def deleted(cluster: KafkaCluster, name: str) -> str:
    """What a plan says of the deletion of a topic."""
    plan = planner.make(Wish(topology(removal(name)), kinds=frozenset({"topics"})), Settings(), Servers(cluster))
    (change,) = plan.changes
    return next(risk.sentence for risk in change.risks if risk.blocks)


@contextmanager
def sharing(kafka: Sandbox, name: str, group: str) -> Iterator[Callable[[], None]]:
    """A member of a share group, which takes what there is when it is called."""
    share = getattr(confluent_kafka, "ShareConsumer", None)
    if share is None:
        pytest.skip("this version of confluent-kafka has no share consumers")
    consumer = share({**kafka.client(), "group.id": group, "client.id": "app", "log_level": "0"})
    consumer.subscribe([name])
    try:
        yield lambda: consumer.poll(0.2)
    finally:
        consumer.close()


def test_a_share_group_is_told_like_others(admin: KafkaCluster, kafka: Sandbox, filled: str, prefix: str) -> None:
    """It commits nothing: what comes behind its beginning is not read yet (KIP-932)."""
    group, producer = prefix + "workers", confluent_kafka.Producer(kafka.client())

    def seen() -> Group | None:
        found = readers.on(admin.link).seen([filled])
        return next((one for one in found.groups if one.name == group and one.members), None)

    def write() -> None:
        producer.produce(filled, b"x", partition=0)
        assert producer.flush(60) == 0

    with sharing(kafka, filled, group) as take:
        until = time.monotonic() + 60
        while (one := seen()) is None or not one.offsets:
            assert time.monotonic() < until
            take()
            if one is not None and one.members[0].topics:
                write()
        write()
        deletion = deleted(admin, filled)
    assert one.members == (Member("app", "/127.0.0.1", frozenset({filled})),)
    assert re.search(rf"read by {group} \(1 member, \d+ behind\)", deletion), deletion
