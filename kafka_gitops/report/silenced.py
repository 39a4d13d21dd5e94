"""What a change adds that silences findings, a line for each rule, for a comment and for a log."""

from collections.abc import Iterator, Sequence

from kafka_gitops.changes import Origin
from kafka_gitops.lint.silences import ACCEPTANCE, BASELINE, WAIVER, Silence, ranked
from kafka_gitops.report.findings import clipped, harmless
from kafka_gitops.report.markup import Link, cell, code, place, text

TITLE = "This change silences findings"
_ABOUT = 200  # characters
_PLURAL = {WAIVER: "waivers", BASELINE: "baseline entries", ACCEPTANCE: "acceptances"}
_ROWS = 150  # rules and risks; there are fewer, unless names are made up


def markdown(silences: Sequence[Silence], link: Link | None) -> str:
    """A list under a heading; nothing without any."""
    rows = []
    for group in ranked(silences)[:_ROWS]:
        first = group[0]
        at = f" ({place(Origin(first.path, first.line), link)})" if first.path else ""
        which = "first: " if len(group) > 1 else ""
        rows.append(f"* {_counted(group)} of {code(clipped(first.rule, 100))}: {which}{_about(first)}{at}")
    return "\n".join([f"**{TITLE}**", "", *rows, *_more(silences)]) if rows else ""


def lines(silences: Sequence[Silence]) -> Iterator[str]:
    """The same for a log."""
    if silences:
        yield TITLE
    for group in ranked(silences)[:_ROWS]:
        first = group[0]
        at = f" ({first.path}:{first.line})" if first.path else ""
        which = "first: " if len(group) > 1 else ""
        yield harmless(f"  {_counted(group)} of {first.rule}: {which}{clipped(first.about, _ABOUT)}{at}")
    yield from (f"  {line.removeprefix('* ')}" for line in _more(silences))


def _counted(group: Sequence[Silence]) -> str:
    way = group[0].way
    return f"1 {way}" if len(group) == 1 else f"{len(group):,} {_PLURAL[way]}"


def _about(one: Silence) -> str:
    shown = clipped(one.about, _ABOUT)
    return cell(shown) if one.way != ACCEPTANCE else text(shown)


def _more(silences: Sequence[Silence]) -> list[str]:
    rest = len(ranked(silences)) - _ROWS
    return [f"* and {rest:,} more rules: see the files and the commits"] if rest > 0 else []
