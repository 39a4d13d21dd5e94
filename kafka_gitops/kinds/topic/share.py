"""The share of topics in a plan: what differs, what is to go, and what is never deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import sleep
from typing import NamedTuple

from kafka_gitops.catalog import canonical, last_definition
from kafka_gitops.changes import Change, Origin, Refused, Unsupported
from kafka_gitops.kinds.cluster import Cluster, LiveTopic
from kafka_gitops.kinds.contract import by_name
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.topic import live as there
from kafka_gitops.kinds.topic import risks
from kafka_gitops.kinds.topic.diff import at_stake, collisions, diff, open_keys, undeclared
from kafka_gitops.kinds.topic.holding import left_alone
from kafka_gitops.kinds.wish import Part, Wish, names, where
from kafka_gitops.model import Topic, Topology, topic_key
from kafka_gitops.scope import topic_fence, topic_inside
from kafka_gitops.settings import Settings

# Seconds before each new look at a topic whose replicas differ: the controller tells of moves, and brokers, which tell
# of replicas, follow it
_BEHIND = (0.0, 0.2, 0.5)


def context_of(topology: Topology, settings: Settings) -> there.Context:
    """What a topic's diff needs to know of the files and the settings."""
    first = {declared.name: declared for declared in reversed(topology.topics)}
    keyed = frozenset(declared.name for declared in topology.topics if declared.keyed)
    return replace(there.Context.of(settings), keyed=keyed, declared=first)


def plan(wish: Wish, settings: Settings, systems: Systems) -> Part | None:
    """The changes of topics; raises MissingRight where a topic may not be seen."""
    part, cluster = Part("topics"), systems.kafka
    before = _asked(wish.base, settings)
    asked = _asked(wish.topology, settings)
    wanted = {name: spec for name, spec in asked.items() if not wish.only_change or before.get(name) != spec}
    context = context_of(wish.topology, settings)
    removals = _removals(wish, settings)
    _stop_outside(wanted, removals, context, settings, part)
    left = _left(wish) - removals.keys()
    reading = there.read(cluster, [*wanted, *removals], _keys(wanted), others=not wish.only_change or bool(left))
    wanted = {name: spec for name, spec in wanted.items() if not _settled(name, spec, reading)}
    moving, live = _moving(cluster, wanted, reading)
    reading = replace(
        reading,
        live=live,
        moving=moving,
        defaults=_defaults(cluster, {name: undeclared(name, wanted[name], reading, context) for name in wanted}),
        differing=_differing(cluster, open_keys(wanted, reading)),
    )
    going = _deletable(removals, reading, settings, part)
    free = {}
    for name, spec in sorted(wanted.items()):
        free[name], held = left_alone(name, spec, reading, context, wish.holds.get(topic_key(name)))
        part.held += held
    found = {name: list(diff(name, spec, reading, context)) for name, spec in free.items()}
    ages = dict(at_stake((one for each in found.values() for one in each), reading))
    ages |= {name: None for name in going if name in reading.live}
    if ages:
        reading = replace(reading, figures=there.measured(ages, reading, systems))
        found |= {name: list(diff(name, free[name], reading, context)) for name in ages.keys() & free.keys()}
    clashes = collisions((name for name in wanted if name not in reading.live), reading.listed)
    for name, differences in found.items():
        for one in differences:
            _take(part, one, clashes.get(name), pending=before.get(name) == wanted[name])
    for change in there.removals(going, reading, context, cluster):
        removal = removals[change.key.name]
        part.changes.append(replace(change, pending=removal.pending, because=removal.because))
    for name in sorted(left.intersection(reading.others)):
        fence, key = topic_fence(settings.scopes, name), topic_key(name)
        part.stay(key, fence.reason() if fence is not None else None, where(wish.base or wish.topology, key))
    part.others = tuple(sorted(name for name in reading.others if topic_inside(settings.scopes, name)))
    return part


def _deletable(
    removals: Mapping[str, "_Going"], reading: there.Reading, settings: Settings, part: Part
) -> dict[str, Origin | None]:
    """What may be deleted with the place that says so; the rest is told."""
    going = {}
    for name, removal in sorted(removals.items()):
        never = _never(name, removal.protected, reading, settings)
        if never is None:
            going[name] = removal.origin
        else:
            part.nevers.append(Unsupported(topic_key(name), never, removal.origin))
    return going


def _take(part: Part, found: Change | Unsupported, clash: str | None, *, pending: bool) -> None:
    """Put what differs into the share, a creation whose name collides with another topic's as refused."""
    if isinstance(found, Unsupported):
        part.unsupported.append(found)
    elif clash is None:
        part.changes.append(replace(found, pending=pending))
    else:
        same = f'its name collides with "{clash}": Kafka takes "." and "_" for the same in metrics'
        part.unsupported.append(Refused(found.key, same, found.origin))


