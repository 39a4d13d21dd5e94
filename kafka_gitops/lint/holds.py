"""What is wrong with the holds of the files: no day, no reason, too long, or over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone

from kafka_gitops import catalog, holds
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.holds import Hold, Stated
from kafka_gitops.model import Topology
from kafka_gitops.text.source import Node

_EXPECTED = "write: hold: {until: YYYY-MM-DD, reason: TEXT}"


def judged(topology: Topology, today: date | None, most: int) -> Iterator[Diagnostic]:
    """The findings about holds; `today` None: nothing is over or too long. `most` is how many days one may last."""
    for one in holds.stated(topology):
        yield from _form(one)
        if one.hold is not None and today is not None:
            yield from _length(one, today, most)


def _form(one: Stated) -> Iterator[Diagnostic]:
    node = one.node
    until, reason, fields = (node.map.get(name) for name in ("until", "reason", "fields"))
    if until is not None and until.raw is not None and holds.day(until.raw) is None:
        said = f'"{until.raw}" is not a date, expected YYYY-MM-DD: the last day on which it holds (UTC)'
        yield Diagnostic(until.span, "hold-malformed", Severity.error, said, _EXPECTED)
    if reason is not None and reason.raw is not None and not reason.text.strip():
        said = "a hold without a reason does not count"
        yield Diagnostic(reason.span, "hold-malformed", Severity.error, said, "say why: reason: TEXT")
    if fields is not None and not one.parts:
        said = '"fields" is for topics: of anything else all is held'
        yield Diagnostic(fields.key_span, "hold-malformed", Severity.error, said, "delete it")
    elif fields is not None:
        yield from _unknown(fields)


def _unknown(fields: Node) -> Iterator[Diagnostic]:
    """The names that are no field: what they were meant to hold is not held."""
    for item in fields.items:
        if item.raw is not None and item.text not in holds.FIELDS and catalog.status(item.text) == "unknown":
            from difflib import get_close_matches  # which takes its time to load

            near = next(iter(get_close_matches(item.text.lower(), holds.FIELDS, n=1)), None) or catalog.suggest(
                item.text
            )
            help = f'write "{near}"' if near else "write it as in `config`: retention.ms, num.partitions"
            said = f'"{item.text}" is no field of a topic, so nothing of it is held'
            yield Diagnostic(item.span, "hold-malformed", Severity.error, said, help)


def _length(one: Stated, today: date, most: int) -> Iterator[Diagnostic]:
    assert one.hold is not None
    now, place = datetime.combine(today, time(), timezone.utc), one.node.at("until")
    if now >= one.hold.until:
        said = f"the hold ended on {one.hold.last} and has no effect"
        help = "delete it, or give it a new day and reason"
        yield Diagnostic(place, "hold-expired", Severity.warning, said, help)
    elif holds.too_long(one.hold, now, most):
        yield Diagnostic(place, "hold-too-long", Severity.error, *_too_long(one.hold, today, most))


def _too_long(hold: Hold, today: date, most: int) -> tuple[str, str]:
    """What is wrong with it, and what to do."""
    if most == 0:
        return "nothing may be held here (`max_hold: 0`)", "delete the hold"
    days = "1 day" if most == 1 else f"{most:,} days"
    said = (
        f"the hold lasts until {hold.last}: at most {days}, which is until {today + timedelta(days=most)} (`max_hold`)"
    )
    return said, "name an earlier day: it can be extended in time"
