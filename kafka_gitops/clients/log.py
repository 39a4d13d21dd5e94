"""The ledgers' topics on a real cluster: append with acks=all, and read up to the end as it was."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kafka_gitops.clients import batch
from kafka_gitops.clients.leading import MOVED, Leaders, Moved, moved, spans
from kafka_gitops.clients.library import error_name
from kafka_gitops.clients.link import Link, Lost, understood
from kafka_gitops.clients.log_reads import QUOTA, answers, read, readable
from kafka_gitops.clients.log_requests import make, offsets, produce
from kafka_gitops.clients.refusals import TOPIC_AUTHORIZATION_FAILED, missing_topics, problem
from kafka_gitops.clients.topics import list_topics, topic_operations
from kafka_gitops.clients.unseen import unseen
from kafka_gitops.errors import KafkaGitopsError, MissingRight
from kafka_gitops.ledger.log import PREFIX, Entry, Record

_AT_ONCE, _OVERHEAD = 1_000_000, 60  # bytes of a batch, and of a record besides its key and value
_RECENT = 1000  # offsets before the end in which an append of a moment ago is
_FIRST, _NEXT = -2, -1  # of ListOffsets
_OPEN = frozenset((-1, 7, 13, 20, 56))  # after these nobody knows: the leader may have it and the others not
_TOO_LARGE = (10, 18)
_TOO_FEW = 19  # NOT_ENOUGH_REPLICAS
_HELP = {
    **dict.fromkeys(_TOO_LARGE, "Its max.message.bytes has to be 1048588, Kafka's default, or more."),
    _TOO_FEW: "Fewer replicas are in sync than its min.insync.replicas asks for: wait for the brokers, then run again.",
}


class KafkaLog:
    """`Log` on a real topic; not for several threads at once."""

    def __init__(self, link: Link, topic: str, *, own: bool = False) -> None:
        self._link, self._topic, self._own = link, topic, own
        self._leaders = Leaders(link)
        self._silent = 0.0  # time.monotonic() until which a quota keeps the broker from hearing this connection

    @property
    def cluster(self) -> str:
        """The cluster's id."""
        return self._link.cluster_id

    @property
    def topic(self) -> str:
        """The topic's name."""
        return self._topic

    @property
    def id(self) -> str:
        """The topic's id. Raises NoLedger, MissingRight, Unreachable."""
        self._leaders.patiently(lambda: self._leaders.of(self._topic))
        return self._leaders.ids[self._topic]

    def append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        """Append, up to 1 MB at once. Raises Lost, NoLedger, MissingRight, KafkaGitopsError."""
        return tuple(record for portion in _portions(entries) for record in self._append(portion))

    def _append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        if (left := self._silent - time.monotonic()) > 0:
            said = f"The ledger's topic {self._topic} cannot be written for {left:.0f} s more: a quota."
            raise KafkaGitopsError(said, help="Raise the producer_byte_rate of this login.")
        now, mark = int(time.time() * 1000), os.urandom(8)
        data, sent = batch.made(entries, now, mark), list[int]()
        try:
            first, stamped = self._leaders.patiently(lambda: self._appended(data, mark, sent))
        except KafkaGitopsError as failure:
            if not sent:
                raise
            raise Lost(error_name(sent[-1]), f"{failure.message} A record may or may not be there") from failure
        when = (now if stamped < 0 else stamped) / 1000  # the broker's, where the topic is set as it must be
        return tuple(Record(first + at, when, key, value) for at, (key, value) in enumerate(entries))

    def _appended(self, data: bytes, mark: bytes, sent: list[int]) -> tuple[int, int]:
        """The first offset and the time; what was sent before is looked for: a broker that loses the lead while the
        others copy a batch says NOT_LEADER_OR_FOLLOWER, and the batch may be there for all that."""
        if sent:
            first, end = self._bounds()
            for _, _, _, found in answers(self._link, self._leaders, {self._topic: (max(first, end - _RECENT), end)}):
                for offset, stamped in batch.marked(found, mark):
                    return offset, stamped
        return self._produce(data, sent)

    def _produce(self, data: bytes, sent: list[int]) -> tuple[int, int]:
        """The first offset and the broker's time in milliseconds; `sent` gets the code of one that does not lead."""
        node = self._leaders.of(self._topic)
        try:
            ((code, message, first, stamped, seconds),) = self._link.written(
                produce(self._topic, data), _told, node=node
            )
        except Lost as lost:
            if not lost.sent and lost.code == "NETWORK_EXCEPTION":  # that broker is away: perhaps another leads now
                raise Moved(self._topic, lost.message) from None
            raise
        self._rest(seconds)
        if code in _OPEN:
            raise Lost(error_name(code), f"topic {self._topic}: {problem(code, message)}. It may or may not be done")
        if code in MOVED:
            sent.append(code)
        self._refused(code, message)
        return first, stamped

    def _rest(self, seconds: float) -> None:
        """Ask for nothing as long as a quota says (KIP-219): the broker does not read this connection meanwhile.

        What is sent then it carries out at the end, also when the client has long given up and closed it.

        The wait comes before `append` returns, so that whoever holds the lock sees how old its lease is.
        """
        if seconds:
            self._silent = time.monotonic() + seconds
            if seconds >= 1:
                said = f"topic {self._topic} can be written again in {seconds:.0f} s"
                self._link.slowed(f"a quota of this login slows this run: {said}")
            time.sleep(min(seconds, QUOTA))

    def _refused(self, code: int, message: str | None) -> None:
        moved(self._topic, code)
        if code == TOPIC_AUTHORIZATION_FAILED:
            raise missing_topics(self._link.login.principal, [self._topic], "Write", "write")
        if code:
            said = f"The ledger's topic {self._topic} did not take a record: {problem(code, message)}"
            raise KafkaGitopsError(said, help=_HELP.get(code))

    def bounds(self) -> tuple[int, int]:
        """The first and the next offset. Raises NoLedger, MissingRight, Unreachable."""
        return self._leaders.patiently(self._bounds)

    def _bounds(self) -> tuple[int, int]:
        return _bounds(self._link, self._leaders.of(self._topic), [self._topic])[self._topic]

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Record]:
        """The records from an offset on, until the end as it is now. Raises NoLedger, MissingRight, Unreachable."""
        if end is None:
            first, end = self.bounds()
            start = max(first, start)
        found = read(self._link, self._leaders, {self._topic: (start, end)})
        return (record for _, record in found)

    def close(self) -> None:
        """Close the connection, where it is this log's own."""
        if self._own:
            self._link.close()


