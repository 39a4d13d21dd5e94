"""Findings in reviewdog's diagnostic format."""

import json
from collections.abc import Callable

from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.report.findings import Findings, inert, sentence
from kafka_gitops.settings import plain_path


def render(findings: Findings) -> str:
    """A DiagnosticResult; `related_locations` by its name in reviewdog.proto, which every reader of it takes."""
    location = _locations(findings)
    rows = [_row(one, location) for one in findings.diagnostics]
    return json.dumps({"source": {"name": "kafka-gitops"}, "diagnostics": rows}, indent=1) + "\n"


def _row(one: Diagnostic, location: Callable[[Span], object]) -> dict[str, object]:
    row: dict[str, object] = {
        "message": sentence(one),
        "location": location(one.span),
        "severity": str(one.severity).upper(),
        "code": {"value": one.rule},
    }
    if one.related:
        row["related_locations"] = [
            {"message": inert(said), "location": location(span)} for span, said in one.related[:100]
        ]
    return row


def _locations(findings: Findings) -> Callable[[Span], object]:
    """Columns count bytes of UTF-8; where the text is not known there are none, which means whole lines."""
    split: dict[str, list[str]] = {}

    def position(path: str, line: int, column: int) -> dict[str, int]:
        if path not in split:
            split[path] = findings.lines(path)
        if not 0 < line <= len(split[path]):
            return {"line": max(line, 1)}
        before = split[path][line - 1][: column - 1]
        return {"line": line, "column": column + len(before.encode("utf-8", "surrogatepass")) - len(before)}

    def location(span: Span) -> object:
        start = position(span.path, span.line, span.column)
        end = position(span.path, span.end_line, span.end_column)
        whole = (
            {"start": start, "end": end}
            if "column" in start and "column" in end
            else {"start": {"line": start["line"]}}
        )
        return {"path": plain_path(span.path), "range": whole}

    return location
