"""What differs between a topic in the files and on the cluster, and what that may cost."""

from collections.abc import Iterable, Iterator, Mapping

from kafka_gitops.catalog import equal
from kafka_gitops.changes import Change, Origin, Refused, Risk, Unsupported
from kafka_gitops.errors import listed
from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.topic.live import MOST_AT_ONCE, Context, Reading, considered, moves, spec
from kafka_gitops.kinds.topic.lowered import shown
from kafka_gitops.kinds.topic.risks import BROKERS_DIFFER, Facts, age, deletes_more, risks_of_update
from kafka_gitops.model import Key, Topic, topic_key


def undeclared(name: str, wanted: Topic, reading: Reading, context: Context) -> list[str]:
    """The overrides of a topic that count and that no file mentions."""
    counts = considered(context, wanted.config)
    overrides = reading.configs[name].overrides if name in reading.configs else {}
    return [key for key in overrides if key not in wanted.config and counts(key)]


def collisions(new: Iterable[str], there: Iterable[str]) -> dict[str, str]:
    """Topics to create whose names Kafka takes for those of others: {new: other}, of two new ones the second.

    Dots and underscores are the same in the names of metrics (Topic.hasCollision).
    """
    wanted = sorted(new)
    if not wanted:
        return {}
    known = {name.replace(".", "_"): name for name in there}
    found = {}
    for name in wanted:
        other = known.setdefault(name.replace(".", "_"), name)
        if other != name:
            found[name] = other
    return found


def open_keys(wanted: Mapping[str, Topic], reading: Reading) -> dict[str, str]:
    """The configs that topics need no override for, as a broker has the declared value anyway: {key: one such topic}.

    What another broker has is another question.
    """
    found: dict[str, str] = {}
    for name, config in reading.configs.items():
        for key, value in wanted[name].config.items() if name in wanted else ():
            if key not in found and key not in config.overrides and equal(key, config.effective.get(key, ""), value):
                found[key] = name
    return found


def diff(name: str, wanted: Topic, reading: Reading, context: Context) -> Iterator[Change | Unsupported]:
    """What differs for a declared topic."""
    key, origin = topic_key(name), context.origin(name)
    live = reading.live.get(name)
    if live is None:
        yield _creation(key, wanted, origin)
        return
    config = reading.configs.get(name, LiveConfig({}, {}))
    before = spec(live, config, considered(context, wanted.config))
    partitions = before.partitions
    if wanted.partitions not in (None, live.partitions):
        stop = _no_growth(key, live, wanted.partitions or 0, reading, origin)
        partitions = wanted.partitions if stop is None else partitions
        yield from [stop] if stop is not None else ()
    unsure = reading.moving is None and live.uneven  # unequal numbers of replicas: nobody may say whether they move
    if wanted.replication not in (None, live.replication) and name not in (reading.moving or ()) and not unsure:
        reason = f"replication {live.replication} -> {wanted.replication}: moving replicas is not part of an apply"
        yield Unsupported(key, reason, origin)
    after = Topic(partitions, before.replication, _config_after(before, wanted, config, reading.differing))
    if after == before:
        return
    gone = [entry for entry in before.config if entry not in after.config]
    fallback = {entry: value for entry, value in reading.defaults.get(name, {}).items() if entry in gone}
    new = {
        entry: config.effective[entry]
        for entry in after.config
        if entry not in before.config and entry in config.effective
    }
    facts = _facts(name, reading, context, fallback)
    risks = (*risks_of_update(before, after, facts), *_differing(new, reading))
    yield Change(key, before, after, risks, origin, {**new, **fallback})


def _facts(name: str, reading: Reading, context: Context, fallback: Mapping[str, str]) -> Facts:
    config, found = reading.configs.get(name, LiveConfig({}, {})), reading.figures.get(name)
    effective = {**config.effective, **config.overrides}
    return Facts(name in context.keyed, effective, fallback, reading.moving is None, found)


def at_stake(changes: Iterable[Change | Unsupported], reading: Reading) -> Iterator[tuple[str, int | None]]:
    """The topics of which changes let Kafka delete more than now, with the milliseconds that records are kept then."""
    for change in changes:
        if isinstance(change, Change) and isinstance(change.before, Topic) and isinstance(change.after, Topic):
            name = change.key.name
            gone = {key: value for key, value in change.defaults.items() if key not in change.after.config}
            then = deletes_more(change.before, change.after, _facts(name, reading, Context(), gone))
            if then is not None:
                yield name, age(then)


def _creation(key: Key, wanted: Topic, origin: Origin | None) -> Change | Refused:
    """The creation of a topic, unless its records (its own, one for each partition and config) are too many at once."""
    if 1 + (wanted.partitions or 1) + len(wanted.config) > MOST_AT_ONCE:
        many = f"{wanted.partitions} partitions: brokers make a topic of fewer than {MOST_AT_ONCE:,}"
        return Refused(key, f"{many}, create it smaller and grow it in steps", origin)
    after = Topic(wanted.partitions, wanted.replication, dict(sorted(wanted.config.items())))
    return Change(key, None, after, (), origin)


def _no_growth(key: Key, live: LiveTopic, wanted: int, reading: Reading, origin: Origin | None) -> Unsupported | None:
    """Why the number of partitions cannot be what a file says, or None where it can."""
    change = f"partitions {live.partitions} -> {wanted}"
    if wanted < live.partitions:
        return Unsupported(key, f"{change}: Kafka cannot take partitions away", origin)
    if wanted - live.partitions > MOST_AT_ONCE:
        many = f"brokers make at most {MOST_AT_ONCE:,} in a request, grow it in steps"
        return Refused(key, f"{change}: {many}", origin)
    why = moves(key.name, live, reading.moving)
    return Unsupported(key, f"{change}: {why}", origin) if why else None


def _differing(new: Mapping[str, str], reading: Reading) -> Iterator[Risk]:
    """The remark on configs that are set although they are in effect on some brokers."""
    for key in new:
        if key in reading.differing:
            values = sorted(reading.differing[key].items())
            told = listed([f"{shown(key, text)} on broker {node}" for node, text in values])
            yield BROKERS_DIFFER(f"without an override {key} is {told}")


def _config_after(before: Topic, wanted: Topic, config: LiveConfig, differing: Mapping[str, object]) -> dict[str, str]:
    """The overrides as they should be: a declared value that is in effect on all brokers already needs none."""
    after = {}
    for key, value in wanted.config.items():
        override = before.config.get(key)
        current = override if override is not None else config.effective.get(key)
        if override is not None and equal(key, override, value):
            after[key] = override
        elif override is not None or key in differing or current is None or not equal(key, current, value):
            after[key] = value
    return dict(sorted(after.items()))
