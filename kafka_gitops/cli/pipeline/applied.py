"""The apply of a pipeline: what came of it, and under which name it is recorded."""

import argparse
from dataclasses import replace
from pathlib import Path

from kafka_gitops.ci import Context, Result
from kafka_gitops.cli import carrying, copying, lasting, locking, ordering, record, terminal
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.cli.planning import Prepared, patience
from kafka_gitops.cli.request import changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.stopping import Stopping
from kafka_gitops.cli.turns import Turn
from kafka_gitops.git import Repository
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.plan.apply import Brake


def add_applying(parser: argparse.ArgumentParser) -> None:
    """The options of an apply."""
    lasting.add(parser, of="apply: ")
    copying.add(parser, of="apply, ", place=", beside the other reports")
    locking.add(parser, of="apply: ", usual=locking.CI_WAIT.text)
    ordering.add(parser, of="apply: ")


def applied(
    request: Ci,
    context: Context,
    result: Result,
    config: Configured,
    repo: Repository,
    ready: Prepared,
    systems: Systems,
    stop: Stopping,
    brake: Brake,
    turn: Turn,
) -> Result:
    """The result with the outcomes of its plan. Raises as `in_order`, `record.kept` and `carry_out` do."""
    assert result.plan is not None
    if ready.ledger is not None:
        ready.ledger.in_order(request.allow_diverged)
    named, line = turn.begun(ready.settings)
    terminal.tell(line)
    copy = request.record or str(Path(request.reports) / copying.NAME)
    request = changed(request, record=copy, lock_timeout=request.lock_timeout or locking.CI_WAIT)
    what = record.of_files(named, request, config, repo, ready, result.plan)
    if what is not None:
        from kafka_gitops.cli import origin

        facts, approvers, why = origin.asked(context, ready.settings.ledger.actors, what.facts)
        if why is not None:
            terminal.say(f"note: who approved this is not recorded: {why}")
        approvers = origin.joined(approvers, result.approvers)
        what = what._replace(command="ci apply", context=context, facts=facts, approvers=approvers, notes=result.notes)
    with record.kept(what, systems, turn) as kept:
        deadline = patience(request, result.plan)
        done = carrying.carry_out(result.plan, systems, ready.settings, deadline, stop, brake, kept)
    result = replace(result, run=kept.run, remarks=(*result.remarks, *kept.remarks))
    return replace(result, outcomes=tuple(done.outcomes), counts=done.counts, code=done.code)
