"""A ledger's log on real brokers: what is appended is read, in order, whatever leads; what is refused says what to do."""

import os
from collections.abc import Callable, Iterator

import pytest
from altering import eventually, move
from faults import Asked, Fault, Forward, Proxy, cut, refused

from kafka_gitops.clients import log as module
from kafka_gitops.clients import log_requests
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.link import Lost
from kafka_gitops.clients.log import KafkaLogs
from kafka_gitops.errors import KafkaGitopsError, MissingRight
from kafka_gitops.ledger.log import PREFIX, Entry, NoLedger
from kafka_gitops.model import Acl, Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
SETTINGS = {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime"}


def ledger(cluster: KafkaCluster, *names: str) -> KafkaLogs:
    """The logs of a cluster that has these."""
    copies = min(3, cluster.brokers)
    assert not any(cluster.create_topics({name: Topic(1, copies, SETTINGS) for name in names}).values())
    eventually(lambda: all(cluster.describe_topics(names).values()))
    return module.on(cluster.link)


@pytest.fixture
def cluster(kafka: Sandbox) -> Iterator[KafkaCluster]:
    with open_cluster(kafka.client()) as opened:
        yield opened


@pytest.fixture
def topic(prefix: str) -> str:
    return f"{PREFIX}{prefix}dev"


def test_what_is_appended_is_read_with_the_brokers_time(cluster: KafkaCluster, topic: str) -> None:
    log = ledger(cluster, topic).log(topic)
    appended = (*log.append([Entry("a", b"1"), Entry("ü", None)]), *log.append([Entry("a", b"2")]))
    assert [(one.offset, one.key, one.value) for one in appended] == [(0, "a", b"1"), (1, "ü", None), (2, "a", b"2")]
    assert tuple(log.read()) == appended
    assert tuple(log.read(2)) == appended[2:]
    assert tuple(log.read(3)) == ()
    assert log.bounds() == (0, 3)
    assert (log.cluster, log.topic) == (cluster.id, topic)


def test_a_read_ends_where_the_log_ended_and_needs_no_more_memory_than_an_answer(
    cluster: KafkaCluster, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_requests, "BYTES", 3000)
    logs = ledger(cluster, topic)
    log = logs.log(topic, apart=True)
    for number in range(20):
        log.append([Entry(f"k{number}", os.urandom(1000))])
    reading = log.read()
    logs.log(topic).append([Entry("late", b"")])
    assert [one.offset for one in reading] == list(range(20))
    log.close()


def test_several_are_read_in_one_go(cluster: KafkaCluster, topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_requests, "BYTES", 3000)
    names = [f"{topic}{number}" for number in range(4)]
    logs = ledger(cluster, *names)
    for name in names[:3]:
        for _ in range(5):
            logs.log(name).append([Entry(name, os.urandom(1000))])
    assert [name for name in logs.names() if name.startswith(topic)] == names
    bounds = logs.bounds(names)
    assert bounds == {**dict.fromkeys(names[:3], (0, 5)), names[3]: (0, 0)}
    found = [(name, one.offset, one.key) for name, one in logs.read_many({**bounds, names[0]: (3, 4)})]
    assert sorted(found) == [(names[0], 3, names[0]), *((name, at, name) for name in names[1:3] for at in range(5))]


def test_a_record_that_is_too_large_is_refused(cluster: KafkaCluster, topic: str) -> None:
    log = ledger(cluster, topic).log(topic)
    log.append([Entry("names/0", os.urandom(1_000_000))])
    with pytest.raises(KafkaGitopsError) as caught:
        log.append([Entry("names/0", os.urandom(1_048_576))])
    assert caught.value.message.startswith(f"The ledger's topic {topic} did not take a record: MESSAGE_SIZE_TOO_LARGE")
    assert caught.value.help == "Its max.message.bytes has to be 1048588, Kafka's default, or more."
    assert [one.offset for one in log.read()] == [0]


def test_what_is_too_much_for_a_batch_goes_in_several(cluster: KafkaCluster, topic: str) -> None:
    log = ledger(cluster, topic).log(topic)
    appended = log.append(
        [Entry(f"run/1/{number}", os.urandom(400_000)) for number in range(5)] + [Entry("run/1", b"")]
    )
    assert [one.offset for one in appended] == list(range(6))
    assert tuple(log.read()) == appended


def test_a_topic_that_is_not_there(cluster: KafkaCluster, topic: str) -> None:
    log = module.on(cluster.link).log(topic)
    for call in (log.bounds, lambda: log.append([Entry("a", b"")]), lambda: list(log.read())):
        with pytest.raises(NoLedger, match=f"The ledger's topic {topic} is not on the cluster"):
            call()


def allowed(cluster: KafkaCluster, topic: str, operation: str) -> None:
    binding = Acl("User:alice", "*", operation, "ALLOW", "TOPIC", "LITERAL", topic)
    assert cluster.create_acls([binding]) == {binding: None}


def refusal(call: Callable[[], object]) -> str:
    """What a principal without a right is told."""
    try:
        call()
    except MissingRight as missing:
        return f"{missing.message} {missing.help}"
    return ""


def test_each_missing_right_has_its_name(kafka: Sandbox, cluster: KafkaCluster, topic: str) -> None:
    ledger(cluster, topic)
    with open_cluster(kafka.client("alice")) as alice:
        log = module.on(alice.link).log(topic)
        assert "may not describe topic" in refusal(log.bounds)
        allowed(cluster, topic, "DESCRIBE")
        eventually(lambda: not refusal(log.bounds))
        assert "--operation Write --topic " + topic in refusal(lambda: log.append([Entry("a", b"1")]))
        allowed(cluster, topic, "WRITE")
        eventually(lambda: not refusal(lambda: log.append([Entry("a", b"1")])))
        assert refusal(lambda: list(log.read())).startswith(f"User:alice may not read topic {topic}. Grant Read")


def test_the_leader_moves_between_requests(three_brokers: Sandbox, topic: str) -> None:
    with open_cluster(three_brokers.client()) as cluster:
        logs = ledger(cluster, topic)
        log = logs.log(topic)
        for number, node in enumerate([*sorted(cluster.link.brokers), min(cluster.link.brokers)]):
            move(cluster.link, topic, {0: [node]})
            eventually(lambda: not cluster.reassigning(), seconds=180)
            assert log.append([Entry("a", str(number).encode())])[0].offset == number
            assert [one.offset for one in log.read()] == list(range(number + 1))
            assert logs.bounds([topic]) == {topic: (0, number + 1)}


@pytest.mark.parametrize("fault", [cut, refused(7)])
def test_an_answer_that_is_lost_is_not_asked_for_again(
    cluster: KafkaCluster, topic: str, between: Callable[..., Proxy], fault: Fault
) -> None:
    kept = ledger(cluster, topic).log(topic)
    with open_cluster(past(between(Produce=fault))) as through, pytest.raises(Lost, match="may or may not be"):
        module.on(through.link).log(topic).append([Entry("a", b"1")])
    assert [one.offset for one in kept.read()] == ([0] if fault is cut else [])


def test_a_broker_that_leads_no_more_is_asked_again(
    cluster: KafkaCluster, topic: str, between: Callable[..., Proxy]
) -> None:
    ledger(cluster, topic)
    for name in ("Produce", "Fetch", "ListOffsets"):
        proxy = between(**{name: once(refused(6))})
        with open_cluster(past(proxy)) as through:
            log = module.on(through.link).log(topic)
            log.append([Entry(name, b"1")])
            assert [one.key for one in log.read()][-1] == name


def test_what_a_broker_took_before_it_lost_the_lead_is_not_appended_twice(
    cluster: KafkaCluster, topic: str, between: Callable[..., Proxy]
) -> None:
    def taken(asked: Asked, forward: Forward) -> bytes | None:
        forward()
        return refused(6)(asked, forward)

    kept = ledger(cluster, topic).log(topic)
    with open_cluster(past(between(Produce=once(taken)))) as through:
        appended = module.on(through.link).log(topic).append([Entry("a", b"1"), Entry("b", b"2")])
    assert tuple(kept.read()) == appended


def past(proxy: Proxy) -> dict[str, str]:
    """The client that goes through a proxy."""
    return {"bootstrap.servers": proxy.bootstrap}


def once(fault: Fault) -> Fault:
    """The fault for the first request, none for others."""
    left = [fault]
    return lambda asked, forward: left.pop()(asked, forward) if left else forward()
