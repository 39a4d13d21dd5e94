"""All topics of a cluster, and whose are nobody's to declare: Kafka's own, a tool's, copies of another cluster's."""

from collections.abc import Collection, Iterator, Mapping

from kafka_gitops import shell
from kafka_gitops.catalog.owners import maker, owner
from kafka_gitops.errors import MissingRight
from kafka_gitops.kinds.census import Census, Choice, patterns, unwritable
from kafka_gitops.kinds.cluster import Cluster, LiveConfig, LiveTopic
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.topic.answers import outside
from kafka_gitops.kinds.topic.live import ignored
from kafka_gitops.model import Topic, topic_key
from kafka_gitops.settings import Settings

NO_KEYS: tuple[str, ...] = ()  # of configs whose effective values are wanted: overrides alone count
_PROBE = "kafka-gitops-sees-all"  # a topic that nobody has
_CHECKPOINTS, _HEARTBEATS, _MIRROR = ".checkpoints.internal", ".heartbeats", "mm2-"
_STORAGE = ("config", "offset", "statu")  # the last words of their names, without what makes a plural
_BY_NAME = "--topics with its name takes it over"


def census(systems: Systems, settings: Settings, choice: Choice) -> Census:
    """Every topic with its overrides. Raises MissingRight where some may not be seen, or their configs not be read."""
    found, cluster = Census(), systems.kafka
    listed = cluster.list_topics()
    found.names["TOPIC"] = frozenset(listed)
    sources = _sources(listed)
    names = []
    for name in sorted(filter(choice.wants, listed)):
        why = outside(settings.scopes, topic_key(name), None) or _not_ours(name, listed[name], settings)
        why = why or (None if choice.names(name) else _copied(name, sources))
        if why is None:
            names.append(name)
        else:
            found.leave(topic_key(name), why)
    configs = cluster.topic_configs(names, NO_KEYS) if names else {}
    _refuse_blind(cluster, patterns(choice, settings.scopes))
    moving = cluster.reassigning() or ()
    storage = _storage(configs)
    ignore = (*settings.ignore_configs, *settings.ignore_undeclared)
    for name in configs:
        live, overrides = listed[name], configs[name].overrides
        why = _unsaid(name, live, overrides, moving)
        why = why or (None if choice.names(name) else _made(name, overrides, storage))
        if why is None:
            kept = {key: value for key, value in sorted(overrides.items()) if not ignored(ignore, key)}
            found.specs[topic_key(name)] = Topic(live.partitions, live.replication, kept)
        else:
            found.leave(topic_key(name), why)
    for pattern in choice.topics:
        if not any(Choice((pattern,)).wants(name) for name in listed):
            found.leave(f"--topics {pattern}", "no topic that this principal sees is called so")
    return found


def _not_ours(name: str, live: LiveTopic, settings: Settings) -> str | None:
    """Why a topic is Kafka's, a tool's, or another's by the client file."""
    if live.internal:
        return "Kafka makes it for itself"
    if (whose := owner(name)) is not None:
        return f"{whose} makes it for itself"
    if not settings.language.managed.has_topic(name):
        return "it is outside the managed prefixes of the client file"
    return None


def _sources(names: Collection[str]) -> tuple[str, ...]:
    """The aliases of clusters that MirrorMaker copies topics from (DefaultReplicationPolicy): `us` of `us.orders`."""
    mirrors = any(name.startswith(_MIRROR) for name in names)
    told = [name.removesuffix(_CHECKPOINTS) for name in names if name.endswith(_CHECKPOINTS)]
    told += [name.removesuffix(_HEARTBEATS) for name in names if mirrors and name.endswith(_HEARTBEATS)]
    return tuple(sorted({*filter(None, told)}))


def _copied(name: str, sources: Collection[str]) -> str | None:
    source = next((one for one in sources if name.startswith(f"{one}.")), None)
    if source is not None or (sources and name == _HEARTBEATS[1:]):
        of = f"MirrorMaker copies it from cluster {source}" if source is not None else "MirrorMaker makes it for itself"
        return f"{of}; {_BY_NAME}"
    return f"by its name Confluent Replicator copies it; {_BY_NAME}" if name.endswith(".replica") else None


def _storage(configs: Mapping[str, LiveConfig]) -> frozenset[str]:
    """The three topics of each Connect cluster, which its workers alone name: X configs, X offsets, X status.

    All are compacted, and what is before the last word is the same for the three.
    """
    stems: dict[str, dict[str, str]] = {}
    for name, config in configs.items():
        if "compact" in config.overrides.get("cleanup.policy", ""):
            stem, word = _last_word(name)
            stems.setdefault(stem, {})[word.removesuffix("es").removesuffix("s")] = name
    wanted = {"config", "offset", "statu"}
    return frozenset(
        name for words in stems.values() if wanted <= words.keys() for name in map(words.get, wanted) if name
    )


def _last_word(name: str) -> tuple[str, str]:
    at = max(name.rfind(mark) for mark in ".-_")
    return name[: at + 1], name[at + 1 :].lower()


def _made(name: str, overrides: Mapping[str, str], storage: Collection[str]) -> str | None:
    """Why an application or a worker probably made a topic, by its name and configs together."""
    if name in storage or maker(name) == "Kafka Connect":
        return f"Kafka Connect keeps its state there; {_BY_NAME}"
    if maker(name) is None:
        return None
    compacted, for_ever = "compact" in overrides.get("cleanup.policy", ""), overrides.get("retention.ms") == "-1"
    if (name.endswith("-changelog") and not compacted) or (name.endswith("-repartition") and not for_ever):
        return None
    return f"by its name and configs an application of Kafka Streams makes it for itself; {_BY_NAME}"


def _unsaid(name: str, live: LiveTopic, overrides: Mapping[str, str], moving: Collection[str]) -> str | None:
    """Why no file can say what a topic is now."""
    if name in moving:
        return "its replicas are being moved: import it when that is done"
    if live.uneven:
        return f"its partitions have {live.fewest} to {live.replication} replicas, and a file says one number"
    return unwritable(name, *overrides.values())


def _refuse_blind(cluster: Cluster, wanted: tuple[str, ...]) -> None:
    """Raise MissingRight where topics of these patterns may be there and not be seen: a listing leaves them out."""
    for pattern in wanted:
        probe = f"{pattern[:-1][:200]}{_PROBE}" if pattern.endswith("*") else pattern
        try:
            cluster.describe_topics([probe])
        except MissingRight:
            who = cluster.principal or "This principal"
            raise MissingRight(
                f"{who} may not describe every topic of {pattern}, so an import would leave some out unseen. Grant it, "
                "or name what it may see: --topics PATTERN",
                help="  " + "\n  ".join(_grants(cluster.principal, pattern)),
            ) from None


def _grants(principal: str | None, pattern: str) -> Iterator[str]:
    name = pattern if pattern == "*" else pattern.removesuffix("*")
    prefixed = ("--resource-pattern-type", "prefixed") if name != pattern else ()
    for operation in ("Describe", "DescribeConfigs"):
        yield shell.acls("add", "allow", principal or "User:NAME", "--operation", operation, "--topic", name, *prefixed)
