"""Findings, one line each: `path:line:col: severity rule message`."""

from kafka_gitops.report.findings import Findings, harmless


def render(findings: Findings) -> str:
    """The lines; empty when there is nothing to report."""
    lines = (f"{one.span}: {one.severity} {one.rule} {one.message}" for one in findings.diagnostics)
    return "".join(f"{harmless(line)}\n" for line in lines)
