"""Show what changed, when, by which commit, who approved it and accepted which risk, newest first."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone

from kafka_gitops.cli import ledger_past, terminal
from kafka_gitops.cli.parser import closest
from kafka_gitops.cli.past import Past
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.reports import add_reports, check_reports, write_reports
from kafka_gitops.cli.request import Files
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import UsageError
from kafka_gitops.git.line import Line
from kafka_gitops.history import since
from kafka_gitops.history.entry import Entry
from kafka_gitops.history.joined import Applied, joined, named
from kafka_gitops.history.wanted import Wanted, names, wanted
from kafka_gitops.model import Key
from kafka_gitops.report import formats, history_text
from kafka_gitops.report.fit import fit
from kafka_gitops.report.formats import HISTORIES
from kafka_gitops.report.history import HistoryView

EXAMPLE = "kafka-gitops history 'topic orders.v1' -e prod --since 90d"


class Request(Files):
    """What `history` is asked for."""

    resource: tuple[str, ...] = ()
    since: str | None = None
    by: str | None = None
    format: str = "text"
    report: tuple[str, ...] = ()


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `history`."""
    text = "a resource (topic orders.v1), a name with the rights on it (orders.v1), a principal (User:app), or with *"
    parser.add_argument("resource", metavar="RESOURCE", nargs="*", help=text)
    text = "only what is not older: 2026-03-01, or 90d (m, h, d, w, y)"
    parser.add_argument("--since", metavar="DATE|DURATION", help=text)
    parser.add_argument("--by", metavar="WHO", help="only what somebody wrote, merged, approved or accepted")
    parser.add_argument("--recursive", action="store_true", default=None, help="descend into sub-directories")
    parser.add_argument("--format", choices=tuple(HISTORIES), default="text", help="what goes to stdout")
    add_reports(parser, tuple(HISTORIES))


def run(request: Request) -> int:
    """Print the history and return 0. Raises UsageError for a resource that never was, or outside of git."""
    check_reports(request.report, tuple(HISTORIES))
    start = _start(request.since)
    resource = " ".join(request.resource) or None  # as it is copied from a plan, without quotes
    asked = wanted(resource) if resource is not None else None
    with Line() as line:
        config = Configured(request, MERGED)
        past = Past(line, request, config)
        ledger = ledger_past.read(request, config, line)
        entries = _chosen(past, named(ledger.entries, line.steps), request, asked, start)
        view = HistoryView(
            entries, past.environment, ledger.origin, resource, request.since, request.by, terminal.paint
        )
        view = replace(view, whole=terminal.verbose())
        _write(request, view)
    return 0


def _write(request: Request, view: HistoryView) -> None:
    """Text as it is found, where nothing else is to be made of it."""
    if request.format == "text" and not request.report:
        for part in history_text.parts(view):
            terminal.write(fit(part, terminal.columns()))
        return
    whole = HistoryView(**{**vars(view), "entries": [*view.entries]})
    text = formats.past(request.format, whole)
    terminal.write(fit(text, terminal.columns()) if HISTORIES[request.format].wrapped else text)
    write_reports(request.report, tuple(HISTORIES), lambda form: formats.past(form, whole))


def _start(text: str | None) -> int | None:
    if text is None:
        return None
    found = since.since(text, datetime.now(timezone.utc))
    if found is None:
        said = f"--since {text}: expected a date such as 2026-03-01, or a duration such as 90d"
        raise UsageError(said, help="Units of durations are m, h, d, w, y. A time without a zone is UTC.")
    return found


def _chosen(
    past: Past, told: Sequence[Entry], request: Request, asked: Wanted | None, start: int | None
) -> Iterator[Entry]:
    """The entries that were asked for; that the ledger is damaged always is.

    Raises UsageError for a resource that is in none, and not declared either.
    """
    applied = Applied([step.commit.id for step in past.line.steps], told)
    seen: dict[Key, None] = dict.fromkeys(past.declared().state)
    found = asked is None or any(asked(key) for key in seen)
    for entry in joined(past.entries(), told, applied):
        seen.update((touch.key, None) for touch in entry.touches)
        if asked is not None:
            entry = _about(entry, asked)
            found = found or bool(entry.touches)
        if start is not None and entry.time < start:
            if found and entry.what == "merged" and past.ends(entry, start):
                return
        elif entry.what == "broken" or (
            (asked is None or entry.touches) and (request.by is None or _is_by(entry, request.by))
        ):
            yield entry
    if not found:
        raise _unknown(request, seen, cut=past.line.cut)


def _about(entry: Entry, asked: Wanted) -> Entry:
    """The entry with what is asked for alone, and the risks that may be about it."""
    touches = tuple(touch for touch in entry.touches if asked(touch.key))
    about = {touch.key.name for touch in touches}
    return entry._replace(
        touches=touches, accepted=tuple(one for one in entry.accepted if one.name is None or one.name in about)
    )


def _is_by(entry: Entry, who: str | None) -> bool:
    if who is None:
        return True
    facts = [*entry.by, *entry.approved, *(one.by for one in entry.accepted)]
    facts += [entry.merged] if entry.merged is not None else []
    return any(who.casefold() in fact.value.casefold() for fact in facts)


def _unknown(request: Request, seen: Iterable[Key], *, cut: bool) -> UsageError:
    asked = " ".join(request.resource)
    near = closest(asked.partition(" ")[2] or asked, dict.fromkeys(names(seen)), 1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    was = "none was in the commits that this clone has (git fetch --unshallow brings all)" if cut else "none ever was"
    said = f'No resource "{asked}" is declared, and {was}.{hint}'
    return UsageError(said, help="Write a kind and a name (topic orders), a name, a principal (User:app), or with *.")