def _stop_outside(
    wanted: dict[str, Topic], removals: dict[str, "_Going"], context: there.Context, settings: Settings, part: Part
) -> None:
    """Take out of both what is outside `manage`, and tell it."""
    for name in sorted({*wanted, *removals}):
        why = topic_fence(settings.scopes, name)
        if why is not None:
            origin = context.origin(name) if wanted.pop(name, None) is not None else removals.pop(name).origin
            part.nevers.append(Unsupported(topic_key(name), why.reason(), origin))


def compared(topology: Topology, settings: Settings) -> tuple[list[str], list[str]]:
    """The topics of which `plan` will want the configs, as far as these files tell, and the keys."""
    wanted = _asked(topology, settings)
    inside = {name: spec for name, spec in wanted.items() if topic_inside(settings.scopes, name)}
    stated = (name for name in _removals(Wish(topology), settings) if topic_inside(settings.scopes, name))
    return [*inside, *stated], _keys(inside)


def _keys(wanted: Mapping[str, Topic]) -> list[str]:
    return sorted({*risks.KEYS, *(key for spec in wanted.values() for key in spec.config)})


def _asked(topology: Topology | None, settings: Settings) -> Mapping[str, Topic]:
    """What files want of their topics, without what the settings ignore."""
    specs = topology.specs if topology is not None else {}
    ignore = settings.ignore_configs
    return {name: there.without_ignored(spec, ignore) for name, spec in specs.items()} if ignore else specs


def _settled(name: str, wanted: Topic, reading: there.Reading) -> bool:
    """Whether a topic is to the letter what a file wants, as most are: then there is nothing to compare."""
    live, config = reading.live.get(name), reading.configs.get(name)
    if live is None or config is None or config.overrides != wanted.config:
        return False
    return wanted.partitions in (None, live.partitions) and wanted.replication in (None, live.replication)


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


def _differing(cluster: Cluster, keys: Mapping[str, str]) -> Mapping[str, Mapping[int, str]]:
    """What brokers give topics without an override of these keys ({key: topic}), for the keys where it differs."""
    values = cluster.broker_values(keys) if keys else {}
    return {key: told for key, told in values.items() if len({canonical(key, value) for value in told.values()}) > 1}


def _moving(
    cluster: Cluster, wanted: Mapping[str, Topic], reading: there.Reading
) -> tuple[frozenset[str] | None, Mapping[str, LiveTopic]]:
    """The topics that are being moved, where that matters, and all as they are then: a move may have ended meanwhile.

    A topic in a move has its old and its new replicas, which is no difference, also not in the moment when it ends.
    """
    if not any(_resized(spec, reading.live.get(name)) for name, spec in wanted.items()):
        return frozenset(), reading.live
    moving, live = cluster.reassigning(), dict(reading.live)
    for pause in _BEHIND if moving is not None else ():
        left = [
            name
            for name, spec in wanted.items()
            if name in live and spec.replication not in (None, live[name].replication) and name not in (moving or ())
        ]
        if not left:
            break
        sleep(pause)
        again = cluster.describe_topics(left)
        live |= {name: found for name, found in again.items() if found is not None}
    return moving, live


def _resized(spec: Topic, live: LiveTopic | None) -> bool:
    """Whether a topic is to grow, or has another number of replicas than the files say."""
    if live is None:
        return False
    grows = spec.partitions is not None and spec.partitions > live.partitions
    return grows or (spec.replication is not None and spec.replication != live.replication)


class _Going(NamedTuple):
    """A topic that is to be deleted: who says so, whether the base protects it or said so already, and why it goes."""

    origin: Origin | None
    protected: bool
    pending: bool
    because: str | None = None


def _removals(wish: Wish, settings: Settings) -> dict[str, _Going]:
    """Topics to delete: by a `removed:` statement, or declared at the base and no longer, with prune."""
    base, wanted = wish.base, names(wish.topology)
    protected = {declared.name for declared in (base.topics if base else ()) if declared.protected}
    earlier = {removal.key.name for removal in (base.removed("topic") if base else ()) if not removal.release}
    going = {}
    for removal in wish.topology.removed("topic"):
        name = removal.key.name
        if not removal.release and name not in wanted and not (wish.only_change and name in earlier):
            going[name] = _Going(Origin.at(removal.node.head), name in protected, name in earlier, removal.because)
    if base is not None and "topics" in settings.prune:
        stated = {removal.key.name for removal in wish.topology.removed("topic")}
        for name in sorted(names(base) - wanted - stated):
            if topic_inside(settings.scopes, name):
                going[name] = _Going(where(base, topic_key(name)), name in protected, False)
    return going


def _left(wish: Wish) -> set[str]:
    """Topics that the base declares and the files do not, without a statement of what becomes of them."""
    return names(wish.base) - names(wish.topology) - {removal.key.name for removal in wish.topology.removed("topic")}


def _never(name: str, protected: bool, reading: there.Reading, settings: Settings) -> str | None:
    """Why a topic is never deleted, or None."""
    live = reading.live.get(name)
    if live is None:
        return None
    if live.internal:
        return "it is internal to Kafka and never deleted"
    if why := by_name("topics")(settings.protect, topic_key(name)):
        return why
    if protected:
        return "the base commit declares it `protected: true`: take that away in a change of its own first"
    return None
