"""Carry out a plan: a saved one exactly as it is, or one made now from the files."""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kafka_gitops.cli import (
    again,
    carrying,
    copying,
    lasting,
    locking,
    ordering,
    planning,
    reaching,
    record,
    stopping,
    terminal,
    turns,
)
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.plan import is_plan_file
from kafka_gitops.cli.reports import add_reports, check_reports, write_what_can_be
from kafka_gitops.cli.request import Recorded, changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError, UsageError
from kafka_gitops.git import Repository
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.plan import apply
from kafka_gitops.plan import file as plan_file
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import consent
from kafka_gitops.plan.steps import needed
from kafka_gitops.report import formats, words
from kafka_gitops.report.fit import fit
from kafka_gitops.report.formats import OUTCOMES
from kafka_gitops.report.views import ApplyView
from kafka_gitops.settings import Settings

if TYPE_CHECKING:
    from kafka_gitops.cli.kept import Applying

    Around = Callable[[Plan, Systems, planning.Prepared, Applying | None], AbstractContextManager[Applying | None]]

EXAMPLE = "kafka-gitops apply plan.json"


class Request(Recorded):
    """What `apply` is asked for."""

    format: str = "text"
    report: tuple[str, ...] = ()
    stop_after: lasting.Lasting | None = None


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `apply`."""
    parser.add_argument(
        "paths", metavar="PLAN.json | PATH", nargs="*", help="a saved plan, or topology files or directories"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--format", choices=tuple(OUTCOMES), default="text", help="what goes to stdout")
    add_reports(parser, tuple(OUTCOMES))
    lasting.add(parser)
    copying.add(parser)
    locking.add(parser)
    ordering.add(parser)
    planning.add_options(parser)
    again.add(parser)


def run(request: Request) -> int:
    """Apply and report; exit 0 when all is done and seen, 6 in part, 1 or 5 when nothing could be done, 130 stopped."""
    brake = lasting.limit(request.stop_after)
    check_reports(request.report, tuple(OUTCOMES))
    if len(request.paths) == 1 and is_plan_file(request.paths[0]):
        return _run_saved(request, brake)
    return of_files(request, brake)


@contextmanager
def plainly(
    _plan: Plan, _systems: Systems, _ready: planning.Prepared, what: "Applying | None"
) -> Iterator["Applying | None"]:
    """Nothing is done around an apply."""
    yield what


def of_files(request: Request, brake: apply.Brake, around: "Around" = plainly) -> int:
    """Plan, ask, apply and report; `around` is entered before the first request, and gives what is recorded.

    Exit code as that of `run`.
    """
    config = Configured(request, MERGED)
    with Repository() as repo, turns.turn() as turn:
        ready = planning.prepare(request, config, repo)
        planned: list[Plan] = []
        try:
            return _of_files(request, brake, around, config, repo, ready, turn, planned.append)
        except locking.Overtaken as overtaken:
            if around is not plainly:  # an undo looks anew what there is to undo
                raise
            turn.again(overtaken, planned[0], ready.read)
        ready = planning.prepare(request, config, repo, read=turn.read)
        return _of_files(request, brake, around, config, repo, ready, turn, planned.append)


def _of_files(
    request: Request,
    brake: apply.Brake,
    around: "Around",
    config: Configured,
    repo: Repository,
    ready: planning.Prepared,
    turn: turns.Turn,
    planned: Callable[[Plan], None],
) -> int:
    """The same in one go; `planned` is given the plan. Raises Overtaken where another run was applied meanwhile."""
    named, line = turn.begun(ready.settings)
    record.load(named)
    with planning.met(request, ready) as systems:
        plan = planning.make(ready, systems)
        planned(plan)
        if ready.ledger is not None:
            ready.ledger.in_order(request.allow_diverged)
        if not OUTCOMES[request.format].for_programs:
            terminal.tell(line)
            view = replace(planning.view(ready, plan), paint=terminal.paint)
            terminal.tell(fit(formats.plan("text", view), terminal.columns()))
        planning.refuse(plan, ready.settings, ready.consent)
        systems.kafka.lacks(needed(plan.changes))
        if not request.yes and not turn.seen(plan) and plan.changes:
            _ask(plan)
        kept = record.of_files(named, request, config, repo, ready, plan)
        with around(plan, systems, ready, kept) as what:
            return _carry_out(request, plan, systems, ready.settings, brake, what, turn)


def _run_saved(request: Request, brake: apply.Brake) -> int:
    path = request.paths[0]
    if request.base or request.only or request.prune or request.undeclared_configs or request.rotate:
        options = "--base, --only, --prune, --undeclared-configs and --rotate"
        raise UsageError(f"A saved plan is applied as it is: {options} belong to `plan`")
    plan = plan_file.loads(Path(path).read_text(encoding="utf-8", errors="replace"), path)
    if plan.past is not None:
        said = f"{path} was planned against a snapshot of {plan.past.made}, not on the cluster: it cannot be applied."
        raise KafkaGitopsError(said, help="Make a plan on the cluster: kafka-gitops plan -o plan.json")
    if request.environment is None:
        request = changed(request, environment=plan.environment)
    config = Configured(request, MERGED)
    settings = config.settings()
    if settings.environment != plan.environment:
        raise KafkaGitopsError(f"This plan is for {_name(plan.environment)}, not for {_name(settings.environment)}.")
    given = consent(request.accept, request.max_deletes)
    planning.refuse(plan, settings, given, shown=False)
    with turns.turn() as turn:
        named, line = turn.begun(settings)
        if not OUTCOMES[request.format].for_programs:
            terminal.tell(line)
        if not plan.changes:
            terminal.say(f"There is no change in {path}, so nothing to apply.")
        with reaching.connected(request, settings) as systems, Repository() as repo:
            systems.kafka.lacks(needed(plan.changes))
            what = record.of_plan(named, request, config, repo, given, plan)
            return _carry_out(request, plan, systems, settings, brake, what, turn)


def _name(environment: str | None) -> str:
    return f"environment {environment}" if environment else "no environment"


def _ask(plan: Plan) -> None:
    """Ask on a terminal. Raises UsageError where nobody can answer, KafkaGitopsError for a no."""
    if not terminal.is_terminal():
        raise UsageError("Nothing was applied: there is nobody to ask here", help="To apply without asking: --yes")
    answer = terminal.ask(
        f"Apply {words.count(len(plan.changes), 'change')} to {plan.environment or 'the cluster'}? [y/N] "
    )
    if answer.strip().lower() not in ("y", "yes"):
        raise KafkaGitopsError("Nothing was applied.")


def _carry_out(
    request: Request,
    plan: Plan,
    systems: Systems,
    settings: Settings,
    brake: apply.Brake,
    what: "Applying | None",
    turn: turns.Turn,
) -> int:
    start = time.monotonic()
    form = OUTCOMES[request.format]
    deadline = planning.patience(request, plan)
    with stopping.watched() as stop, record.kept(what, systems, turn) as kept:
        if head := formats.head(request.format, plan):
            terminal.tell(head)
        for line in kept.remarks:
            terminal.say(line)
        outcomes, counts, code = carrying.carry_out(plan, systems, settings, deadline, stop, brake, kept)
        view = ApplyView(plan, outcomes, counts, time.monotonic() - start, run=kept.run)
        write_what_can_be(request.report, tuple(OUTCOMES), lambda name: formats.outcome(name, view))
        if form.for_programs or plan.changes or plan.refused:
            text = formats.outcome(request.format, replace(view, paint=terminal.paint))
            terminal.tell(fit(text, terminal.columns()) if form.wrapped else text)
    return code
