"""What a KRaft controller has written down: the records of its log by type, read from the file."""

import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

# org.apache.kafka.common.metadata.MetadataRecordType: what says something of topics, configs, rights, quotas, users
ABOUT_RESOURCES = {
    2: "Topic", 3: "Partition", 4: "Config", 9: "RemoveTopic", 10: "DelegationToken", 11: "UserScramCredential",
    14: "ClientQuota", 18: "AccessControlEntry", 19: "RemoveAccessControlEntry", 22: "RemoveUserScramCredential",
}  # fmt: skip
_HEAD = 61  # of a batch, up to its records; the length counts from the 12th byte on
_CONTROL = 0x20  # of its attributes: what the log says of itself


def written(data_dir: Path) -> Counter[str]:
    """How many records about resources the log holds, by their type."""
    logs = sorted(data_dir.glob("*/__cluster_metadata-0/*.log"))
    assert logs, data_dir
    return Counter(name for log in logs for number in _types(log.read_bytes()) if (name := ABOUT_RESOURCES.get(number)))


def _types(data: bytes) -> Iterator[int]:
    at = 0
    while at + _HEAD <= len(data):
        (length,) = struct.unpack_from(">i", data, at + 8)
        (attributes,) = struct.unpack_from(">h", data, at + 21)
        (count,) = struct.unpack_from(">i", data, at + 57)
        if length <= 0 or at + 12 + length > len(data):
            return
        if not attributes & _CONTROL:
            assert not attributes & 7, "compressed"
            yield from _of_batch(data, at + _HEAD, count)
        at += 12 + length


def _of_batch(data: bytes, at: int, count: int) -> Iterator[int]:
    for _ in range(count):
        length, at = _varint(data, at)
        end = at + length
        at += 1  # attributes
        for _ in range(2):  # timestamp, offset
            _, at = _varint(data, at)
        key, at = _varint(data, at)
        at += max(key, 0)
        _, at = _varint(data, at)  # the value's length: a frame version, then the type
        yield data[at + 1]
        at = end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if not byte & 128:
            return (value >> 1) ^ -(value & 1), at
