"""Findings as GitHub workflow commands, which become annotations in the pull request."""

from collections.abc import Iterator

from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.report.findings import Findings, harmless, inert, summary
from kafka_gitops.settings import plain_path

_LEVELS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "notice"}
MOST = 10  # annotations of a level and step: the runner drops the rest in silence
_LONGEST = 4096  # characters of a message that the runner keeps


def render(findings: Findings) -> str:
    """One command per finding, errors first; beyond ten of a level the last one says how many more there are.

    The other findings follow as plain lines in the log.
    """
    lines: list[str] = []
    for severity, level in _LEVELS.items():
        found = [one for one in findings.diagnostics if one.severity is severity]
        shown = found if len(found) <= MOST else found[: MOST - 1]
        rest = found[len(shown) :]
        if rest:
            said = f"{len(rest)} more findings of level {level}: see the log of this step"
            lines.append(f"::{level} title=kafka-gitops::{said}")
        lines.extend(annotation(one, level) for one in shown)
        lines.extend(_log(rest))
    return "".join(f"{line}\n" for line in [*lines, harmless(summary(findings))])


def command(level: str, title: str, message: str) -> str:
    """A workflow command that is about no place in a file: `level` is `error`, `warning` or `notice`."""
    return f"::{level} title={_property(title)}::{_data(message[:_LONGEST])}"


def annotation(one: Diagnostic, level: str) -> str:
    """A workflow command that is about a place in a file."""
    span = one.span
    places = {"file": plain_path(span.path), "line": span.line, "col": span.column}
    if span.end_line == span.line and span.end_column > span.column:
        places["endColumn"] = span.end_column  # the runner drops columns of a stretch over several lines
    places["title"] = one.rule
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    message = f"{one.message}\n{one.help}" if one.help else one.message
    return f"::{level} {properties}::{_data(message[:_LONGEST])}"


def _log(diagnostics: list[Diagnostic]) -> Iterator[str]:
    for one in diagnostics:
        yield harmless(f"{one.span}: {one.severity} {one.rule} {one.message}")


def _data(text: str) -> str:
    """Escaped as in actions/toolkit's command.ts; the old `##[` form is looked for anywhere in a line."""
    kept = "\n".join(inert(line) for line in text.split("\n"))
    return kept.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
