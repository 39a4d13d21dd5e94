"""What stops an apply, or keeps it from being the last one, when its plan no longer fits the ledgers."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace

import memory_logs
import pytest
from desk import Desk
from hooking import git, head
from making import topic
from memory_logs import CLUSTER, WithLedgers, apply
from remembered_test import CONFIG, GONE, KEPT, MINE, ORDERS, OWNER, RIGHT, cluster, desk, first, gone, notes

from kafka_gitops.errors import KafkaGitopsError, Stale
from kafka_gitops.ledger import state
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Open, Owner
from kafka_gitops.model import Key, Spec, acl_key, topic_key
from kafka_gitops.plan import apply as plan_apply

__all__ = ["cluster", "desk"]
SHIP = Owner(CLUSTER, "ship", "prod", "github.com/acme/ship", "kafka-gitops.yaml", "e" * 40)
APPLY = ("apply", "--yes", "--accept", "topic-delete")


def last(cluster: WithLedgers) -> Owner:
    found = state.read(cluster.log.made(MINE)).owner
    assert found is not None
    return found


def while_it_waits(monkeypatch: pytest.MonkeyPatch, done: Callable[[], object]) -> None:
    """Somebody else does something before the first append of a run, which is that of the lock."""
    real, waiting = memory_logs._Log.append, [done]

    def append(self: memory_logs._Log, entries: Sequence[Entry]) -> object:
        if waiting:
            waiting.pop()()
        return real(self, entries)

    monkeypatch.setattr(memory_logs._Log, "append", append)


def optional(desk: Desk, cluster: WithLedgers) -> str:
    """The ledger is optional; the commit that was applied last."""
    applied = first(desk)
    desk.write("kafka-gitops.yaml", CONFIG.replace("required", "optional"))
    git(desk.home, "commit", "-qam", "optional")
    apply(cluster.log.made(MINE), replace(OWNER, commit=applied))
    return applied


def test_nothing_is_removed_by_an_optional_ledger_that_cannot_be_written(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    optional(desk, cluster)

    def append(_log: object, _entries: object) -> None:
        raise KafkaGitopsError("NOT_ENOUGH_REPLICAS")

    monkeypatch.setattr(memory_logs._Log, "append", append)
    ran = desk.run(*APPLY)
    assert ran.code == 1
    assert "nothing is removed by a ledger that cannot be written: NOT_ENOUGH_REPLICAS" in ran.out
    assert "acme.old" in cluster.topics
    assert RIGHT in cluster.acls


def test_nothing_is_removed_by_an_optional_ledger_that_lapses_meanwhile(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    optional(desk, cluster)
    real = memory_logs._Log.append

    def append(log: memory_logs._Log, entries: Sequence[Entry]) -> object:
        if any(one.key.startswith("step/") for one in entries):
            raise KafkaGitopsError("NOT_ENOUGH_REPLICAS")
        return real(log, entries)

    monkeypatch.setattr(memory_logs._Log, "append", append)
    ran = desk.run(*APPLY)
    assert ran.code == 1
    assert "acme.old" in cluster.topics
    assert RIGHT in cluster.acls


def test_a_change_that_was_taken_back_is_not_forgotten_behind_the_lock(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, start = cluster.log.made(MINE), head(desk.home)
    changed = f"{ORDERS}{KEPT}".replace('replication.factor: "1"', 'replication.factor: "1", retention.ms: "7"')
    for text in (changed, f"{ORDERS}{KEPT}"):
        desk.write("topologies/a.yaml", text)
        git(desk.home, "commit", "-qam", "files")
    apply(log, replace(OWNER, commit=start))

    def another() -> None:
        cluster.topics["acme.orders"] = topic(1, 1, **{"retention.ms": "7"})
        apply(log, replace(OWNER, commit=first(desk), number=1))

    while_it_waits(monkeypatch, another)
    assert desk.run("apply", "--yes").code == 0
    assert last(cluster).commit == head(desk.home)
    assert cluster.topics["acme.orders"] == topic(1, 1)


@pytest.mark.parametrize("saved", [True, False])
def test_what_another_owner_applied_meanwhile_is_not_removed(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    desk.ok("plan", "-o", "plan.json")
    theirs: dict[Key, Spec] = {acl_key(RIGHT): RIGHT, topic_key("acme.old"): topic(1, 1)}
    while_it_waits(monkeypatch, lambda: apply(cluster.log.made("_kafka_gitops.ship.prod"), SHIP, theirs))
    words = ("plan.json", "--accept", "topic-delete") if saved else APPLY[1:]
    ran = desk.run("apply", *words)
    assert ran.code == 3
    assert ran.err.endswith(
        "error: This plan is stale: other owners declare what it removes. Nothing was applied.\n"
        "  acl User:reader may READ topic acme.orders  is declared by ship (prod)\n"
        "  topic acme.old  is declared by ship (prod)\n"
        "  Make a new plan.\n"
    )
    assert "acme.old" in cluster.topics
    assert RIGHT in cluster.acls


@pytest.mark.parametrize("part", [("--only", "topics"), ("topologies/a.yaml",)])
def test_a_saved_plan_of_a_part_leaves_the_commit_where_it_was(
    desk: Desk, cluster: WithLedgers, part: tuple[str, ...]
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    desk.ok("plan", *part, "-o", "plan.json")
    assert desk.run("apply", "plan.json", "--accept", "topic-delete").code == 0
    assert last(cluster).commit == first(desk)
    assert GONE[0] in gone(desk)


def test_a_saved_plan_of_all_files_moves_the_commit_once(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    desk.ok("plan", "-o", "plan.json")
    assert desk.run("apply", "plan.json", "--accept", "topic-delete").code == 0
    assert last(cluster).commit == head(desk.home)


def test_a_saved_plan_that_is_older_than_a_run_does_not_move_the_commit(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    desk.ok("plan", "-o", "plan.json")
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk), number=1))
    assert desk.run("apply", "plan.json", "--accept", "topic-delete").code == 0
    assert last(cluster).commit == first(desk)


def test_a_plan_that_could_not_read_an_optional_ledger_does_not_move_the_commit(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied, real, once = optional(desk, cluster), memory_logs._Log.bounds, [1]

    def bounds(log: memory_logs._Log) -> tuple[int, int]:
        if once:
            once.pop()
            raise KafkaGitopsError("no leader for 15 s")
        return real(log)

    monkeypatch.setattr(memory_logs._Log, "bounds", bounds)
    assert desk.run("apply", "--yes").code == 0
    assert last(cluster).commit == applied
    assert gone(desk) == GONE


def test_nothing_goes_where_other_ledgers_may_not_be_seen(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    cluster.log.hidden = why = "User:ci may not see all ledgers"
    assert gone(desk) == []
    assert f"it is not known whether another owner still declares it: {why}" in desk.ok("plan")
    assert desk.run("apply", "--yes").code == 0
    assert sorted(f"{one.kind} {one.name}" for one in last(cluster).open) == GONE
    cluster.log.hidden = ""
    assert gone(desk) == GONE


def test_a_right_that_two_owners_let_go_of_in_the_same_minutes_is_revoked_by_one(
    desk: Desk, cluster: WithLedgers
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)), {acl_key(RIGHT): RIGHT})
    ship = cluster.log.made("_kafka_gitops.ship.prod")
    apply(ship, SHIP, {acl_key(RIGHT): RIGHT})
    assert desk.run(*APPLY).code == 0
    assert [(one.name, one.why) for one in last(cluster).open] == [(GONE[0][4:], "still declared by ship (prod)")]
    assert GONE[0][4:] not in [one.name for one in state.read(cluster.log.made(MINE)).claims]
    apply(ship, SHIP)
    assert gone(desk) == GONE[:1]


def test_an_open_removal_that_git_does_not_tell_of_is_kept_in_mind(desk: Desk, cluster: WithLedgers) -> None:
    still = (Open("topic", "acme.old", "skipped", "f" * 40),)
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home), open=still))
    assert notes(desk) == ["note: 1 removal waits: git does not tell what was declared at commit fffffff"]
    assert desk.run("apply", "--yes").code == 0
    assert last(cluster).open == still


def test_a_run_that_asked_for_nothing_claims_nothing_new(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    never = ORDERS.split("special_topics:\n")[1].replace("orders", "never")
    desk.write("topologies/a.yaml", f"{ORDERS}{never}{KEPT}")
    git(desk.home, "commit", "-qam", "files")

    def run(*_args: object, **_more: object) -> None:
        raise Stale("not as planned")

    monkeypatch.setattr(plan_apply, "run", run)
    assert desk.run(*APPLY).code == 3
    assert [one.name for one in state.read(cluster.log.made(MINE)).claims] == []


def test_a_saved_plan_without_a_clone_is_told_which_it_needs(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    desk.ok("plan", "-o", "plan.json")
    shutil.rmtree(desk.home / ".git")
    ran = desk.run("apply", "plan.json")
    assert ran.code == 4
    said = "This run is in no clone that has a remote. Run it in a clone of github.com/acme/streams."
    assert ran.err.endswith(f"kafka-gitops.yaml)\n  {said}\n")
