"""Who gains and who loses which rights by a plan, by principal and resource and not by binding."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kafka_gitops.changes import Change, Origin
from kafka_gitops.model import Acl
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.folds import LONGEST, OPEN, folded
from kafka_gitops.report.markup import Link, cell, place


class Right(NamedTuple):
    """What a principal gains or loses on one resource by one line of a file: `may READ, DESCRIBE topic x`."""

    principal: str
    gained: bool
    what: str
    origin: Origin | None

    @property
    def said(self) -> str:
        """The whole sentence."""
        return f"{self.principal} {self.what}"


def together(changes: Iterable[Change]) -> list[Right]:
    """The ACL changes, those of one principal, resource and place as one; by principal, losses first."""
    groups: dict[tuple[bool, Acl, Origin | None], list[str]] = {}
    for change in changes:
        binding = change.after or change.before
        if isinstance(binding, Acl):
            same = (change.after is not None, binding._replace(operation=""), change.origin)
            groups.setdefault(same, []).append(binding.operation)
    found = [
        Right(acl.principal, gained, _what(acl._replace(operation=", ".join(operations))), origin)
        for (gained, acl, origin), operations in groups.items()
    ]
    return sorted(found, key=lambda right: (right.principal, right.gained))


def render(changes: Iterable[Change], link: Link | None, room: int) -> str:
    """A folded table in at most so many bytes; nothing without ACL changes."""
    rights = together(changes)
    if not rights:
        return ""
    principals = len({right.principal for right in rights})
    summary = f"Rights of {words.count(principals, 'principal')}"
    columns = ("principal", "", "right", "place")
    found, kept = folded(summary, columns, _rows(rights, link), room, opened=len(rights) <= OPEN)
    rest = len(rights) - kept
    return found + (f"\nand {words.count(rest, 'more right')}: see the saved plan\n" if rest else "")


def _rows(rights: Iterable[Right], link: Link | None) -> Iterator[str]:
    before = None
    for right in rights:
        name = cell(clipped(right.principal, LONGEST)) if right.principal != before else ""
        what = clipped(right.what.removeprefix("may "), LONGEST)
        verb = "gains" if right.gained else "**loses**"
        yield f"| {name} | {verb} | {cell(what)} | {place(right.origin, link)} |"
        before = right.principal


def _what(acl: Acl) -> str:
    return str(acl).removeprefix(f"{acl.principal} ")
