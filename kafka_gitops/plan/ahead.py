"""What of a comparison is merged and was not applied yet: it waits, and nobody did anything to the cluster."""

from collections.abc import Sequence
from dataclasses import replace

from kafka_gitops.changes import Change
from kafka_gitops.model import Topology
from kafka_gitops.plan.make import Ahead, Plan
from kafka_gitops.plan.merged import merged


def apart(plan: Plan, at_last: Topology, at_head: Topology, last: str) -> Plan:
    """The plan of a look for drift with what git did since the commit that was applied last (`last`) on its own."""
    waiting = [change for change in plan.changes if _waits(change, at_last, at_head)]
    return replace(plan, changes=_but(plan.changes, waiting), ahead=Ahead(tuple(waiting), last, plan.changes))


def _waits(change: Change, at_last: Topology, at_head: Topology) -> bool:
    """Also of what was there and in no file when it was declared: nobody had applied it, so it cannot have drifted."""
    new = change.action == "update" and change.key not in at_last.state and change.key in at_head.state
    return new or merged(change, at_last, at_head)


def _but(changes: Sequence[Change], waiting: Sequence[Change]) -> tuple[Change, ...]:
    known = set(map(id, waiting))
    return tuple(change for change in changes if id(change) not in known)
