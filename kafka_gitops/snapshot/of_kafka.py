"""Kafka's part of a snapshot as plain data and back."""

from typing import Any

from kafka_gitops.kinds.cluster import LiveTopic
from kafka_gitops.model import Acl
from kafka_gitops.snapshot.contents import Defaults, Entity, Kafka, TopicThere
from kafka_gitops.snapshot.plain import Entry, Json, exactly, items, maybe, part, part_of, said, texts


def dump(kafka: Kafka) -> Json:
    """Kafka's part as plain data."""
    return said(
        id=kafka.id,
        principal=kafka.principal,
        brokers=kafka.brokers,
        requests={name: list(versions) for name, versions in kafka.requests.items()},
        defaults={_leader(node): said(**one._asdict()) for node, one in kafka.defaults.items()},
        values={key: {str(node): text for node, text in found.items()} for key, found in kafka.values.items()},
        topics={name: _topic(one) for name, one in kafka.topics.items()},
        settings=dict(kafka.settings),
    ) | {  # of these none, and not known, are two things
        "moving": None if kafka.moving is None else sorted(kafka.moving),
        "acls": part(kafka.acls, lambda acls: [list(acl) for acl in acls]),
        "quotas": part(
            kafka.quotas, lambda found: [[dict(one), dict(limits)] for one, limits in sorted(found.items(), key=str)]
        ),
        "users": part(kafka.users, lambda found: {name: dict(one) for name, one in found.items()}),
    }


def _leader(node: int | None) -> str:
    return "" if node is None else str(node)


def _topic(topic: TopicThere) -> Json:
    live = topic.live
    return said(
        id=live.topic_id,
        internal=live.internal,
        overrides=dict(topic.overrides),
        own=dict(topic.own),
        no_configs=not topic.configs,
    ) | {
        name: value
        for name, value in (
            ("partitions", live.partitions),
            ("replication", live.replication),
            ("fewest", live.fewest if live.fewest != live.replication else None),
            ("leader", live.leader),
        )
        if value is not None
    }


def load(data: Entry) -> Kafka:
    """Kafka's part of plain data."""
    return Kafka(
        maybe(data.get("id"), str),
        {exactly(name, str): _topic_of(one) for name, one in data.get("topics", {}).items()},
        {int(node) if node else None: _defaults_of(one) for node, one in data.get("defaults", {}).items()},
        maybe(data.get("principal"), str),
        exactly(data.get("brokers", 0), int),
        {name: _versions(one) for name, one in data.get("requests", {}).items()},
        {
            key: {int(node): exactly(text, str) for node, text in found.items()}
            for key, found in data.get("values", {}).items()
        },
        None if data["moving"] is None else frozenset(items(data["moving"], str)),
        {key: maybe(text, str) for key, text in data.get("settings", {}).items()},
        part_of(data["acls"], lambda found: tuple(Acl(*items(one, str)) for one in found)),
        part_of(data["quotas"], _quotas_of),
        part_of(
            data["users"],
            lambda found: {name: {key: exactly(one, int) for key, one in user.items()} for name, user in found.items()},
        ),
    )


def _versions(data: Any) -> tuple[int, int]:
    low, high = items(data, int)
    return low, high


def _defaults_of(data: Entry) -> Defaults:
    return Defaults(texts(data.get("values", {})), texts(data.get("below", {})))


def _topic_of(data: Entry) -> TopicThere:
    replication = exactly(data["replication"], int)
    live = LiveTopic(
        exactly(data["partitions"], int),
        replication,
        exactly(data.get("internal", False), bool),
        maybe(data.get("id"), str),
        exactly(data.get("fewest", replication), int),
        maybe(data.get("leader"), int),
    )
    own = {key: maybe(text, str) for key, text in data.get("own", {}).items()}
    return TopicThere(live, texts(data.get("overrides", {})), own, not exactly(data.get("no_configs", False), bool))


def _quotas_of(data: Any) -> dict[Entity, dict[str, str]]:
    found: dict[Entity, dict[str, str]] = {}
    for entity, limits in data:
        found[tuple(sorted((kind, maybe(name, str)) for kind, name in entity.items()))] = texts(limits)
        [float(limit) for limit in limits.values()]
    return found
