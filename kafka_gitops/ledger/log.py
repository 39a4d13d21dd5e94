"""The log that a ledger is kept in, as the pure parts see it: one partition, appended to and read from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from kafka_gitops.errors import KafkaGitopsError, MissingRight
from kafka_gitops.settings import LEDGERS

PREFIX = LEDGERS


class Entry(NamedTuple):
    """What is appended: a key, and a value or None (a tombstone, which takes the key away)."""

    key: str
    value: bytes | None


class Record(NamedTuple):
    """What was appended: its offset, and the broker's time of the append in seconds since 1970."""

    offset: int
    time: float
    key: str
    value: bytes | None


class NoLedger(KafkaGitopsError):
    """The topic of a ledger is not on the cluster."""


class Log(Protocol):
    """One partition. The order of the offsets is the only order that all its readers and writers agree about."""

    @property
    def cluster(self) -> str:
        """The id of the cluster that it is in."""

    @property
    def topic(self) -> str:
        """The topic's name: `_kafka_gitops.OWNER`."""

    @property
    def id(self) -> str:
        """The topic's id, another one where it was made anew; empty where brokers have none (Kafka before 2.8)."""

    def append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        """Append, acknowledged by all replicas in sync: up to 1 MB at once, more in portions in this order.

        Raises errors.Unanswered where it may or may not be there (the caller reads to know), KafkaGitopsError where it
        was refused and is not there.
        """

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Record]:
        """The records from an offset on, until the end as it was at the call, or the `end` that `bounds` has told.

        Raises Unreachable, MissingRight.
        """

    def bounds(self) -> tuple[int, int]:
        """The first offset that is there and the one that the next record gets."""


class Opened(Log, Protocol):
    """A log that somebody opened."""

    def close(self) -> None:
        """Close the connection, where it is its own."""


class Logs(Protocol):
    """The ledgers of a cluster."""

    def names(self, prefix: str = PREFIX) -> Sequence[str]:
        """The ledgers' topics that this principal may see, sorted."""

    def unseen(self, prefix: str = PREFIX) -> MissingRight | None:
        """What keeps this principal from seeing all that may be there; None where it sees them."""

    def rights(self, topic: str) -> frozenset[str] | None:
        """What this principal may do to a topic, `{"READ", "DESCRIBE"}`; None where that is not told."""

    def log(self, topic: str, *, apart: bool = False) -> Opened:
        """One of them; `apart` on a connection of its own, for another thread. Raises NoLedger when it is read."""

    def bounds(self, topics: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """`Log.bounds` of several. Raises NoLedger for one that is gone meanwhile."""

    def read_many(self, spans: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, Record]]:
        """The records of several, each from an offset to before another one; in the order of offsets for each."""
