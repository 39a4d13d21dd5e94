"""What the formats of `history` are given: the entries, what was asked for, and where the facts are from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import groupby

from kafka_gitops.changes import Edit
from kafka_gitops.history.entry import Accepted, Entry, Fact, Touch
from kafka_gitops.kinds import LOOKS
from kafka_gitops.model import Key
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped, inert, one_line
from kafka_gitops.report.views import Paint, plain

UNKNOWN = "not known"
SIGNS = {**words.SIGNS, "release": "o", "hold": "=", "drift": "!"}
ASKED = ("merged", "applied", "undone", "tried", "died", "running")  # of these a fact that is missing is told


@dataclass(frozen=True)
class HistoryView:
    """A history, newest first; `origin` says where it is from, `resource` and `since` what was asked for.

    `whole`: each run that changed nothing is told by itself.
    """

    entries: Iterable[Entry]
    environment: str | None
    origin: str
    resource: str | None = None
    since: str | None = None
    by: str | None = None
    paint: Paint = plain
    whole: bool = False


def head(view: HistoryView) -> str:
    """What this is a history of, in a sentence."""
    of = view.resource or (f"environment {view.environment}" if view.environment else "the files")
    inside = f" in {view.environment}" if view.resource and view.environment else ""
    since = f" since {view.since}" if view.since else ""
    by = f" by {view.by}" if view.by else ""
    return f"History of {inert(clipped(f'{of}{inside}{since}{by}'))}, newest first; {view.origin}"


def read(view: HistoryView) -> Iterator[Entry]:
    """The entries for people: of runs in a row that changed nothing the last one, with the number of the others."""
    if view.whole:
        yield from view.entries
        return
    for idle, some in groupby(view.entries, key=_is_idle):
        if not idle:
            yield from some
            continue
        first, *rest = some
        runs = "run" if len(rest) == 1 else f"{len(rest):,} runs"
        yield first._replace(title=f"{first.title}, like the {runs} before it") if rest else first


def _is_idle(entry: Entry) -> bool:
    calm = entry.what == "applied" and entry.more.get("status") == "done"
    return calm and not (entry.touches or entry.notes or entry.accepted)


def when(entry: Entry) -> str:
    """`2026-03-01 08:15 UTC`."""
    return datetime.fromtimestamp(entry.time, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def exactly(entry: Entry) -> str:
    """`2026-03-01T08:15:02Z`."""
    return datetime.fromtimestamp(entry.time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def facts(entry: Entry) -> Iterator[tuple[str, Sequence[Fact]]]:
    """What is asked of every entry, each with its label; nothing where it is not known."""
    accepted = [Fact(risk(one), one.by.source) for one in entry.accepted]
    known: tuple[tuple[str, Sequence[Fact], bool], ...] = (
        ("change request", _maybe(entry.request), True),
        ("by", entry.by, True),
        ("merged by", _maybe(entry.merged), False),
        ("approved by", entry.approved, True),
        ("accepted", accepted, False),
        ("run", _maybe(entry.run), True),
    )
    for label, found, always in known:
        if found or (always and entry.what in ASKED):
            yield label, found


def _maybe(fact: Fact | None) -> list[Fact]:
    return [] if fact is None else [fact]


def sign(touch: Touch) -> str:
    """`+`, `~`, `-`, and others for what is no change."""
    return SIGNS.get(touch.action, "~")


def risk(accepted: Accepted) -> str:
    """`retention-shrink of orders.v1 by Ann`."""
    of = f" of {accepted.name}" if accepted.name is not None else ""
    return f"{accepted.risk}{of} by {accepted.by.value}"


def said(known: Sequence[Fact]) -> str:
    """`Ann, Bob: git (unproved)`, one group for each source; `not known` for nothing."""
    sources = dict.fromkeys(fact.source for fact in known)
    groups = (f"{', '.join(_line(f.value) for f in known if f.source == source)}: {source}" for source in sources)
    return "; ".join(groups) or UNKNOWN


def edits(touch: Touch) -> Iterator[tuple[str, str]]:
    """Each field with what became of it: `604800000 (7 days) -> 1209600000 (14 days)`; of a creation its value."""
    for edit in touch.edits:
        yield _line(edit.field), _edit(touch.key, edit, new=touch.action == "create")


def _edit(key: Key, edit: Edit, *, new: bool) -> str:
    looks = LOOKS.get(key.kind)
    told = looks.tells(edit) if looks is not None and not new else None
    if told:
        return _line(told)
    after = value(key, edit.field, edit.after)
    return after if new else f"{value(key, edit.field, edit.before)} -> {after}"


def value(key: Key, field: str, text: str | None) -> str:
    """A value as reports show it, with what a person reads beside it; `none` where it is unset."""
    if text is None:
        return "none"
    looks = LOOKS.get(key.kind)
    human = looks.reads(field, text) if looks is not None else None
    return f"{text} ({human})" if human else _line(text) or '""'


def outcome(touch: Touch) -> str:
    """`failed: the broker refused it`; nothing where it was done, or nobody applied it."""
    if touch.status in (None, "done"):
        return ""
    return f"{touch.status}: {_line(touch.detail)}" if touch.detail else f"{touch.status}"


def because(touch: Touch) -> str:
    """The reason that the files give; nothing without one."""
    return f"because: {_line(touch.because)}" if touch.because else ""


def _line(text: str) -> str:
    return inert(clipped(one_line(text), words.LONGEST))
