"""Fields of a topic that are held: a file's word on them does not count for now, and their difference is told."""

from collections.abc import Iterator

from kafka_gitops.changes import Unsupported
from kafka_gitops.holds import Hold
from kafka_gitops.kinds.topic.diff import diff
from kafka_gitops.kinds.topic.live import Context, Reading
from kafka_gitops.kinds.topic.lowered import shown
from kafka_gitops.model import Topic, topic_key


def left_alone(
    name: str, wanted: Topic, reading: Reading, context: Context, hold: Hold | None
) -> tuple[Topic, list[Unsupported]]:
    """What counts of a topic in the files while some of its fields are held, and how these differ.

    All of it counts while the topic is not there.
    """
    if hold is None or not hold.fields or name not in reading.live:
        return wanted, []
    overrides = reading.configs[name].overrides if name in reading.configs else {}
    config = {key: value for key, value in wanted.config.items() if key not in hold.fields}
    config |= {key: value for key, value in overrides.items() if key in hold.fields}
    free = Topic(
        None if "partitions" in hold.fields else wanted.partitions,
        None if "replication" in hold.fields else wanted.replication,
        config,
    )
    left = {*_said(name, free, reading, context)}
    told = [said for said in _said(name, wanted, reading, context) if said not in left]
    return free, [Unsupported(topic_key(name), f"{hold} ({', '.join(told)})", context.origin(name))] if told else []


def _said(name: str, wanted: Topic, reading: Reading, context: Context) -> Iterator[str]:
    """What differs, each field in a few words."""
    for found in diff(name, wanted, reading, context):
        if isinstance(found, Unsupported):
            yield found.reason
            continue
        for edit in found.edits():
            texts = (shown(edit.field, text) if text is not None else "default" for text in (edit.before, edit.after))
            yield f"{edit.field} {' -> '.join(texts)}"
