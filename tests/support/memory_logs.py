"""The ledgers of a cluster in memory, and owners that have applied something."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from memory_log import MemoryLog, Partition
from recording import Recording

from kafka_gitops.errors import MissingRight
from kafka_gitops.ledger import names, records
from kafka_gitops.ledger.log import PREFIX, Entry, Log, NoLedger, Record
from kafka_gitops.ledger.nouns import AnyRecord, Owner
from kafka_gitops.model import Key, Spec
from kafka_gitops.plan.fields import spec_dict

CLUSTER = "cluster-1"  # of Recording


@dataclass
class MemoryLogs:
    """`Logs`: the partitions by topic; one that is not there is a ledger that nobody made."""

    partitions: dict[str, Partition] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    hidden: str = ""  # why there may be ledgers that this principal may not see

    def names(self, prefix: str = PREFIX) -> Sequence[str]:
        return sorted(name for name in self.partitions if name.startswith(prefix))

    def unseen(self, prefix: str = PREFIX) -> MissingRight | None:
        return MissingRight(self.hidden) if self.hidden else None

    def rights(self, topic: str) -> frozenset[str] | None:
        return None

    def log(self, topic: str, *, apart: bool = False) -> Any:
        return _Log(self, topic)

    def bounds(self, topics: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        return {topic: self.log(topic).bounds() for topic in topics}

    def read_many(self, spans: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, Record]]:
        for topic, (start, _) in spans.items():
            yield from ((topic, one) for one in self.log(topic).read(start))

    def made(self, topic: str) -> MemoryLog:
        """A ledger that is there."""
        return MemoryLog(self.partitions.setdefault(topic, Partition()), CLUSTER, topic)


@dataclass
class _Log:
    logs: MemoryLogs
    topic: str
    cluster: str = CLUSTER
    id: str = "memory-topic"

    def _there(self) -> MemoryLog:
        if self.topic not in self.logs.partitions:
            raise NoLedger(f"There is no ledger {self.topic}.")
        return self.logs.made(self.topic)

    def close(self) -> None:
        """There is no connection."""

    def append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        return self._there().append(entries)

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Record]:
        self.logs.reads.append(self.topic)
        return self._there().read(start, end)

    def bounds(self) -> tuple[int, int]:
        return self._there().bounds()


@dataclass
class WithLedgers(Recording):
    """A cluster that keeps ledgers too."""

    log: MemoryLogs = field(default_factory=MemoryLogs)


def apply(log: Log, owner: Owner, state: Mapping[Key, Spec] | None = None) -> Owner:
    """What an owner's apply of this state leaves in its ledger."""
    claims = names.claims(state or {}, lambda key, spec: spec_dict(key, spec) or {})
    parts = names.parts(claims, owner.cluster, owner.run)
    told = Owner(**{**vars(owner), "parts": len(parts), "at": log.bounds()[1] if owner.at is None else owner.at})
    all_of_it: tuple[AnyRecord, ...] = (*parts, told)
    log.append([Entry(one.key, records.encode(one)) for one in all_of_it])
    return told
