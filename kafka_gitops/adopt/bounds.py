"""The `manage:` block that bounds what was taken over: everything of it is inside, and nothing that was left."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from kafka_gitops.adopt.inventory import Inventory
from kafka_gitops.kinds import KINDS
from kafka_gitops.writing import compact

_ORDER = (
    "topics", "groups", "transactional_ids", "principals", "cluster", "delegation_tokens",
    *dict.fromkeys(name for kind in KINDS.values() for name in kind.MANAGE),
)  # fmt: skip
_EXACT = ("cluster", "connector_classes", "connector_overrides", "quota_defaults")  # no names with beginnings
_FEW = 5  # names that are listed one by one
_FIRST = re.compile(r"(?:[A-Za-z]+:)?[^.\-_/:]+[.\-_/:]")  # the first part of a name; of a principal after its type


def manage(inventory: Inventory) -> dict[str, list[str]]:
    """The lists of `manage` and their patterns.

    Many names that begin alike become a pattern where nothing that was left on the servers begins so.
    """
    claimed: dict[str, set[str]] = {}
    for key, spec in inventory.specs.items():
        for name, pattern in KINDS[key.kind].claims(key, spec):
            claimed.setdefault(name, set()).add(pattern)
    left = {one.what.partition(" ")[2] for one in inventory.left}
    known = [name for name in dict.fromkeys((*_ORDER, *sorted(claimed))) if name in claimed]
    return {name: sorted(claimed[name] if name in _EXACT else _folded(claimed[name], left)) for name in known}


def lines(found: Mapping[str, Collection[str]]) -> Iterator[str]:
    """The block as kafka-gitops.yaml has it."""
    yield from compact.mapping("manage", {name: [*patterns] for name, patterns in found.items()})


def _folded(claimed: Collection[str], left: Collection[str]) -> Iterable[str]:
    """The patterns that have all of these, and none of those that were left."""
    if "*" in claimed:
        return ["*"]
    begins = _outermost(one[:-1] for one in claimed if one.endswith("*"))
    names = [one for one in claimed if not one.endswith("*") and not one.startswith(begins)]
    grouped: dict[str, list[str]] = {}
    for name in names:
        first = _FIRST.match(name) if len(names) > _FEW else None
        grouped.setdefault(first[0] if first else name, []).append(name)
    whole = {first for first, own in grouped.items() if len(own) > 1 and not any(one.startswith(first) for one in left)}
    begins = _outermost((*begins, *whole))
    return {f"{one}*" for one in begins} | {one for one in names if not one.startswith(begins)}


def _outermost(begins: Iterable[str]) -> tuple[str, ...]:
    """Beginnings of which none begins with another."""
    found: list[str] = []
    for one in sorted(begins):
        if not found or not one.startswith(found[-1]):
            found.append(one)
    return tuple(found)
