"""Whether a plan still fits the ledgers when its run has the lock: other runs and owners may have applied meanwhile."""

from collections.abc import Iterable
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.cli.locking import AGAIN, Overtaken
from kafka_gitops.errors import KafkaGitopsError, Stale, listed
from kafka_gitops.ledger import others
from kafka_gitops.ledger.log import Logs
from kafka_gitops.ledger.nouns import Owner


class Last(NamedTuple):
    """What was applied last when somebody looked: the run and its number, and the commit."""

    run: str | None = None
    number: int = 0
    commit: str | None = None

    @classmethod
    def of(cls, owner: Owner | None) -> "Last":
        """That of an owner's record."""
        return cls() if owner is None else cls(owner.run, owner.number, owner.commit)


def stop_unless_last(seen: Last | None, last: Last) -> None:
    """Raise Overtaken where another run of this owner has ended since the plan was made.

    `seen` is what it was made after, `last` what is the last now.
    """
    if seen is not None and seen != last:
        run = f"run {last.run}" if last.run is not None else "another run"
        said = f"This plan is stale: {run} of this owner was applied since it was made. Nothing was applied."
        found = Overtaken(said, help=AGAIN)
        found.run = last.run
        raise found


def stop_on_claimed(changes: Iterable[Change], own: str, logs: Logs, cluster: str) -> None:
    """Raise Stale for a removal by the ledger of what another owner has applied by now, or nobody can tell.

    `own` is the topic of this one's ledger.
    """
    asked = {change.key for change in changes if change.known is not None}
    if not asked:
        return
    try:
        claimed = others.holders(logs, own, cluster, asked)
    except KafkaGitopsError as failure:
        said = "It is not known whether other owners still declare what goes. Nothing was applied."
        raise Stale(said, help=f"{failure.message}\nMake a new plan.") from None
    if claimed:
        lines = [f"{key}  is declared by {listed(one.owner for one in of)}" for key, of in sorted(claimed.items())]
        said = "This plan is stale: other owners declare what it removes. Nothing was applied."
        raise Stale(said, help="\n".join([*lines[:20], "Make a new plan."]))
