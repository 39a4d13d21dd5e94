"""A plan is carried out: with its progress, what is kept of it, and the exit code of what came of it."""

import traceback
from collections.abc import Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.cli import terminal
from kafka_gitops.cli.progress import Progress, progress
from kafka_gitops.cli.stopping import Stopping
from kafka_gitops.cli.unrecorded import Nothing
from kafka_gitops.errors import Unreachable
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.plan import apply
from kafka_gitops.plan.make import Plan
from kafka_gitops.report import totals, words
from kafka_gitops.settings import Settings


class Done(NamedTuple):
    """What an apply came to: what became of each change, the counts, the exit code."""

    outcomes: list[Outcome]
    counts: totals.Total
    code: int


def carry_out(
    plan: Plan, systems: Systems, settings: Settings, deadline: float, stop: Stopping, brake: apply.Brake, kept: Nothing
) -> Done:
    """Apply a plan and wait until the cluster shows it, or shows no more of it for `deadline` seconds.

    Prints only progress, and a fault of our own. Raises KafkaGitopsError only before anything was written; from then on
    signals do not end the run, so that what was done can be told.
    """
    stop.begin()
    with progress(len(plan.changes)) as told:
        told.phase("applying", len(plan.changes))
        missing: list[int] = []

        def journal(event: str, changes: Sequence[Change]) -> str | None:
            if event == "end":
                told.advance(len(changes))
            elif event == "wait":
                told.phase("waiting until it is visible", len(changes))
                missing[:] = [len(changes)]
            elif event == "look":
                told.advance(missing[0] - len(changes))
                missing[:] = [len(changes)]
            return kept.journal(event, changes)

        systems.kafka.waits(lambda seconds, left: _waits(told, seconds, left) and not stop() and brake() is None)
        done = apply.carry_out(
            plan, systems, settings=settings, deadline=deadline, journal=journal, stop=stop, brake=brake, told=kept.told
        )
        stop.report()
    if done.fault is not None:
        terminal.problem("".join(traceback.format_exception(done.fault)).rstrip("\n"))
    counts = totals.total(done.outcomes, unseen=len(done.unseen), impossible=len(plan.unsupported))
    code = _code(done, stopped=stop(), refused=bool(plan.refused))
    return Done(done.outcomes, counts, kept.end(done.outcomes, done.unseen, code))


def _waits(told: Progress, seconds: float, left: int) -> bool:
    """Tell that the brokers let topics wait."""
    told.waits(f"a quota (controller_mutation_rate) lets {words.count(left, 'change')} wait, {seconds:.0f} s more")
    return True


def _code(done: apply.Applied, *, stopped: bool, refused: bool) -> int:
    """0 when all is done and seen; 6 when something was written; else 130, 5 or 1 by what stood in the way.

    `refused`: the brokers refuse a part of what the files want, so that not all of it is done.
    """
    complete = not done.unseen and all(outcome.status in ("done", "already") for outcome in done.outcomes)
    if complete and not refused:
        return 0
    if any(outcome.wrote for outcome in done.outcomes):
        return 6
    if stopped:
        return 130
    return Unreachable.exit_code if any(outcome.fate == "unsent" for outcome in done.outcomes) else 1
