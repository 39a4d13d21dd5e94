"""Topic configs that are left alone: our own list gives way to a file, the list that somebody wrote does not."""

from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk
from making import declared, topic, topology
from recording import Recording

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.errors import Stale
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topic, topic_key
from kafka_gitops.plan.apply import run
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.settings import Settings

LEADER, FOLLOWER = "leader.replication.throttled.replicas", "follower.replication.throttled.replicas"
THROTTLED = Topic(1, 1, {LEADER: "0:1", FOLLOWER: "*"})
WROTE = Settings(ignore_configs=("retention.*",), ignore_undeclared=())


def planned(spec: Topic, cluster: Recording, settings: Settings = Settings()) -> Plan:  # noqa: B008
    return make(Wish(topology(declared("a", spec))), settings, cluster)


def edits(plan: Plan) -> list[tuple[str, str | None, str | None]]:
    return [(edit.field, edit.before, edit.after) for change in plan.changes for edit in change.edits()]


def applied(plan: Plan, cluster: Recording, settings: Settings = Settings()) -> list[Outcome]:  # noqa: B008
    return list(run(plan, cluster, settings=settings))


def test_a_declared_throttle_is_compared_with_what_is_there() -> None:
    cluster = Recording(topics={"a": Topic(1, 1, {LEADER: "0:1,1:1", FOLLOWER: "*"})})
    assert edits(planned(THROTTLED, cluster)) == [(LEADER, "0:1,1:1", "0:1")]


def test_a_throttle_that_no_file_declares_is_left_alone() -> None:
    cluster = Recording(topics={"a": Topic(1, 1, {LEADER: "0:1", FOLLOWER: "*"})})
    assert planned(topic(1, 1), cluster).changes == ()
    assert edits(planned(Topic(1, 1, {LEADER: "0:2"}), cluster)) == [(LEADER, "0:1", "0:2")]


def test_an_empty_throttle_takes_away_the_one_that_is_there_and_needs_nothing_else() -> None:
    wanted = Topic(1, 1, {LEADER: ""})
    cluster = Recording(topics={"a": Topic(1, 1, {LEADER: "0:1"})}, defaults={LEADER: ""})
    plan = planned(wanted, cluster)
    assert edits(plan) == [(LEADER, "0:1", "")]
    assert [outcome.status for outcome in applied(plan, cluster)] == ["done"]
    assert planned(wanted, cluster).changes == ()
    assert planned(wanted, Recording(topics={"a": topic(1, 1)}, defaults={LEADER: ""})).changes == ()


def test_a_plan_notices_that_a_declared_throttle_moved() -> None:
    cluster = Recording(topics={"a": Topic(1, 1, {LEADER: "0:1,1:1", FOLLOWER: "*"})})
    plan = planned(THROTTLED, cluster)
    cluster.topics["a"] = Topic(1, 1, {LEADER: "", FOLLOWER: "*"})
    with pytest.raises(Stale) as caught:
        applied(plan, cluster)
    assert f'topic a  {LEADER}: planned from 0:1,1:1, now ""' in str(caught.value.help)


@pytest.mark.parametrize("there", [{}, {"retention.ms": "777000"}])
def test_a_list_that_somebody_wrote_wins_over_a_file(there: dict[str, str]) -> None:
    cluster = Recording(topics={"a": Topic(1, 1, there)}, defaults={"retention.ms": "604800000"})
    wanted = topic(1, 1, retention_ms="86400000", segment_ms="5")
    plan = planned(wanted, cluster, WROTE)
    assert edits(plan) == [("segment.ms", None, "5")]
    assert [outcome.status for outcome in applied(plan, cluster, WROTE)] == ["done"]
    assert cluster.topics["a"].config == {**there, "segment.ms": "5"}
    (new,) = planned(wanted, Recording(), WROTE).changes
    assert new.after == topic(1, 1, segment_ms="5")


def test_what_is_ignored_is_no_difference_between_the_base_and_now() -> None:
    base, files = (topology(declared("a", topic(1, 1, retention_ms=ms))) for ms in ("1", "2"))
    cluster = Recording(topics={"a": topic(1, 1, segment_ms="5")})
    assert make(Wish(files, base, only_change=True), WROTE, cluster).changes == ()
    (change,) = make(Wish(files, base), WROTE, cluster).changes
    assert change.pending


