"""Findings as Checkstyle XML, which Jenkins' warnings-ng, reviewdog and cs2pr read."""

from itertools import groupby

from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.report.findings import Findings, sentence
from kafka_gitops.report.markup import xml
from kafka_gitops.settings import plain_path


def render(findings: Findings) -> str:
    """One `file` element for each file with findings."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">']
    for path, found in groupby(findings.diagnostics, lambda one: plain_path(one.span.path)):
        lines += [f'  <file name="{xml(path)}">', *map(_error, found), "  </file>"]
    return "\n".join([*lines, "</checkstyle>"]) + "\n"


def _error(one: Diagnostic) -> str:
    place = f'line="{one.span.line}" column="{one.span.column}" severity="{one.severity}"'
    return f'    <error {place} message="{xml(sentence(one))}" source="kafka-gitops.{xml(one.rule)}"/>'
