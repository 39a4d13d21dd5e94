"""An undo that is done now holds what it changes: under the lock, and nothing where it asks for nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk
from ledgered import CONFIG, Ledgered
from memory_log import CLUSTER, START, MemoryLog
from merging import Repo
from recording import stand_in

from kafka_gitops.cli import locking
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger import records, state
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Hold
from kafka_gitops.model import Key

TEXT = """\
context: acme
projects:
- name: pay
  topics:
  - {name: orders, config: {retention.ms: "604800000"}}
"""
ORDERS = Key("topic", "acme.pay.orders")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Ledgered:
    made = Ledgered(MemoryLog())
    stand_in(monkeypatch, made)
    return made


@pytest.fixture
def acme(tmp_path: Path, cluster: Ledgered) -> Repo:
    """Two commits that are applied; the second made the retention longer."""
    made = Repo(Desk(tmp_path))
    ignored = "kafka-gitops-record.json\n"
    config = CONFIG.format(mode="optional")
    made.commit("Begin", **{"kafka-gitops.yaml": config, "topologies/a.yaml": TEXT, ".gitignore": ignored})
    made.desk.ok("apply", "--yes")
    made.commit("Longer", **{"topologies/a.yaml": TEXT.replace("604800000", "864000000")})
    made.desk.ok("apply", "--yes")
    return made


def test_one_whose_first_append_got_no_answer_and_is_there_holds_nothing(acme: Repo, cluster: Ledgered) -> None:
    cluster.ledger.succeed(2)  # of the lock
    for _ in range(3):
        cluster.ledger.lose(appended=True)
    code, _ = undo(acme, cluster.ledger)
    assert code == 1 and cluster.topics[ORDERS.name].config["retention.ms"] == "864000000"
    assert f"hold/{ORDERS}" in state.read(cluster.ledger).values
    assert on_hold(cluster.ledger) == {}


def undo(acme: Repo, log: MemoryLog) -> tuple[int, str]:
    run = state.read(log).owner
    assert run is not None and run.run is not None
    result = acme.desk.run("undo", run.run, "--now", "--reason", "OPS-12", "--yes", "--accept", "retention-shrink")
    return result.code, result.err


def on_hold(log: MemoryLog) -> dict[Key, Hold]:
    return dict(state.read(log).holds(log.partition.now))


def test_it_holds_for_a_day_by_the_brokers_clock(acme: Repo, cluster: Ledgered) -> None:
    code, err = undo(acme, cluster.ledger)
    assert (code, err) == (
        0,
        f"On hold until 2027-01-16 08:00 UTC, or until an apply finds the revert merged: {ORDERS}\n",
    )
    [(key, hold)] = on_hold(cluster.ledger).items()
    assert (key, hold.until, hold.reason) == (ORDERS, START + 86400, "OPS-12")
    owner = state.read(cluster.ledger).owner
    assert owner is not None and owner.holds == (hold,)


def test_without_the_lock_it_touches_no_hold(acme: Repo, cluster: Ledgered) -> None:
    log = cluster.ledger
    theirs = Hold(CLUSTER, *ORDERS, int(START) + 80000, "OPS-11", "20270115-075900-abcdef")
    with locking.held(MemoryLog(log.partition, topic=log.topic), run=theirs.run, wait=0) as writer:
        writer.append([Entry(theirs.key, records.encode(theirs))])
        code, err = undo(acme, log)
    assert code == 4 and "is held by run 20270115-075900-abcdef" in err, err
    assert on_hold(log) == {ORDERS: theirs}


def test_what_cannot_be_held_is_not_undone(acme: Repo, cluster: Ledgered) -> None:
    def refuse(entries: Sequence[Entry]) -> None:
        if any(entry.key.startswith("hold/") for entry in entries):
            raise KafkaGitopsError("NOT_ENOUGH_REPLICAS: 1 of 2")

    before = dict(cluster.topics)
    cluster.ledger.before = refuse
    assert undo(acme, cluster.ledger)[0] == 1
    assert cluster.topics == before
    assert on_hold(cluster.ledger) == {}
    found = state.read(cluster.ledger)
    assert found.owner is not None and found.owner.holds == ()
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{6}", found.owner.run or "")


def test_what_somebody_else_undid_meanwhile_is_held_too(acme: Repo, cluster: Ledgered) -> None:
    def meanwhile(entries: Sequence[Entry]) -> None:
        if any(entry.key.startswith("lock/") for entry in entries):
            cluster.topics[ORDERS.name] = before

    [now] = cluster.topics.values()
    before = now._replace(config={**now.config, "retention.ms": "604800000"})
    cluster.ledger.before = meanwhile
    assert undo(acme, cluster.ledger)[0] == 0
    assert [*on_hold(cluster.ledger)] == [ORDERS]


def test_after_another_line_was_applied_it_takes_the_option_that_the_refusal_names(
    acme: Repo, cluster: Ledgered
) -> None:
    found = state.read(cluster.ledger).owner
    assert found is not None and found.run is not None
    gone = "0123456789" * 4  # a force push took it away
    cluster.ledger.append([Entry("owner", records.encode(replace(found, commit=gone)))])
    words = ["undo", found.run, "--now", "--reason", "OPS-12", "--yes", "--accept", "retention-shrink"]
    refused = acme.desk.run(*words)
    assert (refused.code, f"--allow-diverged {gone[:12]}" in refused.err) == (1, True), refused.err
    assert acme.desk.run(*words, "--allow-diverged", gone[:12]).code == 0


def test_an_undo_does_not_take_back_what_another_one_undid(acme: Repo, cluster: Ledgered) -> None:
    longer = state.read(cluster.ledger).owner
    more = "context: acme\nprojects:\n- name: ship\n  topics:\n  - {name: boxes}\n"
    acme.commit("More", **{"topologies/b.yaml": more})
    acme.desk.ok("apply", "--yes")
    newer = state.read(cluster.ledger).owner
    assert longer is not None and longer.run is not None and newer is not None and newer.run is not None
    now = ["--now", "--reason", "OPS-12", "--yes", "--accept", "retention-shrink"]
    acme.desk.ok("undo", longer.run, *now)
    undone = cluster.topics[ORDERS.name]
    ran = acme.desk.run("undo", newer.run, *now)
    assert ran.code == 0, ran
    assert f"topic {ORDERS.name}  held until" in ran.out
    assert cluster.topics[ORDERS.name] == undone
    assert {*on_hold(cluster.ledger)} == {ORDERS}  # without `prune` the topic stays
