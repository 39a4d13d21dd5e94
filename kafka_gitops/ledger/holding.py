"""Take the lock of an owner, keep it, let go of it; the time and the sleep are given by whoever holds it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from kafka_gitops.errors import KafkaGitopsError, Unanswered
from kafka_gitops.ledger import lock, records
from kafka_gitops.ledger.lock import LEASE, QUIET, SKEW, Holder, State
from kafka_gitops.ledger.lock_words import LockLost, gone_back, lost, not_held, taken, unanswered
from kafka_gitops.ledger.log import Entry, Log, Record
from kafka_gitops.ledger.nouns import Lock, Unlock
from kafka_gitops.ledger.people import Person

MARGIN = 10.0  # seconds before the end of its lease from which on a holder does nothing without a new one
RENEWAL = 20.0  # seconds after which the lease is renewed, whatever the run is at
POLL = 0.5  # seconds between two looks of one who waits
WINDOW = 512  # records that are read from the end at first
Act = Literal["claim", "renew", "release", "wait"]
TRIES = 3  # appends without an answer, one after the other, after which nothing more is tried


@dataclass(frozen=True)
class Clock:
    """The time that passes here, which no clock of a broker changes, and how to let it pass."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


def look(log: Log, window: int = WINDOW) -> State:
    """What the log says of the lock, from as far back as is needed for every reader to say the same."""
    first, end = log.bounds()
    while True:
        start = max(first, end - window)
        read = list(log.read(start, end))
        state = lock.folded(lock.begun(start), read, log.cluster)
        if start == first or state.sure or _covered(state, read):
            return state
        window *= 16


def _covered(state: State, read: Sequence[Record]) -> bool:
    """Whether all that may count was read, and nothing of it does."""
    now = read[-1].time if read else 0.0
    far = bool(read) and read[0].time < now - QUIET - 2 * SKEW
    return far and (state.head == lock.NONE or state.at < now - QUIET)


