"""Whether the brokers know what a run is going to ask them, looked up in what they told when it connected."""

from collections.abc import Iterator, Mapping

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
}


def refuse(link: Link, requests: Mapping[str, int]) -> None:
    """Raise KafkaGitopsError, with all their names, where the broker lacks any of these requests.

    `requests` holds the oldest version of each that will do.
    """
    lacking = list(_lacking(link.versions(), requests))
    if lacking:
        raise unknown_request(link.server, *lacking)


def _lacking(known: Mapping[int, tuple[int, int]], requests: Mapping[str, int]) -> Iterator[str]:
    for name, least in requests.items():
        request = getattr(load(_MODULES[name]), f"{name}Request")
        low, high = known.get(request.API_KEY, (0, -1))
        if min(high, request.max_version) < max(low, least):
            yield name if request.API_KEY not in known or not least else f"{name} (version {least})"
