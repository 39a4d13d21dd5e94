"""What is wrong with a connector's config and neither Connect nor its plugin says before records flow."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.catalog import last_definition
from kafka_gitops.kinds.connector.topics import DLQ, is_sink, listed, reach

OVERRIDES = ("producer.override.", "consumer.override.", "admin.override.")
_CREATION = "topic.creation."
_OWN = ("include", "exclude", "replication.factor", "partitions")  # of a group, TopicCreationConfig (KIP-158)


class Wrong(NamedTuple):
    """The key that is wrong (or the nearest one that is there), what is wrong with it, and what to write."""

    key: str
    said: str
    help: str


def creation(config: Mapping[str, str]) -> Iterator[Wrong]:
    """What makes a source fail only when its tasks start, or at its first record (`topic.creation.*`, KIP-158)."""
    keys = [key for key in config if key.startswith(_CREATION)]
    if not keys:
        return
    if is_sink(config):
        yield Wrong(keys[0], f"{keys[0]} has no effect on a sink: only sources create topics", "delete it")
        return
    for name in ("replication.factor", "partitions"):
        needed = f"{_CREATION}default.{name}"
        if needed not in config:
            said = f"{keys[0]} needs {needed}: without it the connector fails when it starts"
            yield Wrong(keys[0], said, f'add {needed}: "{3 if name == "replication.factor" else 1}"')
    groups = listed(config.get("topic.creation.groups", ""))
    for key in keys:
        group, _, name = key.removeprefix(_CREATION).partition(".")
        if key == "topic.creation.groups":
            continue
        if group != "default" and group not in groups:
            help = f"add it to topic.creation.groups, now {', '.join(groups) or 'not there'}"
            yield Wrong(key, f'{key} has no effect: no group is called "{group}"', help)
        elif name not in _OWN and last_definition(name) is None:
            said = f'{key}: no topic config is called "{name}", so creating a topic fails at the first record'
            yield Wrong(key, said, "correct it, or delete it")
    for group in groups:
        if group != "default" and f"{_CREATION}{group}.include" not in config:
            said = f'the group "{group}" has no topic.creation.{group}.include: the connector fails when it starts'
            yield Wrong("topic.creation.groups", said, "say which topics it is for, as a regular expression")


def dead_letters(config: Mapping[str, str]) -> Iterator[Wrong]:
    """A dead letter queue that gets no records, or its own (KIP-298)."""
    topic = config.get(DLQ)
    if not topic:
        return
    if is_sink(config) is False:
        yield Wrong(DLQ, f"{DLQ} has no effect on a source: only sinks have dead letters", "delete it")
        return
    if config.get("errors.tolerance", "none").strip().lower() != "all":
        said = f"no record reaches {topic}: errors.tolerance is not all, so the task fails at the first bad record"
        yield Wrong(DLQ, said, "add errors.tolerance: all, or delete the dead letter queue")
    if topic in listed(config.get("topics", "")):
        help = "name a topic of its own"
        yield Wrong(DLQ, f"{topic} is both read and the dead letter queue: a bad record comes back for ever", help)


def overrides(config: Mapping[str, str]) -> Iterator[Wrong]:
    """Client overrides that no client of this connector reads (KIP-458)."""
    sink = is_sink(config)
    for key in config if sink is not None else ():
        if key.startswith("consumer.override.") and not sink:
            yield Wrong(key, f"{key} has no effect: a source has no consumer", "delete it")
        elif key.startswith("producer.override.") and sink:
            help = f"delete it, or name a dead letter queue under {DLQ}"
            if DLQ not in config:
                yield Wrong(key, f"{key} has no effect: a sink has a producer only for its dead letter queue", help)


def fatal(config: Mapping[str, str]) -> Iterator[Wrong]:
    """What an apply must not try: the worker would take it and the connector fail."""
    for wrong in creation(config):
        if "has no effect" not in wrong.said:
            yield wrong


def written(config: Mapping[str, str]) -> tuple[str, ...]:
    """The topics that the config names one by one."""
    return tuple(topic for topic in reach(config).topics if not topic.endswith("*"))
