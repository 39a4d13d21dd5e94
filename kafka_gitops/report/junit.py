"""Findings as JUnit XML: a suite per file, errors fail, the rest passes and is told."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.report.findings import Findings, inert, sentence
from kafka_gitops.report.markup import xml
from kafka_gitops.settings import plain_path
from kafka_gitops.text.address import finder

Name = Callable[[Diagnostic], str]


def render(findings: Findings) -> str:
    """One `testcase` per finding, and one that passes for each clean file (Jenkins fails on a result without any).

    Follows Jenkins' junit-10.xsd, which knows neither `file` nor `line` of a test case: the failure's text has them.
    """
    by_path: dict[str, list[Diagnostic]] = {plain_path(path): [] for path in findings.sources}
    for one in findings.diagnostics:
        by_path.setdefault(plain_path(one.span.path), []).append(one)
    name = _names(findings)
    suites = [line for path, found in sorted(by_path.items()) for line in _suite(path, found, name)]
    if not by_path:
        suites = list(_suite("kafka-gitops", [], name))
    errors = _failures(findings.diagnostics)
    tests = sum(len(found) or 1 for found in by_path.values()) or 1
    time = f' time="{findings.seconds:.3f}"' if findings.seconds is not None else ""
    head = f'<testsuites name="kafka-gitops lint" tests="{tests}" failures="{errors}" errors="0"{time}>'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _failures(found: Sequence[Diagnostic]) -> int:
    return sum(one.severity is Severity.error for one in found)


def _suite(path: str, found: Sequence[Diagnostic], name: Name) -> Iterator[str]:
    counts = f'tests="{len(found) or 1}" failures="{_failures(found)}" errors="0" skipped="0"'
    shown = xml(path)
    yield f'  <testsuite name="{shown}" {counts} file="{shown}">'
    if not found:
        yield f'    <testcase classname="{shown}" name="{shown} has no problems"/>'
    for one in found:
        yield f'    <testcase classname="{shown}" name="{xml(name(one))}">'
        yield f"      {_said(one)}"
        yield "    </testcase>"
    yield "  </testsuite>"


def _said(one: Diagnostic) -> str:
    said = xml(f"{inert(str(one.span))}: {sentence(one)}")
    if one.severity is Severity.error:
        return f'<failure message="{xml(sentence(one))}" type="error">{said}</failure>'
    return f"<system-out>{one.severity}: {said}</system-out>"


def _names(findings: Findings) -> Name:
    """What a finding is called: rule, address, line; a number where that is not unique (GitLab drops the second)."""
    find, seen = finder(findings.sources), Counter[str]()

    def name(one: Diagnostic) -> str:
        said = f"{one.rule} {find(one.span)} (line {one.span.line})"
        seen[said] += 1
        return said if seen[said] == 1 else f"{said} #{seen[said]}"

    return name
