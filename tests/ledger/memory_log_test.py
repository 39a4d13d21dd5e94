"""The log in memory that stands for a ledger's topic: what it plays is what a broker does."""

import pytest
from memory_log import START, MemoryLog

from kafka_gitops.clients.link import Lost
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger.log import Entry, Log


def keys(log: Log, start: int = 0) -> list[str]:
    return [record.key for record in log.read(start)]


def test_two_writers_share_one_order() -> None:
    one = MemoryLog()
    two = MemoryLog(one.partition)
    (first,) = one.append([Entry("a", b"1")])
    one.partition.now += 5
    second, third = two.append([Entry("b", b"2"), Entry("a", None)])
    assert (first.offset, first.time) == (0, START)
    assert (second.offset, third.offset, third.time) == (1, 2, START + 5)
    assert list(one.read()) == [first, second, third] == list(two.read())
    assert keys(one, 1) == ["b", "a"]


def test_compaction_keeps_the_last_of_each_key_at_its_offset() -> None:
    log = MemoryLog()
    log.append([Entry("a", b"1"), Entry("b", b"1"), Entry("a", b"2"), Entry("b", None)])
    log.partition.compact(tombstones=False)
    assert [(one.offset, one.value) for one in log.read()] == [(2, b"2"), (3, None)]
    log.partition.compact()
    assert [(one.offset, one.value) for one in log.read()] == [(2, b"2")]
    assert log.bounds() == (2, 4)


@pytest.mark.parametrize("appended", [False, True])
def test_an_answer_is_lost(appended: bool) -> None:
    log = MemoryLog()
    log.succeed()
    log.lose(appended=appended)
    log.append([Entry("a", b"1")])
    with pytest.raises(Lost):
        log.append([Entry("b", b"2")])
    assert keys(log) == (["a", "b"] if appended else ["a"])
    log.append([Entry("c", b"3")])


def test_an_append_is_refused() -> None:
    log = MemoryLog()
    log.refuse(KafkaGitopsError("no"))
    with pytest.raises(KafkaGitopsError, match="no"):
        log.append([Entry("a", b"1")])
    assert keys(log) == []


def test_a_read_ends_where_the_log_ended_when_it_was_asked() -> None:
    log = MemoryLog()
    log.append([Entry("a", b"1")])
    reading = log.read()
    log.append([Entry("b", b"2")])
    assert [one.key for one in reading] == ["a"]
