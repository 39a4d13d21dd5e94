"""What a plan does not touch: what left the files and stays on the cluster, and what is in no file, by name."""

from collections.abc import Iterator

from kafka_gitops.changes import Unsupported
from kafka_gitops.kinds import LOOKS, PLURALS
from kafka_gitops.model import Key
from kafka_gitops.plan.make import Plan
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped, one_line
from kafka_gitops.report.folds import LONGEST, OPEN, fitting, folded, size
from kafka_gitops.report.markup import Link, cell, code, place, text

FEW = 50  # of each kind and reason that are named in a text
ALL = 10**9


def stays(plan: Plan, named: int = FEW) -> Iterator[str]:
    """For a text: what this change takes out of the files and the cluster keeps, with the reason and by name."""
    for entries in _by_reason(plan):
        yield f"{_stay(entries)}, because {one_line(entries[0].reason)}:"
        for entry in entries[:named]:
            yield f"  {words.noun(entry.key)}{f'  {entry.origin}' if entry.origin else ''}"
        if len(entries) > named:
            yield f"  and {len(entries) - named:,} more: -v shows all"


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
    parts = []
    for entries in _by_reason(plan):
        summary = f"**{_stay(entries)}**, because {text(clipped(entries[0].reason, 2 * LONGEST))}."
        rows = (f"| {cell(clipped(entry.key.name, LONGEST))} | {place(entry.origin, link)} |" for entry in entries)
        room -= size(summary)
        table, kept = folded("which", ("what", "was in"), rows, room // 2, opened=len(entries) <= OPEN)
        more = (
            f"and {words.count(len(entries) - kept, 'more', 'more')}: see the saved plan" if kept < len(entries) else ""
        )
        parts += [part for part in (summary, table, more) if part]
        room -= size(table, more)
    return "\n\n".join(parts)


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


def _by_reason(plan: Plan) -> list[list[Unsupported]]:
    """The entries of each kind with the same reason, by that reason."""
    found: dict[tuple[str, str], list[Unsupported]] = {}
    for entry in plan.stays:
        found.setdefault((entry.key.kind, entry.reason), []).append(entry)
    return list(found.values())


def _stay(entries: list[Unsupported]) -> str:
    looks = LOOKS[entries[0].key.kind]
    which = words.count(len(entries), looks.left or looks.noun)
    return f"{which} that this change takes out of the files {'stays' if len(entries) == 1 else 'stay'} {looks.where}"
