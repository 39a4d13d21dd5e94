"""The findings of a lint to stdout, to the reports that were asked for, and to an exit code."""

import argparse

from kafka_gitops.cli import reports, terminal
from kafka_gitops.diagnostics import Severity
from kafka_gitops.report import formats
from kafka_gitops.report.findings import Findings


def tell(args: argparse.Namespace, found: Findings) -> int:
    """Write the reports, print; 1 when a finding reaches `--fail-on`, else 0."""
    reports.write_reports(args.report, tuple(formats.FORMATS), lambda name: formats.render(name, found))
    if found.sources or found.diagnostics or formats.FORMATS[args.format].for_programs:
        terminal.write(_stdout(args.format, found))
    return int(args.fail_on != "never" and any(one.severity >= Severity[args.fail_on] for one in found.diagnostics))


def _stdout(name: str, findings: Findings) -> str:
    """A format for stdout: the one for people may be in colour there."""
    if name == "full":
        from kafka_gitops.report import full

        return full.render(findings, terminal.paint, every=terminal.verbose())
    return formats.render(name, findings)
