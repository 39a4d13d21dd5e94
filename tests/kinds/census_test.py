"""What each kind takes over from its servers, and what it leaves there with which reason."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from making import acl, scope, topic
from recording import Recording
from registering import Memory, WithRegistry, avro

from kafka_gitops.errors import ConfigError, MissingRight
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.census import NOT_OF_THE_TOPICS, Census, Choice
from kafka_gitops.kinds.cluster import LiveTopic
from kafka_gitops.kinds.connector.live import Live
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.model import Key, Topic
from kafka_gitops.settings import Language, ManagedPrefixes, Settings

COMPACT = {"cleanup.policy": "compact"}
BY_NAME = "; --topics with its name takes it over"


def taken(kind: str, systems: Systems, choice: Choice | None = None, **settings: Any) -> Census:
    return KINDS[kind].everything(systems, Settings(**settings), choice or Choice())


def names(found: Census) -> list[str]:
    return [key.name for key in found.specs]


def left(found: Census) -> dict[str, str]:
    return {one.what: one.why for one in found.left}


def why(cluster: Recording, name: str) -> str | None:
    return left(taken("topic", cluster)).get(f"topic {name}")


def test_a_topic_is_taken_over_with_its_overrides_alone_and_without_what_is_ignored() -> None:
    there = topic(3, 2, retention_ms="5", leader_replication_throttled_replicas="*", segment_bytes="1048576")
    found = taken("topic", Recording(topics={"orders": there}), ignore_configs=("segment.bytes",))
    assert found.specs == {Key("topic", "orders"): Topic(3, 2, {"retention.ms": "5"})}


@pytest.mark.parametrize(
    ("name", "beside", "config", "reason"),
    [
        ("__consumer_offsets", (), {}, "Kafka makes it for itself"),
        ("_schemas", (), {}, "Schema Registry makes it for itself"),
        ("_confluent-metrics", (), {}, "Confluent makes it for itself"),
        ("us.checkpoints.internal", (), {}, "MirrorMaker makes it for itself"),
        ("us.orders", ("us.checkpoints.internal",), {}, f"MirrorMaker copies it from cluster us{BY_NAME}"),
        ("heartbeats", ("us.checkpoints.internal",), {}, f"MirrorMaker makes it for itself{BY_NAME}"),
        ("us.orders", ("us.heartbeats",), {}, None),
        ("us.orders", ("us.heartbeats", "mm2-configs.us.internal"), {}, f"MirrorMaker copies it from cluster us{BY_NAME}"),
        ("orders.replica", (), {}, f"by its name Confluent Replicator copies it{BY_NAME}"),
        ("connect-status", (), {}, f"Kafka Connect keeps its state there{BY_NAME}"),
        ("pay_status", ("pay_configs", "pay_offsets"), COMPACT, f"Kafka Connect keeps its state there{BY_NAME}"),
        ("pay_status", ("pay_configs",), COMPACT, None),
        ("pay_status", ("pay_configs", "pay_offsets"), {}, None),
        ("app-store-changelog", (), {}, None),
        ("orders-repartition", (), {}, None),
    ],
)  # fmt: skip
def test_whose_a_topic_is_is_told_by_its_name_its_neighbours_and_its_configs(
    name: str, beside: tuple[str, ...], config: dict[str, str], reason: str | None
) -> None:
    cluster = Recording(topics={one: Topic(1, 1, config) for one in (name, *beside)}, internal={"__consumer_offsets"})
    assert why(cluster, name) == reason


def test_topics_of_streams_are_told_by_their_configs_too() -> None:
    streams = f"by its name and configs an application of Kafka Streams makes it for itself{BY_NAME}"
    there = {"app-store-changelog": Topic(1, 1, COMPACT), "app-x-repartition": topic(1, 1, retention_ms="-1")}
    assert {why(Recording(topics=dict(there)), name) for name in there} == {streams}


def test_a_topic_that_is_named_is_taken_over_whatever_it_looks_like_unless_it_is_kafkas() -> None:
    there = {"app-store-changelog": Topic(1, 1, COMPACT), "_schemas": topic(1, 1), "orders": topic(1, 1)}
    found = taken("topic", Recording(topics=there), Choice(("app-store-changelog", "_schemas", "nosuch*")))
    assert names(found) == ["app-store-changelog"]
    assert left(found) == {
        "topic _schemas": "Schema Registry makes it for itself",
        "--topics nosuch*": "no topic that this principal sees is called so",
    }


def test_what_no_file_can_say_of_a_topic_stays() -> None:
    there = {name: topic(2, 3) for name in ("even", "moved", "odd", "values")}
    there["values"] = topic(2, 3, description="${values.x}")
    found = taken("topic", Recording(topics=there, moving={"moved"}, uneven={"odd"}))
    assert names(found) == ["even"]
    assert left(found) == {
        "topic moved": "its replicas are being moved: import it when that is done",
        "topic odd": "its partitions have 1 to 3 replicas, and a file says one number",
        "topic values": "its name has ${values., which is replaced where a file says it",
    }


def test_manage_and_managed_prefixes_bound_what_is_taken_over() -> None:
    there = {"pay.a": topic(1, 1), "ship.a": topic(1, 1)}
    bounded = taken("topic", Recording(topics=there), scopes=(scope(topics=("pay.*",)),))
    assert names(bounded) == ["pay.a"]
    managed = Language(managed=ManagedPrefixes(topics=("ship.",)))
    assert names(taken("topic", Recording(topics=there), language=managed)) == ["ship.a"]


class Blind(Recording):
    """A principal that sees its own prefix alone."""

    def describe_topics(self, names: Any) -> dict[str, LiveTopic | None]:
        if any(not name.startswith("pay.") for name in names):
            raise MissingRight("User:ci may not describe topic x.")
        return dict.fromkeys(names)


def test_who_may_not_see_every_topic_is_refused_and_told_what_helps() -> None:
    cluster = Blind(topics={"pay.a": topic(1, 1)})
    with pytest.raises(MissingRight) as refused:
        taken("topic", cluster)
    assert (
        "User:ci may not describe every topic of *, so an import would leave some out unseen" in refused.value.message
    )
    assert "--operation Describe --topic '*'" in (refused.value.help or "")
    assert names(taken("topic", cluster, Choice(("pay.*",)))) == ["pay.a"]
    assert names(taken("topic", cluster, scopes=(scope(topics=("pay.*",)),))) == ["pay.a"]


def test_bindings_that_no_file_can_say_stay() -> None:
    group, hidden = acl("a", "WRITE", "group:g"), acl("a\u200b", "READ", "topic:t")
    other = acl("a", "ALL", "cluster")._replace(pattern_type="PREFIXED")
    found = taken("acl", Recording(acls={acl("a", "READ", "topic:t"), group, hidden, other}))
    assert list(found.specs.values()) == [acl("a", "READ", "topic:t")]
    assert set(left(found).values()) == {
        "Kafka knows no WRITE on a group: it grants and denies nothing",
        "its name has a character that cannot be seen (U+200B), which no file may have",
        'it is on the cluster by another name than "kafka-cluster", which no file can say',
    }


def test_with_topics_only_rights_on_these_are_taken_over() -> None:
    inside = {acl("a", "READ", "topic:pay.a"), acl("a", "READ", "topic:pay.x*")}
    more = {acl("a", "READ", "topic:*"), acl("a", "READ", "topic:p*"), acl("a", "READ", "group:pay.a")}
    found = taken("acl", Recording(acls=inside | more), Choice(("pay.*",)))
    assert {*found.specs.values()} == inside and not found.left


def test_groups_are_told_beside_rights_on_them() -> None:
    cluster = Recording(acls={acl("a", "READ", "group:g")}, groups={"t": ("g", "h")})
    assert taken("acl", cluster).names == {"GROUP": frozenset({"g", "h"})}
    cluster.all_groups = False
    assert taken("acl", cluster).names == {}


@dataclass
class Quotas(Recording):
    """Quotas as brokers tell them."""

    limits: dict[Any, dict[str, float]] = field(default_factory=dict)

    @property
    def quotas(self) -> "Quotas":
        return self

    def list_quotas(self) -> dict[Any, dict[str, float]]:
        return self.limits


def test_quotas_that_no_file_can_say_stay() -> None:
    cluster = Quotas()
    cluster.limits = {
        (("user", "app"),): {"producer_byte_rate": 1.0},
        (("user", "User:app"),): {"producer_byte_rate": 1.0},
        (("user", "<default>"),): {"producer_byte_rate": 1.0},
        (("client-id", "c"),): {"confluent_rate": 1.0},
        (("client-id", "n"),): {"request_percentage": float("nan")},
    }
    found = taken("quota", cluster)
    assert names(found) == ["user=app"]
    assert [*left(found).values()] == [
        "it has confluent_rate, for which files have no word",
        "one of its limits is not a number",
        "a file would take the name for the default",
        "brokers compare no user with User:app, so it limits nobody: take it away by hand",
    ]
    assert left(taken("quota", cluster, Choice(("t",)))) == {"quotas": NOT_OF_THE_TOPICS}


@dataclass
class Users(Recording):
    """Users as brokers tell them."""

    found: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def scram(self) -> "Users":
        return self

    def list_users(self) -> dict[str, dict[str, int]]:
        return self.found


def test_each_user_has_a_variable_of_its_own() -> None:
    cluster = Users()
    cluster.found = {name: {"SCRAM-SHA-512": 4096} for name in ("a-b", "a_b", "1st", "ü", "User:x", "old")}
    cluster.found["old"] = {"SCRAM-SHA-512": 100}
    found = taken("user", cluster)
    entries = [KINDS["user"].export(key, spec)[1] for key, spec in found.specs.items()]
    assert {one["name"]: one["password"] for one in entries} == {
        "1st": "${_1ST_PASSWORD}",
        "a-b": "${A_B_PASSWORD}",
        "a_b": "${A_B_2_PASSWORD}",
        "ü": "${USER_PASSWORD}",
    }
    assert sorted(left(found)) == ["user User:x", "user old"]


def test_subjects_are_taken_over_with_their_own_level_and_deleted_ones_are_listed() -> None:
    memory = (
        Memory()
        .put("t-value", avro("x"), avro("x", "y=0"), level="FULL")
        .put("other", avro("x"))
        .put("gone", avro("x"))
    )
    memory.delete("gone")
    found = taken("schema", WithRegistry(memory=memory))
    assert {key.name: (spec.text, spec.compatibility) for key, spec in found.specs.items()} == {  # type: ignore[attr-defined]
        "other": (avro("x"), None),
        "t-value": (avro("x", "y=0"), "FULL"),
    }
    assert left(found) == {"schema gone": "it is softly deleted: its versions are there for who knows their ids"}
    of_topic = taken("schema", WithRegistry(memory=memory), Choice(("t",)))
    assert names(of_topic) == ["t-value"] and left(of_topic) == {"schema other": NOT_OF_THE_TOPICS}


@pytest.mark.parametrize(("general", "own"), [("NONE", None), ("BACKWARD", "NONE")])
def test_no_level_is_a_level_only_where_others_have_one(general: str, own: str | None) -> None:
    memory = Memory(default=general).put("t-value", avro("x"), level="NONE")
    found = taken("schema", WithRegistry(memory=memory))
    assert [spec.compatibility for spec in found.specs.values()] == [own]  # type: ignore[attr-defined]


def test_servers_that_the_environment_does_not_name_are_told_with_the_key_to_write() -> None:
    registry = "the environment names no registry; write environments.prod.schema_registry: {url: http://HOST:8081}"
    assert left(taken("schema", Recording(), environment="prod")) == {"schemas": registry}
    workers = (
        "the environment names no Connect cluster; write environments.prod.connect: {main: {url: http://HOST:8083}}"
    )
    assert left(taken("connector", Recording(), environment="prod")) == {"connectors": workers}
    for kind, plural in (("schema", "schemas"), ("connector", "connectors")):
        with pytest.raises(ConfigError):
            taken(kind, Recording(), Choice((), frozenset({plural})))


@dataclass
class Workers(Recording):
    """A Connect cluster `main`."""

    live: dict[str, Live] = field(default_factory=dict)

    def has(self, system: str) -> bool:
        return system != "registry"

    @property
    def connect(self) -> Any:
        return {"main": self}

    def connectors(self) -> dict[str, Live]:
        return self.live

    def passwords(self, plugin: str) -> frozenset[str]:
        return frozenset({"pin"})


def test_a_connector_is_taken_over_without_its_secrets_and_with_its_state() -> None:
    workers = Workers()
    config = {"connector.class": "FileStreamSink", "topics": "t", "name": "a", "db.password": "clear", "pin": "123"}
    workers.live = {
        "a": Live(config),
        "b": Live({"connector.class": "FileStreamSink", "topics": "u"}, "PAUSED"),
        "c/d": Live(config),
        "n": Live({"connector.class": "FileStreamSink", "x": "(null)"}),
    }
    found = taken("connector", workers)
    entries = {key.name: KINDS["connector"].export(key, spec)[1] for key, spec in found.specs.items()}
    assert entries == {
        "main/a": {
            "name": "a",
            "cluster": "main",
            "config": {"connector.class": "FileStreamSink", "topics": "t"},
            "keep": ["db.password", "pin"],
        },
        "main/b": {
            "name": "b",
            "cluster": "main",
            "config": {"connector.class": "FileStreamSink", "topics": "u"},
            "state": "paused",
        },
    }
    assert left(found) == {
        "connector main/c/d": "no path of Connect's REST API reaches it: it contains /",
        "connector main/n": "its config has null for x, which no file may have",
    }
    assert names(taken("connector", workers, Choice(("t",)))) == ["main/a"]
