"""Drift in the ledger: written where it appears, changes and is gone, by a pipeline that may, and never twice."""

from datetime import datetime, timezone
from pathlib import Path

import pytest
from acting import repository
from desk import ONE_CLUSTER, Desk
from hooking import git
from making import topic
from memory_logs import WithLedgers
from recording import stand_in

from kafka_gitops.cli import clock, reaching
from kafka_gitops.cli.pipeline import twice
from kafka_gitops.ledger import records
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Drift, Edited, Hold
from kafka_gitops.ledger.state import read

MINE = "_kafka_gitops.pay.prod"
NOON = datetime(2026, 6, 15, 12, tzinfo=timezone.utc)
SECONDS = int(NOON.timestamp())
DAY, WEEK = "86400000", "604800000"
CONFIG = f'{{num.partitions: "1", replication.factor: "1", retention.ms: "{DAY}"}}'


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> WithLedgers:
    made = WithLedgers(topics={"acme.orders": topic(1, 1, retention_ms=WEEK)})
    made.log.made(MINE)
    stand_in(monkeypatch, made)
    monkeypatch.setenv("PASSWORD", "canary")
    monkeypatch.setattr(twice, "sleep", lambda _seconds: None)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return made


@pytest.fixture
def desk(tmp_path: Path, cluster: WithLedgers) -> Desk:
    made = Desk(tmp_path / "repo")
    repository(made.home, f"owner: pay\n{ONE_CLUSTER}    ledger: optional\n")
    made.write("topologies/a.yaml", f"context: x\nspecial_topics:\n- {{name: acme.orders, config: {CONFIG}}}\n")
    git(made.home, "add", "-A")
    git(made.home, "commit", "-qm", "files")
    return made


def looked(desk: Desk) -> int:
    return desk.run("ci", "drift", "--merged", "--record-drift").code


def known(cluster: WithLedgers) -> list[Drift]:
    values = read(cluster.log.made(MINE)).values
    found = [records.decode(key, value) for key, value in values.items() if key.startswith("drift/")]
    return [one for one in found if isinstance(one, Drift)]


def drift(status: str, *edits: Edited, since: int = SECONDS) -> Drift:
    return Drift("cluster-1", "topic", "acme.orders", status, since, edits)  # type: ignore[arg-type]


def test_it_is_written_where_it_appears_changes_and_is_gone(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looked(desk) == 2
    first = drift("open", Edited("retention.ms", DAY, WEEK))
    assert known(cluster) == [first]
    monkeypatch.setattr(clock, "now", lambda: NOON.replace(hour=13))
    end = cluster.log.made(MINE).bounds()[1]
    assert (looked(desk), cluster.log.made(MINE).bounds()[1]) == (2, end)
    cluster.topics["acme.orders"] = topic(1, 1, retention_ms="5")
    assert (looked(desk), known(cluster)) == (2, [drift("open", Edited("retention.ms", DAY, "5"))])
    cluster.topics["acme.orders"] = topic(1, 1, retention_ms=DAY)
    assert (looked(desk), known(cluster)) == (0, [drift("gone")])
    end = cluster.log.made(MINE).bounds()[1]
    assert (looked(desk), cluster.log.made(MINE).bounds()[1]) == (0, end)


def test_what_is_held_meanwhile_is_not_gone(desk: Desk, cluster: WithLedgers) -> None:
    looked(desk)
    before = known(cluster)
    hold = Hold("cluster-1", "topic", "acme.orders", SECONDS + 86_400, "undone", "20260615-120000-0a1b2c")
    cluster.log.made(MINE).append([Entry(hold.key, records.encode(hold))])
    ran = desk.run("ci", "drift", "--merged", "--record-drift")
    assert (ran.code, known(cluster)) == (0, before)
    said = "topic acme.orders  held until 2026-06-16 12:00 UTC: undone (differs in retention.ms)  topologies/a.yaml:3"
    assert said in ran.out
    assert said in desk.run("plan").out


def test_a_hold_of_the_ledger_ends_by_itself(desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = Hold("cluster-1", "topic", "acme.orders", SECONDS + 60, "undone", "20260615-120000-0a1b2c")
    cluster.log.made(MINE).append([Entry(hold.key, records.encode(hold))])
    assert desk.run("drift").code == 0
    monkeypatch.setattr(clock, "now", lambda: NOON.replace(minute=1))
    assert desk.run("drift").code == 2


def test_a_saved_plan_stops_on_a_hold_that_is_newer(desk: Desk, cluster: WithLedgers) -> None:
    desk.ok("plan", "-o", "plan.json", "--accept", "retention-shrink")
    hold = Hold("cluster-1", "topic", "acme.orders", SECONDS + 60, "undone", "20260615-120000-0a1b2c")
    cluster.log.made(MINE).append([Entry(hold.key, records.encode(hold))])
    ran = desk.run("apply", "plan.json", "--accept", "retention-shrink")
    said = "held since it was made: topic acme.orders: held until 2026-06-15 12:01 UTC: undone"
    assert (ran.code, said in ran.err, cluster.topics["acme.orders"]) == (3, True, topic(1, 1, retention_ms=WEEK))
    assert desk.run("apply", "--yes").code == 0
    assert cluster.topics["acme.orders"] == topic(1, 1, retention_ms=WEEK)


def test_without_a_ledger_there_is_nothing_to_write_into(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", ONE_CLUSTER)
    git(desk.home, "commit", "-qam", "off")
    ran = desk.run("ci", "drift", "--merged", "--record-drift")
    assert (ran.code, "the ledger of this environment is off" in ran.err) == (64, True)
    other = desk.run("ci", "plan", "--merged", "--record-drift")
    assert (other.code, "--record-drift is about drift" in other.err) == (64, True)


def test_without_a_ledger_the_cluster_is_not_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("kafka-gitops.yaml", ONE_CLUSTER)
    git(desk.home, "commit", "-qam", "off")
    monkeypatch.setattr(reaching, "connected", lambda *_: pytest.fail("it is asked"))
    assert looked(desk) == 64


@pytest.mark.parametrize("part", [["--only", "acls"], ["topologies/a.yaml"]])
def test_a_look_at_a_part_is_not_recorded(desk: Desk, cluster: WithLedgers, part: list[str]) -> None:
    looked(desk)
    before = known(cluster)
    ran = desk.run("ci", "drift", *part, "--merged", "--record-drift")
    said = "--record-drift records a look at all that is declared, and this run looks at a part of it."
    assert (ran.code, said in ran.err, known(cluster)) == (64, True, before)
    assert desk.run("ci", "drift", "topologies/", "--merged", "--record-drift").code == 2


def test_a_ledger_that_takes_nothing_is_a_warning(desk: Desk, cluster: WithLedgers) -> None:
    cluster.log.partitions.clear()
    assert looked(desk) == 2
