"""What a change of a topic would take away now, counted: records, bytes, and the groups that have not read them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import NamedTuple

from kafka_gitops.catalog import humanize
from kafka_gitops.errors import listed
from kafka_gitops.kinds.readers import Group, Holding, Log, Seen

_FEW = 3  # groups that are named
_CLUSTER = "needs Describe on the cluster"
_GROUPS = "needs Describe on all groups"


class Figures(NamedTuple):
    """What a topic of that name holds, and all groups that were seen."""

    name: str
    holding: Holding
    seen: Seen


class Loss(NamedTuple):
    """What would go of a topic: its records, of which there may be fewer than offsets, its bytes where they are told,
    and the first offset that stays by partition."""

    records: int
    size: int | None
    first: Mapping[int, int]


def older(holding: Holding) -> Loss:
    """What is older than the age that was asked for: Kafka deletes whole segments from the start of each partition."""
    return _loss(holding, {number: log.start if log.kept is None else log.kept for number, log in holding.logs.items()})


def beyond(holding: Holding, most: int) -> Loss | None:
    """What is beyond so many bytes a partition; None where its bytes are not told, or not all of them (tiered)."""
    first, size = {}, 0
    for number, log in holding.logs.items():
        if log.size is None or _tiered(log):
            return None
        over = max(0, log.size - most)
        first[number] = log.start + (over * (log.end - log.start) // log.size if over else 0)
        size += over
    return Loss(_records(holding, first), size, first)


def tiered(holding: Holding) -> Loss | None:
    """What only tiered storage keeps; None where the brokers do not tell it. The bytes there are told by none."""
    if any(log.local is None for log in holding.logs.values()):
        return None
    first = {number: max(log.start, log.local or 0) for number, log in holding.logs.items()}
    return Loss(_records(holding, first), None, first)


def either(one: Loss, other: Loss | None) -> Loss:
    """What goes by one of two limits, with the bytes of the one that takes more of the records."""
    if other is None:
        return one
    more, less = (one, other) if one.records >= other.records else (other, one)
    first = {number: max(offset, less.first[number]) for number, offset in more.first.items()}
    return Loss(more.records + sum(max(0, first[n] - offset) for n, offset in more.first.items()), more.size, first)


def everything(holding: Holding) -> Loss:
    """What goes with the topic."""
    return _loss(holding, {number: log.end for number, log in holding.logs.items()})


def _loss(holding: Holding, first: Mapping[int, int]) -> Loss:
    sizes = [_share(log, first[number]) for number, log in holding.logs.items()]
    known = [size for size in sizes if size is not None]
    return Loss(_records(holding, first), sum(known) if len(known) == len(sizes) else None, first)


def _records(holding: Holding, first: Mapping[int, int]) -> int:
    return sum(max(0, first[number] - log.start) for number, log in holding.logs.items())


def _tiered(log: Log) -> bool:
    return log.local is not None and log.local > log.start


def _share(log: Log, first: int) -> int | None:
    """The bytes of the offsets before `first`, as if all were of one size; None where they are not told."""
    if first <= log.start:
        return 0
    if log.size is None or _tiered(log):
        return None
    return log.size * (first - log.start) // (log.end - log.start)


def unread(group: Group, figures: Figures, loss: Loss) -> int:
    """How many of the records that would go a group has not read, by what it committed for the topic."""
    committed, logs = group.offsets.get(figures.name), figures.holding.logs
    if not committed:
        return 0
    behind = ((loss.first[n] - max(offset, logs[n].start)) for n, offset in committed.items() if n in loss.first)
    return sum(max(0, number) for number in behind)


def of_shrink(figures: Figures, loss: Loss | None, none: str, *, by_size: bool = False) -> str:
    """How much a shorter retention takes now, as an end of its sentence; `none` says that nothing is that far."""
    if loss is None or not figures.holding.logs:
        why = _CLUSTER if figures.holding.refused and figures.holding.logs else "the brokers do not tell it"
        return f"; how much now is not known ({why})"
    if not loss.records and not figures.holding.left:
        return f"; {none}"
    return f"; now {_amount(loss, figures.holding, by_size=by_size)}; {_not_read(figures, loss)}"


def of_delete(figures: Figures) -> str:
    """What is lost with a topic and who reads it; nothing where it is empty and it is certain that nobody reads it."""
    holding, seen = figures.holding, figures.seen
    loss, readers = everything(holding), list(_readers(figures))
    holds = bool(loss.records or holding.left)
    if not (holds or readers or seen.blind or seen.silent or seen.untold):
        return ""
    if not (holds or readers or seen.silent or seen.untold):
        return f"it holds no records, but a group may read it: not all may be seen ({_GROUPS})"
    lost = f"its records are lost: {_amount(loss, holding, more=_newest(holding))}" if holds else "it holds no records"
    if not holding.logs and holding.left:
        lost = "its records are lost: how many is not known (the brokers do not tell it)"
    who = f"read by {listed(readers, most=_FEW)}" if readers else "no group has members there or is behind"
    return f"{lost}; {who}{_untold(seen)}"


def _newest(holding: Holding) -> str:
    newest = max((log.newest for log in holding.logs.values() if log.newest is not None), default=-1)
    if newest < 0:
        return ""
    return f", the newest of {datetime.fromtimestamp(newest / 1000, timezone.utc):%Y-%m-%d %H:%M} UTC"


def _amount(loss: Loss, holding: Holding, *, by_size: bool = False, more: str = "") -> str:
    """`up to 1,234 records (about 3.2 GiB)`; by size the bytes are what is known and the records the guess."""
    records, left = _count(loss.records, "record"), ""
    if holding.left:
        left = f", {_count(holding.left, 'partition')} not looked at"
    if by_size:
        return f"up to {_bytes(loss.size or 0)} (about {records}){left}{more}"
    size = f" (about {_bytes(loss.size)}{more})" if loss.size is not None else f" ({_why(holding)}{more})"
    return f"up to {records}{size}{left}"


def _why(holding: Holding) -> str:
    return f"bytes: {_CLUSTER}" if holding.refused else "bytes not told"


def _not_read(figures: Figures, loss: Loss) -> str:
    """Which groups have not read what would go."""
    seen = figures.seen
    behind = {group.name: unread(group, figures, loss) for group in seen.groups}
    late = sorted((group for group, number in behind.items() if number), key=lambda group: (-behind[group], group))
    if late:
        named = listed([f"{group} ({behind[group]:,})" for group in late], most=_FEW)
        return f"not read yet by {named}{_untold(seen)}"
    here = [group.name for group in seen.groups if figures.name in group.offsets]
    said = f"read by all that committed offsets there: {listed(sorted(here), most=_FEW)}"
    return f"{said if here else 'no group has committed offsets there'}{_untold(seen)}"


def _readers(figures: Figures) -> Iterator[str]:
    """The groups with members on a topic, or behind on it: `billing (2 members, 12 behind)`."""
    loss = everything(figures.holding)
    for group in sorted(figures.seen.groups, key=lambda group: (not group.active, group.name)):
        members = sum(figures.name in member.topics for member in group.members)
        behind = unread(group, figures, loss)
        told = [_count(members, "member")] if members else []
        told += [f"{behind:,} behind"] if behind else []
        if told:
            yield f"{group.name} ({', '.join(told)})"


def _untold(seen: Seen) -> str:
    """What was not seen of the groups, after what was."""
    told = [f"{_count(seen.left, 'group')} not looked at"] if seen.left else []
    told += ["a broker did not tell its groups"] if seen.silent else []
    told += [f"others may not be seen ({_GROUPS})"] if seen.blind else []
    return "".join(f"; {one}" for one in told)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _bytes(number: int) -> str:
    told = humanize("size.bytes", str(number))
    return _count(number, "byte") if told is None else told.removeprefix("about ")
