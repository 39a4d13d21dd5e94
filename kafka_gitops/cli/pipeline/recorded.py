"""Drift in the ledger: a job that may write there says what appeared since the last look, and what is gone."""

from kafka_gitops.ci import Result
from kafka_gitops.cli import clock, load, terminal
from kafka_gitops.cli.pipeline.request import Ci
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError, Unanswered, UsageError
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.report import words


def asked_well(request: Ci, config: Configured) -> None:
    """Raise UsageError where drift is to be recorded and there is no ledger, or only a part is looked at.

    What is not looked at would be written down as gone.
    """
    if not request.record_drift:
        return
    settings = config.effective(connect=False).settings
    if not settings.ledger.on:
        said = "--record-drift writes into the ledger, and the ledger of this environment is off."
        raise UsageError(said, help="`ledger: optional` in the config turns it on.")
    if request.only or load.whole(request, settings, complete=True) is not None:
        said = "--record-drift records a look at all that is declared, and this run looks at a part of it."
        raise UsageError(said, help="Leave out --only and PATHs that are not the whole `topology`, or --record-drift.")


def drift(ready: Prepared, systems: Systems, result: Result) -> None:
    """Write what changed about drift since the last look; where that cannot be, it is said and nothing else."""
    assert ready.ledger is not None
    from kafka_gitops.ledger import drifting, records
    from kafka_gitops.ledger.log import Entry
    from kafka_gitops.ledger.state import read

    plan = result.plan
    assert plan is not None
    try:
        found = ready.ledger.read(systems)
        if found is None:
            return
        held, now = {entry.key for entry in plan.held}, int(clock.now().timestamp())
        told = drifting.transitions(read(found.log), plan.changes, plan.unsupported, held, now=now)
        if told:
            found.log.append([Entry(one.key, records.encode(one)) for one in told])
            terminal.say(f"note: {words.count(len(told), 'change')} of drift written into the ledger {found.log.topic}")
    except (KafkaGitopsError, Unanswered) as failure:
        terminal.say(f"warning: drift was not written into the ledger: {failure}")
