"""A history as a table for a spreadsheet: a row for each field that changed."""

import csv
import io
import re
from collections.abc import Iterator

from kafka_gitops.changes import Edit
from kafka_gitops.history.entry import Entry, Fact, Touch
from kafka_gitops.report import history
from kafka_gitops.report.findings import inert
from kafka_gitops.report.history import HistoryView

COLUMNS = (
    *("time", "what", "title", "commit", "change_request", "by", "merged_by", "approved_by", "accepted", "run"),
    *("kind", "name", "action", "field", "old", "new", "status", "detail", "because", "notes"),
)
_FORMULA = re.compile(
    r"[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\t\r\n;|%]"
)  # how a cell begins that a spreadsheet may take for one
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def render(view: HistoryView) -> str:
    """The head and the rows, lines ended with LF; text that a spreadsheet would reckon with has a ' before it."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for entry in view.entries:
        table.writerows([[_cell(text) for text in row] for row in _rows(entry)])
    return out.getvalue()


def _rows(entry: Entry) -> Iterator[list[str]]:
    request, merged, run = ((one,) if one is not None else () for one in (entry.request, entry.merged, entry.run))
    accepted = [Fact(history.risk(one), one.by.source) for one in entry.accepted]
    known = [history.said(each) for each in (request, entry.by, merged, entry.approved, accepted, run)]
    if entry.merged is None:
        known[2] = ""
    if not accepted:
        known[4] = ""
    first = [history.exactly(entry), entry.what, entry.title, entry.commit or "", *known]
    notes = "; ".join([*entry.notes, *(f"{label}: {text}" for label, text in entry.more.items())])
    for touch in entry.touches or (None,):
        for cells in [[""] * 9] if touch is None else _touch(touch):
            yield [*first, *cells, notes]


def _touch(touch: Touch) -> Iterator[list[str]]:
    last = [touch.status or "", touch.detail or "", touch.because or ""]
    for edit in touch.edits or (Edit("", None, None),):
        values = [edit.field, edit.before or "", edit.after or ""]
        yield [touch.key.kind, touch.key.name, touch.action, *values, *last]


def _cell(text: str) -> str:
    shown = inert(text)
    return f"'{shown}" if _FORMULA.match(shown) and not _NUMBER.fullmatch(shown) else shown
