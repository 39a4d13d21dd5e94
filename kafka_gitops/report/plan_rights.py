"""Who gains and who loses which rights by a plan, by principal and resource and not by binding."""

from collections.abc import Iterable, Iterator

from kafka_gitops.changes import Change
from kafka_gitops.kinds import LOOKS
from kafka_gitops.kinds.looks import NEAR, Row
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.folds import LONGEST, OPEN, fitting, folded, size, table
from kafka_gitops.report.markup import Link, cell, place
from kafka_gitops.report.ranks import far, gives, rank

COLUMNS = ("principal", "change", "right", "place")


def said(row: Row) -> str:
    """A row in a cell of a table: ``User:a **loses** READ topic t``, or the name of one resource."""
    who, what = (cell(clipped(raw, LONGEST)) for raw in (row.who, row.what))
    return f"{who} {row.verb} {what}" if row.who else what


def _together(changes: Iterable[Change]) -> list[Row]:
    """The rights that these changes are about, as each kind of them groups its own; no other changes."""
    every = list(changes)
    kinds = {kind: looks for kind, looks in LOOKS.items() if looks.grants}
    return [row for kind, looks in kinds.items() for row in looks.rows(one for one in every if one.key.kind == kind)]


def foremost(changes: Iterable[Change]) -> list[Change]:
    """What stands above everything that is folded or counted, furthest first: all far-reaching rights.

    Of many rights also the next ones that are about more than one named resource, up to OPEN in all.
    """
    given = sorted((change for change in changes if gives(change)), key=rank)
    least = OPEN if len(given) > OPEN else 0
    return [change for place, change in enumerate(given) if far(change) or (place < least and rank(change)[0] < NEAR)]


def above(changes: Iterable[Change], link: Link | None, room: int) -> tuple[str, list[Change]]:
    """A table that is never folded of what is foremost, in at most so many bytes, and the changes that it shows.

    What a blocking risk shows already is left out.
    """
    shown = [change for change in foremost(changes) if not any(risk.blocks for risk in change.risks)]
    if not shown:
        return "", []
    rights = sorted(_together(shown), key=lambda right: right.rank)
    head = f"**Rights to look at first** ({words.count(len(rights), 'right')})\n\n"
    rows = list(_rows(rights, link))
    kept = fitting(rows, room - size(head, table(COLUMNS, ())) - 100)
    rest = len(rows) - len(kept)
    more = f"\nand {words.count(rest, 'more right')}: see the saved plan\n" if rest else ""
    return f"{head}{table(COLUMNS, kept)}{more}", shown


def render(changes: Iterable[Change], link: Link | None, room: int, *, others: bool = False) -> str:
    """A folded table in at most so many bytes; nothing without new bindings. The deleted ones are among the dangers.

    `others`: some rights stand above already.
    """
    rights = _together(change for change in changes if change.action == "create")
    if not rights:
        return ""
    principals = len({right.who for right in rights})
    summary = f"{'Other rights' if others else 'Rights'} of {words.count(principals, 'principal')}"
    found, kept = folded(summary, COLUMNS, _rows(rights, link), room, opened=len(rights) <= OPEN)
    rest = len(rights) - kept
    return found + (f"\nand {words.count(rest, 'more right')}: see the saved plan\n" if rest else "")


def _rows(rights: Iterable[Row], link: Link | None) -> Iterator[str]:
    before = None
    for right in rights:
        name = cell(clipped(right.who, LONGEST)) if right.who != before else ""
        yield f"| {name} | {right.verb} | {cell(clipped(right.what, LONGEST))} | {place(right.origin, link)} |"
        before = right.who
