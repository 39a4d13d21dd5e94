"""What an apply did, for a terminal: a line per change, failures in the broker's own words, the counts last."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Outcome
from kafka_gitops.report import words
from kafka_gitops.report.plan_text import FEW, Paint, plain

_STYLE = {"done": "green", "already": "dim", "failed": "red", "skipped": "yellow"}


class Total(NamedTuple):
    """The counts of an apply; `unseen` are done and not visible yet."""

    done: int = 0
    failed: int = 0
    skipped: int = 0
    already: int = 0
    unseen: int = 0
    impossible: int = 0


def total(outcomes: Sequence[Outcome], *, unseen: int = 0, impossible: int = 0) -> Total:
    """Count what became of the changes."""
    status = Counter(outcome.status for outcome in outcomes)
    return Total(status["done"], status["failed"], status["skipped"], status["already"], unseen, impossible)


def line(outcome: Outcome, paint: Paint = plain, column: int = 46) -> str:
    """One change and, from a column on, what became of it."""
    head = (
        f"  {words.sentence(outcome.change)}" if outcome.status != "failed" else f"  x {words.noun(outcome.change.key)}"
    )
    said = {"already": "already so"}.get(outcome.status, outcome.status)
    detail = f": {outcome.detail}" if outcome.detail else ""
    return f"{head.ljust(column)}  {paint(said, _STYLE[outcome.status])}{detail}"


def many(outcomes: Sequence[Outcome], paint: Paint = plain) -> Iterator[str]:
    """The outcomes of a long apply: what went wrong, the same reason once with its count and its first names."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.status in ("failed", "skipped"):
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


def closing(counts: Total, seconds: float) -> str:
    """The last line: counts, and how to go on when not everything was done."""
    if counts.failed or counts.skipped:
        parts = [f"{counts.done:,} applied", f"{counts.failed:,} failed", f"{counts.skipped:,} skipped"]
        if counts.already:
            parts.append(f"{counts.already:,} already so")
        again = "Run the same command again after mending; what is applied stays applied."
        return f"{', '.join(parts)}. {again}"
    still = f" ({counts.unseen:,} not visible yet: look again with a plan)"
    unseen = still if counts.unseen else ""
    applied = f"{counts.done:,} applied{' and verified' if counts.done and not counts.unseen else ''}{unseen}"
    already = f", {counts.already:,} already so" if counts.already else ""
    return f"{applied}{already}, 0 failed, 0 skipped, {counts.impossible:,} not possible in {seconds:.1f} s"
