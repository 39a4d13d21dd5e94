"""The lock of an owner, folded from its log: every reader gets the same holder from the same order of records.

A record of the lock names the one that it follows. Who takes the lock must follow the last accepted record: of two that
follow the same one the first has it, so the log is a register with compare-and-swap, whatever the leaders' clocks say.
Times decide only when a run may try (`holding.py`), and that what is older than `QUIET` binds nobody who says so.
"""

from collections.abc import Iterable
from typing import NamedTuple

from kafka_gitops.ledger import records
from kafka_gitops.ledger.log import Record
from kafka_gitops.ledger.nouns import Lock, Unlock
from kafka_gitops.ledger.records import Damaged

LEASE = 60  # seconds that a claim and each renewal hold; nobody grants more, whatever a record says
SKEW = 300.0  # seconds by which the clocks of two leaders may differ
QUIET = 1_800.0  # seconds after which no record of the lock counts; compaction leaves twice that alone
NONE = -1  # what is followed where there is no record of the lock that counts


class Holder(NamedTuple):
    """Who has the lock: the run, who started it, where to look at it, since when and when it was heard last, both by
    the brokers' clocks, and for how long it is granted."""

    run: str
    who: str | None
    url: str | None
    since: float
    heard: float
    lease: float


class State(NamedTuple):
    """What a part of a log says of the lock.

    `head` is the offset of the last accepted record, `key` whose it is, `at` its time, `after` what it follows, and
    `sure` whether no part that was not read can say otherwise. `holder` is None where the lock is free. All offsets
    from `whole` (of the time `whole_at`) to before `next` were read; `foreign` counts records of other clusters,
    `unlock` is the last one that was accepted.
    """

    whole: int
    next: int
    whole_at: float = 0.0
    head: int = NONE
    key: str = ""
    at: float = 0.0
    after: int = NONE
    sure: bool = False
    holder: Holder | None = None
    foreign: int = 0
    unlock: Unlock | None = None
    old: tuple[tuple[str, float], ...] = ()  # keys of runs' locks, and when each was written last


def begun(start: int) -> State:
    """Nothing is read yet; the first offset that is going to be."""
    return State(whole=start, next=start)


def folded(state: State, read: Iterable[Record], cluster: str) -> State:
    """The state after further records. Raises Newer for a record of a later format."""
    for record in read:
        if record.offset != state.next:  # compacted away, or the reader began late
            state = state._replace(whole=record.offset, next=record.offset)
        first = record.time if state.next == state.whole else state.whole_at
        state = state._replace(next=record.offset + 1, whole_at=first)
        if record.key.startswith(("lock/", "unlock/")):
            state = _with(_noted(state, record), record, cluster)
    return state


def _noted(state: State, record: Record) -> State:
    """The state that knows of a run's key, so that a later run takes it away."""
    others = tuple(one for one in state.old if one[0] != record.key)
    if record.value is None or record.key.startswith("unlock/"):  # which is for the auditors
        return state._replace(old=others)
    return state._replace(old=(*others, (record.key, record.time)))


def _with(state: State, record: Record, cluster: str) -> State:
    if record.value is None:
        return state
    try:
        said = records.decode(record.key, record.value)
    except Damaged:  # it binds nobody, for every reader alike: else it would lock the owner out for ever
        return state
    assert isinstance(said, Lock | Unlock)
    if said.cluster != cluster:
        return state._replace(foreign=state.foreign + 1)
    waits = isinstance(said, Lock) and said.act == "wait"
    if waits or said.after >= record.offset or not _follows(state, said, record.time):
        return state
    return state._replace(
        head=record.offset,
        key=record.key,
        at=record.time,
        after=said.after,
        sure=_surely(state, said, record.time),
        holder=_holder(state, said, record.time),
        unlock=said if isinstance(said, Unlock) else state.unlock,
    )


def _follows(state: State, said: Lock | Unlock, time: float) -> bool:
    """Whether a record follows the last accepted one, as far as what was read can tell."""
    if state.head in (NONE, said.after):
        return True
    if said.key == state.key:
        return True  # nobody came between; an answer that was lost makes the same again
    if said.after == NONE:
        return time - state.at > QUIET
    if state.sure:
        return state.head < said.after < state.whole  # it follows one that compaction took away
    return said.after > state.after  # its writer saw further than the writer of our head


def _surely(state: State, said: Lock | Unlock, time: float) -> bool:
    """Whether a record that is accepted is so for every reader: nothing that counts was not read."""
    if said.after == NONE:
        return state.sure or state.whole == 0 or state.whole_at < time - QUIET - 2 * SKEW
    doubt = state.head != NONE and state.after == NONE and not state.sure and said.after < state.head
    return said.after + 1 >= state.whole and not doubt


def _holder(state: State, said: Lock | Unlock, time: float) -> Holder | None:
    if isinstance(said, Unlock) or said.act == "release":
        return None
    if state.key == said.key and state.holder is None:
        return None  # what was under way when it let go
    before = state.holder if state.holder is not None and state.holder.run == said.run else None
    who = said.by.name if said.by is not None else None
    since = before.since if before is not None else time
    return Holder(said.run, who, said.url, since, time, float(max(0, min(said.lease, LEASE))))


def lapsed(holder: Holder, now: float) -> bool:
    """Whether a holder is gone for certain by the log alone, at that time of the log, however far clocks differ."""
    return now - holder.heard >= holder.lease + SKEW
