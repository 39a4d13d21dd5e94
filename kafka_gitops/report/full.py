"""Findings for a person at a terminal: the place, the line underlined, what to do, the counts last."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.report.causes import causes, folded, rest
from kafka_gitops.report.findings import Findings, harmless, inert, summary

Paint = Callable[[str, str], str]
MANY, FEW = 50, 20  # of more than MANY causes of a rule only the first FEW are shown
WIDTH = 160  # columns of a source line; a longer one is cut around what is underlined
_STYLE = {Severity.error: "red", Severity.warning: "yellow", Severity.info: "blue"}


def plain(text: str, _style: str) -> str:
    """A Paint that paints nothing."""
    return text


def render(findings: Findings, paint: Paint = plain, *, every: bool = False) -> str:
    """The whole text; one line when there is nothing to report. `every`: no finding is folded into another's."""
    found = causes(findings.diagnostics, every=every)
    totals = Counter(cause.one.rule for cause in found)
    shown, left = Counter[str](), Counter[str]()
    lines: list[str] = []
    split: dict[str, list[str]] = {}
    for cause in found:
        rule = cause.one.rule
        shown[rule] += 1
        if not every and totals[rule] > MANY and shown[rule] > FEW:
            left[rule] += cause.every
            continue
        lines.extend(_finding(cause.one, _lines(findings, cause.one.span.path, split), paint))
        lines.extend([f"  {harmless(rest(cause))}"] if cause.more else [])
    lines.extend(f"and {number:,} more of {rule}" for rule, number in sorted(left.items()))
    lines.extend(["kafka-gitops lint -v shows each finding, --format json too"] if left or folded(found) else [])
    return "\n".join([*lines, summary(findings)]) + "\n"


def _lines(findings: Findings, path: str, split: dict[str, list[str]]) -> list[str]:
    if path not in split:
        split[path] = findings.lines(path)
    return split[path]


def _finding(one: Diagnostic, lines: list[str], paint: Paint) -> Iterator[str]:
    label = paint(f"{one.severity}[{one.rule}]", _STYLE.get(one.severity, "blue"))
    yield f"{paint(harmless(str(one.span)), 'bold')}: {label}: {inert(one.message)}"
    if not 0 < one.span.line <= len(lines):
        if one.help:
            yield f"   = {inert(one.help)}"
        return
    number = one.span.line
    bar = " " * (len(str(number)) + 1) + "|"
    yield bar
    before = lines[number - 2] if number > 1 else ""
    if before.strip():
        yield f"{str(number - 1).rjust(len(str(number)))} | {_cut(before, 0)[0]}".rstrip()
    line, carets = _underlined(lines[number - 1], one.span)
    yield f"{number} | {line}".rstrip()
    help = f" {inert(one.help)}" if one.help else ""
    yield f"{bar} {paint(carets, _STYLE.get(one.severity, 'blue'))}{help}"
    yield bar


def _underlined(line: str, span: Span) -> tuple[str, str]:
    """The line as shown, and blanks and carets below it: at least one, clipped to the line."""
    start = min(max(span.column - 1, 0), len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    end = min(max(end, start + 1), max(len(line.rstrip()), start + 1))
    shown, from_, prefix = _cut(line, start)
    lead = prefix + _columns(line[from_:start])
    width = max(1, min(_columns(line[start:end]), WIDTH - lead))
    return shown, " " * lead + "^" * width


def _cut(line: str, start: int) -> tuple[str, int, int]:
    """(the line as shown, the index where it begins, the columns put before that)."""
    if len(line) <= WIDTH:
        return _show(line), 0, 0
    from_ = max(0, start - WIDTH // 4) if start > WIDTH // 2 else 0
    lead = "..." if from_ else ""
    tail = "..." if from_ + WIDTH < len(line) else ""
    return f"{lead}{_show(line[from_ : from_ + WIDTH])}{tail}", from_, len(lead)


def _show(text: str) -> str:
    return inert(text.replace("\t", "    "))


def _columns(text: str) -> int:
    """How wide a terminal shows a text: wide characters take two columns, combining ones none."""
    shown = _show(text)
    if shown.isascii():
        return len(shown)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in shown
    )
