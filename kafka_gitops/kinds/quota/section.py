"""Quotas in topology files: the section `quotas`, how `removed:` names one, and JulieOps' `platform.kafka.quotas`."""

from collections.abc import Iterator

from kafka_gitops import holds
from kafka_gitops.kinds.quota.spec import DEFAULT, TYPES, UNITS, Entity, Quota, address, key, name, number, parse
from kafka_gitops.kinds.section import Forms, Removable, Section
from kafka_gitops.model import Declared
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import ListOf, Map, Number, Shape, Text
from kafka_gitops.shape.found import wrong
from kafka_gitops.shape.json_schema import Json, name_of, one_of
from kafka_gitops.text.scalars import plain_value
from kafka_gitops.text.source import Node

CALLED = "a client quota"
OF_ADDRESS = "connection_creation_rate"
_LIMITS = {limit: Number() for limit in UNITS}
_WHO = {"user": Text(), "client_id": Text(), "ip": Text()}
_HINTS = {
    "principal": "say whose it is by its bare name: user: NAME",
    "client-id": "write client_id",
    "client": "write client_id",
}
_KEYS: dict[str, Shape] = {**_WHO, **_LIMITS, holds.KEY: holds.SHAPE}
SHAPE = ListOf(Map(_KEYS, hints=_HINTS, called=CALLED, first="user"), called="a list of quotas")
SAYS = {
    "quotas": "Limits of users, client ids and addresses; each broker counts for itself.",
    "user": "The user's bare name, as the brokers see it, or <default> for all that have no quota of their own.",
    "client_id": "The client id, or <default>; with a user it is about that user's clients of this id.",
    "ip": "An IP address, or <default>.",
    "producer_byte_rate": "Bytes a second that it may write to each broker.",
    "consumer_byte_rate": "Bytes a second that it may read from each broker.",
    "request_percentage": "Percent of one thread's time that its requests may take on each broker; 200 is two threads.",
    "controller_mutation_rate": "Partitions a second that it may create and delete.",
    "connection_creation_rate": "Connections a second that each broker takes from the address.",
}


def read(draft: Draft, items: Node, place: Place | None) -> None:
    """Declare the quotas of a list."""
    for node in items.items:
        entity = _entity(draft, node) if node.is_map else None
        if entity is not None:
            _declare(draft, node, entity, place)


def read_principals(draft: Draft, items: Node, place: Place | None) -> None:
    """Declare the quotas of JulieOps' list, which says `principal` for the user; an empty one is the default."""
    for node in items.items:
        user = node.map.get("principal") if node.is_map else None
        if user is not None and user.raw is not None:
            _declare(draft, node, (("user", bare(draft.text(user)) or None),), place)


def bare(user: str) -> str:
    """A user's name as the brokers compare it: without the principal's type."""
    return user.removeprefix("User:")


def _entity(draft: Draft, node: Node) -> Entity | None:
    """Whose quota an entry is; what it cannot be is noted."""
    found = {kind.replace("_", "-"): draft.text(node.map[kind]) for kind in _WHO if draft.optional(node, kind)}
    if not found:
        if node.map.keys() <= _KEYS.keys():  # else a key that is not known was meant for it
            draft.error(
                node.head, "missing-key", 'a quota needs one of "user", "client_id" and "ip"', "say whose it is"
            )
        return None
    if "ip" in found and len(found) > 1:
        said = "a quota of an address is of no user or client id"
        draft.error(node.map["ip"].key_span, "unknown-key", said, "write an item for each")
        return None
    named = ((kind, None if text == DEFAULT else _canonical(kind, text)) for kind, text in found.items())
    return tuple(sorted(named))


def _canonical(kind: str, text: str) -> str:
    if kind == "ip":
        return address(text) or text
    return bare(text) if kind == "user" else text


def _declare(draft: Draft, node: Node, entity: Entity, place: Place | None) -> None:
    limits = dict(_limits(draft, node, of_address="ip" in dict(entity)))
    if limits:
        draft.declare(Declared(key(entity), Quota(entity, limits), node, place.project if place else None))
    elif node.map.keys() <= {*_WHO, "principal", holds.KEY}:
        known = OF_ADDRESS if "ip" in dict(entity) else "producer_byte_rate"
        draft.error(node.head, "missing-key", f"a quota without a limit limits nothing: {name(entity)}", f"add {known}")


def _limits(draft: Draft, node: Node, *, of_address: bool) -> Iterator[tuple[str, str]]:
    """The limits that are numbers; `quota-value` tells of those that Kafka does not take."""
    for limit in filter(node.map.__contains__, UNITS):
        child = node.map[limit]
        if (limit == OF_ADDRESS) != of_address:
            whose = "an address" if of_address else "a user or client id"
            help = f"an address has {OF_ADDRESS} only" if of_address else f"{OF_ADDRESS} is for ip"
            draft.error(child.key_span, "unknown-key", f'a quota of {whose} has no key "{limit}"', help)
            continue
        value = plain_value(child.raw) if child.raw is not None else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield limit, number(value)


def _removed(draft: Draft, node: Node) -> str | None:
    """The name of the quota that `removed:` means, taken as written: `user=User:orders` is what JulieOps left."""
    text = draft.text(node)
    entity = parse(text)
    if entity is not None:
        return name(entity)
    kind, _, rest = text.partition("=")
    help = 'for example: {quota: "user=orders client-id=batch"}, with <default> for the default'
    if kind in TYPES and rest and "=" not in rest:  # a name with blanks
        help = f"write '{name(((kind, rest),))}'"
    draft.problems.append(wrong(node, "the name of a quota", help))
    return None


def _refine(defs: dict[str, Json]) -> None:
    """Say in the JSON Schema whose a quota can be, and that it has a limit."""
    others = [limit for limit in UNITS if limit != OF_ADDRESS]
    address_only: Json = {"required": ["ip", OF_ADDRESS], "not": one_of(["user", "client_id", *others], "anyOf")}
    whoever: Json = {
        "allOf": [one_of(["user", "client_id"], "anyOf"), one_of(others, "anyOf")],
        "not": one_of(["ip", OF_ADDRESS], "anyOf"),
    }
    defs[name_of(CALLED)]["oneOf"] = [address_only, whoever]


SECTIONS = (Section("quotas", ("file", "project"), SHAPE, SAYS, read, refine=_refine),)
REMOVED = Removable("A quota, as plans name it: user=orders client-id=batch.", None, _removed)
FORMS: Forms = {"platform.kafka.quotas": read_principals}
