"""Holds: what stays as it is on the cluster until a day, with a reason: `hold: {until: 2026-12-05, reason: OPS-12}`."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from kafka_gitops.diagnostics import Span
from kafka_gitops.model import Key, Topology, acl_key, topic_key
from kafka_gitops.shape.check import ListOf, Map, Text
from kafka_gitops.text.source import Node

KEY = "hold"
SHAPE = Map(
    {"until": Text(), "reason": Text(), "fields": ListOf(Text(), least=1, called="a list of fields")},
    ("until", "reason"),
    called="a hold",
)


class Hold(NamedTuple):
    """Until when something is left as it is, and why; `fields` are those that are, as files name them, empty for all.

    `until` is the moment at which it is over, `last` how it is told; `place` is where a file says it, None elsewhere.
    """

    until: datetime
    last: str
    reason: str
    fields: tuple[str, ...] = ()
    place: Span | None = None

    def __str__(self) -> str:
        """`held until 2026-12-05: incident OPS-12`."""
        return f"held until {self.last}: {self.reason}"


class Stated(NamedTuple):
    """A `hold:` of a file, the resources of its entry, and what it says where that can be understood."""

    node: Node
    keys: tuple[Key, ...]
    hold: Hold | None


def day(text: str | None) -> date | None:
    """`2026-12-05` as a date; None for anything else."""
    if text is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def over(last: date) -> datetime:
    """When a day is over, in UTC: the day that is named still counts."""
    start = datetime.combine(last, time(), timezone.utc)
    return start + timedelta(days=1) if last < date.max else start


def stated(topology: Topology) -> Iterator[Stated]:
    """Every hold of the files, once each, in the order of the kinds."""
    if not any(KEY in source.text for source in topology.sources.values()):
        return
    found: dict[int, tuple[Node, list[Key]]] = {}
    for keys, entry in _entries(topology):
        node = entry.map.get(KEY)
        if node is not None:
            found.setdefault(id(node), (node, []))[1].extend(keys)
    for node, held in found.values():
        yield Stated(node, tuple(dict.fromkeys(held)), _read(node))


def in_effect(topology: Topology, now: datetime, most: int) -> dict[Key, Hold]:
    """The holds that count now, by resource; one that is over, or that ends later than in so many days, does not."""
    found = {}
    for one in stated(topology):
        if one.hold is not None and counts(one.hold, now, most):
            found.update(dict.fromkeys(one.keys, one.hold))
    return found


def counts(hold: Hold, now: datetime, most: int) -> bool:
    """Whether a hold has any effect now, where one may last so many days."""
    return now < hold.until and not too_long(hold, now, most)


def too_long(hold: Hold, now: datetime, most: int) -> bool:
    """Whether a hold ends later than in so many days from now; of 0 days none is short enough."""
    left = hold.until.date() - now.astimezone(timezone.utc).date()
    return most == 0 or left.days > most + 1  # it is over with the day after the last


def joined(one: Mapping[Key, Hold], other: Mapping[Key, Hold]) -> dict[Key, Hold]:
    """Both; of two for one resource the one of all its fields counts, else the later."""
    found = dict(one)
    for key, hold in other.items():
        if key not in found or (not hold.fields, hold.until) > (not found[key].fields, found[key].until):
            found[key] = hold
    return found


def _entries(topology: Topology) -> Iterator[tuple[list[Key], Node]]:
    """The entries of the files with what each of them declares."""
    yield from (([topic_key(one.name)], one.node) for one in topology.topics)
    for grant in topology.grants:
        if KEY in grant.node.map:  # else no names of bindings are made
            yield [acl_key(acl) for acl in grant.acls], grant.node
    yield from (([one.key], one.node) for one in topology.declared)


def _read(node: Node) -> Hold | None:
    """What a hold says; None where it is not of the form."""
    until, reason, fields = (node.map.get(name) for name in ("until", "reason", "fields"))
    last = day(until.raw) if until is not None else None
    text = reason.text.strip() if reason is not None else ""
    if last is None or not text:
        return None
    named = tuple(item.text for item in fields.items) if fields is not None else ()
    return Hold(over(last), last.isoformat(), " ".join(text.split()), named, node.head)
