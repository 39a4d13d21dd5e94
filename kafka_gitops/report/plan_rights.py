"""Who gains and who loses which rights by a plan, by principal and resource and not by binding."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kafka_gitops.changes import Change, Origin
from kafka_gitops.model import Acl
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.folds import LONGEST, OPEN, fitting, folded, size, table
from kafka_gitops.report.markup import Link, cell, place
from kafka_gitops.report.ranks import NEAR, far, gives, rank

COLUMNS = ("principal", "change", "right", "place")
_VERBS = {
    (True, "ALLOW"): "gains",
    (False, "ALLOW"): "**loses**",
    (True, "DENY"): "**is denied**",
    (False, "DENY"): "is no longer denied",
}


class Right(NamedTuple):
    """What a principal gains, loses or is denied on one resource by one line of a file: `READ, DESCRIBE topic x`.

    `rank` sorts: what reaches furthest first.
    """

    principal: str
    verb: str
    what: str
    origin: Origin | None
    rank: tuple[int, int]


def together(changes: Iterable[Change]) -> list[Right]:
    """The ACL changes, those of one principal, resource and place as one.

    By principal, whoever gets the furthest-reaching right first; of each what it loses first.
    """
    groups: dict[tuple[str, Acl, Origin | None], list[tuple[str, tuple[int, int]]]] = {}
    for change in changes:
        binding = change.after or change.before
        if isinstance(binding, Acl):
            same = (_VERBS[change.after is not None, binding.permission], binding._replace(operation=""), change.origin)
            groups.setdefault(same, []).append((binding.operation, rank(change)))
    found = []
    for (verb, acl, origin), members in groups.items():
        operations = ", ".join(operation for operation, _ in members)
        what = _what(acl._replace(operation=operations, permission="ALLOW"))
        found.append(Right(acl.principal, verb, what, origin, min(weight for _, weight in members)))
    furthest: dict[str, tuple[int, int]] = {}
    for right in found:
        furthest[right.principal] = min(right.rank, furthest.get(right.principal, right.rank))
    return sorted(found, key=lambda right: (furthest[right.principal], right.principal, right.verb[0] != "*"))


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
    rights = sorted(together(shown), key=lambda right: right.rank)
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
    rights = together(change for change in changes if change.action == "create")
    if not rights:
        return ""
    principals = len({right.principal for right in rights})
    summary = f"{'Other rights' if others else 'Rights'} of {words.count(principals, 'principal')}"
    found, kept = folded(summary, COLUMNS, _rows(rights, link), room, opened=len(rights) <= OPEN)
    rest = len(rights) - kept
    return found + (f"\nand {words.count(rest, 'more right')}: see the saved plan\n" if rest else "")


def _rows(rights: Iterable[Right], link: Link | None) -> Iterator[str]:
    before = None
    for right in rights:
        name = cell(clipped(right.principal, LONGEST)) if right.principal != before else ""
        yield f"| {name} | {right.verb} | {cell(clipped(right.what, LONGEST))} | {place(right.origin, link)} |"
        before = right.principal


def _what(acl: Acl) -> str:
    return str(acl).removeprefix(f"{acl.principal} may ")
