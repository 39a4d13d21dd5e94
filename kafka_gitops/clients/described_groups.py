"""ConsumerGroupDescribe (KIP-848), which kafka-python does not have: its messages, made as it makes its own."""

from functools import cache
from typing import Any, NamedTuple

from kafka_gitops.clients.library import load

API_KEY = 69
_V = "0+"
_ASSIGNMENT = [
    {
        "name": "TopicPartitions",
        "type": "[]TopicPartitions",
        "versions": _V,
        "fields": [
            {"name": "TopicId", "type": "uuid", "versions": _V},
            {"name": "TopicName", "type": "string", "versions": _V},
            {"name": "Partitions", "type": "[]int32", "versions": _V},
        ],
    }
]


def _text(name: str, *, nullable: bool = False) -> dict[str, Any]:
    return {"name": name, "type": "string", "versions": _V, **({"nullableVersions": _V} if nullable else {})}


def _member() -> list[dict[str, Any]]:
    return [
        _text("MemberId"),
        _text("InstanceId", nullable=True),
        _text("RackId", nullable=True),
        {"name": "MemberEpoch", "type": "int32", "versions": _V},
        _text("ClientId"),
        _text("ClientHost"),
        {"name": "SubscribedTopicNames", "type": "[]string", "versions": _V},
        _text("SubscribedTopicRegex", nullable=True),
        {"name": "Assignment", "type": "Assignment", "versions": _V, "fields": _ASSIGNMENT},
        {"name": "TargetAssignment", "type": "Assignment", "versions": _V, "fields": _ASSIGNMENT},
        {"name": "MemberType", "type": "int8", "versions": "1+", "default": "-1", "ignorable": True},
    ]


def _group() -> list[dict[str, Any]]:
    return [
        {"name": "ErrorCode", "type": "int16", "versions": _V},
        _text("ErrorMessage", nullable=True),
        _text("GroupId"),
        _text("GroupState"),
        {"name": "GroupEpoch", "type": "int32", "versions": _V},
        {"name": "AssignmentEpoch", "type": "int32", "versions": _V},
        _text("AssignorName"),
        {"name": "Members", "type": "[]Member", "versions": _V, "fields": _member()},
        {"name": "AuthorizedOperations", "type": "int32", "versions": _V, "default": "-2147483648"},
    ]


def _asked() -> list[dict[str, Any]]:
    return [
        {"name": "GroupIds", "type": "[]string", "versions": _V},
        {"name": "IncludeAuthorizedOperations", "type": "bool", "versions": _V},
    ]


def _answered() -> list[dict[str, Any]]:
    return [
        {"name": "ThrottleTimeMs", "type": "int32", "versions": _V},
        {"name": "Groups", "type": "[]DescribedGroup", "versions": _V, "fields": _group()},
    ]


class Messages(NamedTuple):
    """Both classes: the library keeps no more than a weak reference to the one that decodes."""

    request: Any
    response: Any


@cache
def messages() -> Messages:
    """The classes; they bear the name of a message that the library has, and its own description (KafkaApis 4.0)."""
    base = load("protocol.api_message").ApiMessage

    def made(kind: str, fields: list[dict[str, Any]]) -> Any:
        described = {"apiKey": API_KEY, "type": kind.lower(), "name": f"ConsumerGroupDescribe{kind}"}
        described |= {"validVersions": "0-1", "flexibleVersions": "0+", "fields": fields}
        patch = classmethod(lambda _cls, _json: described)
        return type(base)(f"DescribeGroups{kind}", (base,), {"json_patch": patch})

    return Messages(made("Request", _asked()), made("Response", _answered()))
