"""Why what a ledger says was applied last is not believed: nothing is removed by it then."""

from kafka_gitops.ledger.nouns import Owner
from kafka_gitops.ledger.state import State

_NEAR = 10_000  # records that others may append between the look at the end and the append of the owner's record
_OVER = ("done", "partly", "failed", "stopped")


def why(state: State) -> str | None:
    """A sentence about a ledger that is empty, mirrored, copied or restored; None for one that is to be believed."""
    owner = state.owner
    if owner is None and state.foreign:
        ids = ", ".join(sorted(state.clusters))
        return f"the ledger {state.topic} is a copy of one of another cluster ({ids}) and ignored"
    if owner is None or owner.commit is None:
        return f"the ledger {state.topic} has no apply of this owner yet"
    return _moved(state, owner) or _older(state, owner)


def _moved(state: State, owner: Owner) -> str | None:
    """A topic's id and an offset are never given twice: a record that is not where it was written was written again."""
    if state.topic_id and owner.topic_id not in (None, state.topic_id):
        return f"the ledger {state.topic} was restored or copied: its record was written to another topic of this name"
    offset = state.last[owner.key].offset
    if owner.at is None or 0 <= offset - owner.at <= _NEAR:
        return None
    return (
        f"the ledger {state.topic} was restored or copied: its record of commit {(owner.commit or '')[:7]} was written "
        f"at offset {owner.at:,} and is at {offset:,}"
    )


def _older(state: State, owner: Owner) -> str | None:
    for run in map(state.head, state.run_ids[:3]):
        if run.number > owner.number and run.status in _OVER:
            return f"the ledger {state.topic} was restored: its last run is said to be {owner.run}, and is {run.run}"
    return None
