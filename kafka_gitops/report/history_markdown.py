"""A history as Markdown: a table of entries' facts and changes, for a ticket or an audit."""

from collections.abc import Iterator

from kafka_gitops.history.entry import Entry, Touch
from kafka_gitops.report import history
from kafka_gitops.report.findings import clipped
from kafka_gitops.report.history import HistoryView
from kafka_gitops.report.markup import cell, text
from kafka_gitops.report.words import LONGEST

FEW = 50  # resources of one entry


def render(view: HistoryView) -> str:
    """GitHub-flavoured Markdown, hostile text inert."""
    parts = [f"**{text(history.head(view))}**", *(_entry(entry) for entry in history.read(view))]
    return "\n\n".join(parts if len(parts) > 1 else [*parts, "Nothing."]) + "\n"


def _entry(entry: Entry) -> str:
    commit = f" {cell(entry.commit[:9])}" if entry.commit is not None else ""
    what = "" if entry.what == "merged" else f" {entry.what}"
    lines = [f"### {history.when(entry)}{what}{commit} {text(clipped(entry.title, LONGEST))}", ""]
    lines += [f"* {label}: {text(history.said(known))}" for label, known in history.facts(entry)]
    lines += [f"* {label}: {text(told)}" for label, told in entry.more.items()]
    lines += [f"* note: {text(note)}" for note in entry.notes]
    if entry.touches:
        lines += ["", "| action | resource | field | change | outcome |", "|---|---|---|---|---|"]
        lines += [row for touch in entry.touches[:FEW] for row in _rows(touch)]
    if len(entry.touches) > FEW:
        lines += ["", f"and {len(entry.touches) - FEW:,} more"]
    if not entry.touches and entry.what == "merged" and not entry.notes:
        lines += ["", "nothing that is declared changed"]
    return "\n".join(lines)


def _rows(touch: Touch) -> Iterator[str]:
    outcome = "; ".join(filter(None, (history.outcome(touch), history.because(touch))))
    for field, told in [*history.edits(touch)] or [("", "")]:
        cells = (cell(clipped(one, LONGEST)) if one else "" for one in (str(touch.key), field, told, outcome))
        yield f"| {touch.action} | {' | '.join(cells)} |"
