"""What risks are counted in: how much partitions hold and which groups read them, as plain data and two Protocols."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

Place = tuple[str, int]  # a topic and the number of a partition


class Log(NamedTuple):
    """A partition as its leader tells it; None is what it does not tell, or was not asked.

    `start` and `end` are the first offset and the one after the last; `kept` is the first offset that is younger than
    the age that was asked for, `end` where none is; `local` the first that is on the leader's own disk and not in
    tiered storage alone; `newest` the latest time of a record in milliseconds, `size` its bytes on that disk.
    """

    start: int
    end: int
    kept: int | None = None
    local: int | None = None
    newest: int | None = None
    size: int | None = None


class Holding(NamedTuple):
    """The partitions of a topic that were looked at by number, and how many were not or could not be.

    `refused`: the bytes may not be read.
    """

    logs: Mapping[int, Log]
    left: int = 0
    refused: bool = False


class Partitions(Protocol):
    """`on_kafka("partitions")`: each call is bounded in partitions and seconds."""

    def holdings(self, ages: Mapping[str, int | None]) -> Mapping[str, Holding] | None:
        """What these topics hold, with the age in milliseconds for `kept`; None where there is no broker to ask."""


class Member(NamedTuple):
    """A member of a group: the cluster tells its client id and host, and never its principal."""

    client: str
    host: str
    topics: frozenset[str] = frozenset()


class Group(NamedTuple):
    """A group of any kind: whether it has members now, who they are as far as that is told, and the offsets that it has
    committed by topic and partition."""

    name: str
    active: bool
    members: tuple[Member, ...] = ()
    offsets: Mapping[str, Mapping[int, int]] = {}


class Seen(NamedTuple):
    """The groups that were looked at; `blind`: there may be others that this principal may not see; `silent`: a broker
    did not tell its groups.

    `left` counts those that were listed and not or not wholly looked at, beyond the bounds or refused; `untold` are
    those of them that have members now, of whom nothing is told.
    """

    groups: tuple[Group, ...]
    blind: bool = False
    left: int = 0
    untold: int = 0
    silent: bool = False


class Readers(Protocol):
    """`on_kafka("readers")`: each call is bounded in groups and seconds."""

    def seen(self, topics: Collection[str] | None) -> Seen | None:
        """The groups with their members, and with topics what they committed for these; None where there is no broker
        to ask."""