def test_an_empty_list_ignores_nothing() -> None:
    cluster = Recording(topics={"a": Topic(1, 1, {LEADER: "0:1"})})
    assert edits(planned(topic(1, 1), cluster, Settings(ignore_undeclared=()))) == [(LEADER, "0:1", None)]


@pytest.mark.parametrize("before", [{}, {"retention.ms": "1"}])
def test_a_plan_notices_that_the_list_changed(before: dict[str, str]) -> None:
    cluster = Recording(topics={"a": Topic(1, 1, before)})
    plan = planned(topic(1, 1, retention_ms="2"), cluster)
    with pytest.raises(Stale) as caught:
        applied(plan, cluster, WROTE)
    assert caught.value.help == (
        "topic a  retention.ms: planned to change, and `ignore_configs` names it now\nMake a new plan."
    )
    assert cluster.topics["a"].config == before


def test_a_deletion_stays_possible_when_the_list_changed() -> None:
    cluster = Recording(topics={"a": topic(1, 1, retention_ms="1")})
    gone = Change(topic_key("a"), topic(1, 1, retention_ms="1"), None, pin="id-a")
    (outcome,) = applied(replace(planned(topic(1, 1, retention_ms="1"), cluster), changes=(gone,)), cluster, WROTE)
    assert (outcome.status, cluster.topics) == ("done", {})


FILE = """\
context: {context}
projects:
- name: p
  topics:
  - name: a
    config:
      num.partitions: "2"
      replication.factor: "1"
      {key}: "{value}"
"""


@pytest.mark.kafka
def test_declared_throttles_are_set_shown_and_verified(tmp_path: Path, kafka: Sandbox, prefix: str) -> None:
    desk = Desk(tmp_path, ["-X", f"bootstrap.servers={kafka.bootstrap}", "--timeout", "20"])
    context = prefix.rstrip(".")

    def declare(value: str) -> None:
        desk.write("t.yaml", FILE.format(context=context, key=LEADER, value=value))

    declare("0:1,1:1")
    assert "1 applied and verified" in desk.ok("apply", "t.yaml", "--yes")
    declare("0:1")
    assert f"{LEADER} 0:1,1:1 -> 0:1" in desk.ok("plan", "t.yaml", "-o", "plan.json")
    with open_cluster(kafka.client()) as cluster:
        assert cluster.alter_configs({f"{prefix}p.a": {LEADER: "1:1"}}) == {f"{prefix}p.a": None}
    stale = desk.run("apply", "plan.json")
    assert (stale.code, f"{LEADER}: planned from 0:1,1:1, now 1:1" in stale.err) == (3, True)
    declare("")
    assert "1 applied and verified" in desk.ok("apply", "t.yaml", "--yes")
    assert "No changes." in desk.ok("plan", "t.yaml")


@pytest.mark.kafka
def test_a_written_list_is_told_by_lint_and_kept_by_plan_and_apply(tmp_path: Path, kafka: Sandbox, prefix: str) -> None:
    desk = Desk(tmp_path, ["-X", f"bootstrap.servers={kafka.bootstrap}", "--timeout", "20"])
    name = f"{prefix}p.a"
    with open_cluster(kafka.client()) as cluster:
        assert cluster.create_topics({name: Topic(2, 1, {"retention.ms": "777000"})}) == {name: None}
    desk.write("kafka-gitops.yaml", 'ignore_configs: ["retention.*"]\n')
    desk.write("t.yaml", FILE.format(context=prefix.rstrip("."), key="retention.ms", value="86400000"))
    said = '"retention.ms" is in `ignore_configs` ("retention.*"), so it is never set and never compared'
    assert f"t.yaml:9:7: warning[topic-config-ignored]: {said}" in desk.run("lint", "t.yaml").out
    assert "No changes." in desk.ok("plan", "t.yaml")
    assert "No changes." in desk.ok("apply", "t.yaml", "--yes")
    with open_cluster(kafka.client()) as cluster:
        assert cluster.topic_configs([name], [])[name].overrides == {"retention.ms": "777000"}
