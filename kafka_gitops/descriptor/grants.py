"""The sections of a project that give rights in the reference: consumers, producers, streams, connectors, ksql."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from kafka_gitops.descriptor import roles, sections, unmanaged
from kafka_gitops.descriptor.topics import consumers, principal, producers
from kafka_gitops.reading import artefacts
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.found import near
from kafka_gitops.text.source import Node

Reader: TypeAlias = Callable[[Draft, Node, Place], None]


def _role_bindings(draft: Draft, node: Node, _where: Place) -> None:
    if node.map or node.items:
        draft.leave(unmanaged.ROLES, node.key_span)


def _consumers(draft: Draft, users: Node, where: Place) -> None:
    consumers(draft, users, where.topics, where.project, prefix=_prefix(draft, where))


def _producers(draft: Draft, users: Node, where: Place) -> None:
    producers(draft, users, where.topics, where.project, prefix=_prefix(draft, where))


def _prefix(draft: Draft, where: Place) -> str | None:
    return where.prefix if draft.language.optimized_acls else None


def _identity(draft: Draft, node: Node, where: Place, what: str) -> str | None:
    found = draft.optional(node, "applicationId")
    identity = where.prefix if found is None else found
    if identity:
        return identity
    said = f'{what} needs an "applicationId": ' + ("it is empty" if found == "" else "the project prefix is empty")
    span = node.map["applicationId"].span if found == "" else node.head
    draft.error(span, "missing-key", said, "without one it would get all topics and groups")
    return None


def _streams(draft: Draft, streams: Node, where: Place) -> None:
    for node in streams.items:
        who = principal(draft, node) if node.is_map else None
        identity = _identity(draft, node, where, "a streams application") if who is not None else None
        if who is None or identity is None:
            continue
        exactly_once = node.get("exactlyOnce")
        if not draft.fits(node, _size(node) + 4):
            continue
        read, write = draft.names(node, "topics", "read"), draft.names(node, "topics", "write")
        once = exactly_once is not None and exactly_once.text == "true"
        acls = roles.streams(who, identity, read, write, exactly_once=once)
        draft.grant("streams", who, node, where.project, acls)


def _size(node: Node) -> int:
    """How many topics an entry reads and writes."""
    return sum(len(found.items) for key in ("read", "write") if (found := node.get("topics", key)) is not None)


def _access(draft: Draft, section: Node) -> tuple[Node | None, Node | None]:
    """The list of users and the artefacts of a section that is either the list or a map with both."""
    if section.is_list:
        return section, None
    files = section.map.get("artefacts", section.map.get("artifacts"))
    if "artefacts" in section.map and "artifacts" in section.map:
        said = '"artifacts" has no effect beside "artefacts"'
        draft.warn(section.map["artifacts"].key_span, "ignored-input", said, "put all of them under one key")
    return section.map.get("access_control"), files


def _connectors(draft: Draft, section: Node, where: Place) -> None:
    users, files = _access(draft, section)
    internal = {"status_topic": "connect-status", "offset_topic": "connect-offsets", "configs_topic": "connect-configs"}
    for node in users.items if users is not None else ():
        who = principal(draft, node)
        if who is None:
            continue
        found = [draft.optional(node, key) for key in internal]
        topics = [own if text is None else text for own, text in zip(internal.values(), found, strict=True)]
        group = draft.optional(node, "group")
        if not draft.fits(node, _size(node) + 8):
            continue
        read, write = draft.names(node, "topics", "read"), draft.names(node, "topics", "write")
        acls = roles.connector(
            who,
            topics,
            "connect-cluster" if group is None else group,
            read,
            write,
            creates_topics=draft.language.connector_topic_create,
        )
        draft.grant("connector", who, node, where.project, acls)
        if "connectors" in node.map:
            _role_bindings(draft, node.map["connectors"], where)
    for node in files.items if files is not None else ():
        artefacts.check(draft, node.get("path"), "JSON")
        _server(draft, node.get("server"))
    if files is not None:
        sections.read_form(draft, "connectors.artefacts", files, where)


def _server(draft: Draft, server: Node | None) -> None:
    labels = draft.language.connect_servers
    if server is None or server.raw is None or labels is None or server.text in labels:
        return  # without a client file nothing names clusters, and no connector is deployed
    said = f'there is no Connect cluster "{server.text}": '
    meant = near(server.text, labels)
    help = f'did you mean "{meant}"?' if meant else None
    draft.error(server.span, "unknown-key", said + f"configured are {', '.join(sorted(labels))}", help)


def _ksql(draft: Draft, section: Node, where: Place) -> None:
    users, files = _access(draft, section)
    for node in users.items if users is not None else ():
        who = principal(draft, node) if node.is_map else None
        identity = _identity(draft, node, where, "a ksqlDB application") if who is not None else None
        if who is not None and identity is not None and draft.fits(node, _size(node) + 2):
            read, write = draft.names(node, "topics", "read"), draft.names(node, "topics", "write")
            draft.grant("ksql", who, node, where.project, roles.ksql(who, identity, read, write))
    for key in ("streams", "tables"):
        found = files.get(key) if files is not None else None
        for node in found.items if found is not None else ():
            draft.leave(unmanaged.KSQL, node.head)
            artefacts.check(draft, node.get("path"), "SQL")


GIVES: Mapping[str, Reader] = {
    "consumers": _consumers,
    "producers": _producers,
    "streams": _streams,
    "connectors": _connectors,
    "ksql": _ksql,
}
READERS: Mapping[str, Reader] = {**GIVES, "schemas": _role_bindings, "rbac": _role_bindings}  # the reference's own
