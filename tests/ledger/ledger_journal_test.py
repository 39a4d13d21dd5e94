"""What a run writes of itself, append by append, and what it does where the ledger cannot be written."""

import json
from collections.abc import Mapping, Sequence

import pytest
from making import topic
from memory_log import CLUSTER, MemoryLog
from unlocked import Plainly

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.ledger import chain, ending, records, state
from kafka_gitops.ledger.journal import AT_ONCE, FULL, Journal, _portions, grouped
from kafka_gitops.ledger.lock_words import LockLost
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Asked, Names, Run, RunOutcome, Step
from kafka_gitops.ledger.owner import Identity
from kafka_gitops.model import Key, topic_key

RUN = "20270115-080000-0a1b2c"
STARTED = Run(RUN, 1, None, CLUSTER, "acme", "dev", "running")
WHO = Identity("acme", "dev", "github.com/acme/streams", "kafka-gitops.yaml")


def create(name: str) -> Change:
    return Change(topic_key(name), None, topic(1, 1))


def journal(log: MemoryLog, *, required: bool = True, said: list[str] | None = None) -> Journal:
    told = [] if said is None else said
    return Journal(Plainly(log), STARTED, required, said=told.append)


def end(writes: Journal, *outcomes: Outcome) -> None:
    """Write the end of a run."""
    run = ending.ended(STARTED, map(RunOutcome.of, outcomes), code=0, stopped=False)
    owner = ending.owner(WHO, None, run, ending.Applied("c1", True, ()), 0, (), at=0, digest=chain.digest(run))
    writes.end(records.body(run), owner, ())


def keys(log: MemoryLog) -> list[str]:
    """The keys in their order, `-` before a tombstone, with the status of what has one."""
    return [
        f"-{one.key}" if one.value is None else " ".join([one.key, json.loads(one.value).get("status", "")]).strip()
        for one in log.partition.records
    ]


def test_one_append_before_each_request_and_one_at_the_end() -> None:
    log = MemoryLog()
    writes = journal(log)
    for name in ("a", "b"):
        assert writes("begin", [create(name)]) is None
        assert log.partition.records[-1].key.startswith("step/")
        writes.told(Outcome(create(name), "done"))
    end(writes)
    assert log.appends == 3
    assert keys(log) == [
        f"run/{RUN} running",
        f"step/{RUN}/1 asked",
        f"step/{RUN}/1 answered",
        f"step/{RUN}/2 asked",
        f"run/{RUN} done",
        "owner",
        f"-step/{RUN}/1",
        f"-step/{RUN}/2",
    ]


def test_before_it_waits_to_see_all_it_writes_what_came_of_the_last_request() -> None:
    log = MemoryLog()
    writes = journal(log)
    writes("begin", [create("a"), create("b")])
    writes.told(Outcome(create("a"), "done"))
    writes.told(Outcome(create("b"), "failed", "POLICY_VIOLATION: no"))
    writes("end", [])
    writes("wait", [create("a")])
    (step,) = state.read(log).steps(RUN)
    assert (step.status, [one.name for one in step.changes]) == ("answered", ["a", "b"])
    assert step.outcomes == (RunOutcome("topic", "b", "create", "failed", "POLICY_VIOLATION: no"),)


def test_a_run_without_a_change_is_recorded_too() -> None:
    log = MemoryLog()
    end(journal(log))
    assert keys(log) == [f"run/{RUN} done", "owner"]


def test_a_long_request_is_in_several_records() -> None:
    log = MemoryLog()
    journal(log)("begin", [create(f"t{n}") for n in range(AT_ONCE + 1)])
    assert keys(log) == [f"run/{RUN} running", f"step/{RUN}/1 asked", f"step/{RUN}/2 asked"]


def test_an_append_is_no_larger_than_a_broker_takes() -> None:
    entries = [Entry(f"k{n}", b"x" * 400_000) for n in range(5)]
    groups = [*grouped(entries)]
    assert [entry for group in groups for entry in group] == entries
    assert all(sum(len(one.value or b"") for one in group) <= FULL for group in groups)


def test_a_required_journal_that_cannot_be_written_stops_before_the_request() -> None:
    log, said = MemoryLog(), list[str]()
    log.refuse(KafkaGitopsError("NOT_ENOUGH_REPLICAS: 1 of 2"))
    found = journal(log, said=said)("begin", [create("a")])
    assert found == "the ledger could not be written: NOT_ENOUGH_REPLICAS: 1 of 2"
    assert (said, log.partition.records) == ([], [])


