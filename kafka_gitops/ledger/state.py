"""What the records of a log add up to: the last of each key, of this cluster; and the one bounded read of a plan."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kafka_gitops.ledger import names, packed, records
from kafka_gitops.ledger.log import Log, Record
from kafka_gitops.ledger.names import Claim
from kafka_gitops.ledger.nouns import Hold, Names, Owner, Run, Step
from kafka_gitops.ledger.records import Damaged
from kafka_gitops.model import Key
from kafka_gitops.shape.exact import Json

WINDOW = 500  # records from the end that a plan reads at once; an owner's record is among them but after a long run


@dataclass(frozen=True)
class State:
    """The last record of each key; `whole` is False where the beginning of the log was not read.

    `foreign` counts records of another cluster, whose ids are `clusters`: a mirrored topic, of which nothing counts.
    What is typed raises Damaged, or Newer for a later format.
    """

    topic: str
    cluster: str
    last: Mapping[str, Record]
    whole: bool = True
    foreign: int = 0
    clusters: frozenset[str] = field(default_factory=frozenset)
    topic_id: str = ""

    @cached_property
    def values(self) -> Mapping[str, bytes]:
        """The values by key."""
        return {key: record.value for key, record in self.last.items() if record.value is not None}

    @cached_property
    def owner(self) -> Owner | None:
        """What this owner applied last; None before anything was."""
        return self._typed("owner", Owner) if "owner" in self.values else None

    @cached_property
    def run_ids(self) -> tuple[str, ...]:
        """The runs, newest first (by their names, which begin with the time)."""
        return tuple(
            sorted((key[4:] for key in self.values if key.startswith("run/") and key.count("/") == 1), reverse=True)
        )

    def run(self, run: str) -> Run:
        """One run with all its outcomes. Raises KeyError where there is none."""
        found = records.typed(f"run/{run}", self.run_data(run))
        assert isinstance(found, Run)
        return found

    def head(self, run: str) -> Run:
        """The same without outcomes, of which there may be many. Raises KeyError where there is none."""
        key = f"run/{run}"
        found = records.typed(key, {**records.parsed(key, self.values[key]), "outcomes": []})
        assert isinstance(found, Run)
        return found

    def run_data(self, run: str) -> Json:
        """The same as plain data, for the hashes and an export."""
        return packed.whole(f"run/{run}", self.values)

    def time(self, key: str) -> float:
        """When a record was appended, by the broker's clock."""
        return self.last[key].time

    @cached_property
    def running(self) -> tuple[Run, ...]:
        """The runs that did not end: under way, or dead."""
        mark = b'"status":"running"'
        some = (self.run(run) for run in self.run_ids if mark in self.values[f"run/{run}"])
        return tuple(run for run in some if run.status == "running")

    @cached_property
    def closed(self) -> tuple[Run, ...]:
        """The runs that died after the last one that ended, and whose records somebody closed."""
        mark, last = b'"status":"died"', self.owner.number if self.owner is not None else 0
        some = (self.run(run) for run in self.run_ids if mark in self.values[f"run/{run}"])
        return tuple(run for run in some if run.status == "died" and run.number > last)

    def steps(self, run: str) -> tuple[Step, ...]:
        """The journal of a run that did not end, in its order."""
        found = [self._typed(key, Step) for key in self.values if key.startswith(f"step/{run}/")]
        return tuple(sorted(found, key=lambda step: step.number))

    def holds(self, now: float) -> Mapping[Key, Hold]:
        """The holds that are in force at a time: the owner's record carries those that a bounded read does not see.

        One of a run that did nothing is not: its first append may be there without an answer, and then it asks for
        nothing.
        """
        carried = self.owner.holds if self.owner is not None else ()
        own = (self._typed(key, Hold) for key in self.values if key.startswith("hold/"))
        gone = {key for key, record in self.last.items() if record.value is None}
        found = {Key(one.kind, one.name): one for one in (*carried, *own) if one.key not in gone}
        return {key: hold for key, hold in found.items() if hold.until > now and not self._idle(hold.run)}

    def _idle(self, run: str) -> bool:
        """Whether a run is known to have ended, or died, without doing anything."""
        if f"run/{run}" not in self.values or (found := self.run(run)).status == "running":
            return False
        nothing = {"skipped", "failed"} if found.status == "died" else {"skipped"}
        return all(one.status in nothing for one in found.outcomes)

    @property
    def known(self) -> bool:
        """Whether it is there what was applied last, with all its names."""
        return self.owner is not None and not self._missing

    @property
    def _missing(self) -> list[str]:
        keys = [f"names/{number}" for number in range(1, self.owner.parts + 1)] if self.owner is not None else []
        return [key for key in keys if key not in self.values]

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The names of all that this owner has applied.

        Raises Damaged where a part is missing, or is of another run than the owner's record: of one that died between
        the appends of its end, and of whose names others may be missing.
        """
        if self.owner is None:
            return ()
        if self._missing:
            raise Damaged(f"the ledger {self.topic} has no record {self._missing[0]}")
        found: list[Names] = [self._typed(f"names/{number}", Names) for number in range(1, self.owner.parts + 1)]
        if any(one.run != self.owner.run for one in found):
            said = f"the names in the ledger are not all of run {self.owner.run}, which was the last to end"
            raise Damaged(said, help="The next apply of all its files writes them anew.")
        return tuple(names.joined(found))

    def damaged(self) -> Iterator[str]:
        """A sentence for each record that cannot be read."""
        for key in sorted(self.values):
            try:
                if key.startswith("run/"):
                    if key.count("/") == 1:
                        self.run(key[4:])
                else:
                    records.decode(key, self.values[key])
            except (Damaged, records.Newer) as error:
                yield error.message

    def _typed(self, key: str, kind: type[Any]) -> Any:
        found = records.decode(key, self.values[key])
        assert isinstance(found, kind)
        return found


def folded(log: Iterable[Record], topic: str, cluster: str, *, whole: bool = True, topic_id: str = "") -> State:
    """The state of records in their order.

    A tombstone stays known (with the value None) in what is read bounded, and that of a hold always: the owner's record
    carries holds, too.
    """
    last: dict[str, Record] = {}
    foreign, clusters = 0, set()
    mine = b'"cluster":' + records.canonical(cluster)
    for record in log:
        if record.value is not None and mine not in record.value and (other := _cluster(record.value)) is not None:
            foreign += 1
            clusters.add(other)
            continue
        if record.value is None and whole and not record.key.startswith("hold/"):
            last.pop(record.key, None)
        else:
            last[record.key] = record
    return State(topic, cluster, last, whole, foreign, frozenset(clusters), topic_id)


def _cluster(value: bytes) -> str | None:
    """The cluster that a record names; None where it is damaged, which is said where it is used."""
    try:
        data = records.parsed("", value)
    except (Damaged, records.Newer):
        return None
    found = data.get("cluster")
    return found if isinstance(found, str) else None


def read(log: Log) -> State:
    """All of a log."""
    return folded(log.read(*log.bounds()), log.topic, log.cluster, topic_id=log.id)


def bounded(log: Log, window: int = WINDOW) -> State:
    """The end of a log, back to the owner's record and its names: what a run needs, by one read where that is near the
    end.

    They are written at each run's end, so all of a run that did not end comes after them.
    """
    first, end = log.bounds()
    start = max(first, end - window)
    while True:
        state = folded(log.read(start, end), log.topic, log.cluster, whole=start == first, topic_id=log.id)
        if state.whole or state.known:
            return state
        window *= 16
        start = max(first, end - window)
