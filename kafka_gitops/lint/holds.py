"""What is wrong with the holds of the files: no day, no reason, too long, or over."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta, timezone

from kafka_gitops import holds
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.holds import Hold, Stated
from kafka_gitops.model import Key, Topology
from kafka_gitops.text.source import Node

_EXPECTED = "write: hold: {until: YYYY-MM-DD, reason: TEXT}"


def judged(topology: Topology, today: date | None, most: int) -> Iterator[Diagnostic]:
    """The findings about holds; `today` None: nothing is over or too long. `most` is how many days one may last."""
    for one in holds.stated(topology):
        yield from _form(one, topology)
        if one.hold is not None and today is not None:
            yield from _length(one, today, most)


def _form(one: Stated, topology: Topology) -> Iterator[Diagnostic]:
    node = one.node
    until, reason, fields = (node.map.get(name) for name in ("until", "reason", "fields"))
    if until is not None and until.raw is not None and holds.day(until.raw) is None:
        said = f'"{until.raw}" is not a date, expected YYYY-MM-DD: the last day on which it holds (UTC)'
        yield Diagnostic(until.span, "hold-malformed", Severity.error, said, _EXPECTED)
    if reason is not None and reason.raw is not None and not reason.text.strip():
        said = "a hold without a reason does not count"
        yield Diagnostic(reason.span, "hold-malformed", Severity.error, said, "say why: reason: TEXT")
    if fields is not None and one.keys:
        yield from _fields(fields, one.keys[0], topology)


def _fields(fields: Node, key: Key, topology: Topology) -> Iterator[Diagnostic]:
    """The names that the resource has no field of: what they were meant to hold is not held."""
    from kafka_gitops.kinds import KINDS, LOOKS  # which most files need not

    single, spec, looks = KINDS[key.kind].SINGLE, topology.state.get(key), LOOKS[key.kind]
    if single is None:
        said = f'{looks.nouns} have no fields that could be held one by one: without "fields" all of it is held'
        yield Diagnostic(fields.key_span, "hold-malformed", Severity.error, said, "delete it")
        return
    for item in fields.items:
        if item.raw is not None and single.field(spec, item.text) is None:
            near = _near(item.text, single.names(spec)) or single.near(item.text)
            help = f'write "{near}"' if near else single.says
            said = f'a {looks.noun} has no field "{item.text}", so nothing is held by that name'
            yield Diagnostic(item.span, "hold-malformed", Severity.error, said, help)


def _near(name: str, names: Collection[str]) -> str | None:
    from difflib import get_close_matches  # which takes its time to load

    spelled = {one.lower(): one for one in names}
    return next((spelled[one] for one in get_close_matches(name.lower(), spelled, n=1, cutoff=0.75)), None)


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
