"""What the applied rights mean to real clients that log in by SASL: who reads, who writes, and what the others are told."""

import logging
import time
from collections.abc import Iterator

import pytest
from desk import Desk

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka

NAMES = "topology.topic.prefix.format={{topic}}\ntopology.project.prefix.format=\n"
PROJECTS = """
context: ignored
company: ignored
projects:
- name: one
  consumers:
  - {principal: "User:alice", group: sem.readers}
  - {principal: "User:dave", group: sem.g*}
  producers:
  - {principal: "User:bob"}
  - {principal: "User:carol", transactionId: sem.tx*}
  topics:
  - {name: sem.one, config: {num.partitions: "1"}}
- name: two
  producers:
  - {principal: "User:ci", idempotence: true, transactionId: sem.exact}
  topics:
  - {name: sem.two, config: {num.partitions: "1"}}
  - {name: sem.private, config: {num.partitions: "1"}}
acls:
- {principals: ["User:reporting"], allow: [READ], topics: [sem.*], groups: [sem.audit]}
- {principals: ["User:reporting"], deny: [READ], topics: [sem.private]}
"""
STREAMS = """
context: ignored
company: ignored
projects:
- name: app
  streams:
  - principal: User:streams
    applicationId: sem.app
    exactlyOnce: true
    topics:
      read: [sem.topic-A]
      write: [sem.topic-B]
  topics:
  - {name: sem.topic-A, config: {num.partitions: "1"}}
  - {name: sem.topic-B, config: {num.partitions: "1"}}
  - {name: sem.topic-C, config: {num.partitions: "1"}}
"""


