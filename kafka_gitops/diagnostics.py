"""What is said about a place in a file: spans, notes and diagnostics."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any, NamedTuple


class Severity(IntEnum):
    """How much a finding weighs; `off` is never reported."""

    off = 0
    info = 1
    warning = 2
    error = 3

    def __str__(self) -> str:
        return self.name


class Span(NamedTuple):
    """A stretch of a file, 1-based, the end column exclusive; sorts by place."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Note(NamedTuple):
    """What a rule says: where, what was found, what to do; `related` are further places with a word each.

    `subject` is the resource that it is about, by its name: what an approval of a change names.
    """

    span: Span
    message: str
    help: str | None = None
    related: tuple[tuple[Span, str], ...] = ()
    subject: str = ""


class Diagnostic(NamedTuple):
    """A note with the name of its rule and its severity.

    `accepted`: an approval turned it into a remark; `subject` is named only where it can be approved.
    """

    span: Span
    rule: str
    severity: Severity
    message: str
    help: str | None = None
    related: tuple[tuple[Span, str], ...] = ()
    accepted: bool = False
    subject: str = ""


def plain(found: Iterable[Diagnostic]) -> list[Any]:
    """Findings as plain data, for another process and for the next run."""
    return [
        (tuple(span), rule, int(severity), said, help, [(tuple(at), why) for at, why in related], *more)
        for span, rule, severity, said, help, related, *more in found
    ]


def of_plain(data: Iterable[Any]) -> list[Diagnostic]:
    """The findings again. Raises TypeError or ValueError for what `plain` does not make."""
    return [_diagnostic(one) for one in data]


def _diagnostic(found: Any) -> Diagnostic:
    span, rule, severity, message, help, related, accepted, subject = found
    places = tuple((_span(place), a_text(word)) for place, word in related)
    said = a_text(message), None if help is None else a_text(help)
    return Diagnostic(_span(span), a_text(rule), Severity(severity), *said, places, accepted is True, a_text(subject))


def _span(found: Any) -> Span:
    match found:
        case [str(path), int(line), int(column), int(end_line), int(end_column)]:
            return Span(path, line, column, end_line, end_column)
    raise TypeError(f"{found!r} is no place")


def a_text(found: object) -> str:
    """The same, which is a text. Raises TypeError where it is not."""
    if not isinstance(found, str):
        raise TypeError(f"{found!r} is no text")
    return found
