"""What the language has beyond the reference: explicit `acls`, `removed`, `access`, and names kept for later."""

from kafka_gitops.descriptor import access, bindings, removed
from kafka_gitops.reading.draft import Draft
from kafka_gitops.shape.check import ListOf
from kafka_gitops.text.source import Node

ACL = "an item of acls"
ACLS = ListOf(bindings.shape(ACL), called="a list of bindings")
RESERVED = ("users", "quotas", "connectors", "schemas", "offsets")


def is_addition(name: str, node: Node) -> bool:
    """Whether a top-level key is ours: a scalar under it (or nothing) is a segment of the hierarchy, as ever."""
    return name in (*RESERVED, "acls", "removed", "access") and node.children is not None


def read(draft: Draft, name: str, node: Node) -> None:
    """Take in one of our top-level keys."""
    if name == "acls":
        acls(draft, node, None)
    elif name == "removed":
        removed.read(draft, node)
    elif name == "access":
        access.read(draft, node)
    else:
        help = "the name is reserved; as a part of the names it must be plain text"
        draft.error(node.key_span, "unknown-key", f'top-level "{name}" is not supported yet', help)


def acls(draft: Draft, items: Node, project: str | None) -> None:
    """Declare the product of every item of an `acls:` list."""
    draft.look(items, ACLS)
    for node in items.items:
        for who, given in bindings.product(draft, node, ACL) if node.is_map else ():
            draft.grant("acl", who, node, project, given)
