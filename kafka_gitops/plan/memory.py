"""What is kept from removal: what this owner never applied, what another still has, what has its home elsewhere."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kafka_gitops.changes import Change, Origin, Unsupported
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.kinds import LINES, homes
from kafka_gitops.kinds.released import without_names
from kafka_gitops.kinds.wish import Holder, Memory, Part, Wish, where
from kafka_gitops.model import Acl, Key, Spec, Topology, acl_key, topic_key
from kafka_gitops.settings import Settings

UNKNOWN = "it is not known whether another owner still declares it"
STILL = "still declared by"


@dataclass(frozen=True)
class Held:
    """The wish without what must not be removed; that, by key, as it is told; statements that nothing can allow.

    `left` is what an apply is to remember where it waits: what left the files and this owner has applied.
    """

    wish: Wish
    stays: Mapping[Key, Unsupported] = field(default_factory=dict)
    nevers: tuple[Unsupported, ...] = ()
    left: frozenset[Key] = frozenset()


def held(wish: Wish, settings: Settings) -> Held:
    """What is kept back of the removals that the files ask for: by the home of a server, and by a ledger."""
    if wish.memory is None and not homes.known(settings):
        return Held(wish)
    left, stated = dict(_left(wish, settings)), dict(_stated(wish.topology))
    away = {key: said for key in (*left, *stated) if (said := homes.elsewhere(key, settings)) is not None}
    why = {**_by_memory(left, stated, wish.memory), **away} if wish.memory is not None else away
    owned = wish.memory is not None and wish.memory.owned is not None
    own = frozenset(key for key in left if owned and why.get(key, UNKNOWN).startswith((UNKNOWN, STILL)))
    if not why:
        return Held(wish, left=own)
    kept = {key: Unsupported(key, why[key], _place(wish, key, thing)) for key, thing in left.items() if key in why}
    told = {key: Unsupported(key, why[key], _place(wish, key, thing)) for key, thing in stated.items() if key in why}
    calm = {key: one for key, one in told.items() if key in away or isinstance(stated[key], Acl)}
    nevers = tuple(one for key, one in told.items() if key not in calm)
    base = None if wish.base is None else _without(wish.base, {key: {**stated, **left}[key] for key in why})
    topology = _unstated(wish.topology, told.keys()) if told else wish.topology
    return Held(replace(wish, base=base, topology=topology), {**kept, **calm}, nevers, own)


def stays(found: Held, parts: Iterable[Part]) -> tuple[Unsupported, ...]:
    """What of it is really there, so that it stays: with `only_change` nobody looked, so all of it is told."""
    if found.wish.only_change:
        return tuple(found.stays.values())
    there = {part.kind: frozenset(part.others) for part in parts} if found.stays else {}
    told = found.stays.items()
    return tuple(one for key, one in told if key.name in there.get(LINES[key.kind].plural, ()))


def waits(found: Held, told: Iterable[Unsupported]) -> tuple[Unsupported, ...]:
    """Of what is held or stays, the removals that an apply has to remember: its commit moves on without them."""
    return tuple(one for one in told if one.key in found.left)


def known(changes: Iterable[Change], wish: Wish) -> list[Change]:
    """The changes, each removal that no file states with how it is known that this owner made what goes."""
    memory = wish.memory
    if memory is None or memory.owned is None:
        return [*changes]
    stated = frozenset(key for key, _ in _stated(wish.topology))
    return [
        replace(change, known=memory.says) if change.after is None and change.key not in stated else change
        for change in changes
    ]


def notes(changes: Sequence[Change], wish: Wish, settings: Settings) -> Iterator[str]:
    """Where removals are known from, or why nothing is removed that left the files."""
    if wish.memory is None:
        return
    if wish.memory.owned is None and settings.prune:
        yield f"nothing is removed that only left the files: {wish.memory.says}"
    gone = [change for change in changes if change.known is not None]
    if gone:
        which = "1 removal is" if len(gone) == 1 else f"{len(gone):,} removals are"
        yield f"{which} known from the ledger: {wish.memory.says}"


def contested(changes: Iterable[Change], wish: Wish) -> tuple[tuple[Unsupported, ...], tuple[str, ...]]:
    """What another owner declares differently, which refuses the plan; and notes on what another declares too."""
    if wish.memory is None:
        return (), ()
    asked = dict(_asked(changes, wish))
    try:
        holders = wish.memory.holders(asked) if asked else {}
    except KafkaGitopsError as failure:
        return (), (f"it is not known whether other owners declare the same: {failure.message}",)
    refused = [
        Unsupported(key, _differs(others), where(wish.topology, key))
        for key, others in holders.items()
        if any(one.differs for one in others)
    ]
    same = {key: others for key, others in holders.items() if not any(one.differs for one in others)}
    return tuple(refused), tuple(_too(same))


def _differs(others: Iterable[Holder]) -> str:
    who = listed(one.owner for one in others if one.differs)
    return f"{who} has applied it too, and not like this: one of the two lets go of it (`removed:` with `release`)"


def _too(same: Mapping[Key, Sequence[Holder]]) -> Iterator[str]:
    by_owners: dict[str, list[Key]] = {}
    for key, others in same.items():
        by_owners.setdefault(listed(one.owner for one in others), []).append(key)
    for owners, keys in sorted(by_owners.items()):
        yield f"{owners} declares the same: {listed(sorted(keys), most=3)}; one owner should let go of it"


def _asked(changes: Iterable[Change], wish: Wish) -> Iterator[tuple[Key, Spec]]:
    """What the files declare and this owner has not applied so, but for bindings, which may have many owners."""
    owned = wish.memory.owned if wish.memory is not None else None
    changed = {change.key for change in changes if change.after is not None}
    for kind, line in LINES.items():
        if not wish.asks(line.plural):
            continue
        before = owned.specs_of(kind) if owned is not None else {}
        for thing, spec in wish.topology.specs_of(kind).items():
            if spec.fields() and (thing not in before or _key(thing) in changed):
                yield _key(thing), spec


def _left(wish: Wish, settings: Settings) -> Iterator[tuple[Key, Any]]:
    """What the base declares, the files do not, and `prune` would take away; with what tells it apart in its kind."""
    if wish.base is None or wish.base is wish.topology:
        return
    stated = {key for key, _ in _stated(wish.topology)}
    for kind, line in LINES.items():
        if line.plural in settings.prune and wish.asks(line.plural):
            wanted = wish.topology.specs_of(kind)
            gone = (thing for thing in wish.base.specs_of(kind) if thing not in wanted)
            yield from ((key, thing) for thing in gone if (key := _key(thing)) not in stated)


def _stated(topology: Topology) -> Iterator[tuple[Key, Any]]:
    """What statements delete, whoever made it."""
    for removal in topology.removals:
        if not removal.release:
            topic = removal.key == topic_key(removal.key.name)
            yield removal.key, removal.key.name if topic else removal.key
    yield from ((acl_key(acl), acl) for acl in topology.revoked)


def _by_memory(left: Mapping[Key, Any], stated: Mapping[Key, Any], memory: Memory) -> dict[Key, str]:
    why = _unowned(left, memory)
    others: dict[Key, None] = {key: None for key in (*left, *stated) if key not in why}
    return {**why, **_still(others, memory)}


def _unowned(left: Mapping[Key, Any], memory: Memory) -> dict[Key, str]:
    if memory.owned is None:
        return dict.fromkeys(left, memory.says)
    why = "the ledger does not know that this owner has applied it"
    return {key: why for key, thing in left.items() if thing not in memory.owned.specs_of(key.kind)}


def _still(keys: Mapping[Key, None], memory: Memory) -> dict[Key, str]:
    """Why others keep it: they declare it, or nobody can tell."""
    try:
        holders = memory.holders(keys) if keys else {}
    except KafkaGitopsError as failure:
        return dict.fromkeys(keys, f"{UNKNOWN}: {failure.message}")
    return {key: f"{STILL} {listed(one.owner for one in others)}" for key, others in holders.items()}


def _key(thing: Any) -> Key:
    """The key of what tells a resource apart in its kind: a topic's name, a binding itself, else the key."""
    if isinstance(thing, str):
        return topic_key(thing)
    if isinstance(thing, Acl):
        return acl_key(thing)
    assert isinstance(thing, Key)
    return thing


