"""Findings as SARIF 2.1.0, in the subset that GitHub's code scanning reads."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from kafka_gitops import __version__
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.lint.fingerprint import fingerprints
from kafka_gitops.report.findings import Findings, clipped, heaviest, inert, sentence
from kafka_gitops.rules import RULES
from kafka_gitops.settings import plain_path

MOST = 25_000  # results of a run; GitHub refuses a file with more
_RELATED = 100  # related places of a result that GitHub shows
_LEVELS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "note", Severity.off: "none"}
_PROBLEMS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "recommendation"}


def render(findings: Findings) -> str:
    """One run with every rule, found or not, so that an index means the same rule in every file of a version.

    Beyond MOST the lightest findings are left out, and a notification says how many.
    """
    prints = fingerprints(findings.diagnostics, findings.sources)
    pairs = list(zip(findings.diagnostics, prints, strict=True))
    pairs = pairs if len(pairs) <= MOST else heaviest(pairs)[:MOST]
    names = sorted({*RULES, *(one.rule for one, _ in pairs)})
    index = {name: number for number, name in enumerate(names)}
    driver = {"name": "kafka-gitops", "semanticVersion": __version__, "rules": [_rule(name) for name in names]}
    about = "/".join(filter(None, ("kafka-gitops", findings.environment or "lint", findings.folder)))
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{quote(about)}/"},  # a later file with the same id replaces this one
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(len(findings.diagnostics) - len(pairs))],
        "results": [_result(one, fingerprint, index) for one, fingerprint in pairs],
    }
    body = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(body, indent=1) + "\n"


def _rule(name: str) -> dict[str, Any]:
    """What the page of a rule says: its first line, its reasons, and all of it as help."""
    rule = RULES.get(name)
    page = ((rule.__doc__ if rule is not None else None) or name).strip()
    short, _, rest = page.partition("\n")
    reasons = " ".join(rest.partition("\nBad:\n")[0].split()) or short
    described: dict[str, Any] = {
        "id": name,
        "name": name,
        "shortDescription": {"text": clipped(short, 1024)},
        "fullDescription": {"text": clipped(reasons, 1024)},
        "help": {"text": page, "markdown": page},
    }
    if rule is not None:
        described["defaultConfiguration"] = {"level": _LEVELS[rule.SEVERITY]}
        problem = _PROBLEMS.get(rule.SEVERITY, "recommendation")
        described["properties"] = {"tags": ["kafka"], "precision": "high", "problem.severity": problem}
    return described


def _invocation(rest: int) -> dict[str, Any]:
    if not rest:
        return {"executionSuccessful": True}
    said = f"{rest:,} more findings are left out, the lightest ones: code scanning takes {MOST:,}"
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": said}}],
    }


def _result(one: Diagnostic, fingerprint: str, index: Mapping[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": index[one.rule],
        "level": _LEVELS[one.severity],
        "message": {"text": _message(sentence(one))},
        "locations": [{"physicalLocation": _place(one.span)}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    if one.related:
        result["relatedLocations"] = list(_related(one.related[:_RELATED]))
    return result


def _related(places: Sequence[tuple[Span, str]]) -> Iterator[dict[str, Any]]:
    for number, (span, said) in enumerate(places, 1):
        yield {"id": number, "physicalLocation": _place(span), "message": {"text": _message(inert(said))}}


def _place(span: Span) -> dict[str, Any]:
    """The path percent-encoded, the region with its end column exclusive; never empty or backwards."""
    line, column = max(span.line, 1), max(span.column, 1)
    region = {"startLine": line, "startColumn": column}
    if span.end_line > line:
        region |= {"endLine": span.end_line, "endColumn": max(span.end_column, 1)}
    elif span.end_column > column:
        region |= {"endLine": line, "endColumn": span.end_column}
    return {
        "artifactLocation": {"uri": quote(plain_path(span.path).encode("utf-8", "surrogateescape"))},
        "region": region,
    }


def _message(text: str) -> str:
    """A message in which `[text](place)` is no link and `@name` calls nobody."""
    return re.sub(r"(?<!\w)@(?=\w)", "@\u200b", text.replace("](", "]\u200b("))
