"""Findings as JSON, for programs."""

import json

from kafka_gitops.report.findings import Findings, by_severity


def render(findings: Findings) -> str:
    """`{"diagnostics": [...], "summary": {"error", "warning", "info", "files", "topics"}}`, the same bytes for the same
    files."""
    diagnostics = [
        {
            "rule": one.rule,
            "severity": one.severity.name,
            "path": one.span.path,
            "line": one.span.line,
            "column": one.span.column,
            "end_line": one.span.end_line,
            "end_column": one.span.end_column,
            "message": one.message,
            "help": one.help,
        }
        for one in findings.diagnostics
    ]
    summary = {
        **by_severity(findings.diagnostics),
        "files": len(findings.sources),
        "topics": findings.topics,
    }
    return json.dumps({"diagnostics": diagnostics, "summary": summary}, indent=2) + "\n"
