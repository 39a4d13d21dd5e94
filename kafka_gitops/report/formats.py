"""The tables of formats, for findings, plans, outcomes, `diff`, `history`: a line and a module with `render` each.

`render` takes a `Findings`, a `PlanView`, an `ApplyView`, a `DiffView` or a `HistoryView` and gives the text. Of an
apply there is also `head(plan)`: what stands before the work.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

if TYPE_CHECKING:  # the command line needs the names alone, on every start
    from kafka_gitops.plan.make import Plan
    from kafka_gitops.report.diff import DiffView
    from kafka_gitops.report.findings import Findings
    from kafka_gitops.report.history import HistoryView
    from kafka_gitops.report.views import ApplyView, PlanView


class Format(NamedTuple):
    """The module of a format, loaded when it is used; whether only programs read it (they expect an empty result to be
    written too); whether its lines are wrapped at the width of a terminal."""

    module: str
    for_programs: bool
    wrapped: bool = False


FORMATS: Mapping[str, Format] = {
    "full": Format("full", False),
    "concise": Format("concise", False),
    "hook": Format("hook", False),
    "json": Format("json_", True),
    "github": Format("github", False),
    "gitlab": Format("gitlab", True),
    "sarif": Format("sarif", True),
    "junit": Format("junit", True),
    "checkstyle": Format("checkstyle", True),
    "rdjson": Format("rdjson", True),
    "bitbucket": Format("bitbucket", True),
    "markdown": Format("markdown", False),
}
PLANS: Mapping[str, Format] = {
    "text": Format("plan_text", False, wrapped=True),
    "markdown": Format("plan_markdown", False),
    "json": Format("plan_json", True),
}
OUTCOMES: Mapping[str, Format] = {
    "text": Format("apply_text", False, wrapped=True),
    "json": Format("apply_json", True),
}

DIFFERENCES: Mapping[str, Format] = {
    "text": Format("diff_text", False, wrapped=True),
    "markdown": Format("diff_markdown", False),
    "json": Format("diff_json", True),
}

HISTORIES: Mapping[str, Format] = {
    "text": Format("history_text", False, wrapped=True),
    "json": Format("history_json", True),
    "markdown": Format("history_markdown", False),
    "csv": Format("history_csv", True),
}


def render(name: str, findings: "Findings") -> str:
    """The findings in a format of the table, without colour."""
    return _of(FORMATS, name).render(findings)


def plan(name: str, view: "PlanView") -> str:
    """A plan in one of PLANS."""
    return _of(PLANS, name).render(view)


def difference(name: str, view: "DiffView") -> str:
    """Two environments side by side, in one of DIFFERENCES."""
    return _of(DIFFERENCES, name).render(view)


def past(name: str, view: "HistoryView") -> str:
    """A history in one of HISTORIES."""
    return _of(HISTORIES, name).render(view)


def head(name: str, plan: "Plan") -> str:
    """What one of OUTCOMES says before the work; nothing for a document."""
    return _of(OUTCOMES, name).head(plan)


def outcome(name: str, view: "ApplyView") -> str:
    """What an apply did, in one of OUTCOMES."""
    return _of(OUTCOMES, name).render(view)


class _Module(Protocol):
    """What the module of a format has."""

    head: Callable[["Plan"], str]
    render: Callable[[Any], str]


def _of(table: Mapping[str, Format], name: str) -> _Module:
    return cast(_Module, import_module(f"kafka_gitops.report.{table[name].module}"))
