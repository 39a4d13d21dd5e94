"""The topics that a connector reads and writes, as far as its config tells; a trailing `*` means all that begin so."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.kinds.connector.spec import CLASS, same_class

DLQ = "errors.deadletterqueue.topic.name"
OFFSETS = "offsets.storage.topic"  # a source's own topic of offsets (KIP-618)
# Transforms that leave a record's topic alone (Kafka's own, Connect 4.3); any other may route
_STAYING = frozenset(
    f"org.apache.kafka.connect.transforms.{name}"
    for name in (
        "Cast", "DropHeaders", "ExtractField", "Filter", "Flatten", "HeaderFrom", "HoistField", "InsertField",
        "InsertHeader", "MaskField", "ReplaceField", "SetSchemaMetadata", "TimestampConverter", "ValueToKey",
    )
)  # fmt: skip
_META = re.compile(r"[\\^$.|?*+()\[\]{}]")

Config = Mapping[str, str]


class Reach(NamedTuple):
    """What a connector reads and writes, and why that may not be all (`open`); names, a prefix ends in `*`."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """Both, each once, sorted."""
        return tuple(sorted({*self.reads, *self.writes}))


def is_sink(config: Config) -> bool | None:
    """Whether it is a sink, by what only sinks have, else by its class's name; None where that does not tell."""
    name = config.get(CLASS, "").rpartition(".")[2]
    if "Source" in name or known(config) is not None:
        return False
    return True if "Sink" in name or "topics" in config or "topics.regex" in config else None


def reach(config: Config, *, sink: bool | None = None) -> Reach:
    """The topics of a connector; `sink` is what its worker says of the plugin, None where nobody asked."""
    sink = is_sink(config) if sink is None else sink
    return _of_sink(config) if sink else _of_source(config)


def listed(text: str) -> tuple[str, ...]:
    """The items of a list as Kafka reads it (ConfigDef.Type.LIST): split at commas, blanks around them gone."""
    return tuple(filter(None, (item.strip() for item in text.split(","))))


def prefix_of(pattern: str) -> str | None:
    """What all that a Java regex matches begins with; None where that cannot be told."""
    if "|" in pattern or pattern.startswith(("(?", "\\Q")):
        return None
    text, index = "", 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\" and index + 1 < len(pattern) and _META.match(pattern[index + 1]):
            char, index = pattern[index + 1], index + 1
        elif _META.match(char):
            return text[:-1] if char in "?*{" else text
        text, index = text + char, index + 1
    return text


def _of_sink(config: Config) -> Reach:
    why: list[str] = []
    reads = list(listed(config.get("topics", "")))
    pattern = config.get("topics.regex")
    if pattern is not None:
        prefix = prefix_of(pattern)
        if prefix:
            reads.append(f"{prefix}*")
        else:
            why.append(f"topics.regex {pattern} may match any topic")
    dlq = config.get(DLQ, "")
    return Reach(tuple(reads), (dlq,) if dlq else (), tuple(why))


def _of_source(config: Config) -> Reach:
    writes = known(config)
    offsets = listed(config.get(OFFSETS, ""))
    if writes is None:
        return Reach(offsets, offsets, (f"what {config.get(CLASS) or 'it'} reads and writes is not known",))
    reads, wrote, why = (list(found) for found in writes(config))
    routing = [key for key, value in _transforms(config) if value not in _STAYING]
    if routing:
        why.append(f"transform {', '.join(routing)} may send records to any topic")
    return Reach((*reads, *offsets), (*wrote, *offsets), tuple(why))


def _transforms(config: Config) -> Iterator[tuple[str, str]]:
    for name in listed(config.get("transforms", "")):
        yield name, config.get(f"transforms.{name}.type", "").partition("$")[0]


_Names = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # read, written, why not all


def known(config: Config) -> Callable[[Config], _Names] | None:
    """What tells the topics of a source connector's config, None for a class that is not known (or no source)."""
    name = config.get(CLASS)
    if name is not None and name.startswith("io.debezium.connector."):
        return _debezium
    return next((found for full, found in _SOURCES.items() if same_class(name, full)), None)


def _one(key: str) -> Callable[[Config], _Names]:
    def found(config: Config) -> _Names:
        return (), listed(config.get(key, "")), ()

    return found


def _mirror(config: Config) -> _Names:
    policy = config.get("replication.policy.class", "").rpartition(".")[2]
    separator, alias = config.get("replication.policy.separator", "."), config.get("source.cluster.alias", "source")
    if policy not in ("", "DefaultReplicationPolicy"):
        return (), (), (f"{policy} decides which topics it writes",)
    read = config.get("topics", ".*")
    return (), (f"{alias}{separator}*",), (f"it reads topics {read} of a cluster that may be this one",)


def _checkpoints(config: Config) -> _Names:
    separator = config.get("replication.policy.separator", ".")
    return (), (f"{config.get('source.cluster.alias', 'source')}{separator}checkpoints{separator}internal",), ()


def _heartbeats(_config: Config) -> _Names:
    return (), ("heartbeats",), ()


def _jdbc(config: Config) -> _Names:
    return (), (f"{config.get('topic.prefix', '')}*",), ()


def _debezium(config: Config) -> _Names:
    prefix = config.get("topic.prefix", "")
    history, signal = config.get("schema.history.internal.kafka.topic", ""), config.get("signal.kafka.topic", "")
    beat = f"{config.get('topic.heartbeat.prefix', '__debezium-heartbeat')}.{prefix}"
    heartbeat = (beat,) if config.get("heartbeat.interval.ms", "0") not in ("", "0") else ()
    own = (prefix, f"{prefix}.*", *heartbeat)
    odd = (key for key in ("topic.naming.strategy", "topic.delimiter") if key in config)
    why = tuple(f"{key} decides which topics it writes" for key in odd)
    return tuple(filter(None, (history, signal))), tuple(filter(None, (*own, history))), why


_SOURCES: Mapping[str, Callable[[Config], _Names]] = {
    "org.apache.kafka.connect.file.FileStreamSourceConnector": _one("topic"),
    "org.apache.kafka.connect.mirror.MirrorSourceConnector": _mirror,
    "org.apache.kafka.connect.mirror.MirrorCheckpointConnector": _checkpoints,
    "org.apache.kafka.connect.mirror.MirrorHeartbeatConnector": _heartbeats,
    "org.apache.kafka.connect.tools.VerifiableSourceConnector": _one("topic"),
    "io.confluent.connect.jdbc.JdbcSourceConnector": _jdbc,
    "io.aiven.connect.jdbc.JdbcSourceConnector": _jdbc,
    "io.confluent.kafka.connect.datagen.DatagenConnector": _one("kafka.topic"),
}
