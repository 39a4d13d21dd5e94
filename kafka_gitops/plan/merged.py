"""Whether a change is what git did since the last applied commit, and nothing that somebody did to the cluster."""

from kafka_gitops.changes import Change
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Acl, Spec, Topology


def merged(change: Change, at_last: Topology, at_head: Topology) -> bool:
    """Whether a change that brings the cluster to head is one that git made between the last applied commit and head.

    It is, when git made it to each of its fields, and the cluster has in these fields what the files of the last
    applied commit say (or left to the servers). Where that cannot be told for certain, the answer is no: also of what
    is on the cluster and was declared only since.
    """
    last, head = at_last.state.get(change.key), at_head.state.get(change.key)
    if change.after is None:
        return (last is not None and head is None) or (_stated(change, at_head) and not _stated(change, at_last))
    if head is None:  # a part of it is taken away by a statement
        return False
    if change.before is None or last is None:
        return change.before is None and last is None
    return last != head if change.act is not None else _fields(change, change.before, last, head)


def _fields(change: Change, before: Spec, last: Spec, head: Spec) -> bool:
    """Whether git made all edits of an update, each from what the cluster has."""
    edited = {edit.field: edit for edit in Change(change.key, last, head).edits()}
    applied = Change(change.key, before, last)
    as_it_was = KINDS[change.key.kind].reached(applied, before)  # no edit tells it of what no server shows
    apart = set() if as_it_was else {edit.field for edit in applied.edits()}
    left = {name for name, text in last.fields().items() if text is None}
    edits = [*change.edits()]
    return bool(edits) and all(
        edit.field in edited
        and (edit.field not in apart or edit.field in left or _in_effect(change, edit.field, edited[edit.field].before))
        for edit in edits
    )


def _in_effect(change: Change, field: str, text: str | None) -> bool:
    """Whether a field without a value of its own has this one anyway, as it is the servers' default."""
    own = change.before.fields().get(field) if change.before is not None else None
    return own is None and text is not None and change.defaults.get(field) == text


def _stated(change: Change, files: Topology) -> bool:
    """Whether a statement of the files deletes it."""
    named = any(one.key == change.key and not one.release for one in files.removals)
    return named or (isinstance(change.before, Acl) and change.before in files.revoked)
