"""What an apply did, for a terminal: a line per change, failures in the broker's own words, the counts last."""

from collections.abc import Iterator, Sequence

from kafka_gitops.changes import Outcome, Unsupported
from kafka_gitops.plan.make import Plan
from kafka_gitops.report import words
from kafka_gitops.report.findings import one_line
from kafka_gitops.report.plan_text import FEW
from kafka_gitops.report.totals import Total
from kafka_gitops.report.views import ApplyView, Paint, plain

_STYLE = {
    "done": "green",
    "already": "dim",
    "failed": "red",
    "skipped": "yellow",
    "unknown": "red",
    "unverified": "yellow",
}
_AGAIN = "Run the same command again after fixing it; what is applied stays applied."
_ONWARD = "Run the same command again to go on with what is open; what is applied stays applied."


def head(plan: Plan) -> str:
    """What stands before the work: how many changes, and where; nothing without any."""
    if not plan.changes:
        return ""
    where = f"{plan.environment or 'the cluster'} (cluster {words.short_id(plan.cluster)})"
    return f"Applying {words.count(len(plan.changes), 'change')} to {where}\n"


def render(view: ApplyView) -> str:
    """The whole text: each change, or what went wrong where there are many, what was not tried, help, the counts."""
    parts = [*lines(view.outcomes, view.paint), *refused(view.plan.refused, view.paint), *helps(view.outcomes)]
    recorded = [f"Recorded as run {view.run}."] if view.run is not None else []
    return "\n".join([*parts, closing(view.outcomes, view.counts, view.seconds), *recorded]) + "\n"


def line(outcome: Outcome, paint: Paint = plain, column: int = 46) -> str:
    """One change and, from a column on, what became of it."""
    head = (
        f"  {words.sentence(outcome.change)}" if outcome.status != "failed" else f"  x {words.noun(outcome.change.key)}"
    )
    said = {"already": "already up to date"}.get(outcome.status, outcome.status)
    detail = f": {outcome.detail}" if outcome.detail and outcome.status != "unverified" else ""  # which the end tells
    return f"{head.ljust(column)}  {paint(said, _STYLE[outcome.status])}{detail}"


def many(outcomes: Sequence[Outcome], paint: Paint = plain) -> Iterator[str]:
    """The outcomes of a long apply: what went wrong, the same reason once with its count and its first names."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.status in ("failed", "skipped", "unknown"):
            groups.setdefault((outcome.status, outcome.detail or ""), []).append(outcome)
    for same in groups.values():
        yield line(same[0], paint)
        if len(same) > 1:
            yield f"      and {len(same) - 1:,} more for the same reason, last: {same[-1].change.key}"


def lines(outcomes: Sequence[Outcome], paint: Paint = plain) -> Iterator[str]:
    """All lines: each change where there are few, else only what went wrong."""
    if len(outcomes) <= FEW:
        longest = max((len(words.sentence(outcome.change)) + 2 for outcome in outcomes), default=0)
        column = max(46, min(longest, 90))
        yield from (line(outcome, paint, column) for outcome in outcomes)
    else:
        yield from many(outcomes, paint)


def helps(outcomes: Sequence[Outcome]) -> list[str]:
    """What to do about what was refused, each once."""
    said = dict.fromkeys(outcome.help for outcome in outcomes if outcome.help and outcome.status != "unverified")
    return [line for help in said for line in help.splitlines()]


def unverified(outcomes: Sequence[Outcome]) -> list[str]:
    """Why changes that were done could not be seen: each reason once, with what to do about it below."""
    said = {outcome.detail or "": outcome.help or "" for outcome in outcomes if outcome.status == "unverified"}
    return [line for why, help in said.items() for line in (why, *(f"  {part}" for part in help.splitlines()))]


def refused(entries: Sequence[Unsupported], paint: Paint = plain) -> Iterator[str]:
    """What the brokers would refuse, so that it was not tried: a line each, of many the first."""
    for entry in entries[:FEW]:
        place = f" ({entry.origin})" if entry.origin else ""
        yield f"  {paint('x', 'red')} {words.noun(entry.key)}  not tried: {one_line(entry.reason + place)}"
    if len(entries) > FEW:
        yield f"  and {len(entries) - FEW:,} more that the brokers refuse"


def closing(outcomes: Sequence[Outcome], counts: Total, seconds: float) -> str:
    """The last lines: what is not verified and why, the counts, and how to go on when not everything was done."""
    why = unverified(outcomes)
    more = [f"{counts.unseen:,} not visible yet"] if counts.unseen else []
    some = "" if counts.unverified == counts.applied else f"{counts.unverified:,} of them "
    head = [f"{counts.applied:,} applied, {some}not verified: {why[0]}", *why[1:]] if why else []
    applied = [] if why else [f"{counts.applied:,} applied"]
    already = [f"{counts.already:,} already up to date"] if counts.already else []
    wrong = [f"{counts.failed:,} failed", f"{counts.skipped:,} skipped"]
    unknown = [f"{counts.unknown:,} unknown (the answer was lost)"] if counts.unknown else []
    if counts.failed or counts.skipped or counts.unknown:
        again = onward(outcomes) or _AGAIN
        return "\n".join([*head, f"{', '.join([*applied, *wrong, *unknown, *more, *already])}. {again}"])
    applied = [] if why else [f"{counts.applied:,} applied{_seen(counts)}"]
    impossible = f"{counts.impossible:,} not possible in {seconds:.1f} s"
    return "\n".join([*head, ", ".join([*applied, *already, *wrong, impossible])])


def onward(outcomes: Sequence[Outcome]) -> str:
    """How to go on where nothing is to be fixed: all that is not done was not tried, since somebody or a time ended the
    apply; empty for any other end."""
    left = [outcome for outcome in outcomes if outcome.status not in ("done", "already")]
    return _ONWARD if left and all(one.fate == "stopped" for one in left) else ""


def _seen(counts: Total) -> str:
    if counts.unseen:
        return f" ({counts.unseen:,} not visible yet: look again with a plan)"
    return " and verified" if counts.done else ""
