"""Findings as what Bitbucket's Code Insights takes: one report, and its annotations in requests of a hundred."""

import json

from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.lint.fingerprint import fingerprints
from kafka_gitops.report.findings import Findings, by_severity, clipped, heaviest, inert, summary
from kafka_gitops.settings import plain_path

PER_REQUEST, MOST = 100, 1000  # annotations; Bitbucket refuses more
_SUMMARY, _DETAILS = 450, 2000  # characters
_LEVELS = {Severity.error: "HIGH", Severity.warning: "MEDIUM", Severity.info: "LOW"}


def render(findings: Findings) -> str:
    """`{"report": {...}, "annotations": [[...], ...]}`.

    `report` is the body for PUT `.../commit/{sha}/reports/{id}`, each list of `annotations` the body of one POST to
    `.../annotations`. Errors are first, so that what is beyond the limit weighs least.
    """
    prints = fingerprints(findings.diagnostics, findings.sources)
    pairs = heaviest(list(zip(findings.diagnostics, prints, strict=True)))[:MOST]
    rows = [_annotation(one, fingerprint) for one, fingerprint in pairs]
    batches = [rows[start : start + PER_REQUEST] for start in range(0, len(rows), PER_REQUEST)]
    body = {"report": _report(findings, len(findings.diagnostics) - len(rows)), "annotations": batches}
    return json.dumps(body, indent=1) + "\n"


def _report(findings: Findings, rest: int) -> dict[str, object]:
    counts = by_severity(findings.diagnostics)
    more = f"; {rest:,} more findings are not annotated" if rest else ""
    names = {"error": "Errors", "warning": "Warnings", "info": "Remarks"}
    return {
        "title": "kafka-gitops lint",
        "details": f"{summary(findings, timed=False)}{more}",
        "report_type": "BUG",
        "reporter": "kafka-gitops",
        "result": "FAILED" if counts["error"] else "PASSED",
        "data": [{"title": names[name], "type": "NUMBER", "value": number} for name, number in counts.items()],
    }


def _annotation(one: Diagnostic, fingerprint: str) -> dict[str, object]:
    row: dict[str, object] = {
        "external_id": fingerprint,
        "annotation_type": "BUG" if one.severity is Severity.error else "CODE_SMELL",
        "severity": _LEVELS[one.severity],
        "path": plain_path(one.span.path),
        "line": max(one.span.line, 1),
        "summary": clipped(inert(f"{one.rule}: {one.message}"), _SUMMARY),
    }
    if one.help:
        row["details"] = clipped(inert(one.help), _DETAILS)
    if one.severity is Severity.error:
        row["result"] = "FAILED"
    return row
