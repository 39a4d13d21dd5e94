"""What differs between a topic in the files and on the cluster, and what that may cost."""

from collections.abc import Iterator

from kafka_gitops.catalog import equal
from kafka_gitops.changes import Change, Unsupported
from kafka_gitops.kinds.contract import LiveConfig
from kafka_gitops.kinds.topic import Context, Reading, considered, spec
from kafka_gitops.kinds.topic_risks import Facts, risks_of_update
from kafka_gitops.model import Topic, topic_key


def undeclared(name: str, wanted: Topic, reading: Reading, context: Context) -> list[str]:
    """The overrides of a topic that count and that no file mentions."""
    counts = considered(context, wanted.config)
    overrides = reading.configs[name].overrides if name in reading.configs else {}
    return [key for key in overrides if key not in wanted.config and counts(key)]


def diff(name: str, wanted: Topic, reading: Reading, context: Context) -> Iterator[Change | Unsupported]:
    """What differs for a declared topic."""
    key, origin = topic_key(name), context.origins.get(name)
    live = reading.live.get(name)
    if live is None:
        yield Change(
            key, None, Topic(wanted.partitions, wanted.replication, dict(sorted(wanted.config.items()))), (), origin
        )
        return
    config = reading.configs.get(name, LiveConfig({}, {}))
    before = spec(live, config, considered(context, wanted.config))
    partitions = before.partitions
    if wanted.partitions is not None and wanted.partitions != live.partitions:
        if wanted.partitions > live.partitions:
            partitions = wanted.partitions
        else:
            reason = f"partitions {live.partitions} -> {wanted.partitions}: Kafka cannot take partitions away"
            yield Unsupported(key, reason, origin)
    if wanted.replication is not None and wanted.replication != live.replication and name not in reading.moving:
        reason = f"replication {live.replication} -> {wanted.replication}: moving replicas is not part of an apply"
        yield Unsupported(key, reason, origin)
    after = Topic(partitions, before.replication, _config_after(before, wanted, config))
    if after == before:
        return
    gone = [entry for entry in before.config if entry not in after.config]
    fallback = {entry: value for entry, value in reading.defaults.get(name, {}).items() if entry in gone}
    facts = Facts(name in context.keyed, {**config.effective, **config.overrides}, fallback)
    new = {
        entry: config.effective[entry]
        for entry in after.config
        if entry not in before.config and entry in config.effective
    }
    yield Change(key, before, after, tuple(risks_of_update(before, after, facts)), origin, {**new, **fallback})


def _config_after(before: Topic, wanted: Topic, config: LiveConfig) -> dict[str, str]:
    """The overrides as they should be: a declared value that is in effect already needs none."""
    after = {}
    for key, value in wanted.config.items():
        override = before.config.get(key)
        current = override if override is not None else config.effective.get(key)
        if current is not None and equal(key, current, value):
            if override is not None:
                after[key] = override
        else:
            after[key] = value
    return dict(sorted(after.items()))
