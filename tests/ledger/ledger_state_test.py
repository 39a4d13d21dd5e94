"""What a log adds up to, of this cluster alone, and that a plan reads its end once."""

from dataclasses import replace

import pytest
from memory_log import CLUSTER, MemoryLog

from kafka_gitops.ledger import nouns, packed, records, state
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Asked, Hold, Names, Owner, Run, RunOutcome, Step
from kafka_gitops.ledger.records import Damaged
from kafka_gitops.model import Key

RUN = Run("20261128-091122-0a1b2c", 1, None, CLUSTER, "pay", "prod", "running")
OWNER = Owner(CLUSTER, "pay", "prod", "github.com/acme/pay", "kafka-gitops.yaml", "abc")


def put(log: MemoryLog, *given: nouns.AnyRecord) -> None:
    for record in given:
        log.append(packed.entries(record) if isinstance(record, Run) else [Entry(record.key, records.encode(record))])


def test_nothing_is_known_of_an_empty_log() -> None:
    found = state.bounded(MemoryLog())
    assert (found.owner, found.run_ids, found.running, found.claims, found.whole) == (None, (), (), (), True)


def test_the_last_of_each_key_counts() -> None:
    log = MemoryLog()
    put(log, OWNER, RUN, replace(OWNER, commit="def"), replace(RUN, status="done"))
    found = state.read(log)
    assert found.owner == replace(OWNER, commit="def")
    assert found.run(RUN.run).status == "done"
    assert found.running == ()


def test_a_dead_run_is_known_with_its_journal() -> None:
    log = MemoryLog()
    steps = [Step(CLUSTER, RUN.run, number, "asked", (Asked("topic", "t", "create"),)) for number in (1, 2, 10)]
    put(log, OWNER, RUN, *reversed(steps))
    log.append([Entry(steps[0].key, None)])
    for found in (state.read(log), state.bounded(log)):
        assert found.running == (RUN,)
        assert found.steps(RUN.run) == (*steps[1:],)


def test_records_of_another_cluster_are_counted_and_nothing_of_them_is_known() -> None:
    log = MemoryLog()
    put(log, OWNER, replace(OWNER, cluster="other", commit="def"), replace(RUN, cluster="other"))
    found = state.read(log)
    assert (found.owner, found.run_ids, found.foreign) == (OWNER, (), 2)
    assert found.clusters == {"other"}


def test_a_plan_reads_the_end_once_and_further_back_only_where_the_owner_is_not_there() -> None:
    log = MemoryLog()
    put(log, OWNER)
    for number in range(50):
        put(log, replace(RUN, run=f"20261128-091122-{number:06x}"))
    assert state.bounded(log, 10).owner == OWNER
    assert log.reads == [41, 0]
    put(log, OWNER)
    log.reads.clear()
    assert not state.bounded(log, 10).whole
    assert log.reads == [42]


def test_a_bounded_read_goes_back_to_all_names_of_the_owner() -> None:
    log = MemoryLog()
    parts = [Names(CLUSTER, number, 2, next(packed.packed([f'["acl","{number}"]'])), "r") for number in (1, 2)]
    put(log, *parts, replace(OWNER, parts=2, run="r"))
    assert [one.name for one in state.bounded(log, 1).claims] == [one.name for one in state.bounded(log, 2).claims]
    assert log.reads == [2, 0, 1, 0]
    assert [one.name for one in state.bounded(log, 3).claims] == ["1", "2"]


def test_the_head_of_a_run_needs_none_of_its_outcomes() -> None:
    log = MemoryLog()
    names = (f"{'t' * 200}{number}" for number in range(500))
    ended = replace(RUN, status="done", outcomes=tuple(RunOutcome("topic", one, "create", "done") for one in names))
    put(log, ended)
    assert len(log.partition.records) > 1
    log.partition.records = log.partition.records[-1:]
    assert state.read(log).head(RUN.run) == replace(ended, outcomes=())


def test_holds_in_force_are_found_by_a_bounded_read() -> None:
    log = MemoryLog()
    one, two = (Hold(CLUSTER, "topic", name, 100, "night", "r") for name in ("one", "two"))
    put(log, one, replace(OWNER, holds=(one,)), two)
    found = state.bounded(log, 2)
    assert found.holds(99) == {Key("topic", "one"): one, Key("topic", "two"): two}
    assert found.holds(100) == {}
    log.append([Entry(one.key, None)])
    assert [*state.bounded(log, 3).holds(99)] == [Key("topic", "two")]


def test_a_hold_that_was_taken_back_is_over_for_every_reader() -> None:
    log = MemoryLog()
    one = Hold(CLUSTER, "topic", "one", 100, "night", "r")
    put(log, one, replace(OWNER, holds=(one,)))
    log.append([Entry(one.key, None)])
    assert (state.read(log).holds(99), state.bounded(log, 2).holds(99)) == ({}, {})
    put(log, one)
    assert [*state.read(log).holds(99)] == [Key("topic", "one")]


def test_damaged_records_are_said_and_stop_only_who_needs_them() -> None:
    log = MemoryLog()
    put(log, OWNER)
    log.append([Entry("run/x", b"{"), Entry("owner", b"\xff")])
    found = state.read(log)
    assert [*found.damaged()] == [
        "the record 'owner' is damaged: it is not JSON",
        "the record 'run/x' is damaged: it is not JSON",
    ]
    with pytest.raises(Damaged):
        assert found.owner


def test_names_without_one_of_their_parts_are_not_known() -> None:
    log = MemoryLog()
    put(log, replace(OWNER, parts=1))
    with pytest.raises(Damaged, match=r"the ledger _kafka_gitops.acme.dev has no record names/1"):
        assert state.read(log).claims


def test_an_earlier_time_is_kept_of_each_record() -> None:
    log = MemoryLog()
    put(log, OWNER)
    assert state.read(log).time("owner") == log.partition.now
