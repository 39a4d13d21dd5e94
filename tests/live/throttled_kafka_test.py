"""A ledger under a quota on a real broker: it is read to its end or not at all, and nothing is sent into a silence."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from altering import eventually

from kafka_gitops.clients import log as module
from kafka_gitops.clients import log_reads
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.errors import Unreachable
from kafka_gitops.ledger import topic as ledger
from kafka_gitops.ledger.log import PREFIX, Entry
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def cluster(kafka: Sandbox) -> Iterator[KafkaCluster]:
    with open_cluster(kafka.client()) as opened:
        yield opened


@pytest.fixture
def log(cluster: KafkaCluster, prefix: str) -> module.KafkaLog:
    """A new ledger."""
    topic = f"{PREFIX}{prefix}dev"
    copies, configs = ledger.wanted(1)
    assert not any(cluster.create_topics({topic: Topic(1, copies, configs)}).values())
    eventually(lambda: topic in cluster.list_topics())
    return module.on(cluster.link).log(topic)


@contextmanager
def slowed(
    kafka: Sandbox, cluster: KafkaCluster, log: module.KafkaLog, **rates: float
) -> Iterator[tuple[module.KafkaLog, list[str]]]:
    """The same log by a login whose quotas these are, and what is said of the waiting."""
    quotas, entity = KafkaQuotas(cluster.link), (("client-id", log.topic),)
    assert quotas.alter_quotas({entity: rates}) == {entity: None}
    eventually(lambda: entity in quotas.list_quotas())
    said: list[str] = []
    try:
        with open_cluster({**kafka.client(), "client.id": log.topic}) as opened:
            opened.link.slowed = said.append
            yield module.on(opened.link).log(log.topic), said
    finally:
        quotas.alter_quotas({entity: dict.fromkeys(rates)})


def test_all_is_read_however_slowly(kafka: Sandbox, cluster: KafkaCluster, log: module.KafkaLog) -> None:
    for number in range(25):
        log.append([Entry(f"run/{number}", os.urandom(10_000))])
    with slowed(kafka, cluster, log, consumer_byte_rate=20_000) as (slow, said):  # 200 kB at once
        assert [one.offset for one in slow.read()] == list(range(25))
    assert said
    assert all(
        one.startswith(f"a quota of this login slows this run: topic {log.topic} is read on in ") for one in said
    )


def test_what_a_quota_never_lets_through_is_not_taken_for_the_end(
    kafka: Sandbox, cluster: KafkaCluster, log: module.KafkaLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_reads, "QUOTA", 2.0)
    log.append([Entry("names/1", os.urandom(12_000))])
    with slowed(kafka, cluster, log, consumer_byte_rate=1_000) as (slow, _), pytest.raises(Unreachable) as error:
        list(slow.read())
    assert error.value.message == f"The cluster answers, and gave nothing of topic {log.topic} for 2 s: a quota."


def test_an_append_over_a_quota_comes_back_when_the_broker_hears_again(
    kafka: Sandbox, cluster: KafkaCluster, log: module.KafkaLog
) -> None:
    with slowed(kafka, cluster, log, producer_byte_rate=5_000) as (slow, said):
        begin = time.monotonic()
        slow.append([Entry("run/1", os.urandom(60_000))])
        waited = time.monotonic() - begin
        slow.append([Entry("run/2", b"")])
    assert waited > 1.5
    assert said[0] == f"a quota of this login slows this run: topic {log.topic} can be written again in 2 s"
    assert [one.key for one in log.read()] == ["run/1", "run/2"]
