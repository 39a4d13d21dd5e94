"""Items of `acls:` and `removed:` that name bindings: their shape, and the product of their lists."""

from collections import Counter
from collections.abc import Iterable, Iterator

from kafka_gitops.catalog.acls import operations
from kafka_gitops.descriptor.roles import CLUSTER, by_star
from kafka_gitops.descriptor.shapes import TEXT
from kafka_gitops.model import WORDS, Acl
from kafka_gitops.reading.bounds import MOST, MOST_OF_ONE
from kafka_gitops.reading.draft import Draft
from kafka_gitops.shape.check import Boolean, ListOf, Map, Shape
from kafka_gitops.shape.found import near
from kafka_gitops.text.source import Node

_LISTS = (
    "principals", "allow", "deny", "topics", "groups", "transactional_ids", "delegation_tokens", "users", "hosts",
)  # fmt: skip
KINDS = {
    "topics": "TOPIC",
    "groups": "GROUP",
    "transactional_ids": "TRANSACTIONAL_ID",
    "delegation_tokens": "DELEGATION_TOKEN",
    "users": "USER",
}


def shape(called: str) -> Map:
    """What such an item may be."""
    keys: dict[str, Shape] = {name: ListOf(TEXT, least=1) for name in _LISTS}
    return Map({**keys, "cluster": Boolean()}, ("principals",), called=called)


def product(draft: Draft, node: Node, called: str) -> Iterator[tuple[str, tuple[Acl, ...]]]:
    """Each principal of an item with its bindings, every operation on every resource from every host.

    What is wrong with the item is noted, and then it gives none.
    """
    verbs = [verb for verb in ("allow", "deny") if verb in node.map]
    if len(verbs) != 1:
        said = f'{called} needs one of "allow" and "deny"' + (", found both" if verbs else "")
        draft.error(node.head, "missing-key", said, "for example: allow: [READ, DESCRIBE]")
        return
    resources = list(_resources(draft, node))
    if not resources:
        said = f"{called} needs at least one of {', '.join(sorted(KINDS))}, cluster: true"
        draft.error(node.head, "missing-key", said, "say what the principals may use")
        return
    wanted = [
        (operation, kind)
        for kind in dict.fromkeys(kind for kind, _, _ in resources)
        for operation in _operations(draft, node.map[verbs[0]], kind)
    ]
    hosts = draft.names(node, "hosts") or ["*"]
    permission, principals = verbs[0].upper(), draft.names(node, "principals")
    if _too_many(draft, node, len(principals) * len(hosts) * _each(wanted, resources)):
        return
    for who in principals:
        yield (
            who,
            tuple(
                Acl(who, host, operation, permission, kind, pattern, name)
                for operation, on in wanted
                for kind, pattern, name in resources
                if kind == on
                for host in hosts
            ),
        )


def _each(wanted: Iterable[tuple[str, str]], resources: Iterable[tuple[str, str, str]]) -> int:
    """How many bindings an item gives to each principal from each host."""
    named = Counter(kind for kind, _, _ in resources)
    return sum(named[kind] for _, kind in wanted)


def _too_many(draft: Draft, node: Node, count: int) -> bool:
    """Whether an item is left out, before it is multiplied: by itself, or with all before it, it is too much."""
    if count <= MOST_OF_ONE and draft.bindings.multiplied + count <= MOST:
        draft.bindings.multiplied += count
        return False
    said = f"this item multiplies to {count:,} bindings, at most {MOST_OF_ONE:,} are read"
    if count <= MOST_OF_ONE:
        number = draft.bindings.multiplied + count
        said = f"the items of acls multiply to {number:,} bindings here, at most {MOST:,} are read"
    draft.error(node.head, "acl-too-many", said, "name a prefix for topics, ALL for operations, or fewer of each")
    return True


def _resources(draft: Draft, node: Node) -> Iterator[tuple[str, str, str]]:
    for key, kind in KINDS.items():
        for text in draft.names(node, key):
            name, pattern = by_star(text)
            yield kind, pattern, name
    cluster = node.get("cluster")
    if cluster is not None and cluster.text == "true":
        yield "CLUSTER", "LITERAL", CLUSTER


def _operations(draft: Draft, listed: Node, kind: str) -> Iterator[str]:
    known = operations(kind)
    for node in listed.items:
        operation = node.text.upper()
        if operation in known:
            yield operation
        elif node.raw is not None:
            meant = near(operation, known)
            help = f'did you mean "{meant}"?' if meant else f"a {WORDS[kind]} knows {', '.join(sorted(known))}"
            said = f'Kafka has no operation "{node.text}" on a {WORDS[kind]}'
            draft.error(node.span, "wrong-type", said, help)
