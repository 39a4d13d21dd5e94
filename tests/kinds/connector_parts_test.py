"""The parts of the kind that ask nobody: names, classes, secrets, topics, what Connect would not check."""

import pytest

from kafka_gitops.changes import Change
from kafka_gitops.kinds import connector
from kafka_gitops.kinds.connector import checks, fence, secrets, settle, spec, topics
from kafka_gitops.kinds.connector.live import Live
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.model import Key
from kafka_gitops.settings import Scope

FILE_SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector"


@pytest.mark.parametrize("name", ["orders-sink", "a b", "a?b#c;d+e", "ü.x", "a..b", "..."])
def test_these_names_can_be_reached(name: str) -> None:
    assert spec.unreachable(name) is None


@pytest.mark.parametrize("name", ["", "a/b", "a\\b", "50%", ".", "..", " a", "a ", "a\tb", "a\x07", "a\n"])
def test_these_names_cannot_be_reached(name: str) -> None:
    assert spec.unreachable(name)


@pytest.mark.parametrize("alias", ["FileStreamSource", "FileStreamSourceConnector", FILE_SOURCE])
def test_a_class_is_the_same_by_its_aliases(alias: str) -> None:
    assert spec.same_class(alias, FILE_SOURCE)
    assert spec.same_class(FILE_SOURCE, alias)


@pytest.mark.parametrize("other", ["FileStreamSink", "com.acme.FileStreamSourceConnector", "Source", None])
def test_another_class_is_not_the_same(other: str | None) -> None:
    assert not spec.same_class(FILE_SOURCE, other)


def test_a_connector_waits_for_its_topics_and_their_schemas() -> None:
    sink = Connector({"connector.class": "FileStreamSink", "topics": "a,b"})
    needed = {str(key) for key in connector.needs(Change(Key("connector", "main/x"), None, sink))}
    assert needed == {"topic a", "schema a-value", "schema a-key", "topic b", "schema b-value", "schema b-key"}
    assert list(connector.needs(Change(Key("connector", "main/x"), sink, None))) == []


def test_a_spec_survives_a_plan_file() -> None:
    for one in (Connector({"a": "1"}), Connector({"a": "1", "b": ""}, "paused", ("x", "y"), "main/old")):
        assert spec.load(spec.dump(one)) == one


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"config": []}, {"config": {"a": 1}}, {"config": {"a": None}}, {"config": {}, "state": "RUNNING"},
        {"config": {}, "keep": "a"}, {"config": {}, "keep": [1]}, {"config": {}, "replaces": 1}, {"config": {}, "x": 1},
    ],
)  # fmt: skip
def test_a_plan_file_holds_nothing_else(data: object) -> None:
    with pytest.raises(TypeError):
        spec.load(data)


