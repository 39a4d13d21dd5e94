"""What describes groups of newer kinds (KIP-848, 932, 1071), which kafka-python has not: made as it makes its own."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from kafka_gitops.clients.library import load

KEYS = {"consumer": 69, "share": 77, "streams": 89}  # the request that describes groups of a kind
OFFSETS = 90  # DescribeShareGroupOffsets
_NAMES = {
    69: ("ConsumerGroupDescribe", "0-1"),
    77: ("ShareGroupDescribe", "1"),  # 0 was of Kafka 4.0 alone, which took it for a preview
    89: ("StreamsGroupDescribe", "0"),
    OFFSETS: ("DescribeShareGroupOffsets", "0"),
}
_Fields = Sequence[dict[str, Any]]


def _field(name: str, kind: str = "string", fields: _Fields = (), **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "versions": "0+", **({"fields": [*fields]} if fields else {}), **more}


def _some(kind: str, *names: str, **more: Any) -> list[dict[str, Any]]:
    return [_field(name, kind, **more) for name in names]


def _maybe(*names: str) -> list[dict[str, Any]]:
    return _some("string", *names, nullableVersions="0+")


_PARTS = [_field("TopicId", "uuid"), _field("TopicName"), _field("Partitions", "[]int32")]
_TOPICS = [_field("TopicPartitions", "[]TopicPartitions", _PARTS)]
_TASKS = [_field("SubtopologyId"), _field("Partitions", "[]int32")]
_PAIR = [_field("Key"), _field("Value")]
_AT = [_field("SubtopologyId"), _field("Partition", "int32"), _field("Offset", "int64")]
_WORK = [_field(name, "[]TaskIds", _TASKS) for name in ("ActiveTasks", "StandbyTasks", "WarmupTasks")]
_INNER = [
    _field("Name"),
    _field("Partitions", "int32"),
    _field("ReplicationFactor", "int16"),
    _field("TopicConfigs", "[]KeyValue", _PAIR),
]
_CONSUMER = [
    *_some("string", "MemberId"),
    *_maybe("InstanceId", "RackId"),
    *_some("int32", "MemberEpoch"),
    *_some("string", "ClientId", "ClientHost"),
    *_some("[]string", "SubscribedTopicNames"),
    *_maybe("SubscribedTopicRegex"),
    *_some("Assignment", "Assignment", "TargetAssignment", fields=_TOPICS),
    {"name": "MemberType", "type": "int8", "versions": "1+", "default": "-1", "ignorable": True},
]
_SHARE = [
    *_some("string", "MemberId"),
    *_maybe("RackId"),
    *_some("int32", "MemberEpoch"),
    *_some("string", "ClientId", "ClientHost"),
    *_some("[]string", "SubscribedTopicNames"),
    _field("Assignment", "Assignment", _TOPICS),
]
_STREAMS = [
    *_some("string", "MemberId"),
    *_some("int32", "MemberEpoch"),
    *_maybe("InstanceId", "RackId"),
    *_some("string", "ClientId", "ClientHost"),
    *_some("int32", "TopologyEpoch"),
    *_some("string", "ProcessId"),
    _field("UserEndpoint", "Endpoint", [_field("Host"), _field("Port", "uint16")], nullableVersions="0+"),
    _field("ClientTags", "[]KeyValue", _PAIR),
    *_some("[]TaskOffset", "TaskOffsets", "TaskEndOffsets", fields=_AT),
    *_some("Assignment", "Assignment", "TargetAssignment", fields=_WORK),
    *_some("bool", "IsClassic"),
]
_SUBTOPOLOGY = [
    *_some("string", "SubtopologyId"),
    *_some("[]string", "SourceTopics", "RepartitionSinkTopics"),
    *_some("[]TopicInfo", "StateChangelogTopics", "RepartitionSourceTopics", fields=_INNER),
]
_SUBTOPOLOGIES = _field("Subtopologies", "[]Subtopology", _SUBTOPOLOGY, nullableVersions="0+")
_TOPOLOGY = _field("Topology", "Topology", [_field("Epoch", "int32"), _SUBTOPOLOGIES], nullableVersions="0+")
_ASSIGNOR = _field("AssignorName")


def _groups(between: dict[str, Any], member: _Fields) -> _Fields:
    return [
        *_some("int16", "ErrorCode"),
        *_maybe("ErrorMessage"),
        *_some("string", "GroupId", "GroupState"),
        *_some("int32", "GroupEpoch", "AssignmentEpoch"),
        between,
        _field("Members", "[]Member", member),
        _field("AuthorizedOperations", "int32", default="-2147483648"),
    ]


_PARTITION = [
    _field("PartitionIndex", "int32"),
    _field("StartOffset", "int64"),
    _field("LeaderEpoch", "int32"),
    _field("ErrorCode", "int16"),
    *_maybe("ErrorMessage"),
]
_READ = [_field("TopicName"), _field("TopicId", "uuid"), _field("Partitions", "[]Partition", _PARTITION)]
_ASKED: _Fields = [_field("GroupIds", "[]string"), _field("IncludeAuthorizedOperations", "bool")]
_OF_TOPICS = _field("Topics", "[]Topic", [_field("TopicName"), _field("Partitions", "[]int32")], nullableVersions="0+")
_REQUESTS: Mapping[int, _Fields] = {OFFSETS: [_field("Groups", "[]Group", [_field("GroupId"), _OF_TOPICS])]}
_ANSWERS: Mapping[int, _Fields] = {
    69: _groups(_ASSIGNOR, _CONSUMER),
    77: _groups(_ASSIGNOR, _SHARE),
    89: _groups(_TOPOLOGY, _STREAMS),
    OFFSETS: [
        _field("GroupId"),
        _field("Topics", "[]Topic", _READ),
        _field("ErrorCode", "int16"),
        *_maybe("ErrorMessage"),
    ],
}


class Messages(NamedTuple):
    """Both classes: the library keeps no more than a weak reference to the one that decodes."""

    request: Any
    response: Any


@cache
def messages(key: int) -> Messages:
    """The classes of a request; they bear the name of a message that the library has, and their own description
    (the JSON files of Kafka 4.1 to 4.4)."""
    base = load("protocol.api_message").ApiMessage
    name, versions = _NAMES[key]

    def made(kind: str, fields: Iterable[dict[str, Any]]) -> Any:
        described = {"apiKey": key, "type": kind.lower(), "name": f"{name}{kind}"}
        described |= {"validVersions": versions, "flexibleVersions": "0+", "fields": [*fields]}
        patch = classmethod(lambda _cls, _json: described)
        return type(base)(f"DescribeGroups{kind}", (base,), {"json_patch": patch})

    answer = [_field("ThrottleTimeMs", "int32"), _field("Groups", "[]DescribedGroup", _ANSWERS[key])]
    return Messages(made("Request", _REQUESTS.get(key, _ASKED)), made("Response", answer))
