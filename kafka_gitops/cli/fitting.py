"""Whether a plan still fits the ledgers when its run has the lock: other runs and owners may have applied meanwhile."""

from kafka_gitops.cli.kept import Applying, Last
from kafka_gitops.errors import KafkaGitopsError, Stale, listed
from kafka_gitops.ledger import others
from kafka_gitops.ledger.log import Logs

_AGAIN = "Run this again: it plans anew."


def stop_unless_last(what: Applying, last: Last) -> None:
    """Raise Stale where another run of this owner has ended since the plan was made; `last` is what it left."""
    if what.seen is not None and what.seen != last:
        run = f"run {last.run}" if last.run is not None else "another run"
        said = f"This plan is stale: {run} of this owner was applied since it was made. Nothing was applied."
        raise Stale(said, help=_AGAIN)


def stop_on_claimed(what: Applying, logs: Logs, cluster: str) -> None:
    """Raise Stale for a removal by the ledger of what another owner has applied by now, or nobody can tell."""
    asked = {change.key for change in what.plan.changes if change.known is not None}
    if not asked:
        return
    try:
        claimed = others.holders(logs, what.who.topic, cluster, asked)
    except KafkaGitopsError as failure:
        said = "It is not known whether other owners still declare what goes. Nothing was applied."
        raise Stale(said, help=f"{failure.message}\nMake a new plan.") from None
    if claimed:
        lines = [f"{key}  is declared by {listed(one.owner for one in of)}" for key, of in sorted(claimed.items())]
        said = "This plan is stale: other owners declare what it removes. Nothing was applied."
        raise Stale(said, help="\n".join([*lines[:20], "Make a new plan."]))
