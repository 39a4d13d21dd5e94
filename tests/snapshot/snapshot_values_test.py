"""What of a connector's config may be in a snapshot: values of keys on the list that do not look like secrets."""

import pytest

from kafka_gitops.kinds.connector.live import HIDDEN
from kafka_gitops.kinds.connector.secrets import MASK
from kafka_gitops.kinds.connector.spec import CLASS
from kafka_gitops.kinds.connector.topics import DLQ, OFFSETS, reach
from kafka_gitops.redact import keep_secret
from kafka_gitops.snapshot.values import allowed, told

CASES = (
    ("tasks.max", "3", "3"),
    ("topics", "a,b", "a,b"),
    ("transforms.route.replacement", "x-$1", "x-$1"),
    ("consumer.override.auto.offset.reset", "earliest", "earliest"),
    ("topic.creation.default.partitions", "3", "3"),
    ("topic.creation.audit.retention.ms", "7", "7"),
    ("odd", "${file:/etc/pay.properties:url}", "${file:/etc/pay.properties:url}"),
    ("db.password", "${file:/etc/pay.properties:pw}", "${file:/etc/pay.properties:pw}"),
    ("db.password", "plain", MASK),
    ("aws.secretKey", "plain", MASK),
    ("connection.url", "jdbc:x://me:word@db/x", MASK),
    ("value.converter.schema.registry.url", "http://me:word@registry", MASK),
    ("value.converter.schema.registry.url", "http://registry", "http://registry"),
    ("connection.url", "jdbc:x://db/x", HIDDEN),
    ("odd", "1", HIDDEN),
    ("odd", "${file:/etc/pay.properties:user}-x", HIDDEN),
    ("transforms.mark.static.value", "x", HIDDEN),
    ("producer.override.sasl.mechanism", "PLAIN", HIDDEN),
    ("consumer.override.bootstrap.servers", "b:1", HIDDEN),
)


@pytest.mark.parametrize(("key", "value", "expected"), CASES)
def test_a_value_is_told_by_its_key_and_only_if_it_looks_like_no_secret(key: str, value: str, expected: str) -> None:
    assert told({key: value}, ()) == {key: expected}


def test_what_the_plugin_calls_a_password_is_none_to_tell_whatever_its_name() -> None:
    assert told({"file": "x", "topic": "y"}, {"file"}) == {"file": MASK, "topic": "y"}


def test_more_keys_are_told_if_somebody_names_them_but_no_secrets() -> None:
    config = {"odd": "1", "odd.password": "word", "odd.token": "${file:a:b}-x"}
    assert told(config, (), ("odd", "odd.password", "odd.token")) == {
        "odd": "1",
        "odd.password": MASK,
        "odd.token": HIDDEN,
    }


def test_a_secret_of_this_run_is_told_under_no_key() -> None:
    keep_secret("word-of-the-run")
    assert told({"topics": "a-word-of-the-run"}, ()) == {"topics": HIDDEN}


def test_what_names_topics_is_told_as_dangers_are_judged_by_it() -> None:
    class Seen(dict[str, str]):
        """A config that notes what is asked of it."""

        def __init__(self, known: dict[str, str]) -> None:
            super().__init__(known)
            self.asked: set[str] = set()

        def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
            self.asked.add(key)
            return super().get(key, default)

    classes = (
        "io.debezium.connector.mysql.MySqlConnector",
        "io.confluent.connect.jdbc.JdbcSourceConnector",
        "io.confluent.kafka.connect.datagen.DatagenConnector",
        "org.apache.kafka.connect.mirror.MirrorSourceConnector",
        "org.apache.kafka.connect.mirror.MirrorCheckpointConnector",
        "org.apache.kafka.connect.file.FileStreamSinkConnector",
        "org.apache.kafka.connect.file.FileStreamSourceConnector",
    )
    for name in classes:
        config = Seen({CLASS: name, "transforms": "a", "topics": "t", "heartbeat.interval.ms": "1"})
        reach(config)
        assert {key for key in config.asked if not allowed(key)} == set()
    assert allowed(DLQ) and allowed(OFFSETS)