class KafkaLogs:
    """`Logs` of a real cluster."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._leaders = Leaders(link)

    def names(self, prefix: str = PREFIX) -> Sequence[str]:
        """The ledgers' topics that may be seen."""
        return sorted(name for name in list_topics(self._link) if name.startswith(prefix))

    def unseen(self, prefix: str = PREFIX) -> MissingRight | None:
        """What keeps this principal from seeing all."""
        return unseen(self._link, prefix)

    def rights(self, topic: str) -> frozenset[str] | None:
        """What this principal may do to a topic; None where that is not told."""
        return topic_operations(self._link, [topic]).get(topic)

    def log(self, topic: str, *, apart: bool = False) -> KafkaLog:
        """One of them; `apart` on a connection that its `close` closes."""
        return KafkaLog(self._link.another() if apart else self._link, topic, own=apart)

    def bounds(self, topics: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """First and next offset of several. Raises MissingRight, Unreachable."""
        return self._leaders.patiently(lambda: self._bounds(topics))

    def _bounds(self, topics: Sequence[str]) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for node, mine in self._leaders.grouped(topics).items():
            found.update(_bounds(self._link, node, mine))
        return found

    def read_many(self, spans: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, Record]]:
        """The records of several. Raises MissingRight, Unreachable."""
        return read(self._link, self._leaders, spans)


def _portions(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """A broker bounds a batch, not a record (max.message.bytes)."""
    portion: list[Entry] = []
    size = 0
    for entry in entries:
        more = _OVERHEAD + len(entry.key.encode()) + len(entry.value or b"")
        if portion and size + more > _AT_ONCE:
            yield portion
            portion, size = [], 0
        portion.append(entry)
        size += more
    if portion:
        yield portion


def ready() -> None:
    """Load, and have the library make, what a first append takes: 10 ms that pass while a broker is waited for."""
    make(produce("x", batch.made([Entry("x", b"")], 0, b"")))


def on(link: Link) -> KafkaLogs:
    """The ledgers of the cluster that is connected."""
    return KafkaLogs(link)


@understood
def _bounds(link: Link, node: int, topics: Sequence[str]) -> dict[str, tuple[int, int]]:
    told = link.exchange([offsets(topics, _FIRST), offsets(topics, _NEXT)], node=node)
    first, after = (dict(_offset(link, answer.decode())) for answer in told)
    return spans(first, after)


def _offset(link: Link, answer: Any) -> Iterator[tuple[str, int]]:
    for topic in answer.topics:
        for one in topic.partitions:
            readable(link, topic.name, one.error_code)
            yield topic.name, one.offset


def _told(answer: Any) -> Iterable[tuple[int, str | None, int, int, float]]:
    for topic in answer.responses:
        for one in topic.partition_responses:
            seconds = answer.throttle_time_ms / 1000
            yield one.error_code, one.error_message, one.base_offset, one.log_append_time_ms, seconds
