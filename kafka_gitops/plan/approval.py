"""What of a plan nobody approved: a pipeline applies without asking only what a person has seen."""

from kafka_gitops.changes import Change, Edit
from kafka_gitops.model import Topology
from kafka_gitops.plan import file as plan_file
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.merged import merged


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


def by_git(change: Change, at_last: Topology, at_head: Topology) -> bool:
    """Whether a change is what git made of the files that were applied last, and of nothing else.

    Stricter than `merged.merged`, as nobody may look at it once more: of a deletion all is as it was declared, of an
    update all that is edited, but for what the files left to the servers. Nothing that is asked for once more, and
    nothing that was not declared, is it.
    """
    last, head = at_last.state.get(change.key), at_head.state.get(change.key)
    if change.act is not None or last == head or not merged(change, at_last, at_head):
        return False
    if change.before is None:
        return last is None
    if last is None:
        return False
    left = {name for name, text in last.fields().items() if text is None}
    if head is None or change.after is None:
        apart = {edit.field for edit in Change(change.key, change.before, last).edits()}
        return head is None and change.after is None and apart <= left
    made = {edit.field: edit for edit in Change(change.key, last, head).edits()}
    edits = [*change.edits()]
    return bool(edits) and all(_made(edit, made.get(edit.field), edit.field in left) for edit in edits)


def _made(edit: Edit, of: Edit | None, left: bool) -> bool:
    """Whether an edit is this one of git; `left`: the servers decided what was there."""
    return of is not None and edit.after == of.after and (left or edit.before == of.before)
