"""Who gains and who loses which rights by a plan, by principal and resource and not by binding."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kafka_gitops.changes import Change, Origin
from kafka_gitops.model import Acl
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.folds import LONGEST, OPEN, folded
from kafka_gitops.report.markup import Link, cell, place

_VERBS = {
    (True, "ALLOW"): "gains",
    (False, "ALLOW"): "**loses**",
    (True, "DENY"): "**is denied**",
    (False, "DENY"): "is no longer denied",
}


class Right(NamedTuple):
    """What a principal gains, loses or is denied on one resource by one line of a file: `READ, DESCRIBE topic x`."""

    principal: str
    verb: str
    what: str
    origin: Origin | None


def together(changes: Iterable[Change]) -> list[Right]:
    """The ACL changes, those of one principal, resource and place as one; by principal, what it loses first."""
    groups: dict[tuple[str, Acl, Origin | None], list[str]] = {}
    for change in changes:
        binding = change.after or change.before
        if isinstance(binding, Acl):
            same = (_VERBS[change.after is not None, binding.permission], binding._replace(operation=""), change.origin)
            groups.setdefault(same, []).append(binding.operation)
    found = [
        Right(acl.principal, verb, _what(acl._replace(operation=", ".join(operations), permission="ALLOW")), origin)
        for (verb, acl, origin), operations in groups.items()
    ]
    return sorted(found, key=lambda right: (right.principal, not right.verb.startswith("**")))


def render(changes: Iterable[Change], link: Link | None, room: int) -> str:
    """A folded table in at most so many bytes; nothing without new bindings. The deleted ones are among the dangers."""
    rights = together(change for change in changes if change.action == "create")
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
        yield f"| {name} | {right.verb} | {cell(clipped(right.what, LONGEST))} | {place(right.origin, link)} |"
        before = right.principal


def _what(acl: Acl) -> str:
    return str(acl).removeprefix(f"{acl.principal} may ")
