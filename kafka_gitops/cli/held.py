"""What an `undo --now` puts on hold, so that no apply takes it back before the revert is merged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone

from kafka_gitops.cli import clock, planning, terminal
from kafka_gitops.cli.kept import UNDO, Applying
from kafka_gitops.errors import KafkaGitopsError, Unanswered, listed
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.ledger import records
from kafka_gitops.ledger.log import Entry, Log, Record
from kafka_gitops.ledger.nouns import Hold
from kafka_gitops.ledger.people import Fact, Person
from kafka_gitops.plan.make import Plan
from kafka_gitops.report.words import count

HOURS = 24
_NEAR = 60  # seconds by which clocks may differ


@contextmanager
def around(
    reason: str, by: Person | None, plan: Plan, systems: Systems, ready: planning.Prepared, what: Applying | None
) -> Iterator[Applying | None]:
    """Hold what a plan changes while it is applied and after it; where nothing was begun the holds go again.

    Raises KafkaGitopsError where the ledger cannot be written.
    """
    found = ready.ledger.read(systems) if ready.ledger is not None else None
    if found is None or what is None:
        said = "Nothing was undone: --now puts what it changes on hold in the ledger, which cannot be used."
        raise KafkaGitopsError(said, help="Without --now undo shows the reverts; merge them.")
    keys = [change.key for change in plan.changes]
    one = Hold(systems.kafka.id, "", "", 0, reason, what.run, by)
    holds = [replace(one, kind=key.kind, name=key.name) for key in keys]
    until = written(found.log, holds)
    if holds:
        terminal.say(f"On hold until {until}, or until an apply finds the revert merged: {listed(keys, most=3)}")
    try:
        yield what._replace(command=UNDO, reason=reason, facts=_own(what.facts))
    except KafkaGitopsError:
        found.log.append([Entry(hold.key, None) for hold in holds])
        terminal.say(f"{count(len(holds), 'hold')} taken back: nothing was undone.")
        raise


def written(log: Log, holds: Sequence[Hold]) -> str:
    """Append the holds; until when they are, by the brokers' clock."""
    until = int(clock.now().timestamp()) + HOURS * 3600
    if holds:
        last = _append(log, holds, until)[-1]
        theirs = int(last.time) + HOURS * 3600
        if abs(theirs - until) > _NEAR:
            until = theirs
            _append(log, holds, until)
    return f"{datetime.fromtimestamp(until, timezone.utc):%Y-%m-%d %H:%M} UTC"


def _append(log: Log, holds: Iterable[Hold], until: int) -> Sequence[Record]:
    entries = [Entry(hold.key, records.encode(replace(hold, until=until))) for hold in holds]
    try:
        return log.append(entries)
    except Unanswered:  # the same keys get the same values
        return log.append(entries)


def _own(facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
    """What is known of the run; the change request that merged HEAD is none of an undo."""
    return {name: fact for name, fact in facts.items() if name != "change_request"}
