"""What the cluster shows of planned changes of topics: before they are written, and afterwards."""

from collections.abc import Iterator, Mapping, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.kinds.cluster import LiveConfig
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.topic.live import Context, considered, ignored_now, read, same
from kafka_gitops.kinds.topic.live import spec as live_spec
from kafka_gitops.model import Key, Topic
from kafka_gitops.settings import Settings


def actual(
    systems: Systems, changes: Sequence[Change], settings: Settings, *, edited: bool = False
) -> Mapping[Key, Topic]:
    """The topics as they are now; with `edited` only the configs that the changes name are looked at."""
    context = Context.of(settings)
    keys = sorted({key for change in changes for config in _configs(change) for key in config}) if edited else ()
    reading = read(systems.kafka, [change.key.name for change in changes], keys, only=edited)
    live: dict[Key, Topic] = {}
    for change in changes:
        found = reading.live.get(change.key.name)
        if found is None:
            continue
        config = reading.configs.get(change.key.name, LiveConfig({}, {}))
        live[change.key] = live_spec(found, config, considered(context, *_configs(change)))
        if change.pin not in (None, found.topic_id):
            live[change.key] = Topic(None, None, {})  # made anew under the name: not what was planned for
    return live


def _configs(change: Change) -> list[Mapping[str, str]]:
    return [spec.config for spec in (change.before, change.after) if isinstance(spec, Topic)]


def reached(change: Change, now: Topic | None) -> bool:
    """Whether a topic is what the change wants it to be."""
    if now is None or not isinstance(change.after, Topic):
        return now is None and change.after is None
    made = change.before is None  # else the replicas are none of our doing: a move may end meanwhile
    return same(now, change.after if made else change.after._replace(replication=None))


def ignored(change: Change, settings: Settings) -> Iterator[str]:
    """The configs that a change edits and that the settings leave alone: they did not when its plan was made."""
    yield from ignored_now(change, Context.of(settings))
