"""Runs that share a ledger's log, one step of one of them at a time: whoever tests decides who goes on, and when."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from memory_log import START, MemoryLog, Partition

from kafka_gitops.clients.link import Lost
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger import lock
from kafka_gitops.ledger.holding import MARGIN, WINDOW, Clock, Holding
from kafka_gitops.ledger.lock import LEASE
from kafka_gitops.ledger.log import Entry, Record

LAG = 3_600.0  # min.compaction.lag.ms in seconds


class Killed(BaseException):
    """The process of a run is gone."""


@dataclass
class World:
    """The time that passes, a broker whose clock is off, and appends that are still under way."""

    real: float = 0.0
    off: float = 0.0
    partition: Partition = field(default_factory=Partition)
    under_way: list[tuple[Entry, ...]] = field(default_factory=list)
    truth: lock.State = field(default_factory=lambda: lock.begun(0))  # folded as it is appended, never compacted
    accepted: list[str] = field(default_factory=list)  # the keys of the heads, in their order

    def add(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        """Append, by the clock of the broker that leads now."""
        self.partition.now = START + self.real + self.off
        added = self.partition.add(entries)
        for record in added:
            before = self.truth.head
            self.truth = lock.folded(self.truth, [record], MemoryLog.cluster)
            if self.truth.head != before:
                self.accepted.append(self.truth.key)
        return added

    def compact(self) -> None:
        """Keep of what is older than the lag the last of each key."""
        last = {record.key: record.offset for record in self.partition.records}
        old = START + self.real + self.off - LAG
        self.partition.records = [
            one for one in self.partition.records if one.time > old or (last[one.key] == one.offset and one.value)
        ]


@dataclass
class Run:
    """A process that takes the lock, asks for chunks under it and lets go; `step` lets it go on to its next act."""

    world: World
    name: str
    chunks: int
    wait: float
    window: int = WINDOW
    starts: list[tuple[float, float, int]] = field(
        default_factory=list
    )  # when, when its lease was sent, heads until then
    ended: str = ""
    lose: str = ""  # what becomes of the next append: `landed`, `late`, `gone`
    killed: bool = False
    brink: bool = False  # the log said go, and its chunk is not asked for yet

    def __post_init__(self) -> None:
        self._go, self._back = threading.Semaphore(0), threading.Semaphore(0)
        log = _Log(self)
        self.holding = Holding(log, self.name, Clock(lambda: self.world.real, self._sleep), window=self.window)
        self._thread = threading.Thread(target=self._all, daemon=True)
        self._thread.start()

    def step(self) -> None:
        """Let it go on to its next act."""
        if not self.ended:
            self._go.release()
            self._back.acquire()

    def kill(self) -> None:
        """Let it end where it is."""
        self.killed = True
        while not self.ended:
            self.step()

    def pause(self) -> None:
        """Called by the run itself: others go on."""
        self._back.release()
        self._go.acquire()
        if self.killed:
            raise Killed

    def _sleep(self, seconds: float) -> None:
        until = self.world.real + seconds
        self.pause()
        while self.world.real < until:
            self.pause()

    def _all(self) -> None:
        self._go.acquire()
        try:
            self._work()
            self.ended = "done"
        except Killed:
            self.ended = "killed"
        except KafkaGitopsError as error:
            self.ended = error.message
        except BaseException as error:  # noqa: BLE001 - told at the end
            self.ended = f"({error!r})"
        self._back.release()

    def _work(self) -> None:
        self.holding.take(self.wait)
        for number in range(self.chunks):
            self.holding.append([Entry(f"step/{self.name}/{number}", b"{}")])
            assert self.world.real < self.holding._sent + LEASE - MARGIN
            self.brink = True
            self.pause()  # frozen between the two, as nobody can exclude
            self.brink = False
            self.starts.append((self.world.real, self.holding._sent, len(self.world.accepted)))
            self.pause()
            self.holding.renew()
        self.holding.release([Entry("owner", b"{}")])


@dataclass
class _Log:
    run: Run
    cluster: str = MemoryLog.cluster
    topic: str = MemoryLog.topic
    id: str = MemoryLog.id

    def append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        self.run.pause()
        fate, self.run.lose = self.run.lose, ""
        world = self.run.world
        added = world.add(entries) if fate in ("", "landed") else ()
        if fate == "late":
            world.under_way.append(tuple(entries))
        self.run.pause()
        if fate:
            raise Lost("REQUEST_TIMED_OUT", "no answer. It may or may not be done")
        return added

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Record]:
        self.run.pause()
        return MemoryLog(self.run.world.partition).read(start, end)

    def bounds(self) -> tuple[int, int]:
        return MemoryLog(self.run.world.partition).bounds()


def until(world: World, run: Run, over: Callable[[], bool], *, seconds: float) -> None:
    """Let one run go on, and the time with it, until something is so. Raises AssertionError when it takes longer."""
    end = world.real + seconds
    while not over():
        assert world.real < end, f"{run.name} is still not there after {seconds} s"
        run.step()
        world.real += 0.25
