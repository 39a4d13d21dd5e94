"""Make a plan: the desired state against the cluster, within scope, with its removals; pure but for the reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from kafka_gitops.catalog import last_definition
from kafka_gitops.changes import Change, Origin, Unsupported
from kafka_gitops.kinds import acl, topic
from kafka_gitops.kinds.contract import Cluster, LiveTopic
from kafka_gitops.model import Acl, Key, Removal, Topic, Topology, topic_key
from kafka_gitops.scope import acl_inside, topic_inside
from kafka_gitops.settings import KINDS, Settings, matches

RISK_KEYS = (
    "cleanup.policy",
    "min.insync.replicas",
    "retention.bytes",
    "retention.ms",
    "unclean.leader.election.enable",
)


@dataclass(frozen=True)
class Counts:
    """How many of each the files declare, before (at the base) or now: what a percentage is taken of."""

    topics: int = 0
    acls: int = 0


@dataclass(frozen=True)
class Plan:
    """What an apply would do and what it would not; comparable, and without anything secret.

    `left_alone` counts what is on the cluster and in no file, `nevers` are removals that nothing can allow, each a
    sentence; `declared` is what percentages are taken of.
    """

    environment: str | None
    cluster: str
    commit: str | None = None
    base: str | None = None
    changes: tuple[Change, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    nevers: tuple[Unsupported, ...] = ()
    left_alone: Mapping[str, int] = field(default_factory=dict)
    declared: Counts = Counts()
    notes: tuple[str, ...] = ()

    def of(self, kind: str, *actions: str) -> list[Change]:
        """The changes of a kind (`topic`, `acl`) with one of these actions."""
        return [change for change in self.changes if change.key.kind == kind and change.action in actions]


@dataclass(frozen=True)
class Wish:
    """What a plan is asked for: the files now, the files at the base commit, which kinds, and the commits' names."""

    topology: Topology
    base: Topology | None = None
    kinds: frozenset[str] = frozenset(KINDS)
    commit: str | None = None
    base_commit: str | None = None
    only_change: bool = False  # nothing but what differs between the base and now

    def __post_init__(self) -> None:
        assert not self.only_change or self.base is not None


def make(wish: Wish, settings: Settings, cluster: Cluster) -> Plan:
    """The plan that brings the cluster to the files.

    Raises MissingRight, NoAuthorizer, Unreachable from the reads.
    """
    parts = []
    if "topics" in wish.kinds:
        parts.append(_topics(wish, settings, cluster))
    if "acls" in wish.kinds and _wants_acls(wish):
        parts.append(_acls(wish, settings, cluster))
    return Plan(
        environment=settings.environment,
        cluster=cluster.id,
        commit=wish.commit,
        base=wish.base_commit,
        changes=tuple(change for part in parts for change in part.changes),
        unsupported=tuple(entry for part in parts for entry in part.unsupported),
        nevers=tuple(entry for part in parts for entry in part.nevers),
        left_alone={} if wish.only_change else {part.kind: part.left_alone for part in parts},
        declared=Counts(
            len({*(_names(wish.topology)), *(_names(wish.base) if wish.base else ())}),
            acl.units({*wish.topology.acls, *(wish.base.acls if wish.base else ())}),
        ),
        notes=tuple(note for part in parts for note in part.notes),
    )


@dataclass
class _Part:
    kind: str
    changes: list[Change] = field(default_factory=list)
    unsupported: list[Unsupported] = field(default_factory=list)
    nevers: list[Unsupported] = field(default_factory=list)
    left_alone: int = 0
    notes: list[str] = field(default_factory=list)


def _names(topology: Topology) -> set[str]:
    return {declared.name for declared in topology.topics}


def topic_context(topology: Topology, settings: Settings) -> topic.Context:
    """What a topic's diff needs to know of the files and the settings."""
    origins: dict[str, Origin] = {}
    for declared in topology.topics:
        span = declared.node.head
        origins.setdefault(declared.name, Origin(span.path, span.line, declared.project))
    keyed = frozenset(declared.name for declared in topology.topics if declared.keyed)
    return topic.Context(settings.ignore_configs, settings.keep_undeclared_configs, keyed, origins)


def _topics(wish: Wish, settings: Settings, cluster: Cluster) -> _Part:
    part = _Part("topics")
    before = wish.base.specs if wish.base is not None else {}
    wanted = {
        name: spec for name, spec in wish.topology.specs.items() if not wish.only_change or before.get(name) != spec
    }
    context = topic_context(wish.topology, settings)
    removals = _removals(wish, settings)
    keys = {*RISK_KEYS, *(entry for spec in wanted.values() for entry in spec.config)}
    reading = topic.read(cluster, [*wanted, *removals], sorted(keys), others=not wish.only_change)
    moved = any(_resized(spec, reading.live.get(name)) for name, spec in wanted.items())
    reading = replace(
        reading,
        moving=cluster.reassigning() if moved else frozenset(),
        defaults=_defaults(cluster, {name: topic.undeclared(name, wanted[name], reading, context) for name in wanted}),
    )
    for name, spec in sorted(wanted.items()):
        for found in topic.diff(name, spec, reading, context):
            if isinstance(found, Change):
                part.changes.append(replace(found, pending=before.get(name) == spec))
            else:
                part.unsupported.append(found)
    going = {}
    for name, removal in sorted(removals.items()):
        never = _never(name, removal.protected, reading, settings)
        if never is None:
            going[name] = removal.origin
        else:
            part.nevers.append(Unsupported(topic_key(name), never, removal.origin))
    for change in topic.removals(going, reading, context, cluster):
        part.changes.append(replace(change, pending=removals[change.key.name].pending))
    part.left_alone = sum(topic_inside(settings.scopes, name) for name in reading.others)
    return part


