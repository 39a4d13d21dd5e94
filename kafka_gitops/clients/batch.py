"""Batches of records as a log keeps them (message format 2, Kafka 0.11): made, and taken apart."""

import struct
from collections.abc import Iterator, Sequence
from typing import Any

from kafka_gitops.clients.library import load
from kafka_gitops.ledger.log import Entry, Record

_HEAD = struct.Struct(">qiibIhi")  # base_offset, length, leader_epoch, magic, crc, attributes, last_offset_delta
_BEFORE = 12  # bytes of base_offset and length
_MAGIC, _GZIP = 2, 1  # of JSON a twentieth is left: less to send, to keep, to read, and to sum up in Python
_MARK = "append"  # the header by which an append is known again
_CONTROL = 0x20  # the mark of a transaction's end, which no ledger has


def made(entries: Sequence[Entry], now_ms: int, mark: bytes) -> bytes:
    """One batch of them, stamped with a time that a topic with LogAppendTime replaces, and with a mark of its own."""
    builder = load("record.default_records").DefaultRecordBatchBuilder(_MAGIC, _GZIP, False, -1, -1, -1, 1 << 30)
    for offset, (key, value) in enumerate(entries):
        builder.append(offset, now_ms, key.encode(), value, [(_MARK, mark)])
    return bytes(builder.build())


def ends(data: memoryview) -> int | None:
    """The offset after the last whole batch, which may hold no record any more; None where there is none whole."""
    end = None
    for _, head in _whole(data):
        end = head[0] + head[6] + 1
    return end


def records(data: memoryview) -> Iterator[Record]:
    """The records of whole batches: an answer that is cut off ends in a part of one, and others' formats are no
    ledger's."""
    for one in _records(data):
        yield Record(one.offset, one.timestamp / 1000, one.key.decode(errors="replace"), one.value)


def marked(data: memoryview, mark: bytes) -> Iterator[tuple[int, int]]:
    """Offset and time in milliseconds of the records with a mark."""
    return ((one.offset, one.timestamp) for one in _records(data) if (_MARK, mark) in one.headers)


def _records(data: memoryview) -> Iterator[Any]:
    kind = load("record.default_records").DefaultRecordBatch
    for batch, head in _whole(data):
        if head[3] == _MAGIC and not head[5] & _CONTROL:
            yield from (one for one in kind(batch) if one.key is not None)


def _whole(data: memoryview) -> Iterator[tuple[memoryview, tuple[Any, ...]]]:
    at = 0
    while at + _HEAD.size <= len(data):
        head = _HEAD.unpack_from(data, at)
        end = at + _BEFORE + head[1]
        if end > len(data) or head[1] < _HEAD.size - _BEFORE:
            return
        yield data[at:end], head
        at = end
