"""A snapshot in the place of servers: what it says where it has no answer, and that what it planned is never applied."""

import json
from pathlib import Path

import pytest
from desk import Desk, topology
from snapshot_file_test import FULL, KAFKA

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError, MissingRight
from kafka_gitops.model import Key, Topic
from kafka_gitops.plan import approval
from kafka_gitops.plan import file as plan_file
from kafka_gitops.plan.make import Past as Marked
from kafka_gitops.plan.make import Plan
from kafka_gitops.snapshot import file
from kafka_gitops.snapshot.contents import Unknown
from kafka_gitops.snapshot.systems import Past

CONFIG = "rules: {topic-owner: off}\nenvironments: {prod: {bootstrap: '${NOWHERE}'}}\n"
CHANGE = Change(Key("topic", "new"), None, Topic(1, 1, {}))
LIVE = Plan("prod", "cluster-1", changes=(CHANGE,))
MADE = Plan(
    "prod", "cluster-1", changes=(CHANGE,), past=Marked("2026-11-20T10:00:00Z", False, ("the brokers: x",), "old")
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "repository")
    made.write("kafka-gitops.yaml", CONFIG)
    made.write("topologies/a.yaml", topology("", "orders num.partitions=6 retention.ms=1"))
    (made.home / "prod.snapshot").write_bytes(file.dumps(FULL))
    return made


def test_requests_that_the_brokers_did_not_know_are_named() -> None:
    cluster = Past(FULL._replace(kafka=KAFKA._replace(requests={"CreateTopics": (0, 3), "Metadata": (0, 9)}))).kafka
    cluster.lacks({"CreateTopics": 3, "Metadata": 0})
    with pytest.raises(KafkaGitopsError) as caught:
        cluster.lacks({"CreateTopics": 4, "DeleteTopics": 6, "AlterClientQuotas": 0})
    named = "CreateTopics (version 4), DeleteTopics, AlterClientQuotas"
    assert caught.value.message == f"The brokers did not know {named} when the snapshot was made, which this run needs."


def test_a_cluster_that_could_not_be_read_says_why_when_it_is_wanted() -> None:
    past = Past(FULL._replace(registry=Unknown("MissingRight", "403", "ask for it")))
    assert [*past.connect] == ["main", "b"] and past.connect["main"].kafka == "cluster-1"
    with pytest.raises(MissingRight, match="because of this error when it was made: no"):
        past.connect["b"]
    with pytest.raises(MissingRight) as caught:
        past.registry  # noqa: B018
    assert caught.value.help == "ask for it"


def test_one_of_topics_only_says_which_option_takes_it(desk: Desk) -> None:
    part = FULL._replace(topics_only=True, kafka=KAFKA._replace(acls=None, quotas=None, users=None))
    (desk.home / "prod.snapshot").write_bytes(file.dumps(part))
    grant = "acls: [{principals: ['User:x'], allow: [READ], topics: [orders]}]"
    desk.write("topologies/a.yaml", topology("", "orders num.partitions=6 retention.ms=1", extra=grant))
    result = desk.run("plan", "--against", "prod.snapshot")
    assert result.code == 1 and "The snapshot has no ACLs." in result.err and "--only topics" in result.err, result
    assert desk.ok("plan", "--only", "topics", "--against", "prod.snapshot").startswith("No changes.")


def test_no_variable_need_be_set_and_a_damaged_file_is_one_error(desk: Desk) -> None:
    assert desk.run("plan").code == 78
    assert desk.ok("plan", "--against", "prod.snapshot").startswith("No changes.")
    (desk.home / "prod.snapshot").write_bytes(file.dumps(FULL)[:-9])
    result = desk.run("plan", "--against", "prod.snapshot")
    assert result.code == 1
    assert result.err == (
        "error: prod.snapshot is cut off: its end is missing.\n  Make a new one: kafka-gitops snapshot -o FILE\n"
    )


@pytest.mark.parametrize("name", ("-", "kafka-gitops.yaml"))
def test_a_snapshot_is_written_over_nothing_but_a_snapshot(desk: Desk, name: str) -> None:
    before = (desk.home / "kafka-gitops.yaml").read_bytes()
    result = desk.run("snapshot", "-o", name)
    assert result.code == 64 and f"-o {name}: " in result.err, result
    assert (desk.home / "kafka-gitops.yaml").read_bytes() == before
    assert desk.run("snapshot", "-o", "prod.snapshot").code == 78  # it goes on, to a variable that is not set


def test_a_plan_file_tells_that_it_was_made_against_a_snapshot() -> None:
    text = plan_file.dumps(MADE)
    assert json.loads(text)["snapshot"] == {
        "made": "2026-11-20T10:00:00Z",
        "not_asked": ["the brokers: x"],
        "topics_only": False,
    }
    assert plan_file.loads(text, "x").past == Marked("2026-11-20T10:00:00Z", False, ("the brokers: x",))
    assert "snapshot" not in json.loads(plan_file.dumps(LIVE))


def test_no_approval_of_such_a_plan_is_one_of_the_plan_on_the_servers() -> None:
    assert plan_file.approval(MADE) != plan_file.approval(LIVE)
    assert approval.unapproved(LIVE, plan_file.approval(MADE)) == [CHANGE]
    assert approval.unapproved(LIVE, MADE) == [CHANGE]
    assert approval.unapproved(LIVE, LIVE) == []


def test_an_apply_of_a_pipeline_takes_no_approval_from_a_snapshot(desk: Desk) -> None:
    from kafka_gitops.cli.pipeline.approved import _approved

    desk.write("plan.json", plan_file.dumps(MADE))
    with pytest.raises(KafkaGitopsError, match="was made against a snapshot of 2026-11-20T10:00:00Z, not on the clu"):
        _approved(str(desk.home / "plan.json"), LIVE)
