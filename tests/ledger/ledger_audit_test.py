"""What an auditor gets: a look at all records, all of them as lines, all of them without one person."""

import json
from dataclasses import replace

import pytest
from memory_log import CLUSTER, MemoryLog

from kafka_gitops.errors import Blocked
from kafka_gitops.ledger import audit, chain, packed, people, records, state
from kafka_gitops.ledger.audit import Looked
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Hold, Open, Owner, Run, RunOutcome
from kafka_gitops.ledger.owner import Identity

ME = Identity("pay", "prod", "github.com/acme/pay", "kafka-gitops.yaml")
ADA, BOB = (people.person(name, "environment", "00ff") for name in ("ada", "bob"))
LONG = tuple(RunOutcome("topic", f"topic-{number:05}", "create", "done") for number in range(3000))


def entry(record: Owner | Hold) -> Entry:
    """A record as what is appended."""
    return Entry(record.key, records.encode(record))


def ledger(count: int = 3, **last: object) -> MemoryLog:
    """A ledger with so many runs of ada, the last of them otherwise in some fields, a hold of bob, and the owner."""
    log = MemoryLog()
    before: Run | None = None
    for number in range(1, count + 1):
        name = f"20261128-0911{number:02}-0a1b2c"
        run = Run(name, number, chain.digest(before) if before else None, CLUSTER, "pay", "prod", "done", actor=ADA)
        before = replace(run, **last) if number == count else run  # type: ignore[arg-type]
        log.append(packed.entries(before))
    digest = chain.digest(before) if before else None
    log.append([entry(Hold(CLUSTER, "topic", "t", 1_900_000_000, "incident", "r", BOB))])
    log.append([entry(Owner(CLUSTER, *ME, commit="3f2c1d9" * 5, number=count, digest=digest))])
    return log


def looked(log: MemoryLog, who: Identity = ME) -> list[Looked]:
    """The look at all of a log."""
    return list(audit.examine(state.read(log), who))


def test_all_is_well() -> None:
    assert looked(ledger(outcomes=LONG)) == [
        Looked("ok", "owner", "pay, commit 3f2c1d93f2c1"),
        Looked("ok", "records", "6 records, 3 runs since 20261128-091101-0a1b2c"),
        Looked("ok", "hashes", "3 runs in one chain"),
    ]


def test_nothing_yet() -> None:
    assert looked(MemoryLog()) == [
        Looked("note", "owner", "pay; nothing was applied yet"),
        Looked("ok", "records", "0 records, 0 runs"),
        Looked("ok", "hashes", "0 runs in one chain"),
    ]


def test_another_owner_another_cluster_a_changed_past_and_a_damaged_record() -> None:
    log = ledger()
    assert looked(log, ME._replace(config="other.yaml"))[0].found == (
        "The ledger _kafka_gitops.pay.prod is written by owner pay for prod (github.com/acme/pay, kafka-gitops.yaml), "
        "and this run is owner pay for prod (github.com/acme/pay, other.yaml)"
    )
    first = state.read(log).run("20261128-091101-0a1b2c")
    log.append(packed.entries(replace(first, commit="forged")))
    log.append([Entry("owner/x", b'{"cluster":"elsewhere","format":1}')])
    assert looked(log)[1:] == [
        Looked(
            "note",
            "records",
            "5 records, 3 runs since 20261128-091101-0a1b2c; of another cluster, and of no account: 1 (elsewhere)",
        ),
        Looked(
            "FAIL",
            "hashes",
            "run 20261128-091101-0a1b2c is not as it was when run 20261128-091102-0a1b2c was written: its hash is "
            "another",
        ),
    ]
    log.append([Entry("hold/topic t", b"no")])
    assert looked(log)[1:] == [Looked("FAIL", "records", "the record 'hold/topic t' is damaged: it is not JSON")]


def test_each_record_is_a_line_and_a_long_run_is_one() -> None:
    found = [json.loads(line) for line in audit.lines(state.read(ledger(outcomes=LONG)))]
    assert [one["record"] for one in found] == ["run", "run", "run", "hold", "owner"]
    assert len(found[2]["outcomes"]) == 3000


@pytest.mark.parametrize("compacted", [False, True])
def test_a_person_goes_and_the_hashes_hold(compacted: bool) -> None:
    log = ledger(outcomes=LONG)
    for entries in audit.without(state.read(log), "ada"):
        log.append(entries)
    if compacted:
        log.partition.compact()
    found = state.read(log)
    assert [status for status, _, _ in looked(log)] == ["ok"] * 3
    assert "ada" not in "\n".join(audit.lines(found))
    assert "bob" in "\n".join(audit.lines(found))
    assert found.run("20261128-091103-0a1b2c").outcomes == LONG
    assert audit.without(found, "ada") == []
    assert [entries[0].key for entries in audit.without(found, "bob")] == ["hold/topic t"]


def test_nobody_is_taken_out_while_a_run_is_under_way() -> None:
    with pytest.raises(Blocked, match="Run 20261128-091103-0a1b2c did not end, so its records may change"):
        audit.without(state.read(ledger(status="running")), "ada")


def test_a_person_goes_from_a_long_record_of_the_owner() -> None:
    log = MemoryLog()
    hold = Hold(CLUSTER, "topic", "t", 1_900_000_000, "incident", "r", BOB)
    left = tuple(Open("topic", f"acme.{number}", "skipped: " + "x" * 90, "c" * 40) for number in range(500))
    log.append([entry(Owner(CLUSTER, *ME, commit=None, open=left, holds=(hold,)))])
    ((again,),) = audit.without(state.read(log), "bob")
    assert (again.key, b"bob" in (again.value or b"")) == ("owner", False)
