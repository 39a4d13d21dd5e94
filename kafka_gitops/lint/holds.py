"""What is wrong with the holds of the files: no day, no reason, too long, or over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone

from kafka_gitops import holds
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.holds import Stated
from kafka_gitops.model import Topology

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


def _length(one: Stated, today: date, most: int) -> Iterator[Diagnostic]:
    assert one.hold is not None
    now, place = datetime.combine(today, time(), timezone.utc), one.node.at("until")
    if now >= one.hold.until:
        said = f"the hold ended on {one.hold.last} and has no effect"
        help = "delete it, or give it a new day and reason"
        yield Diagnostic(place, "hold-expired", Severity.warning, said, help)
    elif holds.too_long(one.hold, now, most):
        last = today + timedelta(days=most)
        said = f"the hold lasts until {one.hold.last}: at most {most:,} days, which is until {last} (`max_hold`)"
        help = "name an earlier day: it can be extended in time"
        yield Diagnostic(place, "hold-too-long", Severity.error, said, help)
