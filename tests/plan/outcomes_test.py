"""Every change of a plan ends in one outcome, whatever fails: faults that a broker cannot be made to show."""

from collections.abc import Iterable, Mapping, Sequence

import pytest
from apply_test import create, delete, give, statuses, update
from making import acl, topic
from recording import Recording

from kafka_gitops.changes import Change
from kafka_gitops.cli import carrying
from kafka_gitops.errors import MissingRight, Stale, Unreachable
from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.model import Acl, Topic
from kafka_gitops.plan import apply
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.steps import needed
from kafka_gitops.settings import Settings


def carried_out(cluster: Recording, *changes: Change, deadline: float = 5.0) -> apply.Applied:
    """What comes of a plan of these changes."""
    plan = Plan("prod", cluster.id, changes=changes)
    return apply.carry_out(plan, cluster, settings=Settings(), deadline=deadline)


def test_what_was_done_and_cannot_be_read_is_unverified_and_the_other_kinds_are_seen() -> None:
    class Closing(Recording):
        def topic_configs(
            self, names: Sequence[str], keys: Iterable[str], *, only: bool = False
        ) -> Mapping[str, LiveConfig]:
            raise MissingRight("User:ci may not read the configs of topic a.", help="Grant DescribeConfigs")

    done = carried_out(Closing(), create("a"), give(acl("b", "READ", "group:g")))
    told = {outcome.change.key.kind: outcome for outcome in done.outcomes}
    assert (told["acl"].status, told["topic"].status) == ("done", "unverified")
    assert told["topic"].detail == "User:ci may not read the configs of topic a."
    assert told["topic"].help == "Grant DescribeConfigs"
    assert all(outcome.wrote for outcome in done.outcomes)


def test_nothing_more_is_asked_of_a_cluster_that_is_gone() -> None:
    unsent = Problem("NETWORK_EXCEPTION", "not sent: Cannot reach b:9092", "unsent")
    cluster = Recording(topics={"old": topic(1, 1)}, fails={"a": unsent})
    outcomes = carried_out(cluster, create("a"), give(acl("b", "READ", "topic:z")), delete("old")).outcomes
    assert statuses(outcomes) == {
        "a": "failed NETWORK_EXCEPTION: not sent: Cannot reach b:9092",
        "User:b may READ topic z": "skipped the cluster cannot be reached any more",
        "old": "skipped nothing is removed when an addition failed",
    }
    assert not any(outcome.wrote for outcome in outcomes)


@pytest.mark.parametrize("fate", ["unsent", "refused", "lost", "partly"])
def test_the_exit_code_of_a_run_without_a_success(fate: str) -> None:
    cluster = Recording(fails={"a": Problem("X", "x", fate)})
    code = carrying._code(carried_out(cluster, create("a"), deadline=0.01), stopped=False, refused=False)
    assert code == {"unsent": 5, "refused": 1, "lost": 6, "partly": 6}[fate]


def test_a_lost_addition_takes_no_removal_and_no_grant_with_it() -> None:
    lost = Problem("REQUEST_TIMED_OUT", "no answer", "lost")
    cluster = Recording(topics={"old": topic(1, 1)}, fails={"a": lost})
    outcomes = carried_out(
        cluster, create("a"), give(acl("b", "READ", "topic:a")), delete("old"), deadline=0.01
    ).outcomes
    assert statuses(outcomes) == {
        "a": "unknown REQUEST_TIMED_OUT: no answer: the cluster does not show it now",
        "User:b may READ topic a": "skipped topic a may not be there",
        "old": "skipped nothing is removed when an addition failed",
    }


def test_a_fault_of_ours_is_told_after_a_true_report() -> None:
    class Broken(Recording):
        def create_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
            raise RuntimeError("a bug")

    done = carried_out(Broken(), create("a"), give(acl("b", "READ", "topic:a")), give(acl("c", "READ", "topic:a")))
    assert statuses(done.outcomes) == {
        "a": "done",
        "User:b may READ topic a": "unknown a fault of kafka-gitops before its answer came. It may or may not be done: "
        "the cluster does not show it now",
        "User:c may READ topic a": "unknown a fault of kafka-gitops before its answer came. It may or may not be done: "
        "the cluster does not show it now",
    }
    assert str(done.fault) == "a bug"


def test_an_error_before_anything_is_written_is_raised() -> None:
    class Away(Recording):
        def list_topics(self) -> Mapping[str, LiveTopic]:
            raise Unreachable("Cannot reach b:9092.")

    with pytest.raises(Unreachable):
        carried_out(Away(), create("a"))


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (topic(3, 1, retention_ms="1"), "done"),  # grown, its configs are still to do
        (topic(1, 1, retention_ms="2"), "done"),  # the other way round
        (topic(3, 1, retention_ms="7"), "stale"),  # somebody else was there
        (topic(2, 1, retention_ms="2"), "stale"),
    ],
)
def test_an_update_that_was_cut_short_is_gone_on_with(now: Topic, status: str) -> None:
    cluster = Recording(topics={"a": now})
    change = update("a", topic(1, 1, retention_ms="1"), topic(3, 1, retention_ms="2"))
    if status == "stale":
        with pytest.raises(Stale):
            carried_out(cluster, change)
    else:
        assert statuses(carried_out(cluster, change).outcomes) == {"a": "done"}
        assert cluster.topics["a"] == change.after


def test_which_requests_changes_take() -> None:
    open_ = create("a", topic(None, None))
    grown = update("b", topic(1, 1), topic(2, 1))
    tuned = update("c", topic(1, 1), topic(1, 1, retention_ms="5"))
    kept = {"Metadata": 0, "DescribeConfigs": 1}
    assert needed([open_]) == {**kept, "CreateTopics": 4}
    assert needed([create("a")]) == {**kept, "CreateTopics": 0}
    assert needed([grown]) == {**kept, "CreatePartitions": 0}
    assert needed([tuned]) == {**kept, "IncrementalAlterConfigs": 0}
    assert needed([delete("d")]) == {"Metadata": 0, "DeleteTopics": 6}
    assert needed([give(acl("a", "READ", "topic:t"))]) == {"CreateAcls": 1, "DescribeAcls": 1}
    assert needed([]) == {}
