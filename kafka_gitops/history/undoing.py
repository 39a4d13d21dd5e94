"""What undoing a run means: which commits it brought, how they are reverted, and what no revert brings back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops import shell
from kafka_gitops.git.line import Step
from kafka_gitops.kinds import LOOKS
from kafka_gitops.ledger.nouns import Run, RunOutcome
from kafka_gitops.model import Key

REACHED = ("done", "partly", "stopped")
_WROTE = ("done", "unknown", "unverified")
_PLAIN = ("create", "update", "delete")


class Span(NamedTuple):
    """The places of a run's commits in the branch's own line (0 is HEAD), up to before the one applied earlier.

    `known` is False where nothing says what was applied earlier, so that it is the run's own commit alone.
    """

    first: int
    end: int
    known: bool


def span(run: Run, others: Iterable[Run], places: Mapping[str, int]) -> Span | None:
    """What a run brought: all since the commit that the last run before it reached; None where git lacks its commit.

    A run that came back to a commit, or went on with it, brought what the first one of that commit did.
    """
    first = places.get(run.commit or "")
    if first is None:
        return None
    others = [one for one in others if one.command != "undo" and one.status in REACHED]
    earlier = sorted((one for one in others if one.number < run.number), key=lambda one: -one.number)
    reached = (places.get((one.commit or "").removesuffix("-dirty")) for one in earlier)
    before = next((place for place in reached if place is not None and place > first), places.get(run.base or ""))
    if before is None or before <= first:
        return Span(first, first + 1, False)
    return Span(first, before, True)


def revert(step: Step) -> tuple[str, ...]:
    """The words of git that revert a commit; of a merge all that it brought."""
    merge = ("-m", "1") if len(step.commit.parents) > 1 else ()
    return ("revert", "--no-edit", *merge, step.commit.id)


def command(step: Step) -> str:
    """The same as a line to copy."""
    return shell.command("git", *revert(step))


def lasting(outcomes: Sequence[RunOutcome]) -> Iterator[tuple[Key, str]]:
    """What a run did that no revert takes back, in the words that its risks were told in, and acts such as `rotate`."""
    for outcome in outcomes:
        if outcome.status in _WROTE:
            key = Key(outcome.kind, outcome.name)
            if outcome.action not in _PLAIN:
                yield key, _act(outcome)
            yield from ((key, f"{risk.name}: {risk.sentence}") for risk in outcome.risks if risk.blocks)


def _act(outcome: RunOutcome) -> str:
    looks = LOOKS.get(outcome.kind)
    said = looks.acts.get(outcome.action) if looks is not None else None
    return f"{outcome.action}: {said}" if isinstance(said, str) else f"{outcome.action} was done"
