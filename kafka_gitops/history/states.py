"""What the desired state gained, lost and changed between two readings of the files."""

from collections.abc import Iterator, Mapping
from typing import Any

from kafka_gitops.changes import Change
from kafka_gitops.history.entry import Touch
from kafka_gitops.kinds import LINES
from kafka_gitops.model import Acl, Key, Spec, Topology, acl_key, topic_key


def touches(before: Topology, after: Topology) -> Iterator[Touch]:
    """Each resource that one of them has otherwise, by kinds, in the order of the files; then what is newly stated."""
    for kind in LINES:
        yield from _of(before.specs_of(kind), after.specs_of(kind), dict(_stated(after)))
    told = dict(_stated(before))
    for key, (action, because) in _stated(after).items():
        if key not in told and before.state.get(key) is None and after.state.get(key) is None:
            yield Touch(key, action, because=because)


def _of(
    old: Mapping[Any, Spec], new: Mapping[Any, Spec], stated: Mapping[Key, tuple[str, str | None]]
) -> Iterator[Touch]:
    if old == new:
        return
    for name, spec in new.items():
        was = old.get(name)
        if was != spec:
            key = _key(name)
            change = Change(key, was, spec)
            yield Touch(key, change.action, tuple(change.edits()))
    for name in old:
        if name not in new:
            key = _key(name)
            action, because = stated.get(key, ("delete", None))
            yield Touch(key, action, because=because)


def _key(name: Any) -> Key:
    if isinstance(name, Key):
        return name
    return acl_key(name) if isinstance(name, Acl) else topic_key(name)


def _stated(topology: Topology) -> dict[Key, tuple[str, str | None]]:
    """What `removed:` names: whether it goes or is only let go, and why."""
    found: dict[Key, tuple[str, str | None]] = {}
    for one in topology.removals:
        key = one.key if one.part is None else one.key._replace(name=f"{one.key.name} {one.part}")
        found[key] = ("release" if one.release else "delete", one.because)
    for acl, revoked in topology.revoked.items():
        found[acl_key(acl)] = ("delete", revoked.because)
    return found
