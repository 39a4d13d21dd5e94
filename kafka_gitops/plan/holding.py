"""What a plan leaves as it is because it is held: told with the reason, and neither a change nor a difference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kafka_gitops.changes import Change, Unsupported
from kafka_gitops.errors import Stale, listed
from kafka_gitops.holds import Hold
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.wish import Part
from kafka_gitops.model import Acl, Key

_MOST = 3  # fields that are told by name


def without_held(parts: Sequence[Part], holds: Mapping[Key, Hold]) -> list[Part]:
    """The shares of a plan without what is held as a whole, which is told in `held`.

    What needs a resource whose creation is held is left out with it. A hold of some fields is the kind's own business.
    """
    whole = {key: hold for key, hold in holds.items() if not hold.fields}
    if not whole:
        return list(parts)
    held = [one for part in parts for one in part.changes if one.key in whole]
    waiting = {one.key for one in held if one.before is None}
    closing = [one for one in held if _right(one) in (("DENY", True), ("ALLOW", False))]
    return [_part(part, whole, waiting, closing) for part in parts]


def _part(part: Part, holds: Mapping[Key, Hold], waiting: set[Key], closing: Sequence[Change]) -> Part:
    changes, held = [], list(part.held)
    for change in part.changes:
        missing = next(iter(waiting.intersection(KINDS[change.key.kind].needs(change))), None) if waiting else None
        if change.key in holds:
            held.append(Unsupported(change.key, f"{holds[change.key]} ({_would(change)})", change.origin))
        elif missing is not None:
            held.append(Unsupported(change.key, f"it needs {missing}, {holds[missing]}", change.origin))
        elif (first := next((one for one in closing if _opens(change, one)), None)) is not None:
            held.append(Unsupported(change.key, f"it waits for {first.key}, {holds[first.key]}", change.origin))
        else:
            changes.append(change)
    left = [entry for entry in part.unsupported if entry.key not in holds]
    told = (entry for entry in part.unsupported if entry.key in holds)
    held += [Unsupported(entry.key, f"{holds[entry.key]} ({entry.reason})", entry.origin) for entry in told]
    return replace(part, changes=changes, unsupported=left, held=held)


def _right(change: Change) -> tuple[str, bool] | None:
    """Of a change of rights whether it is about an ALLOW or a DENY, and whether it makes it."""
    spec = change.after or change.before
    return (spec.permission, change.before is None) if isinstance(spec, Acl) else None


def _opens(change: Change, held: Change) -> bool:
    """Whether a change of rights opens more than both the cluster and the files want while another is held: an ALLOW
    without the new DENY that limits it, or the end of a DENY before that of the ALLOW below it."""
    pair = {("ALLOW", True): ("DENY", True), ("DENY", False): ("ALLOW", False)}.get(_right(change) or ("", True))
    if pair is None or pair != _right(held):
        return False
    one, other = change.after or change.before, held.after or held.before
    assert isinstance(one, Acl)
    assert isinstance(other, Acl)
    return one.resource_type == other.resource_type and _may_be_one(one, other)


def _may_be_one(one: Acl, other: Acl) -> bool:
    """Whether somebody may be both principals: only two different users are surely not."""
    plain = all(acl.principal.startswith("User:") and acl.principal != "User:*" for acl in (one, other))
    return one.principal == other.principal or not plain


def _would(change: Change) -> str:
    """`would be created`, `differs in retention.ms, segment.ms`: what an apply would do without the hold."""
    if change.action != "update":
        return f"would be {change.action}d"
    fields = [edit.field for edit in change.edits()]
    return f"differs in {listed(fields, most=_MOST)}" if fields else "differs"


def stop_on_held(changes: Iterable[Change], holds: Mapping[Key, Hold]) -> None:
    """Raise Stale for a saved plan of which something is held as a whole since it was made."""
    held = [f"{one.key}: {holds[one.key]}" for one in changes if one.key in holds and not holds[one.key].fields]
    if held:
        said = f"What this plan changes is held since it was made: {listed(held, most=_MOST)}."
        raise Stale(said, help="Make a new plan: it leaves alone what is held.")
