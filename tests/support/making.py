"""Short ways to make the nouns in tests."""

from kafka_gitops.changes import Change, Origin
from kafka_gitops.diagnostics import Span
from kafka_gitops.model import Acl, Grant, Removal, Topic, TopicDecl, Topology, acl_key, topic_key
from kafka_gitops.settings import Scope
from kafka_gitops.text.source import Node, parse

AT = Origin("topologies/pay.yaml", 51)


def node(path: str = "t.yaml", line: int = 1) -> Node:
    """A node at a line of a file."""
    root = parse(path, "\n" * (line - 1) + "name: x\n").root
    assert root is not None
    return root


def topic(partitions: int | None = None, replication: int | None = None, **config: str) -> Topic:
    """A topic; config keys with `_` for `.`."""
    return Topic(partitions, replication, {key.replace("_", "."): value for key, value in config.items()})


def declared(name: str, spec: Topic, *, keyed: bool = False, protected: bool = False, line: int = 1) -> TopicDecl:
    """A declaration of a topic in project `p`."""
    return TopicDecl(name, spec, node(line=line), "p", keyed=keyed, protected=protected)


def acl(principal: str, operation: str, resource: str, **other: str) -> Acl:
    """A binding; `resource` is `topic:orders`, `group:g*` (prefix) or `cluster`."""
    kind, _, name = resource.partition(":")
    pattern = "PREFIXED" if len(name) > 1 and name.endswith("*") else "LITERAL"
    name = name[:-1] if pattern == "PREFIXED" else name
    made = Acl(f"User:{principal}", "*", operation, "ALLOW", kind.upper(), pattern, name or "kafka-cluster")
    return made._replace(**other)


def gained(binding: Acl) -> Change:
    """A binding that a plan creates."""
    return Change(acl_key(binding), None, binding, (), AT)


def lost(binding: Acl) -> Change:
    """A binding that a plan deletes."""
    return Change(acl_key(binding), binding, None, (), AT)


def grant(*acls: Acl, line: int = 1) -> Grant:
    """An explicit grant of bindings."""
    return Grant("acl", acls[0].principal, node(line=line), None, acls)


def removal(name: str, *, release: bool = False) -> Removal:
    """A `removed:` statement in line 9."""
    return Removal(topic_key(name), release, "no longer used", node(line=9))


def topology(*parts: TopicDecl | Grant | Removal) -> Topology:
    """A topology of these declarations."""
    return Topology(
        topics=tuple(part for part in parts if isinstance(part, TopicDecl)),
        grants=tuple(part for part in parts if isinstance(part, Grant)),
        removals=tuple(part for part in parts if isinstance(part, Removal)),
    )


def scope(*, places: dict[str, str] | None = None, **lists: tuple[str, ...]) -> Scope:
    """A scope of these lists."""
    return Scope(lists, places or {})


def span(line: int = 1) -> Span:
    """A place in t.yaml."""
    return Span("t.yaml", line, 1, line, 5)
