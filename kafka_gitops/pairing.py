"""Two environments' desired states side by side: which resource of one is which of the other, whatever it is called.

The rule: what the same place of the same file declares is the same resource; what is left, what has the same name; of
topics that are left, what has the same name in the same project, where there is one of them on each side.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from kafka_gitops.changes import Change, Edit
from kafka_gitops.diagnostics import Span
from kafka_gitops.model import Acl, Key, Spec, Topology, acl_key, topic_key
from kafka_gitops.text.source import Node

T = TypeVar("T", bound=Hashable)


class Thing(NamedTuple):
    """One declared resource: `node` is its entry, `form` what else than its place tells it from its neighbours."""

    key: Key
    spec: Spec
    node: Node
    form: Hashable = None
    own: Hashable = None  # a topic's name within its project

    @property
    def place(self) -> Span:
        """Where it is declared."""
        return self.node.head


class Pair(NamedTuple):
    """What two environments declare of one resource; None where one does not."""

    left: Thing | None
    right: Thing | None

    @property
    def key(self) -> Key:
        """Its name, that of the left environment first."""
        one = self.left or self.right
        assert one is not None
        return one.key


class Paired(NamedTuple):
    """All pairs, in the order of the left environment, then of the right one; and what the right calls a left name."""

    pairs: tuple[Pair, ...]
    names: Mapping[str, str]

    def edits(self, pair: Pair) -> Iterator[Edit]:
        """The fields in which the two differ, but for names that each environment gives in its own way."""
        if pair.left is None or pair.right is None:
            return
        for edit in Change(pair.right.key, pair.left.spec, pair.right.spec).edits():
            if edit.before is None or edit.after is None or self._renamed(edit.before) != edit.after:
                yield edit

    def _renamed(self, text: str) -> str:
        return ",".join(self.names.get(part, part) for part in text.split(","))


def pair(left: Topology, right: Topology) -> Paired:
    """The resources of two topologies side by side."""
    mine, theirs = [*_things(left)], [*_things(right)]
    found: dict[int, Thing] = {}  # by the index on the left
    _by(lambda one: (one.key.kind, one.node.path, one.node.start, one.form), mine, theirs, found, several=True)
    _by(lambda one: one.key, mine, theirs, found)
    _by(lambda one: one.own, mine, theirs, found)
    names = {mine[at].key.name: one.key.name for at, one in found.items()}
    _by(lambda one: _called(one, names), mine, theirs, found, there=lambda one: _called(one, {}))
    taken = set(map(id, found.values()))
    pairs = [Pair(one, found.get(at)) for at, one in enumerate(mine)]
    pairs += [Pair(None, one) for one in theirs if id(one) not in taken]
    return Paired(tuple(pairs), names)


def _things(topology: Topology) -> Iterator[Thing]:
    seen: set[str] = set()
    for one in topology.topics:
        if one.name not in seen:
            seen.add(one.name)
            name = one.node.get("name")
            own = (one.project, name.text, one.dlq) if name is not None and one.project is not None else None
            yield Thing(topic_key(one.name), one.spec, one.node, one.dlq, own)
    for acl, grant in topology.acls.items():
        yield Thing(acl_key(acl), acl, grant.node, (grant.role, acl[1:6]))
    keys: set[Key] = set()
    for declared in topology.declared:
        if declared.key not in keys:
            keys.add(declared.key)
            yield Thing(declared.key, declared.spec, declared.node)


def _called(one: Thing, names: Mapping[str, str]) -> Hashable:
    """What a right is on, by the other environment's name of a topic; None of anything else."""
    acl = one.spec
    return acl._replace(name=names.get(acl.name, acl.name)) if isinstance(acl, Acl) else None


def _by(
    told: Callable[[Thing], Hashable],
    mine: Sequence[Thing],
    theirs: Sequence[Thing],
    found: dict[int, Thing],
    *,
    there: Callable[[Thing], Hashable] | None = None,
    several: bool = False,
) -> None:
    """Pair what is left and told alike, where one is on each side; with `several` as many on each, in their order."""
    taken = set(map(id, found.values()))
    left = _grouped([(told(one), at) for at, one in enumerate(mine) if at not in found])
    right = _grouped([((there or told)(one), at) for at, one in enumerate(theirs) if id(one) not in taken])
    for name, here in left.items():
        others = right.get(name, [])
        if name is not None and len(here) == len(others) and (several or len(here) == 1):
            found.update((at, theirs[other]) for at, other in zip(here, others, strict=True))


def _grouped(told: Sequence[tuple[T, int]]) -> dict[T, list[int]]:
    groups: dict[T, list[int]] = {}
    for name, at in told:
        groups.setdefault(name, []).append(at)
    return groups
