"""The record of an apply around its work: the ledger is opened, runs that died are told and closed."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial

from kafka_gitops import __version__
from kafka_gitops.cli import closing, copying, load, ordering, origin, terminal
from kafka_gitops.cli.fitting import Last, stop_on_claimed, stop_unless_last
from kafka_gitops.cli.kept import UNDO, Applying, Kept
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.cli.remembered import held
from kafka_gitops.cli.request import Recorded
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.turns import Turn
from kafka_gitops.cli.whose import whose
from kafka_gitops.config import environment
from kafka_gitops.errors import Blocked, KafkaGitopsError, Stale, Unanswered, listed
from kafka_gitops.git import Repository
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.ledger import dead, ending, keeping, records
from kafka_gitops.ledger import state as ledger
from kafka_gitops.ledger.journal import Journal
from kafka_gitops.ledger.log import Entry, Logs
from kafka_gitops.ledger.nouns import Hold, Run
from kafka_gitops.ledger.order import Untold
from kafka_gitops.ledger.owner import Identity, stop_on_another
from kafka_gitops.ledger.topic import stop_unless_right
from kafka_gitops.model import Key
from kafka_gitops.plan import holding, retold
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent
from kafka_gitops.plan.steps import before
from kafka_gitops.settings import Settings

HOURS = 24  # of what an undo puts on hold


def of_files(
    run: str, request: Recorded, config: Configured, repo: Repository, ready: Prepared, plan: Plan
) -> Applying:
    """What is recorded of an apply of files. Raises ConfigError where nobody owns it."""
    who = ready.ledger.who if ready.ledger is not None else None
    made = _of(run, request, config, repo, ready.settings, ready.consent, plan, who)
    if ready.ledger is None or (found := ready.ledger.found) is None:  # nobody knows what was to go
        return made
    all_of_it = not request.only and load.whole(request, ready.settings, complete=True) is None
    declared = ready.topology.state if all_of_it else None
    return made._replace(declared=declared, held=ready.ledger.held, seen=Last.of(found.state.owner))


def of_plan(run: str, request: Recorded, config: Configured, repo: Repository, given: Consent, plan: Plan) -> Applying:
    """The same of a saved plan."""
    return _of(run, request, config, repo, config.settings(), given, plan)._replace(saved=True)


def _of(
    run: str,
    request: Recorded,
    config: Configured,
    repo: Repository,
    settings: Settings,
    given: Consent,
    plan: Plan,
    who: Identity | None = None,
) -> Applying:
    from kafka_gitops import ci

    _, context = ci.detect(environment())
    return Applying(
        run=run,
        who=who or whose(config, settings, repo),
        plan=plan,
        settings=settings,
        consent=given,
        context=context,
        facts=origin.facts(context, repo, plan.commit),
        approvers=(),
        command="apply",
        declared=None,
        saved=False,
        copy=request.record or copying.NAME,
        wait=request.lock_timeout.seconds if request.lock_timeout is not None else 0,
        order=partial(ordering.check, repo, plan.commit, request.allow_diverged),
    )


@contextmanager
def kept(what: Applying, systems: Systems, turn: Turn) -> Iterator[Kept]:
    """What an apply keeps of itself, for the time of its work; its lock is that of the turn.

    Raises Overtaken where another run was applied since the plan was made; Blocked where another run has the lock or
    the ledger is another owner's; KafkaGitopsError where it is required and cannot be used. Whoever applies calls
    `end`; a failure before that is recorded and raised again.
    """
    found = _opened(what, systems, turn)
    try:
        yield found
    except KafkaGitopsError as failure:
        if not found.over:
            found.failed(failure)
        raise


def _opened(what: Applying, systems: Systems, turn: Turn) -> Kept:
    run = _run(what, systems)
    required = what.settings.ledger.mode == "required" or what.command == UNDO  # which lasts only with its holds
    try:
        return _in_ledger(what, run, systems, turn, required=required)
    except (Blocked, Stale, Untold):
        raise
    except (KafkaGitopsError, Unanswered) as failure:
        if required:
            raise
        said = f"warning: This apply is not in the ledger, and has no lock: {failure}"
        return Kept(what, run, lapsed=str(failure), remarks=[said])


def _run(what: Applying, systems: Systems) -> Run:
    """The record of a run that begins."""
    plan, context = what.plan, what.context
    return Run(
        run=what.run,
        number=0,
        previous=None,
        cluster=systems.kafka.id,
        owner=what.who.owner,
        environment=what.who.environment,
        status="running",
        command=what.command,
        tool=__version__,
        commit=plan.commit,
        base=plan.base,
        actor=origin.actor(context, what.settings.ledger.actors),
        approvers=what.approvers,
        facts=what.facts,
        reason=what.reason,
        notes=what.notes,
    )


def _in_ledger(what: Applying, run: Run, systems: Systems, turn: Turn, *, required: bool) -> Kept:
    logs: Logs = systems.on_kafka("log")
    stop_unless_right(systems.kafka, what.who.topic)
    url = run.facts["run_url"].value if "run_url" in run.facts else None
    writer = turn.lock(logs, what.who.topic, run=run.run, wait=what.wait, by=run.actor, url=url)
    state = ledger.bounded(logs.log(what.who.topic))
    stop_on_another(what.who, state.owner, what.who.topic)
    run = replace(run, diverged=what.order(state.owner.commit if state.owner is not None else None))
    stop_unless_last(what.seen, Last.of(state.owner))
    stop_on_claimed(what.plan.changes, what.who.topic, logs, systems.kafka.id)
    if what.command != UNDO:  # which goes over holds
        holding.stop_on_held(what.plan.changes, held(state))
    died = dead.dead(state, run.run)
    repeated = {change.key for change in what.plan.changes if change.act is not None}
    closed = closing.of(died, run.run, systems, what.settings, repeated)
    place = ending.after(state.owner, [*state.closed, *closed.runs])
    run = _placed(run, place, died)
    first = list(closed.entries)
    now = max((one.time for one in state.last.values()), default=time.time())  # of the lock's own: the broker's time
    what = _held(what, now)
    if keeping.is_due(place.number):
        first += keeping.outdated(logs.log(what.who.topic), what.settings.ledger.keep, now)
    for one in died:
        systems.recalled.update(one.before)
    holds = [Entry(one.key, records.encode(one)) for one in what.holds]
    journal = Journal(writer, run, required, first, partial(before, systems), retold.text, _lapsed, holds=holds)
    told = [*closed.lines, *_told_held(what.holds)]
    return Kept(what, run, journal, state, remarks=told, late=closed.late)


def _held(what: Applying, now: float) -> Applying:
    """With the moment until which it puts on hold what it does, by the brokers' clock."""
    until = int(now) + HOURS * 3600
    return what._replace(holds=tuple(replace(one, until=until) for one in what.holds))


def _told_held(holds: Sequence[Hold]) -> Iterator[str]:
    if holds:
        until = datetime.fromtimestamp(holds[0].until, timezone.utc)
        what = listed([Key(one.kind, one.name) for one in holds], most=3)
        yield f"On hold until {until:%Y-%m-%d %H:%M} UTC, or until an apply finds the revert merged: {what}"


def _placed(run: Run, place: ending.Place, died: Sequence[dead.Dead]) -> Run:
    resumes = died[-1].run.run if died else None
    return replace(run, number=place.number, previous=place.previous, resumes=resumes)


def _lapsed(why: str) -> None:
    terminal.problem(f"warning: The ledger cannot be written any more, the apply goes on: {why}")
