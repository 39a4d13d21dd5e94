"""The log that a ledger is kept in, as the pure parts see it: one partition, appended to and read from."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

PREFIX = "_kafka_gitops."  # of every ledger's topic


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


class Log(Protocol):
    """One partition. The order of the offsets is the only order that all its readers and writers agree about."""

    @property
    def cluster(self) -> str:
        """The id of the cluster that it is in."""

    @property
    def topic(self) -> str:
        """The topic's name: `_kafka_gitops.OWNER`."""

    def append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        """Append at once, acknowledged by all replicas in sync.

        Raises clients.link.Lost where it may or may not be there (the caller reads to know), KafkaGitopsError where it
        was refused.
        """

    def read(self, start: int = 0) -> Iterator[Record]:
        """The records from an offset on, until the end as it was at the call. Raises Unreachable, MissingRight."""

    def bounds(self) -> tuple[int, int]:
        """The first offset that is there and the one that the next record gets."""
