"""An application of Kafka Streams, or a Connect worker, by its rights: topics that it reads and does not describe."""

from collections.abc import Iterable, Sequence

from kafka_gitops.adopt.holder import Given, Holder
from kafka_gitops.adopt.structure import Project, Structure
from kafka_gitops.descriptor import roles
from kafka_gitops.settings import Language

_INTERNAL = {  # of a Connect worker: its key, the name where it says none, and what such a name has in it
    "status_topic": ("connect-status", "status"),
    "offset_topic": ("connect-offsets", "offset"),
    "configs_topic": ("connect-configs", "config"),
}
_GROUP = "connect-cluster"


def find(holder: Holder, structure: Structure, language: Language) -> list[Given]:
    """The entry of a principal that is one of the two; its rights are taken."""
    read = holder.names("TOPIC", "LITERAL", "READ", but="DESCRIBE")
    write = holder.names("TOPIC", "LITERAL", "WRITE", but="DESCRIBE")
    if not read:
        return []
    return _streams(holder, structure, read, write) or _connectors(holder, structure, language, read, write)


def _streams(holder: Holder, structure: Structure, read: Sequence[str], write: Sequence[str]) -> list[Given]:
    groups = set(holder.names("GROUP", "PREFIXED", "READ"))
    identities = [one for one in holder.names("TOPIC", "PREFIXED", "ALL") if one in groups]
    if len(identities) != 1:
        return []
    identity = identities[0]
    once = identity in holder.names("TRANSACTIONAL_ID", "PREFIXED", "DESCRIBE", "WRITE")
    if not holder.take(roles.streams(holder.principal, identity, read, write, exactly_once=once)):
        return []
    project = structure.prefixes.get(identity)
    entry: dict[str, object] = {"principal": holder.principal, **({} if project else {"applicationId": identity})}
    entry["topics"] = {"read": [*read], **({"write": [*write]} if write else {})}
    entry |= {"exactlyOnce": True} if once else {}
    return [Given("streams", None, project or _near(structure, (identity, *read, *write)), entry)]


def _connectors(
    holder: Holder, structure: Structure, language: Language, read: Sequence[str], write: Sequence[str]
) -> list[Given]:
    who, internal = holder.principal, _internal([name for name in read if name in set(write)])
    groups = holder.names("GROUP", "LITERAL", "READ")
    group = _GROUP if _GROUP in groups else groups[0] if len(groups) == 1 else None
    if internal is None or group is None:
        return []
    own = set(internal.values())
    read, write = [name for name in read if name not in own], [name for name in write if name not in own]
    creates = language.connector_topic_create
    if not holder.take(roles.connector(who, internal.values(), group, read, write, creates_topics=creates)):
        return []
    entry: dict[str, object] = {"principal": who, **({} if group == _GROUP else {"group": group})}
    entry |= {key: name for key, name in internal.items() if name != _INTERNAL[key][0]}
    topics = {side: [*names] for side, names in (("read", read), ("write", write)) if names}
    entry |= {"topics": topics} if topics else {}
    return [Given("connectors", None, _near(structure, (*read, *write, *own)), entry)]


def _internal(names: Sequence[str]) -> dict[str, str] | None:
    """The three topics of a worker among those that it reads and writes, by their keys; None where nothing tells."""
    found: dict[str, str] = {}
    for key, (usual, word) in _INTERNAL.items():
        alike = [usual] if usual in names else [name for name in names if word in name.lower()]
        if len(alike) == 1:
            found[key] = alike[0]
    free = [name for name in names if name not in found.values()]
    missing = [key for key in _INTERNAL if key not in found]
    if not found or len(set(found.values())) < len(found) or (missing and len(free) != len(missing)):
        return None
    found |= dict(zip(missing, free, strict=False))
    return {key: found[key] for key in _INTERNAL}


def _near(structure: Structure, names: Iterable[str]) -> Project | None:
    """The project of the first of some names that is in one."""
    for name in names:
        found = structure.project(name)
        if found is not None:
            return found
    return None
