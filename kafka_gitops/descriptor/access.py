"""The `access:` section: expectations of who can do what, for the rule access-test to hold the bindings to."""

from collections.abc import Iterator

from kafka_gitops.catalog.acls import ALL, operations
from kafka_gitops.descriptor.roles import CLUSTER
from kafka_gitops.descriptor.shapes import ACCESS
from kafka_gitops.kinds.section import Section
from kafka_gitops.model import WORDS, Access
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.found import near
from kafka_gitops.shape.json_schema import Json, one_of
from kafka_gitops.text.source import Node

KINDS = {
    "topic": "TOPIC",
    "group": "GROUP",
    "transactional_id": "TRANSACTIONAL_ID",
    "delegation_token": "DELEGATION_TOKEN",
    "user": "USER",
}


def read(draft: Draft, items: Node, _place: Place | None) -> None:
    """Take in every expectation of an `access:` list; what is wrong with one is noted, and it is left out."""
    for node in items.items:
        principal = draft.optional(node, "principal")
        verb = _verb(draft, node)
        if principal is None or verb is None:
            continue
        resources = tuple(_resources(draft, node))
        if not resources:
            said = f"an item of access needs at least one of {', '.join(sorted(KINDS))}, cluster: true"
            draft.error(node.head, "missing-key", said, "say what it is about: topic: NAME")
            continue
        operation = _operation(draft, node.map[verb], [kind for kind, _ in resources])
        if operation is not None:
            host = draft.optional(node, "host")
            draft.access.append(Access(principal, verb == "can", operation, resources, host, node))


def _verb(draft: Draft, node: Node) -> str | None:
    """`can` or `cannot`, whichever the item has."""
    verbs = [verb for verb in ("can", "cannot") if verb in node.map]
    if len(verbs) == 1:
        return verbs[0] if draft.optional(node, verbs[0]) is not None else None
    if node.is_map:
        said = 'an item of access needs one of "can" and "cannot"' + (", found both" if verbs else "")
        draft.error(node.head, "missing-key", said, "for example: can: read")
    return None


def _resources(draft: Draft, node: Node) -> Iterator[tuple[str, str]]:
    for key, kind in KINDS.items():
        name = draft.optional(node, key)
        if name is not None:
            yield kind, name
    cluster = node.get("cluster")
    if cluster is not None and cluster.text == "true":
        yield "CLUSTER", CLUSTER


def _operation(draft: Draft, node: Node, kinds: list[str]) -> str | None:
    """The operation in Kafka's words, if each kind of resource has it: any case, with blanks or dashes too."""
    operation = node.text.strip().upper().replace("-", "_").replace(" ", "_")
    for kind in kinds:
        known = [name.lower() for name in operations(kind) if name != ALL]
        if operation.lower() not in known:
            meant = near(operation.lower(), known)
            help = f'did you mean "{meant}"?' if meant else f"a {WORDS[kind]} knows {', '.join(sorted(known))}"
            said = f'Kafka has no operation "{node.text}" on a {WORDS[kind]}'
            draft.error(node.span, "wrong-type", said, help)
            return None
    return operation


def _choices(defs: dict[str, Json]) -> None:
    """Which keys of an expectation go together."""
    defs["item-of-access"] |= one_of(("can", "cannot"), "oneOf") | one_of((*KINDS, "cluster"), "anyOf")


SECTION = Section(
    "access",
    ("file",),
    ACCESS,
    {
        "access": "Expectations of who can do what; lint holds the bindings to them.",
        "can": "The operation that must be allowed, such as read or describe_configs.",
        "cannot": "The operation that must not be allowed, such as read or describe_configs.",
        "topic": "A topic's full name; a * at the end means every name that begins so.",
        "group": "A consumer group; a * at the end means every name that begins so.",
        "transactional_id": "A transactional id; a * at the end means every name that begins so.",
        "delegation_token": "A delegation token's id.",
        "user": "A user on whose tokens it is about.",
        "host": "The host that the request comes from.",
    },
    read,
    refine=_choices,
)
