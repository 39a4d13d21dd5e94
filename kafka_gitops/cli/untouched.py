"""What no run has applied after the commit that its owner applied last, by what the ledger has of names and runs."""

from collections.abc import Callable

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger import names
from kafka_gitops.ledger.state import State
from kafka_gitops.model import Key, Topology
from kafka_gitops.plan.fields import spec_dict


def untouched(state: State, at_last: Topology) -> Callable[[Key], bool] | None:
    """Whether a resource is, as far as runs of this owner go, as the files of that commit had it; None: nobody knows.

    The names say of each resource which spec was applied last, by whatever run ended. What a run that did not end has
    asked for may be done, and so may what is open.
    """
    try:
        if state.closed:  # and the run that closed them did not end either
            return None
        applied = {Key(one.kind, one.name): one.digest for one in state.claims}
        asked = {
            Key(one.kind, one.name) for run in state.running for step in state.steps(run.run) for one in step.changes
        }
    except KafkaGitopsError:
        return None
    asked |= {Key(one.kind, one.name) for one in state.owner.open} if state.owner is not None else set()

    def same(key: Key) -> bool:
        spec = at_last.state.get(key)
        claims = [*names.claims({key: spec}, lambda key, spec: spec_dict(key, spec) or {})] if spec is not None else []
        return key not in asked and applied.get(key) == next((one.digest for one in claims), None)

    return same
