"""Reads what any plan may ask, whatever the files will declare later: systems to a Snapshot."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TypeVar

from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds.cluster import BROKER_KEYS, Cluster, LiveConfig, LiveTopic
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.quota.spec import number
from kafka_gitops.model import Acl
from kafka_gitops.redact import is_secret_key, redact
from kafka_gitops.scope import topic_inside
from kafka_gitops.settings import Settings
from kafka_gitops.snapshot import registry, workers
from kafka_gitops.snapshot.contents import ERRORS, Defaults, Entity, Kafka, Snapshot, Texts, TopicThere, Unknown

AT_ONCE = 10_000  # topics whose configs are held before they are made compact
_T = TypeVar("_T")


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
            label: unless_refused(partial(workers.taken, one, keys))
            for label, one in (sorted(systems.connect.items()) if systems.has("connect") else ())
        },
    )


def of_topics(systems: Systems, settings: Settings, made: str, names: Iterable[str]) -> Snapshot:
    """Names and configs of these topics alone, without anything of brokers, people and what else is on the cluster."""
    listed = systems.kafka.list_topics()
    there = {name: listed[name] for name in sorted(set(names).intersection(listed))}
    bare = {name: LiveTopic(one.partitions, one.replication, one.internal) for name, one in there.items()}
    topics, defaults = _topics(systems.kafka, bare, _keys(systems, there))
    return Snapshot(made, settings.environment, Kafka(None, topics, defaults), topics_only=True)


def unless_refused(read: Callable[[], _T]) -> _T | Unknown:
    """What is read, or why not. Raises Unreachable: without a server there is no snapshot of it."""
    try:
        return read()
    except Unreachable:
        raise
    except KafkaGitopsError as failure:
        name = next(one.__name__ for one in type(failure).__mro__ if one.__name__ in ERRORS)
        return Unknown(name, redact(failure.message), failure.help and redact(failure.help))


def _kafka(systems: Systems, settings: Settings) -> Kafka:
    cluster = systems.kafka
    listed = cluster.list_topics()
    inside = {name: one for name, one in listed.items() if topic_inside(settings.scopes, name)}
    keys = _keys(systems, inside)
    topics, defaults = _topics(cluster, inside, keys)
    rest = {name: TopicThere(one, configs=False) for name, one in listed.items() if name not in inside}
    return Kafka(
        cluster.id,
        dict(sorted({**topics, **rest}.items())),
        defaults,
        cluster.principal,
        cluster.brokers,
        systems.on_kafka("outline").requests(),
        _by_broker(cluster, topics, keys),
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


def _keys(systems: Systems, live: Mapping[str, LiveTopic]) -> frozenset[str]:
    """All configs that topics have, but those that look like secrets."""
    every = systems.on_kafka("outline").topic_keys(_first_of_each(live).values()) if live else ()
    return frozenset(key for key in every if not is_secret_key(key))


def _first_of_each(live: Mapping[str, LiveTopic]) -> dict[int | None, str]:
    """A topic of each leader."""
    return {live[name].leader: name for name in sorted(live, reverse=True)}


def _topics(
    cluster: Cluster, live: Mapping[str, LiveTopic], keys: frozenset[str]
) -> tuple[dict[str, TopicThere], dict[int | None, Defaults]]:
    """Topics with what is their own, and what they have in common with others of their leader.

    The value of a config without an override is that of the broker that is asked, whatever the topic; the exceptions
    (a leader that was not reached) are the topic's own.
    """
    names, common = sorted(live), dict[int | None, dict[str, str]]()
    topics: dict[str, TopicThere] = {}
    for start in range(0, len(names), AT_ONCE):
        for name, config in cluster.topic_configs(names[start : start + AT_ONCE], sorted(keys)).items():
            topics[name] = _topic(live[name], config, common.setdefault(live[name].leader, {}))
    first = _first_of_each({name: live[name] for name in topics})
    below = cluster.topic_defaults(sorted(first.values()), sorted(keys)) if first else {}
    return topics, {leader: Defaults(common[leader], below.get(name, {})) for leader, name in first.items()}


def _topic(live: LiveTopic, config: LiveConfig, common: dict[str, str]) -> TopicThere:
    """A topic beside what those of its leader have in common, to which it adds what none had before."""
    overrides = {key: value for key, value in config.overrides.items() if not is_secret_key(key)}
    open = {key: value for key, value in config.effective.items() if key not in overrides}
    own = {key: value for key, value in open.items() if common.setdefault(key, value) != value}
    lacking = dict.fromkeys(key for key in common if key not in config.effective and key not in overrides)
    return TopicThere(live, overrides, {**own, **lacking})


def _by_broker(
    cluster: Cluster, topics: Mapping[str, TopicThere], keys: frozenset[str]
) -> Mapping[str, Mapping[int, str]]:
    """What brokers give topics without an override, by key; one topic is asked for each key."""
    wanted: dict[str, str] = {}
    for name in sorted(topics):
        if len(wanted) == len(keys):
            break
        wanted.update((key, name) for key in keys - topics[name].overrides.keys() - wanted.keys())
    return cluster.broker_values(wanted) if wanted and cluster.brokers > 1 else {}
