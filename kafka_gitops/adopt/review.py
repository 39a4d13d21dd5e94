"""What somebody who reviews an import should look at: it is on the servers, and may not be meant."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from kafka_gitops.adopt.inventory import Inventory
from kafka_gitops.model import WORDS, Acl, Topic
from kafka_gitops.scope import HARMLESS

WIDE, ALONE, NOWHERE = "rights that reach far", "topics with one replica", "rights that match nothing there today"
_ANYONE = ("User:*", "User:ANONYMOUS")


class Look(NamedTuple):
    """One thing to look at: what is of interest, which it is, and a clause about it where there is more to say."""

    about: str
    what: str
    more: str = ""


def looks(
    inventory: Inventory, *, topics: Collection[str] | None = None, groups: Collection[str] | None = None
) -> list[Look]:
    """Everything, the widest rights first.

    `topics` are the names of all topics of the cluster (None: those of the inventory, taken over or left), `groups`
    those of its consumer groups (None: nobody knows, so no right on a group is said to match nothing). A right that
    matches nothing today may be one for tomorrow: nobody can see whether it is needed.
    """
    names = sorted(_topics(inventory) if topics is None else topics)
    acls = sorted(spec for spec in inventory.specs.values() if isinstance(spec, Acl))
    return [
        *_wide(acls, names),
        *(Look(ALONE, key.name) for key, spec in sorted(inventory.specs.items()) if _is_alone(spec)),
        *_nowhere(acls, {"TOPIC": names, **({} if groups is None else {"GROUP": sorted(groups)})}),
    ]


def _topics(inventory: Inventory) -> Iterator[str]:
    yield from (key.name for key, spec in inventory.specs.items() if isinstance(spec, Topic))
    for one in inventory.left:
        kind, _, name = one.what.partition(" ")
        if kind == "topic":
            yield name


def _is_alone(spec: object) -> bool:
    return isinstance(spec, Topic) and spec.replication == 1


def _wide(acls: Sequence[Acl], topics: Sequence[str]) -> Iterator[Look]:
    """Rights of everybody, on the cluster, on all names, and on prefixes by how many topics these have."""
    ranked = [(rank, acl) for acl in acls if acl.permission == "ALLOW" and (rank := _rank(acl, topics)) is not None]
    merged: dict[tuple[tuple[int, int], Acl], list[str]] = {}
    for rank, acl in sorted(ranked):
        merged.setdefault((rank, acl._replace(operation="")), []).append(acl.operation)
    for ((_, count), acl), operations in merged.items():
        reach = f"{-count:,} of {len(topics):,} topics" if count else ""
        yield Look(WIDE, str(acl._replace(operation=", ".join(operations))), reach)


def _rank(acl: Acl, topics: Sequence[str]) -> tuple[int, int] | None:
    """Where a right stands among the widest, None where it is none of them."""
    if acl.principal in _ANYONE:
        return 0, 0
    if acl.resource_type == "CLUSTER":
        return None if acl.operation == HARMLESS else (1, 0)
    if acl.name == "*" and acl.pattern_type == "LITERAL":
        return 2, 0
    if acl.pattern_type != "PREFIXED":
        return None
    return (3, -len(_begin(topics, acl.name))) if acl.resource_type == "TOPIC" else (4, 0)


def _begin(names: Sequence[str], prefix: str) -> Sequence[str]:
    """Those of sorted names that begin so."""
    first = bisect_left(names, prefix)
    return names[first : bisect_left(names, f"{prefix}\U0010ffff", first)]


def _nowhere(acls: Sequence[Acl], there: dict[str, Sequence[str]]) -> Iterator[Look]:
    """The principals with rights on names that nothing has today, each name once."""
    whole = {kind: frozenset(names) for kind, names in there.items()}
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for acl in acls:
        if acl.resource_type not in there or (acl.name == "*" and acl.pattern_type == "LITERAL"):
            continue
        literal = acl.pattern_type == "LITERAL"
        matched = acl.name in whole[acl.resource_type] if literal else _begin(there[acl.resource_type], acl.name)
        if not matched:
            key = acl.principal, acl.resource_type, acl.pattern_type, acl.name
            found.setdefault(key, []).append(acl.operation)
    for (principal, kind, pattern, name), _ in found.items():
        shown = f"{name}*" if pattern == "PREFIXED" else name
        yield Look(NOWHERE, f"{principal} on {WORDS[kind]} {shown}", f"there is no such {WORDS[kind]} today")
