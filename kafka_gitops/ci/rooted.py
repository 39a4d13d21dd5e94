"""A result with its paths as seen from the repository's root: what annotations, report files and links go by."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kafka_gitops.ci import Result
from kafka_gitops.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from kafka_gitops.changes import Change, Unsupported
    from kafka_gitops.plan.make import Plan
    from kafka_gitops.report.findings import Findings

Seen = Callable[[str], str]


def result(told: Result, seen: Seen) -> Result:
    """The result with every place of a file moved by `seen`; sentences stay, and so does what a plan's digests say.

    `seen` makes of a path as a run in the working directory writes it the same from the repository's root on.
    """
    return replace(
        told,
        findings=None if told.findings is None else _findings(told.findings, seen),
        plan=None if told.plan is None else _plan(told.plan, seen),
        silences=[one._replace(path=seen(one.path)) if one.path else one for one in told.silences],
    )


def _findings(found: "Findings", seen: Seen) -> "Findings":
    sources = {seen(path): source.called(seen(path)) for path, source in found.sources.items()}
    place = seen(".")
    moved = [_diagnostic(one, seen) for one in found.diagnostics]
    return found._replace(diagnostics=moved, sources=sources, folder="" if place == "." else place)


def _diagnostic(one: Diagnostic, seen: Seen) -> Diagnostic:
    related = tuple((_span(span, seen), said) for span, said in one.related)
    return one._replace(span=_span(one.span, seen), related=related)


def _span(span: Span, seen: Seen) -> Span:
    return span._replace(path=seen(span.path))


def _plan(plan: "Plan", seen: Seen) -> "Plan":
    return replace(
        plan,
        changes=tuple(_change(change, seen) for change in plan.changes),
        unsupported=tuple(_unsupported(entry, seen) for entry in plan.unsupported),
        nevers=tuple(_unsupported(entry, seen) for entry in plan.nevers),
    )


def _change(change: "Change", seen: Seen) -> "Change":
    at = change.origin
    return change if at is None else replace(change, origin=at._replace(path=seen(at.path)))


def _unsupported(entry: "Unsupported", seen: Seen) -> "Unsupported":
    at = entry.origin
    return entry if at is None else entry._replace(origin=at._replace(path=seen(at.path)))
