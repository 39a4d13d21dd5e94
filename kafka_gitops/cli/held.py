"""What an `undo --now` puts on hold, so that no apply takes it back before the revert is merged."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from kafka_gitops.cli import planning
from kafka_gitops.cli.kept import UNDO, Applying
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.ledger.nouns import Hold
from kafka_gitops.ledger.people import Fact, Person
from kafka_gitops.plan.make import Plan
from kafka_gitops.redact import redact


@contextmanager
def around(
    reason: str, by: Person | None, plan: Plan, systems: Systems, ready: planning.Prepared, what: Applying | None
) -> Iterator[Applying | None]:
    """Have a plan put on hold what it changes, with its first request: under the lock, and nothing without one.

    Raises KafkaGitopsError where the ledger cannot be read.
    """
    reason = redact(reason)  # what is secret is known by now
    found = ready.ledger.read(systems) if ready.ledger is not None else None
    if found is None or what is None:
        said = "Nothing was undone: --now puts what it changes on hold in the ledger, which cannot be used."
        raise KafkaGitopsError(said, help="Without --now undo shows the reverts; merge them.")
    one = Hold(systems.kafka.id, "", "", 0, reason, what.run, by)
    holds = tuple(replace(one, kind=change.key.kind, name=change.key.name) for change in plan.changes)
    yield what._replace(command=UNDO, reason=reason, facts=_own(what.facts), holds=holds)


def _own(facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
    """What is known of the run; the change request that merged HEAD is none of an undo."""
    return {name: fact for name, fact in facts.items() if name != "change_request"}
