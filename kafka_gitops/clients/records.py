"""Looks at what would be lost with a topic: its records and the consumer groups that read it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import ANY, Link
from kafka_gitops.clients.refusals import chunks
from kafka_gitops.clients.topics import CHUNK, UNKNOWN_TOPIC, described
from kafka_gitops.errors import KafkaGitopsError

EARLIEST, LATEST = -2, -1  # ListOffsetsRequest

Places = dict[int, dict[str, list[int]]]  # leader -> topic -> partitions


def hold_records(link: Link, names: Sequence[str]) -> frozenset[str]:
    """Topics with an end offset above the start offset, and those of which that cannot be read."""
    holding = set(names)
    leaders: Places = defaultdict(lambda: defaultdict(list))
    for topic in described(link, names):
        if topic.error_code == UNKNOWN_TOPIC:
            holding.discard(topic.name)
        for partition in topic.partitions:
            leaders[partition.leader_id][topic.name].append(partition.partition_index)
    counted: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    full = set()
    for leader, topics in leaders.items():
        for name, partitions in topics.items():
            total[name] += len(partitions)
        for name, empty in _empty(link, leader, topics):
            counted[name] += 1
            if not empty:
                full.add(name)
    return frozenset(holding - {name for name in total if counted[name] == total[name] and name not in full})


def _empty(link: Link, leader: int, topics: Mapping[str, Sequence[int]]) -> Iterable[tuple[str, bool]]:
    """(topic, whether it is empty) for each partition of this leader that tells its offsets."""
    if leader not in link.brokers:  # no leader at present
        return
    node = ANY if len(link.brokers) == 1 else leader
    for chunk in chunks(list(topics), CHUNK):
        part = {name: topics[name] for name in chunk}
        try:
            first, last = (
                _offsets(answer.decode())
                for answer in link.exchange(
                    [_offsets_request(part, EARLIEST), _offsets_request(part, LATEST)], node=node
                )
            )
        except KafkaGitopsError:  # this broker cannot be reached: its partitions count as full
            return
        for key in first.keys() & last.keys():
            yield key[0], last[key] <= first[key]


def _offsets_request(topics: Mapping[str, Sequence[int]], timestamp: int) -> Any:
    request = load("protocol.consumer.offsets").ListOffsetsRequest
    topic = request.ListOffsetsTopic
    return request(
        replica_id=-1,
        isolation_level=0,
        max_version=7,
        topics=[
            topic(
                name=name,
                partitions=[
                    topic.ListOffsetsPartition(partition_index=index, current_leader_epoch=-1, timestamp=timestamp)
                    for index in partitions
                ],
            )
            for name, partitions in topics.items()
        ],
    )


def _offsets(answer: Any) -> dict[tuple[str, int], int]:
    return {
        (topic.name, partition.partition_index): partition.offset
        for topic in answer.topics
        for partition in topic.partitions
        if not partition.error_code
    }


def active_groups(link: Link, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The consumer groups with members assigned to these topics, of those that this principal may describe."""
    wanted = frozenset(names)
    readers: dict[str, set[str]] = {}
    for node in list(link.brokers):
        place = ANY if len(link.brokers) == 1 else node
        for group, topics in _assignments(link, place):
            for topic in topics & wanted:
                readers.setdefault(topic, set()).add(group)
    return {topic: tuple(sorted(groups)) for topic, groups in sorted(readers.items())}


def _assignments(link: Link, node: int) -> Iterable[tuple[str, frozenset[str]]]:
    """(group, topics of its members) for the active groups that a broker coordinates."""
    groups = load("protocol.admin.groups")
    listed = link.read(groups.ListGroupsRequest(states_filter=[], types_filter=[]), node=node).groups or ()
    active = [group for group in listed if group.group_state not in ("Empty", "Dead")]
    classic = [
        group.group_id for group in active if group.group_type != "consumer" and group.protocol_type == "consumer"
    ]
    for chunk in chunks(classic, CHUNK):
        for group in link.read(groups.DescribeGroupsRequest(groups=chunk), node=node).groups:
            topics = (_assigned(member.member_assignment) for member in group.members)
            yield group.group_id, frozenset().union(*topics)
    for group in active:
        if group.group_type == "consumer":
            yield group.group_id, _committed(link, group.group_id, node)


def _assigned(assignment: Any) -> frozenset[str]:
    """The topics in a classic group member's assignment (ConsumerProtocolAssignment)."""
    if not assignment:
        return frozenset()
    decoded = load("protocol.consumer.metadata").ConsumerProtocolAssignment.decode(bytes(assignment))
    return frozenset(part.topic for part in decoded.assigned_partitions)


def _committed(link: Link, group: str, node: int) -> frozenset[str]:
    """The topics that a group of the new protocol (KIP-848) committed offsets for: kafka-python cannot describe it."""
    request = load("protocol.consumer.group").OffsetFetchRequest
    fetched = request.OffsetFetchRequestGroup(group_id=group, member_id=None, member_epoch=-1, topics=None)
    answer = link.read(request(groups=[fetched], require_stable=False, min_version=8, max_version=9), node=node)
    return frozenset(topic.name for found in answer.groups for topic in found.topics if not found.error_code)
