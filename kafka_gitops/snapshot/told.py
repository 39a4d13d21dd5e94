"""What a snapshot holds, in words for whoever made it."""

from collections.abc import Iterator, Sized
from typing import Any

from kafka_gitops.errors import listed
from kafka_gitops.kinds.connector.live import HIDDEN
from kafka_gitops.snapshot.contents import Registry, Snapshot, Unknown, Workers


def told(snapshot: Snapshot) -> Iterator[str]:
    """The counts, what is not in it and why, and who may see it."""
    kafka = snapshot.kafka
    if snapshot.topics_only:
        yield f"{_many(kafka.topics, 'topic')} that the files declare, with partitions, replication and configs"
        yield "nothing of other topics, ACLs, quotas, users, schemas, connectors, brokers"
        yield "everybody who may open a change request can see what is planned against it"
        return
    parts = [_many(kafka.topics, "topic")]
    parts += [
        _many(part, name) for part, name in _kinds(snapshot) if part is not None and not isinstance(part, Unknown)
    ]
    yield listed(parts)
    unread = [(name, part) for part, name in _kinds(snapshot) if isinstance(part, Unknown)]
    yield from (f"without {name}s: {part.message}" for name, part in unread)
    yield from (f"without Connect cluster {label}: {one.message}" for label, one in _clusters(snapshot, Unknown))
    live = [connector for _, one in _clusters(snapshot, Workers) for connector in one.connectors.values()]
    hidden = sorted({key for one in live for key, text in one.config.items() if text == HIDDEN})
    if hidden:
        yield f"connectors without the values of {listed(hidden)}: a plan does not compare them (--connector-key KEY)"
    yield "confidential: it has no password, and it is the map of principals, hosts and rights"


def _kinds(snapshot: Snapshot) -> Iterator[tuple[Sized | Unknown | None, str]]:
    kafka, registry = snapshot.kafka, snapshot.registry
    yield from ((kafka.acls, "ACL"), (kafka.quotas, "quota"), (kafka.users, "user"))
    yield (registry.subjects if isinstance(registry, Registry) else registry), "subject"
    found = [one.connectors for _, one in _clusters(snapshot, Workers)]
    yield ([name for connectors in found for name in connectors] if found else None), "connector"


def _clusters(snapshot: Snapshot, kind: type) -> Iterator[tuple[str, Any]]:
    return ((label, one) for label, one in snapshot.connect.items() if isinstance(one, kind))


def _many(part: Sized, name: str) -> str:
    return f"{len(part):,} {name}{'s' * (len(part) != 1)}"