def _defaults(cluster: Cluster, gone: Mapping[str, Sequence[str]]) -> Mapping[str, Mapping[str, str]]:
    """What takes over when overrides (by topic) are removed: as the broker tells it, else Kafka's own default."""
    gone = {name: keys for name, keys in gone.items() if keys}
    if not gone:
        return {}
    every = sorted({key for keys in gone.values() for key in keys})
    told = cluster.topic_defaults(sorted(gone), every)
    own = {
        key: known.default for key in every if (known := last_definition(key)) is not None and known.default is not None
    }
    return {name: {**own, **told.get(name, {})} for name in gone}


def _resized(spec: Topic, live: LiveTopic | None) -> bool:
    return live is not None and spec.replication is not None and spec.replication != live.replication


class _Going(NamedTuple):
    """A topic that is to be deleted: who says so, whether the base protects it, whether the base said so already."""

    origin: Origin | None
    protected: bool
    pending: bool


def _removals(wish: Wish, settings: Settings) -> dict[str, _Going]:
    """Topics to delete: by a `removed:` statement, or declared at the base and no longer, with prune."""
    base, wanted = wish.base, _names(wish.topology)
    protected = {declared.name for declared in (base.topics if base else ()) if declared.protected}
    earlier = {removal.topic for removal in (base.removals if base else ()) if not removal.release}
    going = {}
    for removal in wish.topology.removals:
        name = removal.topic
        if not removal.release and name not in wanted and not (wish.only_change and name in earlier):
            going[name] = _Going(_at(removal), name in protected, name in earlier)
    if base is not None and "topics" in settings.prune:
        stated = {removal.topic for removal in wish.topology.removals}
        for name in sorted(_names(base) - wanted - stated):
            if topic_inside(settings.scopes, name):
                going[name] = _Going(_where(base, topic_key(name)), name in protected, False)
    return going


def _wants_acls(wish: Wish) -> bool:
    """Whether any binding is looked at: of the files, or of the base; with `only_change` only one that differs."""
    base = wish.base.acls if wish.base is not None else {}
    return wish.topology.acls.keys() != base.keys() if wish.only_change else bool(wish.topology.acls or base)


def _at(removal: Removal) -> Origin:
    span = removal.node.head
    return Origin(span.path, span.line)


def _never(name: str, protected: bool, reading: topic.Reading, settings: Settings) -> str | None:
    """Why a topic is never deleted, or None."""
    live = reading.live.get(name)
    if live is None:
        return None
    if live.internal:
        return "it is internal to Kafka and never deleted"
    if any(matches(pattern, name) for pattern in settings.protect):
        return "it is protected (`protect` in the settings) and never deleted"
    if protected:
        return "the base commit declares it `protected: true`: take that away in a change of its own first"
    if not topic_inside(settings.scopes, name):
        return "it is outside `manage` and never touched"
    return None


def _acls(wish: Wish, settings: Settings, cluster: Cluster) -> _Part:
    part = _Part("acls")
    live = set(cluster.list_acls())
    wanted = wish.topology.acls
    before = wish.base.acls if wish.base is not None else {}
    removed: list[Acl] = []
    origins: dict[Key, Origin] = {}
    if wish.base is not None and "acls" in settings.prune:
        for binding in wish.base.acls:
            if binding in wanted or binding not in live:
                continue
            if acl.own_right(binding, cluster.principal):
                reason = f"it is a right of {cluster.principal}, which this run logs in as"
                part.nevers.append(Unsupported(_key(binding), reason, _where(wish.base, _key(binding))))
            elif acl_inside(settings.scopes, binding):
                removed.append(binding)
                _note_origin(origins, wish.base, binding)
    new = [binding for binding in wanted if binding not in live and not (wish.only_change and binding in before)]
    for binding in new:
        _note_origin(origins, wish.topology, binding)
    facts = acl.Facts(_open_by_default(cluster, settings) if new or removed else False, cluster.principal)
    for change in acl.diff(wanted, new, removed, live, facts, origins):
        part.changes.append(replace(change, pending=change.after in before))
    declared = {*wanted, *removed}
    part.left_alone = sum(acl_inside(settings.scopes, binding) for binding in live if binding not in declared)
    return part


def _key(binding: Acl) -> Key:
    return Key(acl.NAME, str(binding))


def _where(topology: Topology, key: Key, binding: Acl | None = None) -> Origin | None:
    span = topology.at(key)
    project = topology.acls[binding].project if binding in topology.acls else None
    return Origin(span.path, span.line, project) if span else None


def _note_origin(origins: dict[Key, Origin], topology: Topology, binding: Acl) -> None:
    origin = _where(topology, _key(binding), binding)
    if origin is not None:
        origins[_key(binding)] = origin


def _open_by_default(cluster: Cluster, settings: Settings) -> bool | None:
    """The broker's `allow.everyone.if.no.acl.found`: false where it is not set (Kafka's default), None where it is
    hidden and the environment's `broker_defaults` do not tell it either."""
    told = cluster.broker_configs([acl.OPEN_SETTING])
    value = told.get(acl.OPEN_SETTING, "false")
    if value is None:
        value = settings.broker_defaults.get(acl.OPEN_SETTING)
    return value.strip().lower() == "true" if value is not None else None
