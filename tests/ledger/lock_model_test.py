"""Runs that race for the lock, are frozen and killed, lose answers, under leaders' clocks that are minutes apart."""

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule
from lock_runs import Run, World, until
from memory_log import MemoryLog

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger.holding import look, unlock
from kafka_gitops.ledger.lock import LEASE, QUIET, State
from kafka_gitops.ledger.log import Entry, Record

EXAMPLES = 3_000 if os.environ.get("KAFKA_GITOPS_LONG") else 60
CLOCKS = (0.0, 1.0, 150.0, 300.0)  # seconds that the clock of a leader is ahead
WINDOWS = (1, 5, 512)  # records that a first look reads
DELAYS = (0.01, 0.5, 3.0, 12.0, 30.0, 49.0, 55.0, 61.0, 130.0, 400.0, 2_000.0, 4_000.0)


class Runs(RuleBasedStateMachine):
    """What may happen to the runs of an owner, in any order."""

    runs = Bundle("runs")

    @initialize(windows=st.lists(st.sampled_from(WINDOWS), min_size=1, max_size=3))
    def begin(self, windows: list[int]) -> None:
        self.world, self.windows = World(), windows
        self.all: list[Run] = []
        self.at_once = [self.start(2, 600.0), self.start(2, 0.0)]
        self.unlocked: dict[str, int] = {}

    @rule(target=runs, chunks=st.integers(0, 4), wait=st.sampled_from([0.0, 5.0, 90.0, 600.0]))
    def comes(self, chunks: int, wait: float) -> Run:
        return self.another(chunks, wait)

    def another(self, chunks: int, wait: float) -> Run:
        self.at_once = [self.at_once[-1], self.start(chunks, wait, self.windows[len(self.all) % len(self.windows)])]
        return self.at_once[-1]

    @rule(order=st.lists(st.booleans(), min_size=4, max_size=24), later=st.sampled_from([0.0, 61.0, 1_700.0, 2_000.0]))
    def two_come_at_once(self, order: list[bool], later: float) -> None:
        """They take turns, after a while in which nothing was heard."""
        self.world.real += later
        self.another(1, 600.0)
        self.another(1, 600.0)
        for first in order:
            self.at_once[first].step()

    def start(self, chunks: int, wait: float, window: int = 1) -> Run:
        run = Run(self.world, f"run-{len(self.all)}", chunks, wait, window)
        self.all.append(run)
        return run

    @rule(run=runs, steps=st.integers(1, 12), each=st.sampled_from([0.0, 0.01, 0.3]))
    def goes_on(self, run: Run, steps: int, each: float) -> None:
        for _ in range(steps):
            run.step()
            self.world.real += each

    @rule(order=st.lists(st.booleans(), min_size=1, max_size=12), times=st.integers(1, 6))
    def race(self, order: list[bool], times: int) -> None:
        for first in order * times:
            self.at_once[first].step()

    @rule(run=runs, seconds=st.sampled_from([20.0, 61.0, 70.0, 130.0]))
    def lives(self, run: Run, seconds: float) -> None:
        end = self.world.real + seconds
        while self.world.real < end and not run.ended:
            run.step()
            self.world.real += 1.0

    @rule(seconds=st.sampled_from(DELAYS))
    def time_passes(self, seconds: float) -> None:
        self.world.real += seconds

    @rule(off=st.sampled_from(CLOCKS))
    def another_leader(self, off: float) -> None:
        self.world.off = off

    @rule(run=runs)
    def to_the_brink(self, run: Run) -> None:
        """It is about to ask for a chunk, and is frozen there."""
        for _ in range(40):
            if not run.brink:
                run.step()

    @rule(target=runs, off=st.sampled_from(CLOCKS), chunks=st.integers(0, 2), wait=st.sampled_from([0.0, 600.0]))
    def a_newcomer_meets_another_clock(self, off: float, chunks: int, wait: float) -> Run:
        """The leader changes before its first word, and whoever is about to ask for a chunk does so after it."""
        self.world.off = off
        run = self.another(chunks, wait)
        for _ in range(12):
            run.step()
        for one in self.all:
            if one is not run and one.brink:
                one.step()
        return run

    @rule()
    def compaction(self) -> None:
        self.world.compact()

    @rule(run=runs, fate=st.sampled_from(["landed", "late", "gone"]))
    def answer_is_lost(self, run: Run, fate: str) -> None:
        run.lose = fate

    @rule()
    def what_is_late_lands(self) -> None:
        if self.world.under_way:
            self.world.add(self.world.under_way.pop(0))

    @rule(run=runs, later=st.sampled_from([61.0, 2_000.0, 4_000.0]), off=st.sampled_from(CLOCKS))
    def others_come_and_go_while_it_is_frozen(self, run: Run, later: float, off: float) -> None:
        """And the log forgets them, but for the last, which is about to ask for a chunk."""
        for number in range(3):
            self.world.real += later
            other = self.another(1, 600.0)
            for _ in range(300):
                if not (other.ended or (other.brink and number == 2)):
                    other.step()
                    self.world.real += 0.25
        self.world.off = off
        self.world.compact()
        for _ in range(16):
            run.step()

    @rule(run=consumes(runs))
    def dies(self, run: Run) -> None:
        run.kill()

    @rule(run=runs)
    def is_unlocked(self, run: Run) -> None:
        log = _Direct(self.world)
        try:
            unlock(log, run.name, "it hangs")
        except KafkaGitopsError:
            return
        self.unlocked[run.name] = len(run.starts)

    @invariant()
    def no_two_start_inside_a_valid_lease(self) -> None:
        starts = [(run, *start) for run in getattr(self, "all", []) for start in run.starts]
        for run, when, sent, heads in starts:
            if when >= sent + LEASE or run.name in self.unlocked:
                continue
            later = [key for key in self.world.accepted[:heads] if key.startswith("lock/")]
            assert later[-1] == f"lock/{run.name}", f"{run.name} started a chunk, and {later[-1]} had the lock"

    @invariant()
    def one_that_lost_it_sends_at_most_one_more_chunk(self) -> None:
        for run in getattr(self, "all", []):
            key = f"lock/{run.name}"
            keys = self.world.accepted
            mine = [at for at, one in enumerate(keys) if one == key]
            late = [start for start in run.starts if mine and start[2] > mine[-1] + 1]
            assert len(late) <= 1
            assert all(when >= sent + LEASE for when, sent, _ in late) or run.name in self.unlocked

    @invariant()
    def who_let_go_never_has_it_again(self) -> None:
        holder = self.world.truth.holder if hasattr(self, "world") else None
        assert holder is None or not [run for run in self.all if run.name == holder.run and run.ended == "done"]

    @invariant()
    def every_reader_says_the_same(self) -> None:
        if not hasattr(self, "world"):
            return
        truth, now = self.world.truth, self.world.partition.now
        for window in WINDOWS:
            state = look(MemoryLog(self.world.partition), window)
            if truth.head >= 0 and truth.at > now - QUIET + CLOCKS[-1]:
                assert (state.head, state.key, _run(state)) == (truth.head, truth.key, _run(truth))

    def teardown(self) -> None:
        """Whoever is dead or frozen, a run that comes now has the lock a lease later."""
        if not hasattr(self, "world"):
            return
        last = Run(self.world, "last", 1, 600.0)
        until(self.world, last, lambda: bool(last.starts), seconds=LEASE + 15)
        for run in [*self.all, last]:
            run.kill()
        assert not [run.ended for run in self.all if run.ended.endswith(")")]


class _Direct(MemoryLog):
    def __init__(self, world: World) -> None:
        super().__init__(world.partition)
        self.world = world

    def append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        return self.world.add(entries)


def _run(state: State) -> str | None:
    return None if state.holder is None else state.holder.run


TestRuns = Runs.TestCase
TestRuns.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
