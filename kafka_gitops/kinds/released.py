"""What statements under `removed:` let go of: nothing of it is deleted, revoked or reset, whatever `prune` names."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeAlias, TypeVar

from kafka_gitops.kinds import KINDS
from kafka_gitops.model import (
    Acl,
    Declared,
    Grant,
    Key,
    Release,
    Removal,
    TopicDecl,
    Topology,
    acl_key,
    topic_key,
)
from kafka_gitops.scope import HARMLESS, acl_inside, topic_inside
from kafka_gitops.settings import Scope

_OPEN = ("topics", "groups", "transactional_ids")  # in `manage` open where they are left out
Statement: TypeAlias = Release | Removal
_Name = TypeVar("_Name")


class Files(NamedTuple):
    """The declarations among which a release finds what it lets go of; `segments` as in a Topology."""

    topics: Sequence[TopicDecl]
    grants: Sequence[Grant]
    declared: Sequence[Declared]
    segments: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, topology: Topology) -> "Files":
        """Those of a topology."""
        return cls(topology.topics, topology.grants, topology.declared, topology.segments)


class Found(NamedTuple):
    """What a release has: declarations of topics, bindings with the entry that gives each, other declarations."""

    topics: list[TopicDecl]
    acls: dict[Acl, Grant]
    declared: list[Declared]

    def keys(self) -> Iterator[Key]:
        """All of it by key."""
        yield from dict.fromkeys(topic_key(one.name) for one in self.topics)
        yield from map(acl_key, self.acls)
        yield from dict.fromkeys(one.key for one in self.declared)

    def places(self) -> Iterator[TopicDecl | Grant | Declared]:
        """The declarations and entries."""
        yield from self.topics
        yield from self.acls.values()
        yield from self.declared


class Let(NamedTuple):
    """What a change lets go of, each by the first statement that has it, and the new statements that have nothing."""

    topics: Mapping[str, Statement]
    acls: Mapping[Acl, Statement]
    declared: Mapping[Key, Statement]
    idle: Sequence[Release]

    def by_key(self) -> Iterator[tuple[Key, Statement]]:
        """All of it by key."""
        yield from ((topic_key(name), by) for name, by in self.topics.items())
        yield from ((acl_key(acl), by) for acl, by in self.acls.items())
        yield from self.declared.items()


NOTHING = Let({}, {}, {}, ())


def let_go(before: Topology | None, after: Topology) -> Let:
    """What the files before declared, those after do not, and these say that they let go of."""
    given = [one for one in after.removals if one.release and one.part is None]
    if before is None or not (after.releases or given):
        return NOTHING
    files = Files.of(before)
    earlier = [_named(one) for one in before.releases]
    still = (after.specs, after.acls, {one.key for one in after.declared})
    topics: dict[str, Statement] = {}
    acls: dict[Acl, Statement] = {}
    declared: dict[Key, Statement] = {}
    idle = []
    for release in after.releases:
        found = having(release, files)
        if not any(found) and _named(release) not in earlier:
            idle.append(release)
        topics = {**_left(release, (one.name for one in found.topics), still[0]), **topics}
        acls = {**_left(release, found.acls, still[1]), **acls}
        declared = {**_left(release, (one.key for one in found.declared), still[2]), **declared}
    for removal in given:
        if removal.key.kind == "topic":
            topics |= _left(removal, {removal.key.name} & before.specs.keys(), still[0])
        else:
            own = {one.key for one in before.declared if one.key == removal.key}
            declared |= _left(removal, own, still[2])
    return Let(topics, acls, declared, idle)


def without(before: Topology, let: Let) -> Topology:
    """The files before as if they had never declared what is let go of."""
    return without_names(before, let.topics.keys(), let.acls.keys(), let.declared.keys())


def without_names(
    before: Topology, topics: Collection[str], acls: AbstractSet[Acl], declared: Collection[Key]
) -> Topology:
    """The files as if they had never declared these."""
    return before._replace(
        topics=tuple(one for one in before.topics if one.name not in topics),
        grants=tuple(
            grant if acls.isdisjoint(grant.acls) else grant._replace(acls=tuple(a for a in grant.acls if a not in acls))
            for grant in before.grants
        )
        if acls
        else before.grants,
        declared=tuple(one for one in before.declared if one.key not in declared),
    )


def having(release: Release, files: Files, *, own: bool = False) -> Found:
    """What of these files a release has.

    Of a project that is all that it declares, and, but for `own`, the rights on its topics that others give. Lists mean
    what they mean in `manage`, but that a list which is left out has nothing: only of those whom `principals` names it
    has every topic, group and transactional id on which they have rights.
    """
    if release.project is not None:
        return _of_project(release, files, own)
    named = frozenset(release.acls)
    has = named.__contains__ if named else _right_of(release.lists)
    acls = _first((acl, grant) for grant in files.grants for acl in grant.acls if has(acl))
    if named:
        return Found([], acls, [])
    scopes = (Scope(release.lists),)
    topics = [one for one in files.topics if _topic(release, one.name)]
    declared = [one for one in files.declared if KINDS[one.key.kind].outside(scopes, one.key, None) is None]
    return Found(topics, acls, declared)


def has_removed(release: Release, removal: Removal) -> bool:
    """Whether patterns have what another statement deletes."""
    if removal.key.kind == "topic":
        return _topic(release, removal.key.name)
    return bool(release.lists) and KINDS[removal.key.kind].outside((Scope(release.lists),), removal.key, None) is None


def rights(release: Release, acls: Iterable[Acl]) -> list[Acl]:
    """Those of some bindings that a release has by its patterns or names itself."""
    has = frozenset(release.acls).__contains__ if release.acls else _right_of(release.lists)
    return [acl for acl in acls if has(acl)]


def _named(release: Release) -> tuple[object, ...]:
    return release.project, release.context, release.lists, release.acls


def _topic(release: Release, name: str) -> bool:
    return "topics" in release.lists and topic_inside((Scope(release.lists),), name)


def _right_of(lists: Mapping[str, tuple[str, ...]]) -> Callable[[Acl], bool]:
    scopes = (Scope(lists if "principals" in lists else {**dict.fromkeys(_OPEN, ()), **lists}),)
    harmless = {"principals", "cluster"} & lists.keys()

    def has(acl: Acl) -> bool:
        if acl.resource_type == "CLUSTER" and acl.operation == HARMLESS and not harmless:
            return False  # `manage` has it everywhere
        return acl_inside(scopes, acl)

    return has


def _of_project(release: Release, files: Files, alone: bool) -> Found:
    def own(one: TopicDecl | Grant | Declared) -> bool:
        context = files.segments.get(one.node.path, {}).get("context") if release.context is not None else None
        return one.project == release.project and context == release.context

    topics = [one for one in files.topics if own(one)]
    names = {one.name for one in topics}
    on = _on(() if alone else names, {one.name for one in files.topics})
    acls = _first((acl, grant) for grant in files.grants for acl in grant.acls if own(grant) or on(acl))
    return Found(topics, acls, [one for one in files.declared if own(one)])


def _on(names: Collection[str], every: Collection[str]) -> Callable[[Acl], bool]:
    """Whether a right is on these topics alone: on one of them, or on a prefix below which the files have no other."""
    known: dict[str, bool] = {}

    def alone(prefix: str) -> bool:
        below = [name for name in every if name.startswith(prefix)]
        return bool(below) and all(name in names for name in below)

    def on(acl: Acl) -> bool:
        if acl.resource_type != "TOPIC" or not names:
            return False
        if acl.pattern_type == "LITERAL":
            return acl.name in names
        if acl.name not in known:
            known[acl.name] = alone(acl.name)
        return known[acl.name]

    return on


def _first(given: Iterable[tuple[Acl, Grant]]) -> dict[Acl, Grant]:
    """Each binding with the first entry that gives it."""
    found: dict[Acl, Grant] = {}
    for acl, grant in given:
        found.setdefault(acl, grant)
    return found


def _left(by: Statement, names: Iterable[_Name], still: Collection[_Name]) -> dict[_Name, Statement]:
    return {name: by for name in names if name not in still}
