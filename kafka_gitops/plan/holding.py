"""What a plan leaves as it is because it is held: told with the reason, and neither a change nor a difference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kafka_gitops.changes import Change, Unsupported
from kafka_gitops.errors import Stale, listed
from kafka_gitops.holds import Hold
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.wish import Part
from kafka_gitops.model import Key

_MOST = 3  # fields that are told by name


def without_held(parts: Sequence[Part], holds: Mapping[Key, Hold]) -> list[Part]:
    """The shares of a plan without what is held as a whole, which is told in `held`.

    What needs a resource whose creation is held is left out with it. A hold of some fields is the kind's own business.
    """
    whole = {key: hold for key, hold in holds.items() if not hold.fields}
    if not whole:
        return list(parts)
    waiting = {one.key for part in parts for one in part.changes if one.key in whole and one.before is None}
    return [_part(part, whole, waiting) for part in parts]


def _part(part: Part, holds: Mapping[Key, Hold], waiting: set[Key]) -> Part:
    changes, held = [], list(part.held)
    for change in part.changes:
        missing = next(iter(waiting.intersection(KINDS[change.key.kind].needs(change))), None) if waiting else None
        if change.key in holds:
            held.append(Unsupported(change.key, f"{holds[change.key]} ({_would(change)})", change.origin))
        elif missing is not None:
            held.append(Unsupported(change.key, f"it needs {missing}, {holds[missing]}", change.origin))
        else:
            changes.append(change)
    left = [entry for entry in part.unsupported if entry.key not in holds]
    told = (entry for entry in part.unsupported if entry.key in holds)
    held += [Unsupported(entry.key, f"{holds[entry.key]} ({entry.reason})", entry.origin) for entry in told]
    return replace(part, changes=changes, unsupported=left, held=held)


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
