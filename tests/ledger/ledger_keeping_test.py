"""How long the record of a run is kept: until somebody looks after its days are over, and no other record goes."""

from memory_log import START, MemoryLog

from kafka_gitops.ledger import keeping
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.records import run_id

DAY = 86_400.0


def ledger(days: int) -> MemoryLog:
    """A ledger with a run in two parts on each day, beside a hold that is as old as the first."""
    log = MemoryLog()
    log.append([Entry("hold/topic t", b"{}")])
    for _ in range(days):
        key = f"run/{run_id(log.partition.now, '0a1b2c')}"
        log.append([Entry(f"{key}/1", b"{}"), Entry(key, b"{}")])
        log.partition.now += DAY
    return log


def test_runs_go_with_their_parts_once_their_days_are_over() -> None:
    log = ledger(10)
    gone = keeping.outdated(log, 7, START + 9 * DAY + 1)
    assert [entry.key for entry in gone] == [
        "run/20270115-080000-0a1b2c/1",
        "run/20270115-080000-0a1b2c",
        "run/20270116-080000-0a1b2c/1",
        "run/20270116-080000-0a1b2c",
        "run/20270117-080000-0a1b2c/1",
        "run/20270117-080000-0a1b2c",
    ]
    assert {entry.value for entry in gone} == {None}
    log.append(gone)
    log.partition.compact()
    assert keeping.outdated(log, 7, START + 9 * DAY + 1) == []
    assert "hold/topic t" in [record.key for record in log.read()]


def test_what_was_written_anew_is_as_old_as_its_run() -> None:
    log = ledger(10)
    key = log.partition.records[1].key
    log.append([Entry(key, b"{}")])
    gone = [entry.key for entry in keeping.outdated(log, 7, START + 9 * DAY + 1)]
    assert (gone.count(key), len(gone)) == (1, 6)


def test_nothing_goes_before_its_time() -> None:
    assert keeping.outdated(ledger(10), 400, START + 10 * DAY) == []
    assert keeping.outdated(MemoryLog(), 1, START) == []


def test_a_look_is_bounded_and_seldom() -> None:
    assert len(keeping.outdated(ledger(800), 1, START + 800 * DAY)) == keeping.MOST
    assert [number for number in range(1, 31) if keeping.is_due(number)] == [10, 20, 30]


def test_old_records_of_other_keys_hide_no_run() -> None:
    log = MemoryLog()
    log.append([Entry(f"drift/topic t{number}", b"{}") for number in range(keeping.MOST)])
    log.append([Entry(f"run/{run_id(START, '0a1b2c')}", b"{}")])
    assert len(keeping.outdated(log, 400, START + 500 * DAY)) == 1