SECRETS = [
    ("connection.password", "hunter2"),
    ("aws.secretKey", "hunter2"),
    ("database.history.producer.sasl.jaas.config", "x"),
    ("basic.auth.user.info", "me:hunter2"),
    ("connection.url", "jdbc:mysql://me:hunter2@db/x"),
    ("connection.url", "jdbc:mysql://db/x?user=me&password=hunter2"),
    ("mongo.uri", "mongodb://me:hunter2@db"),
    ("x", 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p";'),
    ("connection.url", "jdbc:x://me:hunter2@${file:/a:host}/x"),
    ("pem", "-----BEGIN PRIVATE KEY-----"),
]
HARMLESS = [
    ("connection.password", ""),
    ("connection.password", "${file:/etc/secrets:db}"),
    ("connection.url", "jdbc:mysql://db/x"),
    ("connection.url", "jdbc:mysql://me:${file:/etc/s:db}@db/x"),
    ("connection.url", "jdbc:mysql://${file:/a:u}:${file:/a:p}@db"),
    ("x", 'a.PlainLoginModule required username="u" password="${file:/etc/s:p}";'),
    ("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
    ("aws.credentials.provider.class", "com.acme.Provider"),
    ("topics", "acme.tokens"),
    ("transforms.key.type", "x"),
    ("database.server.id", "12"),
]


@pytest.mark.parametrize(("key", "value"), SECRETS)
def test_a_secret_in_clear_is_one(key: str, value: str) -> None:
    assert secrets.is_literal_secret(key, value)
    assert secrets.masked({key: value}) == {key: "(secret)"}


@pytest.mark.parametrize(("key", "value"), HARMLESS)
def test_a_reference_or_another_text_is_none(key: str, value: str) -> None:
    assert not secrets.is_literal_secret(key, value)


def test_what_the_plugin_calls_a_password_is_one() -> None:
    assert secrets.is_literal_secret("magic", "x", passwords=("magic",))
    assert not secrets.is_literal_secret("magic", "${env:X}", passwords=("magic",))


def test_references_as_connect_finds_them() -> None:
    found = [str(one) for one in secrets.references("a ${file:/etc/x.properties:key} ${env:HOME} ${no} ${}")]
    assert found == ["file:/etc/x.properties:key", "env:HOME"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Connector config {name=a, password=hunter2} contains no type", "Connector config {...} contains no type"),
        ("cannot open jdbc:x://me:hunter2@db", "cannot open jdbc:x://(secret)@db"),
        ('password="hunter 2" is wrong', "password=(secret) is wrong"),
        ("Invalid value hunter2\nfor x", "Invalid value (secret) for x"),
    ],
)
def test_words_of_a_worker_lose_secrets(said: str, left: str) -> None:
    assert secrets.scrubbed(said, ["hunter2"] if "Invalid" in said else []) == left


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        (r"acme\.pay\..*", "acme.pay."), ("acme.*", "acme"), ("a|b", None), ("(?i)acme", None), (".*", ""),
        ("acme-pay-x?", "acme-pay-"), ("acme-payx{2}", "acme-pay"), ("ab+", "ab"), ("orders", "orders"), (r"\Qa\E", None),
        (r"acme\d", "acme"),
    ],
)  # fmt: skip
def test_what_all_that_a_pattern_matches_begins_with(pattern: str, prefix: str | None) -> None:
    assert topics.prefix_of(pattern) == prefix


def test_a_sink_reads_its_topics_and_writes_its_dead_letters() -> None:
    config = {"connector.class": "x.SinkConnector", "topics": "a, b", topics.DLQ: "dead"}
    assert topics.reach(config) == topics.Reach(("a", "b"), ("dead",))


def test_a_sink_by_pattern_is_bounded_by_its_beginning_only() -> None:
    config = {"connector.class": "x.SinkConnector", "topics.regex": r"acme\.pay\..*"}
    assert topics.reach(config) == topics.Reach(("acme.pay.*",))
    assert topics.reach({**config, "topics.regex": "a|b"}).open == ("topics.regex a|b may match any topic",)


MIRROR = "org.apache.kafka.connect.mirror.Mirror{}Connector"


@pytest.mark.parametrize(
    ("config", "reads", "writes"),
    [
        ({"connector.class": FILE_SOURCE, "topic": "t"}, (), ("t",)),
        ({"connector.class": "FileStreamSource", "topic": "t"}, (), ("t",)),
        ({"connector.class": FILE_SOURCE, "topic": "t", "offsets.storage.topic": "o"}, ("o",), ("t", "o")),
        ({"connector.class": MIRROR.format("Heartbeat")}, (), ("heartbeats",)),
        ({"connector.class": MIRROR.format("Checkpoint"), "source.cluster.alias": "eu"}, (), ("eu.checkpoints.internal",)),
        (
            {
                "connector.class": "io.debezium.connector.mysql.MySqlConnector",
                "topic.prefix": "shop",
                "schema.history.internal.kafka.topic": "history",
            },
            ("history",),
            ("shop", "shop.*", "history"),
        ),
    ],
)  # fmt: skip
def test_known_sources_say_what_they_write(
    config: dict[str, str], reads: tuple[str, ...], writes: tuple[str, ...]
) -> None:
    assert topics.reach(config) == topics.Reach(reads, writes)


@pytest.mark.parametrize(
    "config",
    [
        {"connector.class": "com.acme.FileStreamSourceConnector", "topic": "t"},
        {"connector.class": FILE_SOURCE, "topic": "t", "transforms": "r", "transforms.r.type": "x.RegexRouter"},
        {"connector.class": MIRROR.format("Source"), "replication.policy.class": "x.IdentityReplicationPolicy"},
        {"connector.class": "io.debezium.connector.mysql.MySqlConnector", "topic.naming.strategy": "x.Other"},
        {"connector.class": "io.debezium.connector.mysql.MySqlConnector", "topic.delimiter": "-"},
    ],
)
def test_what_cannot_be_bounded_says_so(config: dict[str, str]) -> None:
    assert topics.reach(config).open