def _place(wish: Wish, key: Key, thing: Any) -> Origin | None:
    binding = thing if isinstance(thing, Acl) else None
    return where(wish.topology, key, binding) or (None if wish.base is None else where(wish.base, key, binding))


def _without(base: Topology, gone: Mapping[Key, Any]) -> Topology:
    acls = {thing for thing in gone.values() if isinstance(thing, Acl)}
    topics = {thing for thing in gone.values() if isinstance(thing, str)}
    return without_names(base, topics, acls, gone.keys())


def _unstated(topology: Topology, keys: Collection[Key]) -> Topology:
    """The files without statements on these."""
    rights = (
        one._replace(acls=tuple(acl for acl in one.acls if acl_key(acl) not in keys)) for one in topology.acl_removals
    )
    removals = tuple(one for one in topology.removals if one.release or one.key not in keys)
    return topology._replace(removals=removals, acl_removals=tuple(rights))


def unknown(changes: Iterable[Change], wish: Wish) -> Iterator[str]:
    """Without a ledger: that nobody knows whether the rights that only left the files have another owner."""
    stated = wish.topology.revoked
    gone = [change for change in changes if change.after is None and isinstance(change.before, Acl)]
    if wish.memory is None and any(change.before not in stated for change in gone):
        yield "whether another repository declares the rights that are revoked too is not known: there is no ledger"
