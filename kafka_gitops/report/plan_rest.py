"""What a plan does not touch: what left the files and stays, what they let go of, and what is in no file, by name."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kafka_gitops.changes import Unsupported
from kafka_gitops.errors import listed
from kafka_gitops.kinds import LOOKS, PLURALS
from kafka_gitops.model import Key
from kafka_gitops.plan.make import Plan
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped, inert, one_line
from kafka_gitops.report.folds import LONGEST, OPEN, fitting, folded, size
from kafka_gitops.report.markup import Link, cell, code, place, text

FEW = 50  # of each kind and reason that are named in a text
ONE_LINE = 5  # the same of what is let go of
_HELD = "On hold"
_LET_GO = "This change lets go of what leaves the files"
ALL = 10**9


def stays(plan: Plan, named: int = FEW) -> Iterator[str]:
    """For a text: what this change takes out of the files and the cluster keeps, with the reason and by name."""
    yield from _held(plan, named)
    yield from _released(plan, named)
    for entries in _by_reason(plan.stays):
        yield f"{_stay(entries)}, because {one_line(entries[0].reason)}:"
        for entry in entries[:named]:
            yield f"  {words.noun(entry.key)}{f'  {entry.origin}' if entry.origin else ''}"
        if len(entries) > named:
            yield f"  and {len(entries) - named:,} more: -v shows all"


def _held(plan: Plan, named: int) -> Iterator[str]:
    """What differs and is held, each with its end, its reason, and how it differs."""
    if plan.held:
        yield f"{_HELD} (an apply leaves this as it is, and it does not count as drift):"
    for entry in plan.held[:named]:
        place = f"  {entry.origin}" if entry.origin else ""
        yield f"  {words.noun(entry.key)}  {inert(one_line(entry.reason))}{place}"
    if len(plan.held) > named:
        yield f"  and {len(plan.held) - named:,} more: -v shows all"


def _released(plan: Plan, named: int) -> Iterator[str]:
    """A line for each kind and statement: what is let go of, where that is said, and why."""
    few = ONE_LINE if named <= FEW else named
    if plan.released:
        yield f"{_LET_GO} and stays as it is, whatever `prune` names:"
    for entries in _by_reason(plan.released, by_place=True):
        names = [inert(entry.key.name) for entry in entries[:few]]
        names += [f"{len(entries) - few:,} more (-v shows all)"] if len(entries) > few else []
        said = one_line(f"{entries[0].origin}" + (f": {entries[0].reason}" if entries[0].reason else ""))
        yield f"  {words.many(entries[0].key.kind, len(entries))} by {said}: {listed(names)}"


def left_alone(plan: Plan, named: int) -> Iterator[str]:
    """For a text: what is on the cluster and in no file, counted, and so many of each kind by name."""
    counts = words.left_alone(plan)
    if not counts:
        return
    yield counts
    for kind, names in plan.others.items():
        yield from (f"  {words.noun(Key(PLURALS.get(kind, kind), name))}" for name in names[:named])
        more = plan.left_alone.get(kind, 0) - min(named, len(names))
        if named and more > 0:
            yield f"  and {words.count(more, 'more', 'more')}" + (": -v shows all" if named < len(names) else "")


def stays_markdown(plan: Plan, link: Link | None, room: int) -> str:
    """The first as Markdown in at most so many bytes: the sentence stands, the names are folded where they are many."""
    held = held_markdown(plan, link, room // 3)
    room -= size(held)
    gone, kept = _by_reason(plan.released, by_place=True), _by_reason(plan.stays)
    first = [held] if held else []
    first += _sections(gone, _let_go, "said in", link, room // 2 if kept else room)
    return "\n\n".join([*first, *_sections(kept, _stay_because, "was in", link, room - size(*first))])


def held_markdown(plan: Plan, link: Link | None, room: int) -> str:
    """What is held, as a table in at most so many bytes."""
    if not plan.held:
        return ""
    summary = f"**{_HELD}** (an apply leaves this as it is, and it does not count as drift):"
    rows = (
        f"| {cell(clipped(str(one.key), LONGEST))} | {cell(clipped(one.reason, LONGEST))} | {place(one.origin, link)} |"
        for one in plan.held
    )
    table, kept = folded("which", ("what", "until, and why", "where"), rows, room, opened=len(plan.held) <= OPEN)
    more = f"and {words.count(len(plan.held) - kept, 'more', 'more')}: see the saved plan"
    return "\n\n".join(part for part in (summary, table, more if kept < len(plan.held) else "") if part)


def _sections(
    groups: Iterable[Sequence[Unsupported]],
    sentence: Callable[[Sequence[Unsupported]], str],
    where: str,
    link: Link | None,
    room: int,
) -> list[str]:
    parts = []
    for entries in groups:
        summary = sentence(entries)
        rows = (f"| {cell(clipped(entry.key.name, LONGEST))} | {place(entry.origin, link)} |" for entry in entries)
        room -= size(summary)
        table, kept = folded("which", ("what", where), rows, room // 2, opened=len(entries) <= OPEN)
        more = (
            f"and {words.count(len(entries) - kept, 'more', 'more')}: see the saved plan" if kept < len(entries) else ""
        )
        parts += [part for part in (summary, table, more) if part]
        room -= size(table, more)
    return parts


def _stay_because(entries: Sequence[Unsupported]) -> str:
    return f"**{_stay(entries)}**, because {text(clipped(entries[0].reason, 2 * LONGEST))}."


def _let_go(entries: Sequence[Unsupported]) -> str:
    reason = f": {text(clipped(entries[0].reason, 2 * LONGEST))}" if entries[0].reason else ""
    return f"**{_LET_GO}, and stays as it is: {words.many(entries[0].key.kind, len(entries))}**{reason}"


def left_alone_markdown(plan: Plan, named: int, room: int) -> str:
    """The second as Markdown, the names folded."""
    counts = words.left_alone(plan)
    keys = [Key(PLURALS.get(kind, kind), name) for kind, names in plan.others.items() for name in names[:named]]
    if not counts or not keys:
        return counts
    rows = fitting((f"* {code(clipped(str(key), LONGEST))}" for key in keys), room - size(counts) - 200)
    rest = sum(plan.left_alone.values()) - len(rows)
    more = f"\n* and {rest:,} more" if rest else ""
    listed = "\n".join(rows) + more
    return f"<details open><summary>{counts}</summary>\n\n{listed}\n\n</details>"


def _by_reason(told: Iterable[Unsupported], *, by_place: bool = False) -> list[list[Unsupported]]:
    """The entries of each kind with the same reason, by that reason, or also by the place of the statement."""
    found: dict[tuple[object, ...], list[Unsupported]] = {}
    for entry in told:
        found.setdefault((entry.key.kind, entry.reason, entry.origin if by_place else None), []).append(entry)
    return list(found.values())


def _stay(entries: Sequence[Unsupported]) -> str:
    looks = LOOKS[entries[0].key.kind]
    which = words.count(len(entries), looks.left or looks.noun)
    return f"{which} that this change takes out of the files {'stays' if len(entries) == 1 else 'stay'} {looks.where}"