def test_mirror_maker_reads_what_nobody_can_bound() -> None:
    found = topics.reach({"connector.class": MIRROR.format("Source"), "source.cluster.alias": "eu", "topics": "x"})
    assert found == topics.Reach((), ("eu.*",), ("it reads topics x of a cluster that may be this one",))


def test_a_transform_of_kafka_routes_nothing() -> None:
    value = "org.apache.kafka.connect.transforms.MaskField$Value"
    config = {"connector.class": FILE_SOURCE, "topic": "t", "transforms": "m", "transforms.m.type": value}
    assert not topics.reach(config).open


def said(found: object) -> list[str]:
    return [wrong.key for wrong in found]  # type: ignore[attr-defined]


def test_topics_of_a_source_need_both_defaults() -> None:
    config = {"connector.class": FILE_SOURCE, "topic.creation.default.partitions": "3"}
    assert [wrong.help for wrong in checks.creation(config)] == ['add topic.creation.default.replication.factor: "3"']
    assert not list(checks.creation({**config, "topic.creation.default.replication.factor": "1"}))


def test_groups_of_topics_and_their_configs() -> None:
    config = {
        "connector.class": FILE_SOURCE,
        "topic.creation.default.partitions": "3",
        "topic.creation.default.replication.factor": "3",
        "topic.creation.groups": "big,small",
        "topic.creation.big.include": "x.*",
        "topic.creation.big.cleanup.policy": "compact",
        "topic.creation.big.cleanup.polcy": "compact",
        "topic.creation.other.include": "y",
    }
    assert said(checks.creation(config)) == [
        "topic.creation.big.cleanup.polcy", "topic.creation.other.include", "topic.creation.groups",
    ]  # fmt: skip
    assert said(checks.fatal(config)) == ["topic.creation.big.cleanup.polcy", "topic.creation.groups"]


def test_dead_letters_need_a_tolerance_and_a_topic_of_their_own() -> None:
    config = {"connector.class": "x.SinkConnector", "topics": "a", topics.DLQ: "a"}
    assert [wrong.said[:20] for wrong in checks.dead_letters(config)] == [
        "no record reaches a:",
        "a is both read and t",
    ]
    assert not list(checks.dead_letters({**config, topics.DLQ: "b", "errors.tolerance": "all"}))


def test_overrides_of_clients_that_are_not_there() -> None:
    key = {"consumer.override.x": "1", "producer.override.x": "1"}
    assert said(checks.overrides({"connector.class": FILE_SOURCE, **key})) == ["consumer.override.x"]
    sink = {"connector.class": "x.SinkConnector", "topics": "a", **key}
    assert said(checks.overrides(sink)) == ["producer.override.x"]
    assert not said(checks.overrides({**sink, topics.DLQ: "dead"}))


@pytest.mark.parametrize(
    ("reference", "inside"),
    [
        ("file:/etc/pay/db.properties:password", True),
        ("file:/etc/pay/..data/db.properties:password", True),
        ("file:/etc/pay/../other/db.properties:password", False),
        ("directory:/etc/pay/..:password", False),
    ],
)
def test_a_reference_leaves_no_directory_that_the_scope_names(reference: str, inside: bool) -> None:
    scope = {
        "connectors": ("a",),
        "connector_classes": (FILE_SOURCE,),
        "topics": ("t",),
        "secrets": ("file:/etc/pay/*", "directory:/etc/pay/*"),
    }
    config = {"connector.class": FILE_SOURCE, "topic": "t", "file": f"${{{reference}}}"}
    why = fence.outside([Scope(scope)], Key("connector", "main/a"), Connector(config))
    assert (why is None) is inside


def test_a_trace_does_not_say_what_a_reference_stands_for() -> None:
    config = {"connector.class": FILE_SOURCE, "producer.override.linger.ms": "${file:/etc/pay/x.properties:y}"}
    trace = "x.ConfigException: Invalid value hunter2 for configuration linger.ms: Hunter2 is not a number\n\tat x"
    problem = settle.failed(Live(config, "FAILED", (), trace, 1, False))
    assert "hunter2" not in str(problem).lower() and "configuration linger.ms" in str(problem)
