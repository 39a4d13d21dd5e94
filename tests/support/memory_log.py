"""A ledger's log in memory: several writers, a clock that is set, compaction on demand, answers that are lost."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kafka_gitops.clients.link import Lost
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger.log import PREFIX, Entry, Record

CLUSTER = "memory-cluster"
START = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC


@dataclass
class Partition:
    """What the broker has: shared by all who write or read it. `now` is its clock, moved by whoever tests."""

    now: float = START
    records: list[Record] = field(default_factory=list)
    end: int = 0

    def add(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        """Append at the broker's time."""
        added = tuple(Record(self.end + at, self.now, key, value) for at, (key, value) in enumerate(entries))
        self.records += added
        self.end += len(added)
        return added

    def compact(self, *, tombstones: bool = True) -> None:
        """Keep the last of each key, and of those that were taken away nothing (or, `tombstones` False, that)."""
        last = {record.key: record.offset for record in self.records}
        self.records = [
            one for one in self.records if last[one.key] == one.offset and (one.value is not None or not tombstones)
        ]

    def truncate(self, end: int) -> None:
        """Forget what is at and after an offset: a restored disk, an unclean election."""
        self.records = [one for one in self.records if one.offset < end]
        self.end = min(self.end, end)


@dataclass
class MemoryLog:
    """`Log` on a partition that others may share: `MemoryLog(one.partition)` is the same log in another process.

    `before` is called with the entries of each append, before it happens: another writer's turn.
    """

    partition: Partition = field(default_factory=Partition)
    cluster: str = CLUSTER
    topic: str = f"{PREFIX}acme.dev"
    id: str = "memory-topic"
    before: Callable[[Sequence[Entry]], None] | None = None
    appends: int = 0  # that were asked for
    reads: list[int] = field(default_factory=list)  # the offsets that were read from
    _faults: list[Exception | None] = field(default_factory=list)
    _kept: list[bool] = field(default_factory=list)

    def lose(self, *, appended: bool) -> None:
        """The next append gets no answer; whether it is there the writer has to look up."""
        self._faults.append(Lost("REQUEST_TIMED_OUT", "no answer. It may or may not be done"))
        self._kept.append(appended)

    def refuse(self, failure: KafkaGitopsError) -> None:
        """The next append is refused like that, and nothing is appended."""
        self._faults.append(failure)
        self._kept.append(False)

    def succeed(self, times: int = 1) -> None:
        """These many appends go well before the fault that is asked for next."""
        self._faults += [None] * times
        self._kept += [True] * times

    def append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        """Append; raises what was asked for."""
        self.appends += 1
        if self.before is not None:
            self.before(entries)
        fault = self._faults.pop(0) if self._faults else None
        kept = self._kept.pop(0) if self._kept else True
        added = self.partition.add(entries) if kept else ()
        if fault is not None:
            raise fault
        return added

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Record]:
        """What is there from an offset on, until the end as it was at the call, or another."""
        self.reads.append(start)
        end = self.partition.end if end is None else end
        return iter([one for one in self.partition.records if start <= one.offset < end])

    def bounds(self) -> tuple[int, int]:
        """The first offset that is there, and the next one."""
        first = self.partition.records[0].offset if self.partition.records else self.partition.end
        return first, self.partition.end

    def close(self) -> None:
        """There is no connection."""
