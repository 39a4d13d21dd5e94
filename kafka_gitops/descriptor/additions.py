"""What the language has beyond the reference: explicit `acls`, `removed`, `access`, and names kept for later."""

from collections import Counter
from collections.abc import Iterable, Iterator

from kafka_gitops.catalog.acls import operations
from kafka_gitops.descriptor import access
from kafka_gitops.descriptor.draft import Draft
from kafka_gitops.descriptor.roles import CLUSTER, by_star
from kafka_gitops.descriptor.shapes import TEXT
from kafka_gitops.model import WORDS, Acl, Removal
from kafka_gitops.shape import Boolean, ListOf, Map, near
from kafka_gitops.source import Node

ACLS = ListOf(
    Map(
        {
            **{
                name: ListOf(TEXT, least=1)
                for name in (
                    "principals", "allow", "deny", "topics", "groups", "transactional_ids", "delegation_tokens",
                    "users", "hosts",
                )
            },
            "cluster": Boolean(),
        },
        ("principals",),
        called="an item of acls",
    ),
    called="a list of bindings",
)  # fmt: skip
REMOVED = ListOf(
    Map({"topic": TEXT, "release": Boolean(), "because": TEXT}, ("topic",), called="an item of removed"),
    called="a list of removals",
)
MOST_OF_ONE, MOST = 10_000, 100_000  # bindings of one item of acls, and of all
RESERVED = ("users", "quotas", "connectors", "schemas", "offsets")

KINDS = {
    "topics": "TOPIC",
    "groups": "GROUP",
    "transactional_ids": "TRANSACTIONAL_ID",
    "delegation_tokens": "DELEGATION_TOKEN",
    "users": "USER",
}


def is_addition(name: str, node: Node) -> bool:
    """Whether a top-level key is ours: a scalar under it (or nothing) is a segment of the hierarchy, as ever."""
    return name in (*RESERVED, "acls", "removed", "access") and node.children is not None


def read(draft: Draft, name: str, node: Node) -> None:
    """Take in one of our top-level keys."""
    if name == "acls":
        acls(draft, node, None)
    elif name == "removed":
        _removed(draft, node)
    elif name == "access":
        access.read(draft, node)
    else:
        help = f'it is kept for later; only a plain text under "{name}" is a segment of the names'
        draft.error(node.key_span, "unknown-key", f'"{name}" at top level is not supported yet', help)


def acls(draft: Draft, items: Node, project: str | None) -> None:
    """Declare the product of every item of an `acls:` list."""
    draft.look(items, ACLS)
    for node in items.items:
        if not node.is_map:
            continue
        verbs = [verb for verb in ("allow", "deny") if verb in node.map]
        if len(verbs) != 1:
            said = 'an item of acls needs one of "allow" and "deny"' + (", found both" if verbs else "")
            draft.error(node.head, "missing-key", said, "for example: allow: [READ, DESCRIBE]")
            continue
        resources = list(_resources(draft, node))
        if not resources:
            said = f"an item of acls needs at least one of {', '.join(sorted(KINDS))}, cluster: true"
            draft.error(node.head, "missing-key", said, "say what the principals may use")
        wanted = [
            (operation, kind)
            for kind in dict.fromkeys(kind for kind, _, _ in resources)
            for operation in _operations(draft, node.map[verbs[0]], kind)
        ]
        hosts = draft.names(node, "hosts") or ["*"]
        permission, principals = verbs[0].upper(), draft.names(node, "principals")
        if _too_many(draft, node, len(principals) * len(hosts) * _each(wanted, resources)):
            continue
        for who in principals:
            bindings = tuple(
                Acl(who, host, operation, permission, kind, pattern, name)
                for operation, on in wanted
                for kind, pattern, name in resources
                if kind == on
                for host in hosts
            )
            draft.grant("acl", who, node, project, bindings)


def _each(wanted: Iterable[tuple[str, str]], resources: Iterable[tuple[str, str, str]]) -> int:
    """How many bindings an item gives to each principal from each host."""
    named = Counter(kind for kind, _, _ in resources)
    return sum(named[kind] for _, kind in wanted)


def _too_many(draft: Draft, node: Node, count: int) -> bool:
    """Whether an item is left out, before it is multiplied: by itself, or with all before it, it is too much."""
    if count <= MOST_OF_ONE and draft.multiplied + count <= MOST:
        draft.multiplied += count
        return False
    said = f"this item multiplies to {count:,} bindings, at most {MOST_OF_ONE:,} are read"
    if count <= MOST_OF_ONE:
        said = f"the items of acls multiply to {draft.multiplied + count:,} bindings here, at most {MOST:,} are read"
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


def _removed(draft: Draft, items: Node) -> None:
    draft.look(items, REMOVED)
    for node in items.items:
        topic = draft.optional(node, "topic")
        if topic is not None:
            release = node.get("release")
            because = draft.optional(node, "because")
            draft.removals.append(Removal(topic, release is not None and release.text == "true", because, node))


def contradictions(draft: Draft) -> None:
    """Note every topic that is both declared and removed, with both places."""
    if not draft.removals:
        return
    declared = {topic.name: topic.node for topic in draft.topics}
    for removal in draft.removals:
        node = declared.get(removal.topic)
        if node is not None:
            span, related = removal.node.at("topic"), ((node.at("name"), "declared here"),)
            said = f'the topic "{removal.topic}" is both declared and removed, declared in {related[0][0]}'
            draft.error(span, "topic-duplicate", said, "delete one of the two", related=related)
