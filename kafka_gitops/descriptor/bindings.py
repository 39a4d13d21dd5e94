"""Items of `acls:` and `removed:` that name bindings: their shape, and the product of their lists."""

from collections import Counter
from collections.abc import Iterable, Iterator

from kafka_gitops import holds
from kafka_gitops.catalog.acls import operations
from kafka_gitops.descriptor.roles import CLUSTER, by_star
from kafka_gitops.descriptor.shapes import TEXT
from kafka_gitops.kinds.section import Section
from kafka_gitops.model import WORDS, Acl
from kafka_gitops.reading.bounds import MOST, MOST_OF_ONE
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import AnyOf, Boolean, ListOf, Map, Shape
from kafka_gitops.shape.found import Found, near
from kafka_gitops.shape.json_schema import Json, name_of, one_of
from kafka_gitops.text.source import Node

ACL = "an item of acls"
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
LITERAL = Map({"literal": TEXT}, ("literal",), called="a literal name")


class Name(AnyOf):
    """A name, where a * at the end makes a prefix, or a mapping that stands for exactly that name."""

    def look(self, node: Node, found: Found) -> None:
        """What is wrong with whichever it is."""
        (LITERAL if node.is_map else TEXT).look(node, found)


NAME = Name((TEXT, LITERAL))


def shape(called: str, **more: Shape) -> Map:
    """What such an item may be, with some keys more."""
    keys: dict[str, Shape] = {name: ListOf(NAME if name in KINDS else TEXT, least=1) for name in _LISTS}
    return Map({**keys, "cluster": Boolean(), **more}, ("principals",), called=called)


def pattern(name: Json) -> Json:
    """The JSON Schema of a name in an item, or of the mapping that stands for exactly one."""
    return {"anyOf": [dict(name), {"$ref": f"#/$defs/{name_of(LITERAL.called)}"}]}


def choices(item: Json) -> None:
    """Add to the JSON Schema of an item which of its keys go together."""
    item |= one_of(("allow", "deny"), "oneOf") | one_of((*KINDS, "cluster"), "anyOf")


def read(draft: Draft, items: Node, place: Place | None) -> None:
    """Declare the product of every item of an `acls:` list."""
    for node in items.items:
        for who, given in product(draft, node, ACL) if node.is_map else ():
            draft.grant("acl", who, node, place.project if place else None, given)


SECTION = Section(
    "acls",
    ("file", "project"),
    ListOf(shape(ACL, hold=holds.SHAPE), called="a list of bindings"),
    {
        "acls": "Explicit bindings, beside those of the roles.",
        "principals": "Who it is about, such as User:NAME.",
        "allow": "Operations in Kafka's words, such as READ.",
        "deny": "Operations that are denied, whatever allows them.",
        "topics": "Full names of topics; a * at the end makes a prefix.",
        "groups": "Consumer groups; a * at the end makes a prefix.",
        "transactional_ids": "Transactional ids; a * at the end makes a prefix.",
        "delegation_tokens": "Ids of delegation tokens.",
        "users": "Users on whose tokens it is about, such as User:NAME.",
        "hosts": "Hosts that the requests come from; without it: every host.",
        "literal": "Exactly this name, also where it ends in *.",
    },
    read,
    refine=lambda defs: choices(defs[name_of(ACL)]),
)


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
    if not resources and any(node.map[key].items for key in KINDS if key in node.map):
        return  # what is wrong with the names was said
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
    if count <= MOST_OF_ONE and draft.bindings.takes(count):
        return False
    said = f"this item multiplies to {count:,} bindings, at most {MOST_OF_ONE:,} are read"
    if count <= MOST_OF_ONE:
        number = draft.bindings.multiplied + count
        said = f"the items of acls multiply to {number:,} bindings here, at most {MOST:,} are read"
    draft.error(node.head, "acl-too-many", said, "name a prefix for topics, ALL for operations, or fewer of each")
    return True


def _resources(draft: Draft, node: Node) -> Iterator[tuple[str, str, str]]:
    for key, kind in KINDS.items():
        listed = node.map.get(key)
        for item in listed.items if listed is not None else ():
            if item.raw is not None:
                name, pattern = by_star(draft.text(item))
                yield kind, pattern, name
            elif (text := _literal(draft, item)) is not None:
                yield kind, "LITERAL", text
    cluster = node.get("cluster")
    if cluster is not None and cluster.text == "true":
        yield "CLUSTER", "LITERAL", CLUSTER


def _literal(draft: Draft, item: Node) -> str | None:
    """The name of `{literal: NAME}`; the * alone is Kafka's own sign for all names (ResourcePattern)."""
    name = draft.optional(item, "literal")
    if name == "*":
        said = 'no name is a literal "*": for Kafka it is every name'
        draft.error(item.map["literal"].span, "wrong-type", said, 'write "*" for every name')
        return None
    return name


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
