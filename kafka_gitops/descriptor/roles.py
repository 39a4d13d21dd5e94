"""What each role of the topology language may do, as ACL bindings (JulieOps' AclsBindingsBuilder)."""

from collections.abc import Iterable, Sequence

from kafka_gitops.model import Acl

CLUSTER = "kafka-cluster"


def allow(principal: str, kind: str, name: str, *operations: str, pattern: str = "LITERAL") -> tuple[Acl, ...]:
    """A binding per operation that allows it from every host."""
    return tuple(Acl(principal, "*", operation, "ALLOW", kind, pattern, name) for operation in operations)


def by_star(name: str) -> tuple[str, str]:
    """`(name, pattern type)`: a name longer than one character that ends in * is a prefix."""
    return (name[:-1], "PREFIXED") if len(name) > 1 and name.endswith("*") else (name, "LITERAL")


def _starred(principal: str, kind: str, name: str, *operations: str) -> tuple[Acl, ...]:
    bare, pattern = by_star(name)
    return allow(principal, kind, bare, *operations, pattern=pattern)


def consumer(principal: str, topics: Iterable[str], group: str | None, *, prefix: str | None = None) -> tuple[Acl, ...]:
    """Reads the topics (with `prefix`: all under it) in a group, any group where none is named."""
    acls = _topics(principal, topics, prefix, ("DESCRIBE", "READ"))
    return (*acls, *_starred(principal, "GROUP", "*" if group is None else group, "READ")) if acls else ()


def producer(
    principal: str, topics: Iterable[str], transaction: str | None, *, idempotent: bool, prefix: str | None = None
) -> tuple[Acl, ...]:
    """Writes the topics (with `prefix`: all under it); a transactional or idempotent one needs a right more."""
    acls = _topics(principal, topics, prefix, ("DESCRIBE", "WRITE"))
    if acls and transaction is not None:
        acls += _starred(principal, "TRANSACTIONAL_ID", transaction, "DESCRIBE", "WRITE")
    if acls and (idempotent or transaction is not None):
        acls += allow(principal, "CLUSTER", CLUSTER, "IDEMPOTENT_WRITE")
    return acls


def _topics(principal: str, topics: Iterable[str], prefix: str | None, operations: Sequence[str]) -> tuple[Acl, ...]:
    if prefix is not None:
        return allow(principal, "TOPIC", prefix, *operations, pattern="PREFIXED")
    return tuple(
        [
            Acl(principal, "*", operation, "ALLOW", "TOPIC", "LITERAL", name)
            for name in topics
            for operation in operations
        ]
    )


def _read_write(principal: str, read: Iterable[str], write: Iterable[str]) -> tuple[Acl, ...]:
    return _topics(principal, read, None, ("READ",)) + _topics(principal, write, None, ("WRITE",))


def streams(
    principal: str, identity: str, read: Iterable[str], write: Iterable[str], *, exactly_once: bool
) -> tuple[Acl, ...]:
    """A Kafka Streams application: its topics, and everything under its application id."""
    acls = _read_write(principal, read, write)
    acls += allow(principal, "TOPIC", identity, "ALL", pattern="PREFIXED")
    acls += allow(principal, "GROUP", identity, "READ", pattern="PREFIXED")
    if exactly_once:
        acls += allow(principal, "TRANSACTIONAL_ID", identity, "WRITE", "DESCRIBE", pattern="PREFIXED")
    return acls


def ksql(principal: str, identity: str, read: Iterable[str], write: Iterable[str]) -> tuple[Acl, ...]:
    """A ksqlDB application."""
    acls = _read_write(principal, read, write)
    acls += allow(principal, "TOPIC", identity, "ALL", pattern="PREFIXED")
    return acls + allow(principal, "GROUP", identity, "ALL", pattern="PREFIXED")


def connector(
    principal: str,
    internal: Iterable[str],
    group: str,
    read: Iterable[str],
    write: Iterable[str],
    *,
    creates_topics: bool,
) -> tuple[Acl, ...]:
    """A Connect worker: its status, offset and config topics, its group, and the topics of its connectors."""
    acls = _topics(principal, internal, None, ("READ", "WRITE"))
    if creates_topics:
        acls += allow(principal, "CLUSTER", CLUSTER, "CREATE")
    return acls + allow(principal, "GROUP", group, "READ") + _read_write(principal, read, write)


def schema_registry(principal: str, topic: str, offsets: str, group: str) -> tuple[Acl, ...]:
    """An instance of the Schema Registry."""
    acls = allow(principal, "TOPIC", topic, "CREATE", "DESCRIBE_CONFIGS", "DESCRIBE", "WRITE", "READ")
    return acls + allow(principal, "TOPIC", offsets, "DESCRIBE") + allow(principal, "GROUP", group, "READ")


def control_center(principal: str, identity: str, topics: Iterable[str]) -> tuple[Acl, ...]:
    """An instance of Confluent Control Center; the prefix of its own topics is fixed, as in the reference."""
    everything = ("WRITE", "READ", "CREATE", "DESCRIBE")
    acls = allow(principal, "GROUP", identity, "READ", pattern="PREFIXED")
    acls += allow(principal, "GROUP", f"{identity}-command", "READ", pattern="PREFIXED")
    acls += allow(principal, "GROUP", "*", "DESCRIBE") + _topics(principal, topics, None, everything)
    acls += allow(principal, "TOPIC", "_confluent-controlcenter", *everything, pattern="PREFIXED")
    acls += allow(principal, "TOPIC", "*", "CREATE")
    return acls + allow(principal, "CLUSTER", CLUSTER, "DESCRIBE", "DESCRIBE_CONFIGS")


def ksql_server(principal: str, identity: str) -> tuple[Acl, ...]:
    """A ksqlDB server; its processing log has no separator before the name, as in the reference."""
    acls = allow(principal, "CLUSTER", CLUSTER, "DESCRIBE_CONFIGS")
    acls += allow(principal, "TOPIC", f"_confluent-ksql-{identity}", "ALL", pattern="PREFIXED")
    acls += allow(principal, "TOPIC", f"{identity}ksql_processing_log", "ALL")
    return acls + allow(principal, "GROUP", f"_confluent-ksql-{identity}", "ALL", pattern="PREFIXED")
