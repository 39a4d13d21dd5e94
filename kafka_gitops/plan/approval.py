"""What of a plan nobody approved: a pipeline applies without asking only what a person has seen."""

from kafka_gitops.changes import Change
from kafka_gitops.plan import file as plan_file
from kafka_gitops.plan.make import Plan


def unapproved(new: Plan, approved: Plan | str) -> list[Change]:
    """The changes of a plan that are not among the approved ones; empty when they equal them or are a subset.

    `approved` is the plan that was looked at, or its approval digest (`sha256:...`), which tells only equal from not
    equal: then all are new, or none. A change is the same when its resource, before and after are, and for a deletion
    the topic's id: what was deleted and made anew is another topic. Another environment or cluster shares nothing,
    nor does a plan against a snapshot.
    """
    if isinstance(approved, str):
        return [] if plan_file.approval(new) == approved else [*new.changes]
    if (approved.environment, approved.cluster) != (new.environment, new.cluster) or approved.past is not None:
        return [*new.changes]
    known = {change.key: change for change in approved.changes}
    return [change for change in new.changes if not _same(change, known.get(change.key))]


def _same(one: Change, other: Change | None) -> bool:
    if other is None:
        return False
    return (one.before, one.after, one.pin, one.act) == (other.before, other.after, other.pin, other.act)
