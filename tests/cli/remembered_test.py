"""Removals by what the ledger says was applied last: what takes part in them, what holds them back, and what is said."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from acting import repository
from desk import ONE_CLUSTER, Desk
from hooking import git, head
from making import acl, topic
from memory_logs import CLUSTER, MemoryLogs, WithLedgers, apply
from recording import stand_in

from kafka_gitops.ledger import records
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Open, Owner, Run
from kafka_gitops.model import Key, Spec, acl_key, topic_key

MINE = "_kafka_gitops.pay.prod"
OWNER = Owner(
    CLUSTER, "pay", "prod", "github.com/acme/streams", "kafka-gitops.yaml", None, run="20261128-091122-0a1b2c"
)
CONFIG = f"owner: pay\nprune: [topics, acls]\nlimits: {{topics: 9, acls: 9, percent: 100}}\n{ONE_CLUSTER}    ledger: required\n"
OLD = '- name: acme.old\n  config: {num.partitions: "1", replication.factor: "1"}\n'
READER = "- {principals: [User:reader], allow: [READ], topics: [acme.orders]}\n"
ORDERS = """\
context: unused
special_topics:
- name: acme.orders
  config: {num.partitions: "1", replication.factor: "1"}
"""
KEPT = "acls:\n- {principals: [User:app], allow: [READ], topics: [acme.orders]}\n"
BEFORE, AFTER = f"{ORDERS}{OLD}{KEPT}{READER}", f"{ORDERS}{KEPT}"
RIGHT = acl("reader", "READ", "topic:acme.orders")
GONE = ["acl User:reader may READ topic acme.orders", "topic acme.old"]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> WithLedgers:
    """A cluster that is as the first commit has it."""
    topics = {"acme.orders": topic(1, 1), "acme.old": topic(1, 1)}
    made = WithLedgers(
        topics=topics, acls={RIGHT, acl("app", "READ", "topic:acme.orders"), acl("reader", "READ", "group:r")}
    )
    made.log.made(MINE)
    stand_in(monkeypatch, made)
    monkeypatch.setenv("PASSWORD", "secret-of-admin")
    return made


@pytest.fixture
def desk(tmp_path: Path, cluster: WithLedgers) -> Desk:
    """A repository whose last commit takes a topic and a right out of the files."""
    made = Desk(tmp_path / "repo")
    repository(made.home, CONFIG)
    for text in (BEFORE, AFTER):
        made.write("topologies/a.yaml", text)
        git(made.home, "add", "-A")
        git(made.home, "commit", "-qm", "files")
    return made


def first(desk: Desk) -> str:
    return git(desk.home, "rev-parse", "HEAD~1").strip()


def gone(desk: Desk, *words: str) -> list[str]:
    """What a plan removes."""
    ran = desk.run("plan", "--format", "json", *words)
    assert ran.code == 0, ran
    return sorted(f"{one['kind']} {one['name']}" for one in json.loads(ran.out)["changes"] if one["action"] == "delete")


def notes(desk: Desk, *words: str) -> list[str]:
    lines = desk.run("plan", *words).out.splitlines()
    return [line for line in lines if line.startswith("note: ") and "under the right" not in line]


def test_what_was_applied_and_left_the_files_is_removed_without_a_base(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    assert gone(desk) == GONE
    says = f"owner pay (prod) applied commit {first(desk)[:7]} last in run 20261128-091122-0a1b2c"
    assert notes(desk) == [f"note: 2 removals are known from the ledger: {says}"]
    plan = json.loads(desk.ok("plan", "--format", "json"))
    assert [one.get("known") for one in plan["changes"]] == [says, says]
    assert plan["base"] == first(desk)


def test_a_plan_reads_its_ledger_once_and_others_only_where_something_goes(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    cluster.log.made("_kafka_gitops.ship.prod")
    assert gone(desk) == []
    assert cluster.log.reads == [MINE]
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    cluster.log.reads.clear()
    assert gone(desk) == GONE
    assert cluster.log.reads[0] == MINE
    assert {*cluster.log.reads} == {MINE, "_kafka_gitops.ship.prod"}


def test_with_the_ledger_off_nobody_looks(desk: Desk, cluster: WithLedgers) -> None:
    desk.write("kafka-gitops.yaml", CONFIG.replace("required", "off"))
    cluster.log.partitions.clear()
    assert gone(desk, "--base", "HEAD~1") == GONE
    assert cluster.log.reads == []


def test_nothing_applied_yet_removes_nothing(desk: Desk) -> None:
    assert gone(desk) == []
    told = f"the ledger {MINE} has no apply of this owner yet"
    assert notes(desk) == [f"note: nothing is removed that only left the files: {told}"]
    assert gone(desk, "--base", "HEAD~1") == []


def test_a_mirrored_ledger_removes_nothing(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk), cluster="cluster-2"))
    assert gone(desk) == gone(desk, "--base", "HEAD~1") == []
    told = f"the ledger {MINE} is a copy of one of another cluster (cluster-2) and ignored"
    assert notes(desk) == [f"note: nothing is removed that only left the files: {told}"]


def test_a_restored_ledger_removes_nothing(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk), at=41))
    assert gone(desk) == gone(desk, "--base", "HEAD~1") == []
    told = f"the ledger {MINE} was restored or copied: its record of commit {first(desk)[:7]} was written at offset 41 and is at 0"
    assert notes(desk) == [f"note: nothing is removed that only left the files: {told}"]


def test_a_ledger_that_was_played_into_a_new_topic_removes_nothing(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk), topic_id="another"))
    assert gone(desk) == []
    told = f"the ledger {MINE} was restored or copied: its record was written to another topic of this name"
    assert notes(desk) == [f"note: nothing is removed that only left the files: {told}"]
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk), topic_id="memory-topic"))
    assert gone(desk) == GONE


def test_a_ledger_whose_last_record_is_older_than_its_last_run_removes_nothing(
    desk: Desk, cluster: WithLedgers
) -> None:
    run = Run("20261129-000000-0a1b2c", 7, None, CLUSTER, "pay", "prod", "done")
    cluster.log.made(MINE).append([Entry(run.key, records.encode(run))])
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk), number=6))
    assert gone(desk) == []
    told = f"the ledger {MINE} was restored: its last run is said to be {OWNER.run}, and is {run.run}"
    assert notes(desk) == [f"note: nothing is removed that only left the files: {told}"]


def test_a_deleted_ledger_stops_where_it_is_required_and_else_the_base_alone_counts(
    desk: Desk, cluster: WithLedgers
) -> None:
    cluster.log.partitions.clear()
    ran = desk.run("plan")
    assert (ran.code, ran.err.splitlines()[1:]) == (1, [f"error: There is no ledger {MINE}."])
    desk.write("kafka-gitops.yaml", CONFIG.replace("required", "optional"))
    ran = desk.run("plan")
    said = f"note: the ledger cannot be read, so nothing is removed by it: There is no ledger {MINE}."
    assert ran.err.splitlines()[1:] == [said]
    assert gone(desk) == []
    assert gone(desk, "--base", "HEAD~1") == GONE


def test_what_was_applied_must_be_among_the_commits_of_head(desk: Desk, cluster: WithLedgers) -> None:
    git(desk.home, "checkout", "-qb", "side", "HEAD~1")
    git(desk.home, "commit", "-q", "--allow-empty", "-m", "side")
    side = head(desk.home)
    git(desk.home, "checkout", "-q", "main")
    apply(cluster.log.made(MINE), replace(OWNER, commit=side))
    assert gone(desk) == []
    told = f"commit {side[:7]}, which was applied last, is not among the commits of HEAD"
    assert notes(desk) == [f"note: nothing is removed that only left the files: {told}"]
    apply(cluster.log.made(MINE), replace(OWNER, commit="f" * 40))
    assert gone(desk) == []
    assert notes(desk)[0].endswith(
        f"git does not know commit fffffff, which was applied last: git fetch origin {'f' * 40}"
    )


def test_a_part_of_the_topology_removes_nothing(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    assert gone(desk, "topologies/a.yaml") == []
    assert notes(desk, "topologies/a.yaml")[0].endswith("only a part of the topology (topologies) is read")


def test_in_a_change_request_it_has_to_be_in_the_base_too(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    assert gone(desk, "--base", "HEAD~1") == GONE
    assert gone(desk, "--base", "HEAD") == []
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    assert gone(desk, "--base", "HEAD~1") == []
    out = desk.ok("plan", "--base", "HEAD~1")
    assert (
        "1 topic that this change takes out of the files stays on the cluster, because the ledger does not know that "
        "this owner has applied it:\n  topic acme.old  topologies/a.yaml:5" in out
    )


def test_a_removal_that_is_open_is_not_forgotten(desk: Desk, cluster: WithLedgers) -> None:
    earlier, mine = first(desk), cluster.log.made(MINE)
    still = (Open("topic", "acme.old", "failed", earlier), Open("acl", str(RIGHT), "failed", earlier))
    apply(mine, replace(OWNER, commit=head(desk.home), open=still))
    assert gone(desk) == GONE
    apply(mine, replace(OWNER, commit=head(desk.home), open=still[:1]))
    assert gone(desk) == GONE[1:]


def test_a_ledger_that_goes_away_meanwhile_is_no_owner(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    other(cluster.log, {})
    names = [*cluster.log.names(), "_kafka_gitops.gone"]
    monkeypatch.setattr(cluster.log, "names", lambda: names)
    assert gone(desk) == GONE


def other(logs: MemoryLogs, state: dict[Key, Spec]) -> None:
    """Another owner has applied this."""
    owner = replace(OWNER, owner="ship", repository="github.com/acme/ship", commit="c" * 40)
    apply(logs.made("_kafka_gitops.ship.prod"), owner, state)


def test_a_right_is_revoked_when_its_last_owner_lets_go(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    other(cluster.log, {acl_key(RIGHT): RIGHT})
    assert gone(desk) == GONE[1:]
    out = desk.ok("plan")
    assert (
        "1 right that this change takes out of the files stays on the cluster, because still declared by ship (prod):\n"
        "  acl   User:reader may READ topic acme.orders  topologies/a.yaml:9" in out
    )
    other(cluster.log, {})
    assert gone(desk) == GONE


def test_a_statement_does_not_take_from_another_owner_either(desk: Desk, cluster: WithLedgers) -> None:
    desk.write("topologies/a.yaml", f"{AFTER}removed:\n- topic: acme.old\n- acl: {READER.removeprefix('- ')}")
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    assert gone(desk) == GONE
    other(cluster.log, {acl_key(RIGHT): RIGHT})
    assert gone(desk) == GONE[1:]
    assert "because still declared by ship (prod)" in desk.ok("plan")
    other(cluster.log, {topic_key("acme.old"): topic(1, 1)})
    ran = desk.run("plan")
    assert ran.code == 4
    assert "x topic acme.old  still declared by ship (prod)" in ran.out


def test_one_resource_of_two_owners_is_said_and_refused_where_they_differ(desk: Desk, cluster: WithLedgers) -> None:
    del cluster.topics["acme.orders"]
    apply(cluster.log.made(MINE), replace(OWNER, commit=head(desk.home)))
    other(cluster.log, {topic_key("acme.orders"): topic(1, 1)})
    assert notes(desk) == ["note: ship (prod) declares the same: topic acme.orders; one owner should let go of it"]
    other(cluster.log, {topic_key("acme.orders"): topic(3, 1)})
    ran = desk.run("plan")
    assert ran.code == 4
    said = "ship (prod) has applied it too, and not like this: one of the two lets go of it (`removed:` with `release`)"
    assert f"x topic acme.orders  {said} (topologies/a.yaml:3)" in ran.out


def test_where_another_ledger_cannot_be_read_nothing_is_taken_away(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    cluster.log.made("_kafka_gitops.ship.prod").append([Entry("owner", b"{")])
    assert gone(desk) == []
    why = "it is not known whether another owner still declares it: ledger _kafka_gitops.ship.prod: the record 'owner' is damaged: it is not JSON"
    assert f"because {why}" in desk.ok("plan")
    plan = json.loads(desk.ok("plan", "--format", "json"))
    assert sorted(f"{one['kind']} {one['name']}" for one in plan["waits"]) == GONE


def test_a_second_repository_with_the_same_owner_is_refused(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, repository="github.com/acme/other"))
    ran = desk.run("plan")
    assert ran.code == 4
    assert "github.com/acme/other" in ran.err
    assert "github.com/acme/streams" in ran.err
    assert "say so once: kafka-gitops ledger move" in ran.err


def test_a_ledger_moves_with_its_repository(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, repository="github.com/acme/other", commit=first(desk)))
    now = f"The ledger {MINE} is that of github.com/acme/streams, kafka-gitops.yaml"
    assert desk.ok("ledger", "move") == f"{now}, no longer of github.com/acme/other, kafka-gitops.yaml.\n"
    assert desk.ok("ledger", "move") == f"{now}.\n"
    assert gone(desk) == GONE


def test_a_merged_pipeline_removes_what_was_applied_whatever_its_push_began_with(
    desk: Desk, cluster: WithLedgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit=first(desk)))
    monkeypatch.setenv("KAFKA_GITOPS_BASE", head(desk.home))
    ran = desk.run("ci", "plan", "--merged", "--no-comment")
    assert ran.code == 0, ran
    plan = json.loads((desk.home / "kafka-gitops-reports" / "plan.json").read_text(encoding="utf-8"))
    assert sorted(f"{one['kind']} {one['name']}" for one in plan["changes"]) == GONE


def test_a_ledger_that_cannot_be_relied_on_stops_a_plan_or_is_not_used(desk: Desk, cluster: WithLedgers) -> None:
    cluster.of_ledger["cleanup.policy"] = "delete"
    refused = desk.run("plan", "-e", "prod")
    assert refused.code == 1
    assert (
        f"The ledger's topic {MINE} cannot be relied on: cleanup.policy is delete, expected compact: with any other, "
        "records go by age or size."
    ) in refused.err
    assert f"--alter --topic {MINE} --add-config cleanup.policy=compact" in refused.err
    desk.write("kafka-gitops.yaml", CONFIG.replace("ledger: required", "ledger: optional"))
    assert "nothing is removed by it: The ledger's topic" in desk.run("plan", "-e", "prod").err
    cluster.of_ledger.clear()
    cluster.of_ledger["min.compaction.lag.ms"] = "0"
    assert "cannot be relied on" not in desk.run("plan", "-e", "prod").err
