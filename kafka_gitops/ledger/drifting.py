"""Drift as the ledger has it: a record where a difference appears or changes, and one where it is gone."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from kafka_gitops.changes import Change, Unsupported
from kafka_gitops.ledger import records
from kafka_gitops.ledger.nouns import Drift, Edited
from kafka_gitops.ledger.people import short
from kafka_gitops.ledger.state import State
from kafka_gitops.model import Key


def transitions(
    state: State, changes: Sequence[Change], unsupported: Sequence[Unsupported], left: Collection[Key], *, now: int
) -> list[Drift]:
    """What is to be written of a look at the cluster, whose whole log was read.

    `changes` are what an apply would do, `unsupported` what it cannot; what is `left` alone (held) is neither told anew
    nor gone. Raises Damaged, Newer for a record that cannot be read.
    """
    differs = {entry.key: () for entry in unsupported} | {change.key: _edits(change) for change in changes}
    known = _known(state)
    found = []
    for key, edits in differs.items():
        before = known.get(key)
        since = before.since if before is not None else now
        drift = Drift(state.cluster, key.kind, key.name, "open", since, edits)
        found += [] if before == drift else [drift]
    for key, before in known.items():
        if key not in differs and key not in left:
            found.append(Drift(state.cluster, key.kind, key.name, "gone", before.since))
    return found


def _edits(change: Change) -> tuple[Edited, ...]:
    """From what the files say to what is there: the other way round than an apply goes."""
    return tuple(Edited(edit.field, short(edit.after), short(edit.before)) for edit in change.edits())


def _known(state: State) -> Mapping[Key, Drift]:
    """The differences that were there at the last look."""
    return {Key(one.kind, one.name): one for one in _of(state) if one.status == "open"}


def _of(state: State) -> Iterator[Drift]:
    for key, value in state.values.items():
        if key.startswith("drift/"):
            found = records.decode(key, value)
            assert isinstance(found, Drift)
            yield found
