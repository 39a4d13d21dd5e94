"""Who has the lock, and every sentence about it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest
from goldens import expected
from memory_log import START, MemoryLog

from kafka_gitops.errors import Blocked, KafkaGitopsError, Unreachable
from kafka_gitops.ledger import records
from kafka_gitops.ledger.holding import POLL, Clock, Holding, look, unlock
from kafka_gitops.ledger.lock import LEASE
from kafka_gitops.ledger.lock_words import waits
from kafka_gitops.ledger.log import Entry, Record
from kafka_gitops.ledger.nouns import Lock, Unlock
from kafka_gitops.ledger.people import person

GOLDEN = Path(__file__).parents[1] / "data" / "ledger" / "lock"


def golden(name: str, said: str) -> None:
    """A sentence is as it was agreed."""
    assert said == expected(GOLDEN / f"{name}.txt", said)


class Time:
    """Ours and the broker's, which go together; `meanwhile` is called with each second that somebody sleeps."""

    def __init__(self, log: MemoryLog, meanwhile: Callable[[int], None] = lambda _: None) -> None:
        self.log, self.meanwhile, self.slept = log, meanwhile, count(1)
        self.clock = Clock(lambda: log.partition.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.log.partition.now += seconds
        self.meanwhile(next(self.slept))


def run(log: MemoryLog, name: str, time: Time | None = None, **said: str | None) -> Holding:
    by = person(said.get("by") or "anna", "environment", salt="00")
    return Holding(log, name, (time or Time(log)).clock, by, said.get("url", f"https://ci.example/{name}"))


def test_the_first_has_it_and_the_second_is_told_by_whom_since_when() -> None:
    log = MemoryLog()
    run(log, "run-1").take(0)
    log.partition.now += 9
    with pytest.raises(Blocked) as error:
        run(MemoryLog(log.partition), "run-2").take(0)
    golden("taken", f"{error.value.message}\n{error.value.help}\n")
    assert log.partition.records[-1].key == "lock/run-2" and log.partition.records[-1].value is None


def test_a_lock_that_is_free_is_taken_by_one_read_and_two_appends() -> None:
    log = MemoryLog()
    for number in (1, 2):
        log.reads.clear()
        log.appends = 0
        one = run(log, f"run-{number}")
        one.take(0)
        assert (len(log.reads), log.appends) == (1, 2)
        one.append([Entry("step/1", b"{}")])
        one.release()
        assert (len(log.reads), log.appends) == (1, 4)


def test_who_waits_says_for_whom_and_has_it_when_it_is_released() -> None:
    log = MemoryLog()
    first = run(log, "run-1")
    first.take(0)
    told: list[str] = []
    second = run(log, "run-2", Time(log, lambda second: first.release() if second == 5 else None))
    second.take(60, lambda holder: told.append(waits(log.topic, holder)))
    second.append()
    golden("waits", told[0] + "\n")
    assert log.partition.now == START + 5 * POLL


def test_who_waited_too_long_says_so() -> None:
    log = MemoryLog()
    first = run(log, "run-1", url=None)
    first.take(0)
    second = run(log, "run-2", Time(log, lambda second: first.renew()))
    with pytest.raises(Blocked) as error:
        second.take(100)
    golden("waited", error.value.message + "\n")


def test_the_lock_of_a_dead_run_ends_a_lease_after_it_was_heard() -> None:
    log = MemoryLog()
    run(log, "run-1").take(0)
    run(log, "run-2").take(120)
    assert log.partition.now == START + LEASE


def test_a_lease_that_is_over_by_the_log_is_watched_without_any_wait() -> None:
    log = MemoryLog()
    run(log, "run-1").take(0)
    log.partition.now += LEASE + 1
    run(log, "run-2").take(0)
    assert log.partition.now == START + LEASE + 1 + LEASE


def test_a_run_that_died_long_ago_is_not_waited_for() -> None:
    log = MemoryLog()
    run(log, "run-1").take(0)
    log.partition.now += 400
    run(log, "run-2").take(0)
    assert log.partition.now == START + 400


def test_a_lease_longer_than_ours_is_cut() -> None:
    log = MemoryLog()
    long = Lock(log.cluster, "run-1", "claim", -1, 86_400)
    log.append([Entry(long.key, records.encode(long))])
    run(log, "run-2").take(120)
    assert log.partition.now == START + LEASE


def frozen(log: MemoryLog) -> Holding:
    """A run that another one found silent for a lease."""
    first = run(log, "run-1")
    first.take(0)
    run(log, "run-2", by="bob").take(120)
    return first


def test_who_was_frozen_too_long_stops_and_says_who_has_it() -> None:
    log = MemoryLog()
    first = frozen(log)
    for ask in (first.append, first.append, first.renew, first.release):
        with pytest.raises(KafkaGitopsError) as error:
            ask()
        assert error.value.exit_code == 1
    golden("lost", f"{error.value.message}\n{error.value.help}\n")


def test_who_was_frozen_and_missed_by_nobody_goes_on() -> None:
    log = MemoryLog()
    first = run(log, "run-1")
    first.take(0)
    log.partition.now += 3 * LEASE
    first.append([Entry("step/run-1/1", b"{}")])
    assert [one.key for one in log.partition.records][-2:] == ["step/run-1/1", "lock/run-1"]


def test_the_lease_is_renewed_in_time_and_not_more_often() -> None:
    log = MemoryLog()
    first = run(log, "run-1")
    first.take(0)
    for _ in range(60):
        log.partition.now += 1
        first.renew()
    assert log.appends == 2 + 3


def test_an_append_without_an_answer_is_made_again() -> None:
    log = MemoryLog()
    first = run(log, "run-1")
    log.lose(appended=True)
    first.take(0)
    for landed in (True, False):
        log.lose(appended=landed)
        first.append()
    log.lose(appended=True)
    first.release()
    assert look(log).holder is None


def test_a_log_without_any_answer_ends_the_run() -> None:
    log = MemoryLog()
    first = run(log, "run-1")
    first.take(0)
    for _ in range(3):
        log.lose(appended=False)
    with pytest.raises(Unreachable) as error:
        first.append()
    golden("unanswered", f"{error.value.message}\n{error.value.help}\n")


def test_a_log_that_lost_its_end_ends_the_run() -> None:
    log = MemoryLog()
    first = run(log, "run-1")
    first.take(0)
    first.append()
    log.partition.truncate(1)
    with pytest.raises(KafkaGitopsError) as error:
        first.append()
    golden("gone_back", f"{error.value.message}\n{error.value.help}\n")


def test_the_lock_of_another_cluster_binds_nobody() -> None:
    log = MemoryLog()
    theirs = Lock("another-cluster", "run-1", "claim", -1)
    log.append([Entry(theirs.key, records.encode(theirs))])
    run(log, "run-2").take(0)
    assert look(log).foreign == 1


class Crowded(MemoryLog):
    """Between others: one waits before the release, and claims the lock behind it."""

    def append(self, entries: Sequence[Entry]) -> tuple[Record, ...]:
        release = b'"release"' in (entries[-1].value or b"")
        if release:
            self.partition.add([Entry("lock/run-2", None)])
        added = super().append(entries)
        if release:
            claim = Lock(self.cluster, "run-2", "claim", added[-1].offset)
            self.partition.add([Entry(claim.key, records.encode(claim))])
        return added


def test_who_let_go_has_not_lost_it_to_the_next() -> None:
    log = Crowded()
    first = run(log, "run-1")
    first.take(0)
    first.release([Entry("owner", b"{}")])
    assert first.lost is None
    holder = look(log).holder
    assert holder is not None and holder.run == "run-2"


def test_a_damaged_record_locks_nobody_out_and_a_later_format_is_not_guessed_at() -> None:
    log = MemoryLog()
    log.append([Entry("lock/run-1", b"garbage"), Entry("unlock/run-1", b"{}")])
    run(log, "run-2").take(0)
    log.append([Entry("lock/run-3", b'{"format": 99}')])
    with pytest.raises(records.Newer):
        look(log)


def test_a_run_is_unlocked_with_a_reason_and_stops() -> None:
    log = MemoryLog()
    first = run(log, "run-1")
    first.take(0)
    assert unlock(log, "run-1", "its runner is gone", person("carol", "environment", salt="00")).run == "run-1"
    second = run(log, "run-2")
    second.take(0)
    second.release()
    with pytest.raises(KafkaGitopsError) as error:
        first.append()
    assert error.value.message.startswith("this run lost the lock")


@pytest.mark.parametrize("landed", [True, False])
def test_who_was_unlocked_does_not_release_the_lock_of_the_next(landed: bool) -> None:
    log = MemoryLog()
    first, second = run(log, "run-1"), run(log, "run-2")
    first.take(0)
    unlock(log, "run-1", "its runner is gone")
    second.take(0)
    log.lose(appended=landed)
    with pytest.raises(KafkaGitopsError) as error:
        first.release()
    assert error.value.message.startswith("this run lost the lock")
    holder = look(log).holder
    assert holder is not None and holder.run == "run-2"


def test_an_unlock_records_where_it_can_be_looked_at() -> None:
    log = MemoryLog()
    run(log, "run-1").take(0)
    unlock(log, "run-1", "its runner is gone", url="https://ci.example/7")
    [kept] = [records.decode(one.key, one.value) for one in log.read(0) if one.key == "unlock/run-1" and one.value]
    assert isinstance(kept, Unlock)
    assert kept.url == "https://ci.example/7"


def test_who_is_unlocked_says_by_whom_and_why() -> None:
    log = MemoryLog()
    first = run(log, "run-1")
    first.take(0)
    unlock(log, "run-1", "its runner is gone", person("carol", "environment", salt="00"))
    with pytest.raises(KafkaGitopsError) as error:
        first.append()
    golden("unlocked", error.value.message + "\n")


def test_only_who_holds_it_is_unlocked() -> None:
    log = MemoryLog()
    with pytest.raises(KafkaGitopsError) as free:
        unlock(log, "run-7", "why not")
    run(log, "run-1").take(0)
    with pytest.raises(KafkaGitopsError) as other:
        unlock(log, "run-7", "why not")
    golden("not_held", f"{free.value.message}\n{other.value.message}\n")


def test_old_locks_are_taken_away_by_a_later_run() -> None:
    log = MemoryLog()
    for name in ("run-1", "run-2", "run-3"):
        one = run(log, name)
        one.take(0)
        one.release()
        log.partition.now += 7_200
    log.partition.compact()
    assert {one.key for one in log.partition.records} == {"lock/run-2", "lock/run-3"}
    assert look(log, 1).holder is None


class Silent(MemoryLog):
    """A log whose reads give nothing, as if it ended there."""

    empty = False

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Record]:
        return iter(()) if self.empty else super().read(start, end)


def test_who_cannot_read_what_it_wrote_does_not_go_on_beside_another() -> None:
    log = Silent()
    first = run(log, "run-1")
    first.take(0)
    log.partition.now += 400
    second = run(MemoryLog(log.partition), "run-2")
    second.take(0)
    log.empty = True
    with pytest.raises(Unreachable):
        first.append([Entry("step/run-1/1", b"{}")])
    assert second._held


def test_who_is_answered_only_when_its_lease_is_almost_over_stops() -> None:
    log = MemoryLog()
    one = run(log, "run-1")
    one.take(0)
    log.before = lambda _entries: log.partition.__setattr__("now", log.partition.now + 55)
    with pytest.raises(Unreachable) as error:
        one.append([Entry("step/run-1/1", b"{}")])
    golden("unanswered", f"{error.value.message}\n{error.value.help}\n")
