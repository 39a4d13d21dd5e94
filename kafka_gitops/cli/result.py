"""The findings of a lint to stdout, to the reports that were asked for, and to an exit code."""

from kafka_gitops.cli import reports, terminal
from kafka_gitops.cli.request import Lint
from kafka_gitops.diagnostics import Severity
from kafka_gitops.report import formats
from kafka_gitops.report.findings import Findings


def tell(request: Lint, found: Findings) -> int:
    """Write the reports, print; 1 when a finding reaches `--fail-on`, else 0."""
    reports.write_reports(request.report, tuple(formats.FORMATS), lambda name: formats.render(name, found))
    if found.sources or found.diagnostics or formats.FORMATS[request.format].for_programs:
        terminal.write(_stdout(request.format, found))
    return int(
        request.fail_on != "never" and any(one.severity >= Severity[request.fail_on] for one in found.diagnostics)
    )


def _stdout(name: str, findings: Findings) -> str:
    """A format for stdout: the one for people may be in colour there."""
    if name == "full":
        from kafka_gitops.report import full

        return full.render(findings, terminal.paint, every=terminal.verbose())
    return formats.render(name, findings)
