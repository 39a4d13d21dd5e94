"""Whether the brokers know what a run is going to ask them, looked up in what they told when it connected."""

from collections.abc import Iterator, Mapping
from typing import Any

from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.wire import unknown_request

_MODULES = {
    "Metadata": "protocol.metadata.metadata",
    "DescribeConfigs": "protocol.admin.configs",
    "IncrementalAlterConfigs": "protocol.admin.configs",
    "CreateTopics": "protocol.admin.topics",
    "CreatePartitions": "protocol.admin.topics",
    "DeleteTopics": "protocol.admin.topics",
    "DescribeAcls": "protocol.admin.acl",
    "CreateAcls": "protocol.admin.acl",
    "DeleteAcls": "protocol.admin.acl",
    "DescribeClientQuotas": "protocol.admin.client_quotas",
    "AlterClientQuotas": "protocol.admin.client_quotas",
    "DescribeUserScramCredentials": "protocol.admin.users",
    "AlterUserScramCredentials": "protocol.admin.users",
}

EVERY = {  # the oldest version that serves whatever the files say; Kafka 2.8 knows them all
    **dict.fromkeys(("Metadata", "CreatePartitions", "IncrementalAlterConfigs"), 0),
    **dict.fromkeys(("DescribeConfigs", "DescribeAcls", "CreateAcls", "DeleteAcls"), 1),
    "CreateTopics": 4,
    "DeleteTopics": 6,
}


def refuse(link: Link, requests: Mapping[str, int]) -> None:
    """Raise KafkaGitopsError, with all their names, where the broker lacks any of these requests.

    `requests` holds the oldest version of each that will do.
    """
    found = lacking(link, requests)
    if found:
        raise unknown_request(link.server, *found)


def lacking(link: Link, requests: Mapping[str, int] = EVERY) -> list[str]:
    """Those of these requests (default: all that an apply can need) that the brokers do not know, by their names."""
    return list(_lacking(link.versions(), requests))


def _lacking(known: Mapping[int, tuple[int, int]], requests: Mapping[str, int]) -> Iterator[str]:
    for name, least in requests.items():
        request = _of(name)
        low, high = known.get(request.API_KEY, (0, -1))
        if min(high, request.max_version) < max(low, least):
            yield name if request.API_KEY not in known or not least else f"{name} (version {least})"


def _of(name: str) -> Any:
    return getattr(load(_MODULES[name]), f"{name}Request")


def spoken(link: Link) -> dict[str, tuple[int, int]]:
    """The oldest and newest versions that the brokers and we speak, of those requests that they know."""
    known, mine = link.versions(), {name: _of(name) for name in _MODULES}
    return {
        name: (known[one.API_KEY][0], min(known[one.API_KEY][1], one.max_version))
        for name, one in mine.items()
        if one.API_KEY in known
    }
