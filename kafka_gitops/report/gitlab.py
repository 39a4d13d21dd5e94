"""Findings as a GitLab Code Quality report."""

import json

from kafka_gitops.diagnostics import Severity
from kafka_gitops.lint.fingerprint import fingerprints
from kafka_gitops.report.findings import Findings, sentence
from kafka_gitops.settings import plain_path

_LEVELS = {Severity.error: "major", Severity.warning: "minor", Severity.info: "info"}


def render(findings: Findings) -> str:
    """A JSON array with the six fields that GitLab reads, `[]` when there is nothing to report.

    Findings with equal fingerprints are one to GitLab, and it compares them with those of the target branch: see
    `fingerprint.fingerprints`.
    """
    prints = fingerprints(findings.diagnostics, findings.sources)
    rows = [
        {
            "description": f"{one.rule}: {sentence(one)}",
            "check_name": one.rule,
            "fingerprint": fingerprint,
            "severity": _LEVELS[one.severity],
            "location": {"path": plain_path(one.span.path), "lines": {"begin": max(one.span.line, 1)}},
        }
        for one, fingerprint in zip(findings.diagnostics, prints, strict=True)
    ]
    return json.dumps(rows, indent=1) + "\n"
