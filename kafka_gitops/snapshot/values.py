"""Which values of a connector's config may stand in a file: of keys on a list, if they do not look like secrets."""

import re
from collections.abc import Collection, Mapping

from kafka_gitops.kinds.connector.live import HIDDEN
from kafka_gitops.kinds.connector.secrets import MASK, is_literal_secret, is_secret_name
from kafka_gitops.redact import is_secret_key, redact

_CLIENTS = (  # of `producer.override.` and its like; nothing of a login or of an address
    "acks", "auto.offset.reset", "batch.size", "buffer.memory", "client.id", "compression.type", "delivery.timeout.ms",
    "enable.idempotence", "fetch.max.bytes", "fetch.max.wait.ms", "fetch.min.bytes", "group.id", "isolation.level",
    "linger.ms", "max.partition.fetch.bytes", "max.poll.interval.ms", "max.poll.records", "max.request.size",
    "request.timeout.ms", "retries", "session.timeout.ms",
)  # fmt: skip
_TRANSFORMS = (  # options of Kafka's own transforms and predicates (Connect 4.3), but for `static.value`
    "blacklist", "exclude", "field", "fields", "format", "include", "name", "negate", "offset.field", "partition.field",
    "pattern", "predicate", "regex", "renames", "replacement", "schema.name", "spec", "target.type", "timestamp.field",
    "timestamp.format", "topic.field", "topic.format", "type", "unix.precision", "whitelist",
)  # fmt: skip
_KEYS = frozenset((
    # org.apache.kafka.connect.runtime.ConnectorConfig, SinkConnectorConfig, SourceConnectorConfig
    "name", "connector.class", "connector.plugin.version", "tasks.max", "tasks.max.enforce", "transforms", "predicates",
    "key.converter", "value.converter", "header.converter", "key.converter.schemas.enable",
    "value.converter.schemas.enable", "key.converter.schema.registry.url", "value.converter.schema.registry.url",
    "config.action.reload", "errors.retry.timeout", "errors.retry.delay.max.ms", "errors.tolerance",
    "errors.log.enable", "errors.log.include.messages", "errors.deadletterqueue.topic.name",
    "errors.deadletterqueue.topic.replication.factor", "errors.deadletterqueue.context.headers.enable",
    "topics", "topics.regex", "exactly.once.support", "transaction.boundary", "transaction.boundary.interval.ms",
    "offsets.storage.topic",
    # The connectors of Apache Kafka: files, MirrorMaker
    "file", "topic", "batch.size", "throughput", "max.messages", "source.cluster.alias", "target.cluster.alias",
    "topics.exclude", "topics.blacklist", "groups", "groups.exclude", "replication.factor", "replication.policy.class",
    "replication.policy.separator", "refresh.topics.enabled", "refresh.topics.interval.seconds",
    "refresh.groups.enabled", "refresh.groups.interval.seconds", "sync.topic.configs.enabled",
    "sync.topic.configs.interval.seconds", "sync.topic.acls.enabled", "sync.topic.acls.interval.seconds",
    "sync.group.offsets.enabled", "sync.group.offsets.interval.seconds", "emit.heartbeats.enabled",
    "emit.heartbeats.interval.seconds", "emit.checkpoints.enabled", "emit.checkpoints.interval.seconds",
    "offset-syncs.topic.replication.factor", "checkpoints.topic.replication.factor",
    "heartbeats.topic.replication.factor",
    # What names the topics of others (`kinds/connector/topics.py`), and what says how often and how much
    "kafka.topic", "topic.prefix", "schema.history.internal.kafka.topic", "signal.kafka.topic",
    "topic.heartbeat.prefix", "heartbeat.interval.ms", "topic.naming.strategy", "topic.delimiter",
    "poll.interval.ms", "mode", "batch.max.rows", "max.batch.size", "max.queue.size", "snapshot.mode", "flush.size",
    "rotate.interval.ms", "insert.mode", "pk.mode", "auto.create", "auto.evolve", "max.retries", "retry.backoff.ms",
    "max.interval", "iterations",
))  # fmt: skip
_FAMILIES = (  # keys with a name of the user's in them
    re.compile(r"(?:producer|consumer|admin)\.override\.(?:" + "|".join(map(re.escape, _CLIENTS)) + ")"),
    re.compile(r"(?:transforms|predicates)\.[^.]+\.(?:" + "|".join(map(re.escape, _TRANSFORMS)) + ")"),
    re.compile(r"topic\.creation\.(?:groups|[^.]+\.(?:include|exclude|partitions|replication\.factor))"),
    re.compile(r"topic\.creation\.[^.]+\.[a-z.]*(?:ms|bytes|policy|type)"),
)
_ONE_REFERENCE = re.compile(r"\$\{[A-Za-z0-9_.-]+:[^{}]*\}")


def allowed(key: str, more: Collection[str] = ()) -> bool:
    """Whether the value of a key may be told; `more` are keys that somebody adds, of which none may look secret."""
    listed = key in _KEYS or key in more or any(family.fullmatch(key) for family in _FAMILIES)
    return listed and not is_secret_name(key) and not is_secret_key(key)


def told(config: Mapping[str, str], passwords: Collection[str], more: Collection[str] = ()) -> dict[str, str]:
    """A config without what is or may be a secret: `(secret)`, as a plan has it, or `HIDDEN`.

    `passwords` are the keys that the plugin declares so. A reference alone (`${file:/etc/pay:password}`) is no secret.
    """
    return {key: _told(key, value, passwords, more) for key, value in config.items()}


def _told(key: str, value: str, passwords: Collection[str], more: Collection[str]) -> str:
    if is_literal_secret(key, value, passwords):
        return MASK
    plain = redact(value) == value and key not in passwords
    return value if _ONE_REFERENCE.fullmatch(value) or (plain and allowed(key, more)) else HIDDEN
