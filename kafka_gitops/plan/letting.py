"""What a plan leaves out because the files let go of it: the kinds never see that it was declared."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from kafka_gitops.changes import Origin, Unsupported
from kafka_gitops.kinds import released
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Key, Topology, acl_key
from kafka_gitops.text.source import Node


class Taken(NamedTuple):
    """What is left to plan; what is let go of, each with the reason; what is deleted besides; releases of nothing."""

    wish: Wish
    released: tuple[Unsupported, ...] = ()
    nevers: tuple[Unsupported, ...] = ()
    notes: tuple[str, ...] = ()


def taken(wish: Wish) -> Taken:
    """The wish without anything that is let go of, so that no kind can delete, revoke or reset it."""
    let = released.let_go(wish.base, wish.topology)
    base = wish.base if wish.base is None else _deleting(released.without(wish.base, let))
    left = replace(wish, topology=_deleting(wish.topology), base=base)
    gone = {key: by for key, by in let.by_key() if wish.asks_of(key)}
    notes = tuple(_idle(let))
    if not gone:
        return Taken(left, notes=notes)
    told = (Unsupported(key, by.because or "", Origin.at(by.node.head)) for key, by in gone.items())
    kept, nevers = _without_deletions(left.topology, gone)
    return Taken(replace(left, topology=kept), tuple(told), tuple(nevers), notes)


def _without_deletions(
    topology: Topology, gone: Mapping[Key, released.Statement]
) -> tuple[Topology, list[Unsupported]]:
    """The files without statements that delete what others let go of, which are told."""
    nevers = []

    def told(key: Key, node: Node) -> bool:
        if (by := gone.get(key)) is not None:
            said = f"it is let go of in {by.node.head}: delete one of the two statements"
            nevers.append(Unsupported(key, said, Origin.at(node.head)))
        return by is not None

    removals = tuple([one for one in topology.removals if not told(one.key, one.node)])
    rights = [
        one._replace(acls=tuple([acl for acl in one.acls if not told(acl_key(acl), one.node)]))
        for one in topology.acl_removals
    ]
    return (topology._replace(removals=removals, acl_removals=tuple(rights)) if nevers else topology), nevers


def _deleting(topology: Topology) -> Topology:
    """The files without statements that only let go."""
    if not any(removal.release for removal in topology.removals):
        return topology
    return topology._replace(removals=tuple(one for one in topology.removals if not one.release))


def _idle(let: released.Let) -> Iterator[str]:
    for release in let.idle:
        yield f"{release.node.head} lets go of nothing: the files before this change declare nothing of {release.says}"
