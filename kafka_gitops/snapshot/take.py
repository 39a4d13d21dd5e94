"""Reads what any plan may ask, whatever the files will declare later: systems to a Snapshot."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple, TypeVar

from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds.cluster import BROKER_KEYS, Cluster, LiveConfig, LiveTopic
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.quota.spec import number
from kafka_gitops.model import Acl
from kafka_gitops.redact import is_secret_key, redact
from kafka_gitops.scope import topic_inside
from kafka_gitops.settings import Settings
from kafka_gitops.snapshot import registry, workers
from kafka_gitops.snapshot.contents import Defaults, Entity, Kafka, Snapshot, Texts, TopicThere, Unknown

_T = TypeVar("_T")


class Told(NamedTuple):
    """The configs of the topics that are read: which keys there are, and what each topic has."""

    live: Mapping[str, LiveTopic]
    configs: Mapping[str, LiveConfig]
    keys: frozenset[str]


def take(systems: Systems, settings: Settings, made: str, *, keys: Collection[str] = ()) -> Snapshot:
    """All that a plan reads; `keys` are more keys of connectors whose values may be told.

    Raises Unreachable, and MissingRight for topics inside `manage` whose configs may not be read. What else may not be
    read is `Unknown`.
    """
    return Snapshot(
        made,
        settings.environment,
        _kafka(systems, settings),
        unless_refused(lambda: registry.taken(systems.registry)) if systems.has("registry") else None,
        {
            label: unless_refused(lambda one=one: workers.taken(one, keys))  # type: ignore[misc]
            for label, one in (sorted(systems.connect.items()) if systems.has("connect") else ())
        },
    )


def of_topics(systems: Systems, settings: Settings, made: str, names: Iterable[str]) -> Snapshot:
    """Names and configs of these topics alone, without anything of brokers, people and what else is on the cluster."""
    cluster = systems.kafka
    listed = cluster.list_topics()
    live = {name: listed[name] for name in sorted(set(names).intersection(listed))}
    told = _told(systems, cluster, live)
    bare = {name: _bare(one) for name, one in live.items()}
    topics, defaults = _compact(told._replace(live=bare), cluster)
    return Snapshot(made, settings.environment, Kafka(None, topics, defaults), topics_only=True)


def _bare(topic: LiveTopic) -> LiveTopic:
    """A topic without its id, its leader and whether it is being moved."""
    return LiveTopic(topic.partitions, topic.replication, topic.internal)


def unless_refused(read: Callable[[], _T]) -> _T | Unknown:
    """What is read, or why not. Raises Unreachable: without a server there is no snapshot of it."""
    try:
        return read()
    except Unreachable:
        raise
    except KafkaGitopsError as failure:
        name = next(one.__name__ for one in type(failure).__mro__ if one.__name__ in _NAMES)
        return Unknown(name, redact(failure.message), failure.help and redact(failure.help))


_NAMES = ("MissingRight", "NoAuthorizer", "KafkaGitopsError")


def _kafka(systems: Systems, settings: Settings) -> Kafka:
    cluster = systems.kafka
    listed = cluster.list_topics()
    inside = {name: one for name, one in listed.items() if topic_inside(settings.scopes, name)}
    told = _told(systems, cluster, inside)
    topics, defaults = _compact(told, cluster)
    rest = {name: TopicThere(one, configs=False) for name, one in listed.items() if name not in inside}
    return Kafka(
        cluster.id,
        dict(sorted({**topics, **rest}.items())),
        defaults,
        cluster.principal,
        cluster.brokers,
        systems.on_kafka("outline").requests(),
        _by_broker(cluster, told),
        cluster.reassigning(),
        cluster.broker_configs(BROKER_KEYS),
        unless_refused(lambda: _acls(cluster)),
        unless_refused(lambda: _quotas(systems)),
        unless_refused(lambda: _users(systems)),
    )


def _acls(cluster: Cluster) -> tuple[Acl, ...]:
    return tuple(sorted(set(cluster.list_acls())))


def _quotas(systems: Systems) -> dict[Entity, Texts]:
    found: Mapping[Entity, Mapping[str, float]] = systems.on_kafka("quotas").list_quotas()
    return {entity: {name: number(value) for name, value in limits.items()} for entity, limits in found.items()}


def _users(systems: Systems) -> Mapping[str, Mapping[str, int]]:
    found: Mapping[str, Mapping[str, int]] = systems.on_kafka("scram").list_users()
    return found


def _told(systems: Systems, cluster: Cluster, live: Mapping[str, LiveTopic]) -> Told:
    """The configs of topics by all keys that there are, but those that look like secrets."""
    if not live:
        return Told(live, {}, frozenset())
    every = systems.on_kafka("outline").topic_keys(_first_of_each(live).values())
    keys = frozenset(key for key in every if not is_secret_key(key))
    return Told(live, cluster.topic_configs(sorted(live), sorted(keys)), keys)


def _first_of_each(live: Mapping[str, LiveTopic]) -> dict[int | None, str]:
    """A topic of each leader."""
    return {live[name].leader: name for name in sorted(live, reverse=True)}


def _compact(told: Told, cluster: Cluster) -> tuple[dict[str, TopicThere], dict[int | None, Defaults]]:
    """Topics with what is their own, and what they have in common with others of their leader.

    The value of a config without an override is that of the broker that is asked, whatever the topic; the exceptions
    (a leader that was not reached) are the topic's own.
    """
    values: dict[int | None, dict[str, str]] = {}
    for name in sorted(told.configs):
        config, common = told.configs[name], values.setdefault(told.live[name].leader, {})
        for key, value in config.effective.items():
            if key not in config.overrides:
                common.setdefault(key, value)
    first = _first_of_each({name: told.live[name] for name in told.configs})
    below = cluster.topic_defaults(sorted(first.values()), sorted(told.keys)) if first else {}
    defaults = {leader: Defaults(values.get(leader, {}), below.get(name, {})) for leader, name in first.items()}
    return {name: _topic(told.live[name], told.configs[name], defaults) for name in told.configs}, defaults


def _topic(live: LiveTopic, config: LiveConfig, defaults: Mapping[int | None, Defaults]) -> TopicThere:
    overrides = {key: value for key, value in config.overrides.items() if not is_secret_key(key)}
    expected = {**defaults[live.leader].values, **overrides}
    own = {key: config.effective.get(key) for key in expected if config.effective.get(key) != expected[key]}
    more = {key: value for key, value in config.effective.items() if key not in expected}
    return TopicThere(live, overrides, {**own, **more})


def _by_broker(cluster: Cluster, told: Told) -> Mapping[str, Mapping[int, str]]:
    """What brokers give topics without an override, by key; one topic is asked for each key."""
    wanted: dict[str, str] = {}
    for name in sorted(told.configs):
        if len(wanted) == len(told.keys):
            break
        wanted.update((key, name) for key in told.keys - told.configs[name].overrides.keys() - wanted.keys())
    return cluster.broker_values(wanted) if wanted and cluster.brokers > 1 else {}
