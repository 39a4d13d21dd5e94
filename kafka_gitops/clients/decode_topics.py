"""Reads a Metadata response into topics, without an object for each of their partitions."""

from struct import Struct, error

from kafka_gitops.clients.compact import Unreadable, items, skip_tags, text
from kafka_gitops.kinds.cluster import LiveTopic

VERSIONS = range(10, 14)  # the layout below: MetadataResponse.json of Apache Kafka; topic ids are from version 10 on
_PARTITION = Struct(">hii")  # error_code, partition_index, leader_id
_EPOCH = 4


def topics(body: bytes, version: int) -> list[tuple[int, str | None, LiveTopic]]:
    """Error code, name and what is known of each topic of a response body.

    Raises Unreadable where the bytes do not add up.
    """
    try:
        at = _brokers(body, 4)  # after throttle_time_ms
        _, at = text(body, at)  # cluster_id
        found, at = _topics(body, at + 4)  # after controller_id
        at += 4 * (version == 10) + 2 * (version >= 13)  # cluster_authorized_operations, error_code
        if skip_tags(body, at) != len(body):
            raise Unreadable("bytes are left over")
    except (IndexError, error, UnicodeDecodeError) as odd:
        raise Unreadable(str(odd)) from odd
    return found


def _brokers(body: bytes, at: int) -> int:
    """Where the list of brokers ends."""
    number, at = items(body, at)
    for _ in range(number):
        _, at = text(body, at + 4)  # node_id, host
        _, at = text(body, at + 4)  # port, rack
        at = skip_tags(body, at)
    return at


def _topics(body: bytes, at: int) -> tuple[list[tuple[int, str | None, LiveTopic]], int]:
    found = []
    number, at = items(body, at)
    for _ in range(number):
        code = int.from_bytes(body[at : at + 2], "big", signed=True)
        name, at = text(body, at + 2)
        topic_id, internal = body[at : at + 16], body[at + 16] != 0
        live, at = _live(body, at + 17, _uuid(topic_id), internal)
        found.append((code, name, live))
        at = skip_tags(body, at + 4)  # topic_authorized_operations
    return found, at


def _live(body: bytes, at: int, topic_id: str | None, internal: bool) -> tuple[LiveTopic, int]:
    """A topic by its partitions, and where they end."""
    most, fewest, leader = 0, None, None
    number, at = items(body, at)
    for _ in range(number):
        _, index, leads = _PARTITION.unpack_from(body, at)
        count, at = items(body, at + _PARTITION.size + _EPOCH)  # replica_nodes
        in_sync, at = items(body, at + 4 * count)
        offline, at = items(body, at + 4 * in_sync)
        at = skip_tags(body, at + 4 * offline)
        if count > most:
            most = count
        if fewest is None or count < fewest:
            fewest = count
        if index == 0 and leads >= 0 and leader is None:
            leader = leads
    return LiveTopic(number, most, internal, topic_id, fewest or 0, leader), at


def _uuid(raw: bytes) -> str | None:
    """As java.util.UUID and Python write it; None for the one that means that there is none."""
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}" if any(raw) else None
