"""Which of Kafka's requests the writing of changes takes, and the reading of them before and after."""

from collections.abc import Sequence

from kafka_gitops.changes import Change
from kafka_gitops.model import Topic

Requests = dict[str, int]  # Kafka's name of a request, and the oldest version of it that will do
_OVERRIDES_TOLD = 1  # of DescribeConfigs: where a value comes from (Kafka 1.1)
_PATTERNS = 1  # of all requests for ACLs: prefixes (KIP-290, Kafka 2.0)
_LEFT_OPEN = 4  # of CreateTopics: the broker decides on partitions and replication (KIP-464, Kafka 2.4)
_BY_ID = 6  # of DeleteTopics: a topic by its id (KIP-516, Kafka 2.8)


def of_topics(changes: Sequence[Change]) -> Requests:
    """The requests for changes of topics, all of them of one action."""
    found: Requests = {"Metadata": 0} if changes else {}
    for change in changes:
        before, after = change.before, change.after
        if not isinstance(after, Topic):
            found["DeleteTopics"] = max(found.get("DeleteTopics", 0), _BY_ID if change.topic_id else 0)
            continue
        found["DescribeConfigs"] = _OVERRIDES_TOLD
        if not isinstance(before, Topic):
            least = _LEFT_OPEN if None in (after.partitions, after.replication) else 0
            found["CreateTopics"] = max(found.get("CreateTopics", 0), least)
            continue
        if after.partitions != before.partitions:
            found["CreatePartitions"] = 0
        if after.config != before.config:
            found["IncrementalAlterConfigs"] = 0
    return found


def of_acls(changes: Sequence[Change]) -> Requests:
    """The requests for changes of ACL bindings."""
    writes = {"CreateAcls" if change.before is None else "DeleteAcls" for change in changes}
    return dict.fromkeys([*sorted(writes), "DescribeAcls"], _PATTERNS) if changes else {}
