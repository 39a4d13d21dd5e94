"""How a run is undone, for a terminal: the reverts to copy, and what does not come back."""

from collections.abc import Iterator, Sequence

from kafka_gitops.git.line import Step
from kafka_gitops.history import undoing
from kafka_gitops.ledger.nouns import Run
from kafka_gitops.report.findings import clipped, inert, one_line
from kafka_gitops.report.words import LONGEST, count

FEW = 50  # sentences on what does not come back


def render(run: Run, steps: Sequence[Step], note: str | None) -> str:
    """All that is said before the plan."""
    return "\n".join(_lines(run, steps, note)) + "\n"


def _lines(run: Run, steps: Sequence[Step], note: str | None) -> Iterator[str]:
    yield f"Undo of run {run.run}, which applied commit {(run.commit or '')[:9]}"
    if note is not None:
        yield f"note: {note}"
    yield ""
    if steps:
        yield f"{count(len(steps), 'commit')} to revert, newest first:"
        for step in steps:
            yield f"  {undoing.command(step)}"
            yield f"      {_line(step.commit.subject)}"
    else:
        yield "No commit to revert: none of it changed what is declared."
    stays = [*undoing.lasting(run.outcomes)]
    if stays:
        yield ""
        yield "What no revert brings back:"
        yield from (f"  {_line(str(key))}  {_line(said)}" for key, said in stays[:FEW])
    if len(stays) > FEW:
        yield f"  and {len(stays) - FEW:,} more"
    yield ""
    yield 'The plan without these commits (under "Cannot be done" is what Kafka cannot take back):'
    yield ""


def _line(text: str) -> str:
    return inert(clipped(one_line(text), LONGEST))
