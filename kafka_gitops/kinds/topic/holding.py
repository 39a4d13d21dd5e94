"""Fields of a topic that are held: the cluster's word on them counts for now."""

from kafka_gitops.changes import Unsupported
from kafka_gitops.holds import Hold
from kafka_gitops.kinds.holding import said
from kafka_gitops.kinds.topic.answers import FIELDS
from kafka_gitops.kinds.topic.diff import diff
from kafka_gitops.kinds.topic.live import Context, Reading
from kafka_gitops.model import Topic, topic_key


def left_alone(
    name: str, wanted: Topic, reading: Reading, context: Context, hold: Hold | None
) -> tuple[Topic, list[Unsupported]]:
    """What counts of a topic in the files while some of its fields are held, and how these differ.

    All of it counts while the topic is not there.
    """
    if hold is None or not hold.fields or name not in reading.live:
        return wanted, []
    fields = {FIELDS.get(one, one) for one in hold.fields}
    overrides = reading.configs[name].overrides if name in reading.configs else {}
    config = {key: value for key, value in wanted.config.items() if key not in fields}
    config |= {key: value for key, value in overrides.items() if key in fields}
    free = Topic(
        None if "partitions" in fields else wanted.partitions,
        None if "replication" in fields else wanted.replication,
        config,
    )
    left = {text for one in diff(name, free, reading, context) for text in said(one)}
    texts = (text for one in diff(name, wanted, reading, context) for text in said(one))
    told = [text for text in texts if text not in left]
    return free, [Unsupported(topic_key(name), f"{hold} ({', '.join(told)})", context.origin(name))] if told else []
