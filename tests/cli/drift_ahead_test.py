"""What is merged and not applied yet is no drift: the ledger knows what was applied last, and git what came since."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from acting import repository
from desk import ONE_CLUSTER, Desk
from hooking import git, head
from making import topic
from memory_logs import CLUSTER, WithLedgers, apply
from recording import stand_in

from kafka_gitops.cli.pipeline import twice
from kafka_gitops.ledger import packed, records
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Asked, Open, Owner, Run, Step
from kafka_gitops.model import Spec, topic_key

MINE = "_kafka_gitops.pay.prod"
OWNER = Owner(
    CLUSTER, "pay", "prod", "github.com/acme/streams", "kafka-gitops.yaml", None, run="20261128-091122-0a1b2c"
)
DAY, WEEK = "86400000", "604800000"


def files(**retention: str) -> str:
    config = '{{num.partitions: "1", replication.factor: "1", retention.ms: "{}"}}'
    lines = (f"- {{name: acme.{name}, config: {config.format(text)}}}\n" for name, text in retention.items())
    return "context: x\nspecial_topics:\n" + "".join(lines)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> WithLedgers:
    """A cluster that is as the first commit has it."""
    made = WithLedgers(topics={f"acme.{name}": topic(1, 1, retention_ms=WEEK) for name in ("orders", "pays")})
    made.log.made(MINE)
    stand_in(monkeypatch, made)
    monkeypatch.setenv("PASSWORD", "canary")
    monkeypatch.setattr(twice, "sleep", lambda _seconds: None)
    return made


@pytest.fixture
def desk(tmp_path: Path, cluster: WithLedgers) -> Desk:
    """A repository whose last commit, which waits for its approval, makes a topic and shortens a retention."""
    made = Desk(tmp_path / "repo")
    repository(made.home, f"owner: pay\n{ONE_CLUSTER}    ledger: required\n")
    for text in (files(orders=WEEK, pays=WEEK), files(orders=DAY, pays=WEEK, refunds=DAY)):
        made.write("topologies/a.yaml", text)
        git(made.home, "add", "-A")
        git(made.home, "commit", "-qm", "files")
    applied(made, cluster)
    return made


def applied(desk: Desk, cluster: WithLedgers, more: tuple[Open, ...] = (), specs: Mapping[str, Spec] = {}) -> None:
    """The ledger after an apply of the first commit, and of these specs (by the topic's last part) by a part."""
    owner = replace(OWNER, commit=git(desk.home, "rev-parse", "HEAD~1").strip(), open=more)
    usual = {name: topic(1, 1, retention_ms=WEEK) for name in ("orders", "pays")}
    apply(cluster.log.made(MINE), owner, {topic_key(f"acme.{name}"): spec for name, spec in {**usual, **specs}.items()})


def waits(desk: Desk) -> str:
    commits = f"{git(desk.home, 'rev-parse', 'HEAD~1')[:7]}..{head(desk.home)[:7]}"
    return f"2 changes are merged and not applied yet (commits {commits}): topic acme.orders, topic acme.refunds\n"


def test_what_waits_is_told_and_is_no_drift(desk: Desk) -> None:
    ran = desk.run("drift", "-o", "plan.json")
    calm = f"matches the files, except for what is not applied yet (3 topics, 0 ACLs, commit {head(desk.home)[:7]}).\n"
    assert (ran.code, ran.out) == (0, f"No changes. Environment prod {calm}{waits(desk)}")
    saved = json.loads((desk.home / "plan.json").read_text(encoding="utf-8"))["changes"]
    assert [one["name"] for one in saved] == ["acme.orders", "acme.refunds"]  # an apply of it takes everything
    assert desk.run("plan", "--exit-code").code == 4


def test_what_somebody_changed_is_drift_also_where_git_changed_it_too(desk: Desk, cluster: WithLedgers) -> None:
    cluster.topics["acme.orders"] = topic(1, 1, retention_ms="5")
    cluster.topics["acme.pays"] = topic(1, 1, retention_ms="5")
    ran = desk.run("drift")
    assert ran.code == 2
    assert "2 topics to update, 0 to delete" in ran.out
    assert "1 change is merged and not applied yet" in ran.out
    assert "topic acme.refunds\n" in ran.out


def test_a_pipeline_opens_nothing_and_records_nothing_of_what_waits(desk: Desk, cluster: WithLedgers) -> None:
    assert desk.run("ci", "drift", "--merged", "--record-drift").code == 0
    found = json.loads((desk.home / "kafka-gitops-reports/drift.json").read_text(encoding="utf-8"))
    assert (found["differs"], found["differences"]) == (False, [])
    assert found["not_applied"] == ["topic acme.orders", "topic acme.refunds"]
    assert not [one for one in cluster.log.made(MINE).read() if one.key.startswith("drift/")]


def test_without_a_ledger_it_differs(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", ONE_CLUSTER)
    ran = desk.run("drift")
    assert (ran.code, "not applied yet" in ran.out) == (2, False)


@pytest.mark.parametrize("name", ["orders", "refunds"])
def test_what_an_apply_of_a_part_made_can_drift(desk: Desk, cluster: WithLedgers, name: str) -> None:
    applied(desk, cluster, specs={name: topic(1, 1, retention_ms=DAY)})  # and somebody set it back, or deleted it
    ran = desk.run("drift")
    assert (ran.code, f"topic acme.{name} " in ran.out) == (2, True), ran.out
    assert "1 change is merged and not applied yet" in ran.out


def test_what_is_open_or_was_asked_for_is_not_known_to_wait(desk: Desk, cluster: WithLedgers) -> None:
    applied(desk, cluster, (Open("topic", "acme.orders", "failed: POLICY_VIOLATION"),))
    run = "20261128-101122-0a1b2c"
    dead = Run(run, 1, None, CLUSTER, "pay", "prod", "running")
    step = Step(CLUSTER, run, 1, "asked", (Asked("topic", "acme.refunds", "create"),))
    cluster.log.made(MINE).append([*packed.entries(dead), Entry(step.key, records.encode(step))])
    ran = desk.run("drift")
    assert (ran.code, "not applied yet" in ran.out) == (2, False), ran.out


def test_of_what_goes_a_change_by_somebody_is_drift(desk: Desk, cluster: WithLedgers) -> None:
    text = files(orders=WEEK) + "removed:\n- {topic: acme.pays, because: not used}\n"
    desk.write("topologies/a.yaml", text)
    git(desk.home, "commit", "-qam", "away")
    git(desk.home, "reset", "-q", "--soft", "HEAD~2")
    git(desk.home, "commit", "-qm", "away")
    applied(desk, cluster)
    assert desk.run("drift").code == 0
    cluster.topics["acme.pays"] = topic(1, 1, retention_ms="5")
    assert desk.run("drift").code == 2


def test_a_clone_that_lacks_the_commit_says_so(desk: Desk, cluster: WithLedgers) -> None:
    apply(cluster.log.made(MINE), replace(OWNER, commit="0123456789" * 4))
    ran = desk.run("drift")
    assert ran.code == 2
    assert "note: what of this is merged and not applied yet is not known: git fetch" in ran.out
