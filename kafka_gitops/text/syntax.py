"""The YAML parser's complaints in our own words: where to look, and what to do."""

import re
from typing import TYPE_CHECKING, Any

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.text import slips

if TYPE_CHECKING:
    import yaml


def mark_span(path: str, mark: Any, width: int = 1) -> Span:
    return Span(path, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1 + width)


def error(span: Span, rule: str, said: str, help: str | None = None) -> Diagnostic:
    return Diagnostic(span, rule, Severity.error, said, help)


def template(span: Span) -> Diagnostic:
    return error(
        span, "yaml-syntax", "this is a template, not YAML yet", "render it first, then give the rendered file"
    )


def syntax(path: str, text: str, failure: "yaml.MarkedYAMLError") -> Diagnostic:
    """The parser's complaint: where it began when it was found only at the end of the file, and what to look at."""
    mark, began = failure.problem_mark or failure.context_mark, failure.context_mark
    if mark is None:
        return error(Span(path, 1, 1, 1, 1), "yaml-syntax", str(failure))
    said = failure.problem or str(failure)
    lines = text[: len(text.rstrip())].split("\n")
    near = "".join(lines[one.line] for one in (mark, began) if one is not None and one.line < len(lines))
    if "{%" in text or re.search(r"(?<![\"'])\{\{", near):
        return template(mark_span(path, mark))
    found = slips.slip(text, failure)
    if found is not None and not (at_end_of(lines, mark) and "flow" in (failure.context or "")):
        span = Span(path, found.line + 1, found.column + 1, found.line + 1, found.column + 2)
        return error(span, "yaml-syntax", found.said, found.help)
    at_end = at_end_of(lines, mark)
    if at_end and began is not None:
        what = {'"': "quote", "'": "quote", "[": "bracket", "{": "brace"}.get(_at(lines, began), "")
        if what:
            return error(mark_span(path, began), "yaml-syntax", f"this {what} is never closed", "close it")
    if at_end and "simple key" not in (failure.context or ""):
        end = Span(path, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 2)
        return error(end, "yaml-syntax", f"the file ends too early: {said}", "is something missing, or never closed?")
    letter = _at(lines, mark)
    if "cannot start any token" in said:
        return error(mark_span(path, mark), "yaml-syntax", f'no plain text begins with "{letter}"', "quote the text")
    said += f" {failure.context}" if failure.context else ""
    if began is not None and "simple key" in said:
        mark = began  # the parser finds the missing colon only on the next line
    advice = next((text for start, text in _HELP.items() if said.startswith(start)), None)
    return error(mark_span(path, mark), "yaml-syntax", said, advice)


def at_end_of(lines: list[str], mark: Any) -> bool:
    """Whether a place is behind the last text."""
    return bool(mark.line >= len(lines) or (mark.line == len(lines) - 1 and mark.column >= len(lines[-1])))


def _at(lines: list[str], mark: Any) -> str:
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""


_INDENT = "check the indentation of this line and the one above"
_HELP = {
    "mapping values are not allowed": 'quote a text with ": " in it; else check the indentation',
    "did not find expected key": _INDENT,
    "did not find expected '-' indicator": _INDENT,
    "expected <block end>": _INDENT,
    "could not find expected ':'": 'a key needs ": " after it',
}
