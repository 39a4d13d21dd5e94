"""What is said about a place in a file: spans, notes and diagnostics."""

from enum import IntEnum
from typing import NamedTuple


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
