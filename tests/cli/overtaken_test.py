"""A run that another one of its owner overtook plans anew under the lock, and is held to all that holds any plan."""

import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from desk import Desk, Result
from fitting_test import APPLY, last, while_it_waits
from hooking import git, head
from making import topic
from memory_logs import WithLedgers, apply
from remembered_test import AFTER, MINE, OWNER, RIGHT, cluster, desk, first, gone

from kafka_gitops.cli import locking, terminal
from kafka_gitops.ledger.holding import Clock, Holding

__all__ = ["cluster", "desk"]
LONGER = topic(1, 1, **{"retention.ms": "90000"})
OTHER = "20261128-100000-dddddd"
STATED = 'config: {num.partitions: "1", replication.factor: "1"}'
ANEW = "has applied since the plan was made: it is made anew, under the lock"


def other(cluster: WithLedgers, commit: str, **topics: object) -> Callable[[], None]:
    """Another run applies a commit, and leaves the topics so."""

    def done() -> None:
        cluster.topics.update(topics)  # type: ignore[arg-type]
        apply(cluster.log.made(MINE), replace(OWNER, commit=commit, run=OTHER, number=1))

    return done


def edit(desk: Desk, old: str, new: str) -> None:
    desk.write("topologies/a.yaml", AFTER.replace(old, new))
    git(desk.home, "commit", "-qam", "edit")


