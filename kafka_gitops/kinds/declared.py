"""The share in a plan of a kind whose declarations stand in `Topology.declared`: asked for, to go, or left alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from kafka_gitops.changes import Change, Origin, Risk, Unsupported
from kafka_gitops.holds import Hold
from kafka_gitops.kinds.contract import TAKEN_OVER
from kafka_gitops.kinds.holding import Without, told
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Declared, Key, Removal, Spec, Topology
from kafka_gitops.settings import Scope, Settings

Found: TypeAlias = Change | Unsupported | None
Compare: TypeAlias = Callable[[Declared, Spec | None], Found]
"""(what the files declare, what is there) -> what an apply would do about the difference, without its place."""
Remove: TypeAlias = Callable[[Key, Spec, Removal | None], Found]
"""(what is to go, as it is there, the statement: None for prune) -> the change that takes it away."""


class Facts(NamedTuple):
    """A kind's names and its answers about scope, protection and fields that are held, and what its system holds."""

    name: str
    plural: str
    outside: Callable[[Sequence[Scope], Key, Any], str | None]
    protected: Callable[[Mapping[str, Sequence[str]], Key], str | None]
    live: Mapping[Key, Spec]
    without: Without


def share(facts: Facts, wish: Wish, settings: Settings, compare: Compare, remove: Remove) -> Part:
    """A kind's part of a plan: each declaration compared, each removal judged, the rest counted."""
    part, live = Part(facts.plural), facts.live
    wanted, before = _of(wish.topology, facts.name), _of(wish.base, facts.name)
    for key, declared in sorted(wanted.items()):
        same = key in before and before[key].spec == declared.spec
        if wish.only_change and same and key not in wish.again:
            continue
        origin, fence = _origin(declared), facts.outside(settings.scopes, key, declared.spec)
        if fence is not None:
            part.nevers.append(Unsupported(key, fence, origin))
        else:
            found, held = _free(facts, declared, compare, wish.holds.get(key))
            part.held += (entry._replace(origin=origin) for entry in held)
            _take(part, found, origin, pending=same)
    for going in _going(facts, wish, settings, part):
        found = remove(going.key, live[going.key], going.removal)
        _take(part, found, going.origin, pending=going.pending, because=going.because)
    if not wish.only_change:
        rest = live.keys() - wanted.keys() - {change.key for change in part.changes}
        inside = (key for key in rest if facts.outside(settings.scopes, key, live[key]) is None)
        part.others = tuple(sorted(key.name for key in inside))
    return part


def _free(facts: Facts, declared: Declared, compare: Compare, hold: Hold | None) -> tuple[Found, list[Unsupported]]:
    """What differs of a declaration, but for fields that are held, and how these differ; of what is there."""
    there = facts.live.get(declared.key)
    found = compare(declared, there)
    if hold is None or not hold.fields or there is None:
        return found, []
    free = compare(declared._replace(spec=facts.without(declared.spec, there, hold.fields)), there)
    return free, told(declared.key, found, free, hold)


def concerns(wish: Wish, name: str) -> bool:
    """Whether the files, or those of the base, say anything of a kind; with `only_change` whether that differs."""
    now, base = _statements(wish.topology, name), _statements(wish.base, name)
    return now != base if wish.only_change else bool(now or base)


def taken_over(wish: Wish, key: Key, says: str) -> Iterator[Risk]:
    """The risk of changing what exists: it blocks where a base is known and did not declare it."""
    if wish.base is None:
        yield TAKEN_OVER.told(f"{says}; without a base it is not known whether a file declared it before")
    elif key not in wish.base.wanted(key.kind):
        yield TAKEN_OVER(f"{says}, and no file declared it before this change")


def _statements(topology: Topology | None, name: str) -> Sequence[object]:
    removed = topology.removed(name) if topology is not None else ()
    declared = ((one.key, one.spec) for one in _of(topology, name).values())
    return [*((one.key, one.release, one.part) for one in removed), *declared]


def _of(topology: Topology | None, name: str) -> dict[Key, Declared]:
    return {declared.key: declared for declared in topology.of(name)} if topology is not None else {}


class Going(NamedTuple):
    """What is to be removed: by which statement (None: by prune), and whether the base said so already."""

    key: Key
    removal: Removal | None
    origin: Origin | None
    pending: bool = False

    @property
    def because(self) -> str | None:
        """The reason that the files give."""
        return self.removal.because if self.removal is not None else None


def stated(wish: Wish, name: str, key_of: Callable[[Removal], Key] = lambda removal: removal.key) -> Iterator[Going]:
    """What the files say is removed and do not declare; `key_of` tells what of a resource a statement means."""
    wanted = _of(wish.topology, name)
    base = wish.base.removed(name) if wish.base is not None else ()
    earlier = {(removal.key, removal.part) for removal in base if not removal.release}
    for removal in wish.topology.removed(name):
        key, pending = key_of(removal), (removal.key, removal.part) in earlier
        if not removal.release and key not in wanted and not (wish.only_change and pending):
            yield Going(key, removal, Origin.at(removal.node.head), pending)


def dropped(wish: Wish, name: str) -> Iterator[Going]:
    """What the base declares and the files neither declare nor name under `removed:`, by key."""
    known = _of(wish.topology, name).keys() | {removal.key for removal in wish.topology.removed(name)}
    for key, declared in sorted(_of(wish.base, name).items()):
        if key not in known:
            yield Going(key, None, _origin(declared))


def _going(facts: Facts, wish: Wish, settings: Settings, part: Part) -> Iterator[Going]:
    """What is there and is to go; what must not go is told in `part`."""
    before = _of(wish.base, facts.name)
    for going in _asked(facts, wish, settings, part):
        why = facts.outside(settings.scopes, going.key, facts.live[going.key])
        why = why or facts.protected(settings.protect, going.key)
        if why is None and going.key in before and "protected" in before[going.key].flags:
            why = "the base commit declares it `protected: true`: take that away in a change of its own first"
        if why is None:
            yield going
        else:
            part.nevers.append(Unsupported(going.key, why, going.origin))


def _asked(facts: Facts, wish: Wish, settings: Settings, part: Part) -> Iterator[Going]:
    """What the files say is removed; and what only left them: with prune it goes, else `part` tells that it stays."""
    yield from (going for going in stated(wish, facts.name) if going.key in facts.live)
    for going in dropped(wish, facts.name):
        if going.key not in facts.live:
            continue
        fence = facts.outside(settings.scopes, going.key, facts.live[going.key])
        if fence is None and facts.plural in settings.prune:
            yield going
        else:
            part.stay(going.key, fence, going.origin)


def _take(part: Part, found: Found, origin: Origin | None, *, pending: bool, because: str | None = None) -> None:
    if isinstance(found, Change):
        pending = pending and found.act is None  # what is to be done again was done before
        part.changes.append(replace(found, origin=origin, pending=pending, because=because))
    elif found is not None:
        part.unsupported.append(found._replace(origin=origin))


def _origin(declared: Declared) -> Origin:
    return Origin.at(declared.node.head, declared.project)