@pytest.fixture(scope="module")
def rights(kafka: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The shared broker with both files applied; their rights are gone afterwards."""
    options = [word for key, value in kafka.client().items() for word in ("-X", f"{key}={value}")]
    desk = Desk(tmp_path_factory.mktemp("rights"), [*options, "--client-config", "names.properties"])
    desk.write("names.properties", NAMES)
    desk.write("projects.yaml", PROJECTS)
    desk.write("streams.yaml", STREAMS)
    with open_cluster(kafka.client(), timeout=10) as cluster:
        before = set(cluster.list_acls())
        for file in ("projects.yaml", "streams.yaml"):
            desk.ok("apply", file, "--yes", "--accept", "deny-added")
            assert desk.ok("plan", file, "--exit-code").startswith("No changes.")
        yield kafka
        assert set(cluster.delete_acls(sorted(set(cluster.list_acls()) - before)).values()) == {None}


def write(kafka: Sandbox, user: str, topic: str, **settings: object) -> str:
    """Produce one record; "ok" or the name of the error."""
    from confluent_kafka import KafkaError, Message, Producer

    said: list[str] = []

    def told(error: KafkaError | None, _: Message | None = None) -> None:
        said.append("ok" if error is None else error.name())

    options = {key.replace("_", "."): value for key, value in settings.items()}
    producer = Producer({**kafka.client(user), "message.timeout.ms": 10_000, **options}, logger=_mute())
    producer.produce(topic, b"record", on_delivery=told)
    producer.flush(15)
    return said[0] if said else "nothing"


def read(kafka: Sandbox, user: str, topic: str, group: str) -> str:
    """Consume one record and commit it; "ok" or the name of the first error."""
    from confluent_kafka import Consumer

    options = {"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
    consumer = Consumer({**kafka.client(user), **options}, logger=_mute())
    try:
        consumer.subscribe([topic])
        until = time.monotonic() + 30
        while time.monotonic() < until:
            message = consumer.poll(0.2)
            error = message.error() if message is not None else None
            if error is not None:
                return str(error.name())
            if message is not None:
                consumer.commit(message=message, asynchronous=False)
                return "ok"
        return "nothing"
    finally:
        consumer.close()


def transact(kafka: Sandbox, user: str, topic: str, identity: str) -> str:
    """Produce one record in a transaction; "ok" or the name of the error."""
    from confluent_kafka import KafkaException, Producer

    producer = Producer({**kafka.client(user), "transactional.id": identity}, logger=_mute())
    try:
        producer.init_transactions(15)
        producer.begin_transaction()
        producer.produce(topic, b"record")
        producer.commit_transaction(15)
    except KafkaException as error:
        return str(error.args[0].name())
    return "ok"


def create(kafka: Sandbox, user: str, topic: str) -> str:
    """Create a topic; "ok" or the name of the error."""
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient
    from confluent_kafka.cimpl import NewTopic

    client = AdminClient({**kafka.client(user)}, logger=_mute())
    (answer,) = client.create_topics([NewTopic(topic, 1, 1)]).values()
    try:
        answer.result(15)
    except KafkaException as error:
        return str(error.args[0].name())
    return "ok"


def _mute() -> logging.Logger:
    logger = logging.getLogger("tests.mute")
    logger.disabled = True
    return logger


def test_a_consumer_with_its_grant_reads(rights: Sandbox) -> None:
    assert write(rights, "bob", "sem.one") == "ok"
    assert read(rights, "alice", "sem.one", "sem.readers") == "ok"


def test_a_consumer_without_a_grant_on_the_topic_is_refused(rights: Sandbox) -> None:
    assert read(rights, "alice", "sem.two", "sem.readers") == "TOPIC_AUTHORIZATION_FAILED"


def test_a_consumer_in_another_group_is_refused(rights: Sandbox) -> None:
    assert read(rights, "alice", "sem.one", "sem.others") == "GROUP_AUTHORIZATION_FAILED"


@pytest.mark.parametrize(
    ("group", "answer"),
    [("sem.g1", "ok"), ("sem.g-2", "ok"), ("sem.g", "ok"), ("sem.h", "GROUP_AUTHORIZATION_FAILED")],
)
def test_a_group_with_a_star_is_a_prefix(rights: Sandbox, group: str, answer: str) -> None:
    assert write(rights, "bob", "sem.one") == "ok"
    assert read(rights, "dave", "sem.one", group) == answer


@pytest.mark.parametrize(
    ("user", "topic"),
    [("alice", "sem.one"), ("bob", "sem.two"), ("ci", "sem.one"), ("reporting", "sem.one"), ("dave", "sem.two")],
)
def test_who_may_not_write_is_refused(rights: Sandbox, user: str, topic: str) -> None:
    assert write(rights, user, topic) == "TOPIC_AUTHORIZATION_FAILED"


def test_a_producer_does_not_read(rights: Sandbox) -> None:
    assert read(rights, "bob", "sem.one", "sem.readers") == "GROUP_AUTHORIZATION_FAILED"


def test_an_unknown_user_does_not_log_in(rights: Sandbox) -> None:
    from confluent_kafka import KafkaError, Producer

    said: list[str] = []

    def told(error: KafkaError) -> None:
        said.append(error.name())

    settings = {**rights.client("alice"), "sasl.username": "nobody", "error_cb": told}
    producer = Producer(settings, logger=_mute())
    until = time.monotonic() + 15
    while "_AUTHENTICATION" not in said and time.monotonic() < until:
        producer.poll(0.1)
    assert "_AUTHENTICATION" in said


@pytest.mark.parametrize(
    ("user", "topic", "identity"),
    [("carol", "sem.one", "sem.tx"), ("carol", "sem.one", "sem.tx-7"), ("ci", "sem.two", "sem.exact")],
)
def test_a_producer_with_a_transaction_id_works_in_transactions(
    rights: Sandbox, user: str, topic: str, identity: str
) -> None:
    assert transact(rights, user, topic, identity) == "ok"


@pytest.mark.parametrize(
    ("user", "topic", "identity"),
    [("bob", "sem.one", "sem.tx"), ("carol", "sem.one", "sem.other"), ("ci", "sem.two", "sem.exact-2")],
)
def test_another_transaction_id_is_refused(rights: Sandbox, user: str, topic: str, identity: str) -> None:
    assert transact(rights, user, topic, identity) == "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"


def test_an_idempotent_producer_works(rights: Sandbox) -> None:
    assert write(rights, "ci", "sem.two", enable_idempotence=True) == "ok"


def test_a_streams_application_reads_writes_and_keeps_its_own_topics(rights: Sandbox) -> None:
    assert write(rights, "admin", "sem.topic-A") == "ok"
    assert read(rights, "streams", "sem.topic-A", "sem.app") == "ok"
    assert write(rights, "streams", "sem.topic-B") == "ok"
    assert create(rights, "streams", "sem.app-store-changelog") == "ok"
    assert write(rights, "streams", "sem.app-store-changelog") == "ok"
    assert read(rights, "streams", "sem.app-store-changelog", "sem.app") == "ok"
    assert transact(rights, "streams", "sem.topic-B", "sem.app-0_0") == "ok"


def test_a_streams_application_is_refused_everything_else(rights: Sandbox) -> None:
    assert read(rights, "streams", "sem.topic-C", "sem.app") == "TOPIC_AUTHORIZATION_FAILED"
    assert write(rights, "streams", "sem.topic-C") == "TOPIC_AUTHORIZATION_FAILED"
    assert write(rights, "streams", "sem.topic-A") == "TOPIC_AUTHORIZATION_FAILED"
    assert create(rights, "streams", "sem.other-store-changelog") == "TOPIC_AUTHORIZATION_FAILED"
    assert read(rights, "streams", "sem.topic-A", "sem.another") == "GROUP_AUTHORIZATION_FAILED"


def test_a_deny_wins_over_what_is_allowed(rights: Sandbox) -> None:
    assert write(rights, "bob", "sem.one") == "ok"
    assert write(rights, "ci", "sem.private") == "ok"
    assert read(rights, "reporting", "sem.one", "sem.audit") == "ok"
    assert read(rights, "reporting", "sem.private", "sem.audit") == "TOPIC_AUTHORIZATION_FAILED"