def test_a_run_that_waited_goes_on_and_names_whom_it_waited_for(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = cluster.log.made(MINE)
    apply(log, replace(OWNER, commit=first(desk)))
    holding = Holding(cluster.log.made(MINE), OTHER, Clock(time.monotonic, time.sleep))
    holding.take(0)
    done, waits = other(cluster, first(desk)), [1]

    def sleep(_seconds: float) -> None:
        if waits.pop():
            done()
            holding.release()

    monkeypatch.setattr(locking, "time", SimpleNamespace(monotonic=time.monotonic, sleep=sleep, time=time.time))
    ran = desk.run(*APPLY, "--lock-timeout", "90s")
    assert ran.code == 0, ran
    assert f"waiting for the lock of {MINE}: run {OTHER} has it since" in ran.err
    assert f"note: this run waited for run {OTHER}, which {ANEW}\n" in ran.err
    assert ran.out.count("Run 2") == 1
    assert (ran.out.count("\nPlan for prod"), ran.out.count("\nApplying 2 changes")) == (2, 1)
    assert "acme.old" not in cluster.topics
    assert last(cluster).commit == head(desk.home)
    assert gone(desk) == []


def test_its_lock_is_claimed_once_and_let_go_once(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    while_it_waits(monkeypatch, other(cluster, first(desk)))
    assert desk.run(*APPLY).code == 0
    acts = [one.value for one in cluster.log.made(MINE).read() if one.key.startswith("lock/") and one.value]
    assert [b'"claim"' in one for one in acts].count(True) == 1
    assert [b'"release"' in one for one in acts].count(True) == 1


def test_where_the_other_did_all_there_is_nothing_to_do(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = head(desk.home)
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))

    def done() -> None:
        del cluster.topics["acme.old"]
        cluster.acls.discard(RIGHT)
        other(cluster, commit)()

    while_it_waits(monkeypatch, done)
    ran = desk.run("apply", "--yes", "--accept", "topic-delete")
    assert ran.code == 0, ran
    assert "No changes. Environment prod matches the files" in ran.out
    assert last(cluster).commit == commit


def test_an_older_commit_is_refused_and_plans_nothing_more(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, newest = first(desk), head(desk.home)
    git(desk.home, "checkout", "-q", old)
    cluster.topics.clear()
    while_it_waits(monkeypatch, other(cluster, newest))
    ran = desk.run("apply", "--yes")
    assert ran.code == 4, ran.out + ran.err
    assert f"Commit {old[:12]} is older than {newest[:12]}, which was applied last and contains it." in ran.err
    assert "made anew" not in ran.err
    assert cluster.topics == {}


def test_a_risk_of_the_second_plan_is_refused_as_of_any(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtaken_by_a_risk(desk, cluster, monkeypatch)
    ran = desk.run("apply", "--yes")
    assert ran.code == 4, ran
    assert "retention-shrink" in ran.err
    assert cluster.topics["acme.orders"] == LONGER


def overtaken_by_a_risk(desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is applied is as the files have it, and by then another run has made the retention longer."""
    edit(desk, STATED, STATED.replace('"1"}', '"1", retention.ms: "70000"}'))
    cluster.topics["acme.orders"] = topic(1, 1, **{"retention.ms": "70000"})
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    while_it_waits(monkeypatch, other(cluster, head(desk.home), **{"acme.orders": LONGER}))


def test_the_files_are_those_that_were_read_first(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, commit = first(desk), head(desk.home)
    apply(cluster.log.made(MINE), replace(OWNER, commit=start))

    def done() -> None:
        edit(desk, STATED, STATED.replace('"1"}', '"1", retention.ms: "7"}'))
        other(cluster, start)()

    while_it_waits(monkeypatch, done)
    assert desk.run(*APPLY).code == 0
    assert last(cluster).commit == commit
    assert cluster.topics == {"acme.orders": topic(1, 1)}


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody says yes to everything; what they are asked."""
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return "y"

    monkeypatch.setattr(terminal, "is_terminal", lambda: True)
    monkeypatch.setattr(terminal, "ask", ask)
    return asked


def test_who_said_yes_to_a_plan_is_not_asked_again_about_the_same(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = at_a_terminal(monkeypatch)
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    while_it_waits(monkeypatch, other(cluster, first(desk)))
    assert desk.run("apply", "--accept", "topic-delete").code == 0
    assert asked == ["Apply 2 changes to prod? [y/N] "]


@pytest.mark.parametrize("seen", [True, False])
def test_what_nobody_has_looked_at_is_not_applied(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch, seen: bool
) -> None:
    at_a_terminal(monkeypatch)
    edit(desk, STATED, STATED.replace('"1"}', '"1", retention.ms: "70000"}'))
    cluster.topics["acme.orders"] = topic(1, 1, **({} if seen else {"retention.ms": "70000"}))
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    drifted = topic(1, 1, **{"retention.ms": "60000"})
    while_it_waits(monkeypatch, other(cluster, head(desk.home), **{"acme.orders": drifted}))
    ran = desk.run("apply")
    assert ran.code == 3, ran
    said = "the plan made now has changes that nobody has looked at: update topic acme.orders"
    assert f"error: Nothing was applied: {said}\n  Run this again: it plans anew.\n" in ran.err
    assert cluster.topics["acme.orders"] == drifted


def approved(desk: Desk, *words: str) -> Result:
    return desk.run("ci", "apply", "--accept", "topic-delete", "--reports", "out", *words)


def test_a_pipeline_goes_on_with_what_was_approved(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    desk.ok("plan", "-o", "plan.json")
    while_it_waits(monkeypatch, other(cluster, first(desk)))
    ran = approved(desk, "--approved", "plan.json")
    assert ran.code == 0, ran
    said = f"Run {OTHER} of this owner was applied since the plan was made: it is made anew, under the lock."
    assert said in (desk.home / "out" / "summary.md").read_text().replace("\\", "")
    assert gone(desk) == []


def test_a_pipeline_lists_what_nobody_approved_of_its_second_plan(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    desk.ok("plan", "-o", "plan.json")
    drifted = topic(1, 1, **{"retention.ms": "60000"})
    while_it_waits(monkeypatch, other(cluster, first(desk), **{"acme.orders": drifted}))
    ran = approved(desk, "--approved", "plan.json")
    assert ran.code == 3, ran
    assert "the plan made now has changes that nobody approved: update topic acme.orders" in ran.err
    assert "acme.old" in cluster.topics


def test_a_pipeline_whose_second_plan_is_refused_shows_that_plan(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtaken_by_a_risk(desk, cluster, monkeypatch)
    ran = desk.run("ci", "apply", "--yes", "--reports", "out")
    assert ran.code == 4, ran
    assert "retention.ms" in (desk.home / "out" / "summary.md").read_text()
    assert cluster.topics["acme.orders"] == LONGER


def test_an_undo_is_not_made_anew(desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(desk, STATED, STATED.replace('"1"}', '"1", retention.ms: "70000"}'))
    desk.ok(*APPLY)
    text = (desk.home / "topologies/a.yaml").read_text().replace("70000", "90000")
    desk.write("topologies/a.yaml", text)
    git(desk.home, "commit", "-qam", "longer")
    desk.ok(*APPLY)
    undone, start = last(cluster).run, dict(cluster.topics)
    assert undone is not None
    owner = last(cluster)
    while_it_waits(
        monkeypatch, lambda: apply(cluster.log.made(MINE), replace(owner, run=OTHER, number=owner.number + 1))
    )
    words = ("--now", "--reason", "OPS-12", "--yes", "--accept", "retention-shrink")
    ran = desk.run("undo", undone, *words)
    assert ran.code == 3, ran
    assert f"This plan is stale: run {OTHER} of this owner was applied since it was made." in ran.err
    assert dict(cluster.topics) == start
