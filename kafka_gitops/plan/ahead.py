"""What of a comparison is merged and was not applied yet: it waits, and nobody did anything to the cluster."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kafka_gitops.changes import Change
from kafka_gitops.model import Key, Topology
from kafka_gitops.plan.make import Ahead, Plan
from kafka_gitops.plan.merged import merged


def apart(plan: Plan, at_last: Topology, at_head: Topology, last: str, untouched: Callable[[Key], bool]) -> Plan:
    """The plan of a look for drift with what git did since the commit that was applied last (`last`) on its own.

    `untouched` says of a resource whether no run applied it after that commit: a run of some kinds or files, or one
    that died, does not move the commit, and what it made can drift.
    """
    waiting = [one for one in plan.changes if _waits(one, at_last, at_head) and untouched(one.key)]
    return replace(plan, changes=_but(plan.changes, waiting), ahead=Ahead(tuple(waiting), last, plan.changes))


def _waits(change: Change, at_last: Topology, at_head: Topology) -> bool:
    """Also of what was there and in no file when it was declared: nobody had applied it, so it cannot have drifted.

    What is to go and was changed before is drift all the same.
    """
    last = at_last.state.get(change.key)
    if change.action == "update" and last is None and change.key in at_head.state:
        return True
    if change.action == "delete" and last is not None:
        left = {name for name, text in last.fields().items() if text is None}
        if any(edit.field not in left for edit in Change(change.key, change.before, last).edits()):
            return False
    return merged(change, at_last, at_head)


def _but(changes: Sequence[Change], waiting: Sequence[Change]) -> tuple[Change, ...]:
    known = set(map(id, waiting))
    return tuple(change for change in changes if id(change) not in known)
