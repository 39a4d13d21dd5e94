"""Topics as they are on the cluster, and what counts of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kafka_gitops.catalog import equal
from kafka_gitops.changes import Change, Origin
from kafka_gitops.kinds.cluster import Cluster, LiveConfig, LiveTopic
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.readers import Holding, Partitions, Readers, Seen
from kafka_gitops.kinds.topic.figures import Figures
from kafka_gitops.kinds.topic.risks import risks_of_delete
from kafka_gitops.model import Topic, TopicDecl, topic_key
from kafka_gitops.settings import Settings, matches

MOST_AT_ONCE = 10_000  # partitions in a request (ReplicationControlManager); brokers up to 4.3 exceed it in part


@dataclass(frozen=True)
class Reading:
    """What the cluster has of the wanted topics, and the names of all others that this principal sees."""

    live: Mapping[str, LiveTopic]
    configs: Mapping[str, LiveConfig]
    others: tuple[str, ...] = ()
    listed: Collection[str] = ()  # every name that this principal sees, internal ones too
    moving: frozenset[str] | None = frozenset()  # None: this principal may not ask
    defaults: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # what takes over from an override
    differing: Mapping[str, Mapping[int, str]] = field(default_factory=dict)  # what brokers give, where not the same
    figures: Mapping[str, Figures] = field(default_factory=dict)  # of topics that may lose records


@dataclass(frozen=True)
class Context:
    """What a diff needs besides the two specs: which configs never count, which do not while no file declares them."""

    ignore: tuple[str, ...] = ()
    ignore_undeclared: tuple[str, ...] = ()
    keep_undeclared: bool = False
    keyed: frozenset[str] = frozenset()
    declared: Mapping[str, TopicDecl] = field(default_factory=dict)

    def origin(self, name: str) -> Origin | None:
        """Where a file declares a topic; looked up for those that differ alone."""
        declared = self.declared.get(name)
        return None if declared is None else Origin.at(declared.node.head, declared.project)

    @classmethod
    def of(cls, settings: Settings) -> "Context":
        """What the settings say of it."""
        return cls(settings.ignore_configs, settings.ignore_undeclared, settings.keep_undeclared_configs)


def read(
    cluster: Cluster, wanted: Iterable[str], keys: Iterable[str], *, others: bool = True, only: bool = False
) -> Reading:
    """The wanted topics as they are. Raises MissingRight where absence cannot be told from a refusal.

    A topic that the listing lacks is asked for by name: a listing leaves out what may not be seen. Without `others`
    nothing but the wanted topics is asked for, with `only` no configs but `keys`.
    """
    names = list(wanted)
    listed = cluster.list_topics() if others else {}
    live = {name: listed[name] for name in names if name in listed}
    unseen = [name for name in names if name not in listed]
    if unseen:
        live.update((name, found) for name, found in cluster.describe_topics(unseen).items() if found is not None)
    configs = cluster.topic_configs(sorted(live), keys, only=only) if live else {}
    wanted_set = set(names)
    rest = tuple(sorted(name for name, topic in listed.items() if name not in wanted_set and not topic.internal))
    return Reading(live, configs, rest, listed.keys())


def spec(live: LiveTopic, config: LiveConfig, considered: Callable[[str], bool]) -> Topic:
    """A topic on the cluster as a Spec: its overrides that count."""
    overrides = {key: value for key, value in sorted(config.overrides.items()) if considered(key)}
    return Topic(live.partitions, live.replication, overrides)


def considered(context: Context, *declared: Mapping[str, str]) -> Callable[[str], bool]:
    """Which overrides count: all that are declared, else none that is ignored, and none at all with
    `undeclared_configs: keep`. What `ignore_configs` names is not among the declared (`without_ignored`)."""
    patterns = (*context.ignore, *context.ignore_undeclared)

    def counts(key: str) -> bool:
        return any(key in config for config in declared) or not (context.keep_undeclared or ignored(patterns, key))

    return counts


def ignored_now(change: Change, context: Context) -> list[str]:
    """The configs that a change edits and that the settings leave alone: they did not when its plan was made."""
    edits = [] if change.action == "delete" else change.edits()
    return [edit.field for edit in edits if ignored(context.ignore, edit.field)]


def without_ignored(spec: Topic, ignore: tuple[str, ...]) -> Topic:
    """What a file wants of a topic, without the configs that `ignore_configs` leaves alone."""
    if not any(ignored(ignore, key) for key in spec.config):
        return spec
    return spec._replace(config={key: value for key, value in spec.config.items() if not ignored(ignore, key)})


@lru_cache(maxsize=1_000)
def ignored(patterns: tuple[str, ...], key: str) -> bool:
    return any(matches(pattern, key) for pattern in patterns)


def measured(ages: Mapping[str, int | None], reading: Reading, systems: Systems) -> dict[str, Figures]:
    """What these topics hold and who reads them, with the milliseconds that their records are going to be kept; nothing
    where there is no broker to ask."""
    partitions: Partitions = systems.on_kafka("partitions")
    holdings = partitions.holdings(ages)
    if holdings is None:
        return {}
    readers: Readers = systems.on_kafka("readers")
    seen = readers.seen(ages.keys()) or Seen((), blind=True)
    unknown = {name: Holding({}, reading.live[name].partitions) for name in ages}
    return {name: Figures(name, holdings.get(name, unknown[name]), seen) for name in ages}


def removals(
    origins: Mapping[str, Origin | None], reading: Reading, context: Context, cluster: Cluster
) -> Iterator[Change]:
    """The deletions of those of these topics that are there."""
    names = sorted(name for name in origins if name in reading.live)
    described = cluster.describe_topics(names) if names else {}
    for name in names:
        before = spec(reading.live[name], reading.configs.get(name, LiveConfig({}, {})), considered(context))
        risks = risks_of_delete(reading.figures.get(name))
        found = described.get(name) or reading.live[name]
        yield Change(topic_key(name), before, None, tuple(risks), origins[name], {}, found.topic_id)


def same(live: Topic, wanted: Topic) -> bool:
    """Whether a topic on the cluster is what a change wants it to be; what is left to the broker is not compared."""
    if wanted.partitions is not None and live.partitions != wanted.partitions:
        return False
    if wanted.replication is not None and live.replication != wanted.replication:
        return False
    return live.config.keys() == wanted.config.keys() and all(
        equal(key, live.config[key], value) for key, value in wanted.config.items()
    )


def moves(name: str, live: LiveTopic | None, moving: Collection[str] | None) -> str | None:
    """Why no partitions can be added to a topic now, None where they can. `moving` is None where nobody may ask.

    KRaft gives a new partition as many replicas as the first one has, which are the old and the new ones together while
    it is being moved, and it keeps them.
    """
    if moving is None and live is not None and live.uneven:
        counts = f"{live.fewest} to {live.replication} replicas"
        return f"its partitions have {counts}, so they may be on the move (needs Describe on the cluster to know)"
    if name in (moving or ()):
        return "its replicas are being moved, and new partitions would keep too many: plan again when that is done"
    return None
