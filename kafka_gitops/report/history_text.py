"""A history for a terminal: each entry with its facts, then what it touched."""

from collections.abc import Iterator

from kafka_gitops.history.entry import Entry, Touch
from kafka_gitops.report import history, words
from kafka_gitops.report.findings import clipped, inert, one_line
from kafka_gitops.report.history import HistoryView
from kafka_gitops.report.views import Paint

FEW = 50  # resources of one entry
_LABEL = 16  # columns
_STYLE = {"create": "green", "update": "yellow", "delete": "red", "release": "dim"}

_ACTS = {"release": "  no longer managed here", "rotate": "  rotated"}


def render(view: HistoryView) -> str:
    """The whole text."""
    return "".join(parts(view))


def parts(view: HistoryView) -> Iterator[str]:
    """The text entry by entry, so that the first ones are read while older ones are made; no head before an error."""
    title = f"{history.head(view)}\n"
    for entry in history.read(view):
        yield title + "\n" + "".join(f"{line}\n" for line in _entry(entry, view.paint))
        title = ""
    if title:
        yield f"{title}\nNothing.\n"


def _entry(entry: Entry, paint: Paint) -> Iterator[str]:
    commit = f"{entry.commit[:9]}  " if entry.commit is not None else ""
    what = "" if entry.what == "merged" else f"{entry.what}  "
    yield paint(f"{history.when(entry)}  {what}{commit}{_line(entry.title)}", "bold")
    for label, known in history.facts(entry):
        yield f"  {label.ljust(_LABEL)}{history.said(known)}"
    for label, text in entry.more.items():
        yield f"  {label.ljust(_LABEL)}{_line(text)}"
    for note in entry.notes:
        yield f"  note: {_line(note)}"
    for touch in entry.touches[:FEW]:
        yield from _touch(touch, paint)
    if len(entry.touches) > FEW:
        yield f"  and {len(entry.touches) - FEW:,} more: --format json shows all"
    if not entry.touches and entry.what == "merged" and not entry.notes:
        yield "  nothing that is declared changed"


def _touch(touch: Touch, paint: Paint) -> Iterator[str]:
    sign = paint(history.sign(touch), _STYLE.get(touch.action, "yellow"))
    told = [*history.edits(touch)]
    outcome = history.outcome(touch)
    after = f"  {paint(outcome, 'red')}" if outcome else ""
    if touch.action == "create":
        fields = ", ".join(f"{field} {text}" for field, text in told)
        yield f"  {sign} {words.noun(touch.key)}{f'  {fields}' if fields else ''}{after}"
    else:
        yield f"  {sign} {words.noun(touch.key)}{_ACTS.get(touch.action, '')}{after}"
        width = max((len(field) for field, _ in told), default=0)
        yield from (f"      {field.ljust(width)}  {text}" for field, text in told)
    if reason := history.because(touch):
        yield f"      {reason}"


def _line(text: str) -> str:
    return inert(clipped(one_line(text), words.LONGEST))
