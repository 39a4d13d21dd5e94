"""Drift in the ledger: a job that may write there says what appeared since the last look, and what is gone."""

from kafka_gitops.ci import Result
from kafka_gitops.cli import clock, terminal
from kafka_gitops.cli.planning import Prepared
from kafka_gitops.errors import KafkaGitopsError, UsageError
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.report import words


def drift(ready: Prepared, systems: Systems, result: Result) -> None:
    """Write what changed about drift since the last look; where that cannot be, it is said and nothing else.

    Raises UsageError where there is no ledger.
    """
    if ready.ledger is None:
        said = "--record-drift writes into the ledger, and the ledger of this environment is off."
        raise UsageError(said, help="`ledger: optional` in the config turns it on.")
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
    except KafkaGitopsError as failure:
        terminal.say(f"warning: drift was not written into the ledger: {failure.message}")
