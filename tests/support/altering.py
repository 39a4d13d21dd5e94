"""What operators do to a cluster besides topics: settings of brokers, and replicas that are moved."""

import time
from collections.abc import Callable, Mapping, Sequence

from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import ANY, Link


def set_broker(link: Link, key: str, value: str | None, *, node: str = "") -> int:
    """Set a dynamic config of one broker, or of all; None unsets it. Returns the error code."""
    request = load("protocol.admin.configs").IncrementalAlterConfigsRequest
    resource = request.AlterConfigsResource
    change = resource.AlterableConfig(name=key, config_operation=0 if value else 1, value=value)
    body = request(resources=[resource(resource_type=4, resource_name=node, configs=[change])], validate_only=False)
    place = int(node) if node else ANY  # a broker takes its own settings only
    return int(link.write(body, node=place).responses[0].error_code)


def move(link: Link, name: str, replicas: Mapping[int, Sequence[int] | None]) -> None:
    """Move the replicas of partitions to these brokers; None stops a move that is under way."""
    request = load("protocol.admin.topics").AlterPartitionReassignmentsRequest
    topic = request.ReassignableTopic
    parts = [topic.ReassignablePartition(partition_index=index, replicas=nodes) for index, nodes in replicas.items()]
    answer = link.write(request(timeout_ms=30_000, topics=[topic(name=name, partitions=parts)]))
    assert not answer.error_code, answer
    assert not [part for one in answer.responses for part in one.partitions if part.error_code], answer


def eventually(true: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Reads lag writes: wait until it is so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
