"""Findings, one line each: `path:line:col: severity rule message`."""

from collections.abc import Sequence

from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.report.findings import inert


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """The lines; empty when there is nothing to report."""
    return "".join(inert(f"{one.span}: {one.severity} {one.rule} {one.message}") + "\n" for one in diagnostics)