@dataclass
class Holding:
    """One run and the lock: `take` it, `append` under it, `release` it. One thread may append while another renews."""

    log: Log
    run: str
    clock: Clock
    by: Person | None = None
    url: str | None = None
    window: int = WINDOW  # records that its first look reads
    state: State = field(default_factory=lambda: lock.begun(0))
    lost: LockLost | None = None
    over: bool = False  # released
    _sent: float = float("-inf")  # when the last renewal that was accepted was sent, by our own clock
    _let_go: bool = False  # our release was accepted
    _mutex: threading.RLock = field(default_factory=threading.RLock)

    def take(self, wait: float, told: Callable[[Holder], None] = lambda _: None) -> None:
        """Take the lock, or wait so many seconds for it; `told` is called with the holder that is waited for.

        A holder whose lease is over by the log is watched for a lease, however short `wait` is: the clocks of two
        leaders may differ. Raises Blocked where another run holds it, Unreachable where the log does not answer.
        """
        begin = self.clock.now()
        self.state = look(self.log, self.window)
        time = self._heard()
        watch = _Watch(self.clock.now(), self.state.head, time)
        tries = 0
        while not self._mine:
            holder = self.state.holder
            if holder is None or holder.run == self.run or watch.gone(self.clock.now(), holder):
                tries = self._claim(tries, watch.time)
            elif not watch.told and (wait or watch.silent(holder)):
                watch.told = True
                told(holder)
            elif self.clock.now() - begin >= wait and not watch.silent(holder):
                self._wait_no_more()
                raise taken(self.log.topic, holder, waited=wait)
            else:
                self.clock.sleep(POLL)
                self._read_on()
            watch.see(self.clock.now(), self.state.head)

    @property
    def _held(self) -> bool:
        return self.state.holder is not None and self.state.holder.run == self.run

    @property
    def _mine(self) -> bool:
        return self._held and self.fresh(MARGIN)

    def fresh(self, margin: float) -> bool:
        """Whether the lease lasts longer than that, counted from when its renewal was sent."""
        return self.clock.now() - self._sent < LEASE - margin

    def append(self, entries: Sequence[Entry] = ()) -> None:
        """Append these with a renewal of the lock, and come back only with a lease that is fresh.

        Raises LockLost where another run has it by now, KafkaGitopsError where the log was not written.
        """
        with self._mutex:
            self._still()
            if entries and not self.fresh(MARGIN):
                self.append()  # who was frozen writes nothing into the time of another
            tries = 0
            while True:
                answered = self._write([*entries, self._entry("renew")])
                self._still()
                if answered and self.fresh(MARGIN):
                    return
                tries += 1  # without an answer, or with one that came when its lease was almost over
                if tries == TRIES:
                    raise unanswered(self.log.topic)

    def renew(self) -> None:
        """Renew the lease when it is time to, and not after the release. Raises as `append` does."""
        with self._mutex:
            if not self.over and not self.fresh(LEASE - RENEWAL):
                self.append()

    def release(self, entries: Sequence[Entry] = ()) -> None:
        """Append these, and that the lock is free; without an answer the lease ends by itself.

        Raises as `append` does; nothing is appended where another run is known to have the lock.
        """
        with self._mutex:
            if not self.fresh(MARGIN):
                self.append()
            self._still()
            self.over = True
            for _ in range(TRIES):
                answered = self._write([*entries, self._entry("release")])
                if not self._let_go:
                    self._still()  # without an answer another may have it by now, and that is not ours to release
                if answered or self._let_go:
                    return

    def _still(self) -> None:
        if self.lost is None and not self._held:
            self.lost = lost(self.log.topic, self.state)
        if self.lost is not None:
            raise self.lost

    def _claim(self, tries: int, time: float | None) -> int:
        """Try to take the lock, at that time of the log or later; the number of tries without an answer until now."""
        late = time is not None and time - self.state.at > QUIET
        old = [key for key, time in self.state.old if key != f"lock/{self.run}" and self.state.at - time > 2 * QUIET]
        if self._write([*(Entry(key, None) for key in old), self._entry("claim", late=late)]):
            return 0
        if tries + 1 == TRIES:
            raise unanswered(self.log.topic)
        return tries + 1

    def _entry(self, act: Act, *, late: bool = False) -> Entry:
        after = lock.NONE if late else self.state.head
        said = Lock(self.log.cluster, self.run, act, after, LEASE, self.by, self.url)
        return Entry(said.key, records.encode(said))

    def _write(self, entries: Sequence[Entry]) -> bool:
        """Append, and read up to there; False where there was no answer.

        Raises KafkaGitopsError for a log that lost what was read.
        """
        sent = self.clock.now()
        try:
            added = self.log.append(entries)
        except Unanswered:
            self._read_on()
            return False
        if added[0].offset < self.state.next:
            raise gone_back(self.log.topic, self.state.next, added[0].offset)
        alone = added[-1].offset - self.state.next + 1 == len(added)  # nobody came between
        self._fold(added if alone else self.log.read(self.state.next))
        if self.state.next <= added[-1].offset:  # the read gave less than there is
            raise unanswered(self.log.topic)
        self._sent = sent if self._held else self._sent
        return True

    def _read_on(self) -> None:
        self._fold(self.log.read(self.state.next))

    def _fold(self, read: Iterable[Record]) -> None:
        """Take in records; the next run may have claimed the lock behind our release, which counts all the same."""
        for record in read:
            self.state = lock.folded(self.state, [record], self.log.cluster)
            self._let_go |= self.state.key == f"lock/{self.run}" and self.state.holder is None

    def _heard(self) -> float | None:
        """Say that this run is there, by which it learns what time the log has; None where no answer came."""
        try:
            added = self.log.append([self._entry("wait")])
        except Unanswered:
            self._read_on()
            return None
        self._fold(added if added[0].offset == self.state.next else self.log.read(self.state.next))
        return added[-1].time

    def _wait_no_more(self) -> None:
        """Take away the record that says that this run waits; where that fails it says so for some time."""
        with suppress(Unanswered, KafkaGitopsError):
            self.log.append([Entry(f"lock/{self.run}", None)])


@dataclass
class _Watch:
    """Since when, by our own clock, a head of the lock is the last thing that was heard; the log's time, once known."""

    since: float
    head: int
    time: float | None
    told: bool = False

    def see(self, now: float, head: int) -> None:
        """Begin anew when something was heard."""
        if head != self.head:
            self.since, self.head = now, head

    def silent(self, holder: Holder) -> bool:
        """Whether the log says that the lease is over, so that it is worth to watch until it is certain."""
        return self.time is not None and self.time - holder.heard >= holder.lease

    def gone(self, now: float, holder: Holder) -> bool:
        """Whether a holder is gone for certain: its last word is too old, or was watched for longer than its lease."""
        lapsed = self.time is not None and lock.lapsed(holder, self.time)
        return lapsed or now - self.since >= holder.lease


def unlock(log: Log, run: str, reason: str, by: Person | None = None, url: str | None = None) -> Holder:
    """Take the lock away from a run that holds it; who that was. Raises KafkaGitopsError where it does not hold it."""
    state = look(log)
    for _ in range(TRIES):
        if state.holder is None or state.holder.run != run:
            raise not_held(log.topic, run, state.holder)
        said = Unlock(log.cluster, run, state.head, reason, by, url)
        with suppress(Unanswered):
            log.append([Entry(said.key, records.encode(said))])
        before = state.holder
        state = lock.folded(state, log.read(state.next), log.cluster)
        if state.key == said.key:
            return before
    raise unanswered(log.topic)
