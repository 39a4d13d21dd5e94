"""The rights that devshawn's kafka-gitops gives to services, users and by custom ACLs."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.model import Acl
from kafka_gitops.text.source import Node


class Right(NamedTuple):
    """A binding without its principal: that of `principal`, else the owner's; `node` is where it is said."""

    acl: Acl
    node: Node | None = None
    principal: Node | None = None


class Service(NamedTuple):
    """A type of service: the keys that are read, and the rights that one of it gets."""

    reads: tuple[str, ...]
    gives: Callable[[str, Node, bool], Iterator[Right]]


def _right(operation: str, kind: str, name: str, node: Node | None = None, *, pattern: str = "LITERAL") -> Right:
    return Right(Acl("", "*", operation, "ALLOW", kind, pattern, name), node)


_USES = {"produces": "WRITE", "consumes": "READ"}


def _topics(node: Node, describes: bool, keys: tuple[str, ...] = tuple(_USES)) -> Iterator[Right]:
    """What a service or a connector writes and reads."""
    for key, operation in ((key, _USES[key]) for key in keys):
        for topic in node.map[key].items if key in node.map else ():
            yield _right(operation, "TOPIC", topic.text, topic)
            if describes:
                yield _right("DESCRIBE", "TOPIC", topic.text, topic)


def _named(node: Node, otherwise: str, *path: str) -> tuple[str, Node]:
    found = node.get(*path)
    return (otherwise, node) if found is None else (found.text, found)


def _application(name: str, node: Node, describes: bool) -> Iterator[Right]:
    yield from _topics(node, describes)
    if "consumes" in node.map and node.map["consumes"].items:
        yield _right("READ", "GROUP", *_named(node, name, "group-id"))


def _connect(name: str, node: Node, describes: bool) -> Iterator[Right]:
    yield from _topics(node, describes, ("produces",))
    for key, plural in (("config", "configs"), ("offset", "offsets"), ("status", "status")):
        topic, place = _named(node, f"connect-{plural}-{name}", "storage-topics", key)
        yield _right("READ", "TOPIC", topic, place)
        yield _right("WRITE", "TOPIC", topic, place)
    yield _right("READ", "GROUP", *_named(node, name, "group-id"))
    for connector, one in node.map["connectors"].map.items() if "connectors" in node.map else ():
        yield from _topics(one, describes)
        if "consumes" in one.map and one.map["consumes"].items:
            yield _right("READ", "GROUP", f"connect-{connector}", one)


_OWN = ("READ", "WRITE", "DESCRIBE", "DELETE", "CREATE", "ALTER", "ALTER_CONFIGS", "DESCRIBE_CONFIGS")


def _streams(name: str, node: Node, describes: bool) -> Iterator[Right]:
    yield from _topics(node, describes)
    application, place = _named(node, name, "application-id")
    for operation in _OWN:
        yield _right(operation, "TOPIC", application, place, pattern="PREFIXED")
    for operation in ("READ", "DESCRIBE", "DELETE"):
        yield _right(operation, "GROUP", application, place)
    yield _right("DESCRIBE_CONFIGS", "CLUSTER", "kafka-cluster", node)


_READ = ("type", "principal", "produces")
SERVICES: Mapping[str, Service] = {
    "application": Service((*_READ, "consumes", "group-id"), _application),
    "kafka-connect": Service((*_READ, "group-id", "storage-topics", "connectors"), _connect),
    "kafka-streams": Service((*_READ, "consumes", "application-id"), _streams),
}
ROLES: Mapping[str, tuple[Right, ...]] = {
    "reader": (_right("READ", "TOPIC", "*"), _right("READ", "GROUP", "*")),
    "writer": (_right("WRITE", "TOPIC", "*"),),
    "operator": (
        _right("DESCRIBE", "CLUSTER", "kafka-cluster"),
        _right("DESCRIBE", "TOPIC", "*"),
        _right("DESCRIBE_CONFIGS", "TOPIC", "*"),
        _right("READ", "GROUP", "*"),
        _right("DESCRIBE", "GROUP", "*"),
    ),
}


def custom(node: Node) -> Right:
    """The right of a custom ACL; without a principal it is its owner's."""
    text = {key: one.text for key, one in node.map.items()}
    acl = Acl(
        "",
        text.get("host", "*"),
        text["operation"].upper(),
        text["permission"].upper(),
        text["type"].upper(),
        text["pattern"].upper(),
        text["name"],
    )
    return Right(acl, node, node.map.get("principal"))
