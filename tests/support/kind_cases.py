"""For each kind a small world: files that want one created, one changed and one deleted, on the kind's fake."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from making import acl, declared, grant, removal, topic, topology
from recording import Recording

from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.settings import Settings


@dataclass(frozen=True)
class Case:
    """What is there (`systems`), what is asked (`wish`), and the names that a plan creates, changes, deletes."""

    systems: Systems
    wish: Wish
    created: str
    changed: str | None  # None where a change is a creation and a deletion
    deleted: str
    settings: Settings = field(default_factory=Settings)


def topics() -> Case:
    """Topics on a cluster without records."""
    there = {"old": topic(1, 1), "edited": topic(1, 1, retention_ms="5")}
    files = topology(declared("new", topic(3, 1)), declared("edited", topic(1, 1, retention_ms="7")), removal("old"))
    return Case(Recording(topics=there), Wish(files), "new", "edited", "old")


def acls() -> Case:
    """Bindings of a principal that keeps a right."""
    old, kept, new = (acl("app", operation, "topic:t") for operation in ("WRITE", "DESCRIBE", "READ"))
    cluster = Recording(acls={old, kept}, broker={})
    base, now = topology(grant(old, kept)), topology(grant(kept, new))
    return Case(cluster, Wish(now, base), str(new), None, str(old), Settings(prune=frozenset({"acls"})))


_HERE: Mapping[str, Callable[[], Case]] = {"topic": topics, "acl": acls}


def case(kind: str) -> Case:
    """The world of a kind: here, or `case()` of `tests/support/KIND_case.py`."""
    made = _HERE[kind]() if kind in _HERE else import_module(f"{kind}_case").case()
    assert isinstance(made, Case) and kind in KINDS
    return made