def test_an_optional_one_is_said_once_and_goes_on_without() -> None:
    log, said = MemoryLog(), list[str]()
    log.refuse(KafkaGitopsError("NOT_ENOUGH_REPLICAS: 1 of 2"))
    writes = journal(log, required=False, said=said)
    assert [writes("begin", [create("a")]), writes("begin", [create("b")])] == [None, None]
    assert (said, log.appends) == (["NOT_ENOUGH_REPLICAS: 1 of 2"], 1)


@pytest.mark.parametrize("required", [True, False])
def test_without_the_lock_nothing_more_is_asked_for(required: bool) -> None:
    class Lost(Plainly):
        def append(self, entries: Sequence[Entry] = ()) -> None:
            raise LockLost("this run lost the lock of T: run R has it")

    writes = Journal(Lost(MemoryLog()), STARTED, required)
    assert writes("begin", [create("a")]) == "this run lost the lock of T: run R has it"


@pytest.mark.parametrize("there", [True, False])
def test_a_lost_answer_is_written_again(there: bool) -> None:
    log = MemoryLog()
    log.lose(appended=there)
    assert journal(log)("begin", [create("a")]) is None
    assert [*state.read(log).values] == [f"run/{RUN}", f"step/{RUN}/1"]


def test_an_optional_one_stops_where_the_lock_is_found_lost_later() -> None:
    log = MemoryLog()
    writes = journal(log, required=False)
    log.refuse(KafkaGitopsError("NOT_ENOUGH_REPLICAS"))
    assert writes("begin", [create("a")]) is None
    setattr(writes.writer, "lost", LockLost("this run lost the lock"))  # noqa: B010 - a writer without a lock has none
    assert writes("begin", [create("b")]) == "this run lost the lock"


def test_what_closes_dead_runs_is_written_with_the_end_where_the_first_append_was_refused() -> None:
    log, closed = MemoryLog(), Entry("run/dead", b"{}")
    writes = Journal(Plainly(log), STARTED, True, first=[closed])
    log.refuse(KafkaGitopsError("NOT_ENOUGH_REPLICAS: 1 of 2"))
    assert writes("begin", [create("a")]) is not None
    end(writes)
    assert keys(log) == ["run/dead", f"run/{RUN} done", "owner", f"-step/{RUN}/1"]


def test_what_was_before_and_cannot_be_read_stops_before_the_request() -> None:
    log = MemoryLog()
    answers: list[Mapping[Key, str]] = [{}]

    def before(_changes: Sequence[Change]) -> Mapping[Key, str]:
        if answers:
            return answers.pop()
        raise Unreachable("http://connect:8083 did not answer in time.")

    writes = Journal(Plainly(log), STARTED, True, before=before)
    assert writes("begin", [create("a")]) is None
    writes.told(Outcome(create("a"), "done"))
    said = "what was so before could not be read: http://connect:8083 did not answer in time."
    assert writes("begin", [create("b")]) == said
    end(writes)
    assert keys(log)[-3:] == [f"run/{RUN} done", "owner", f"-step/{RUN}/1"]


def test_the_record_of_a_run_and_its_owners_are_in_one_append(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kafka_gitops.ledger.journal.FULL", 1_500)
    groups: list[list[str]] = []
    log = MemoryLog(before=lambda entries: groups.append([one.key for one in entries]))
    writes, run = journal(log), ending.ended(STARTED, (), code=0, stopped=False)
    owner = ending.owner(WHO, None, run, ending.Applied("c1", True, ()), 3, (), at=0, digest=chain.digest(run))
    writes.end(records.body(run), owner, [Names(CLUSTER, part, 3, "x" * 900, RUN) for part in (1, 2, 3)])
    assert groups == [["names/1"], ["names/2"], ["names/3"], [f"run/{RUN}", "owner"]]


def test_holds_of_what_was_done_already_leave_out_nothing_of_runs_that_died() -> None:
    log, closed, hold = MemoryLog(), Entry("run/dead", b"{}"), Entry("hold/topic a", b"{}")
    writes = Journal(Plainly(log), STARTED, True, first=[closed], holds=[hold])
    writes.hold()
    end(writes)
    assert keys(log) == ["run/dead", "hold/topic a", f"run/{RUN} done", "owner"]


def test_long_names_of_no_ascii_have_room_in_the_record_of_a_step() -> None:
    asked = [Asked("connector", "é" * 200, "create", None, "x" * 700) for _ in range(400)]
    steps = [Step(CLUSTER, RUN, 1, "asked", tuple(some)) for some in _portions(asked)]
    assert sum(len(one.changes) for one in steps) == 400
    assert max(len(records.encode(one)) for one in steps) < FULL
