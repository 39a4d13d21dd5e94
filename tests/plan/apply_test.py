"""The order of an apply, its preconditions, what it says when something fails: faults a broker cannot be made to show."""

from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from making import acl, topic
from recording import Recording

from kafka_gitops.changes import Change, Outcome, Refused
from kafka_gitops.errors import KafkaGitopsError, Stale
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.model import Acl, Key, Topic, acl_key, topic_key
from kafka_gitops.plan import verify
from kafka_gitops.plan.apply import run
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.verify import converge
from kafka_gitops.settings import Settings

REFUSED = Problem("POLICY_VIOLATION", "partitions must be at most 4 here")


def create(name: str, spec: Topic | None = None) -> Change:
    return Change(topic_key(name), None, spec or topic(1, 1))


def update(name: str, before: Topic, after: Topic) -> Change:
    return Change(topic_key(name), before, after)


def delete(name: str) -> Change:
    return Change(topic_key(name), topic(1, 1), None, pin=f"id-{name}")


def give(binding: Acl) -> Change:
    return Change(acl_key(binding), None, binding)


def take(binding: Acl) -> Change:
    return Change(acl_key(binding), binding, None)


def applied(cluster: Recording, *changes: Change) -> list[Outcome]:
    return list(run(Plan("prod", cluster.id, changes=changes), cluster, settings=Settings()))


def statuses(outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.change.key.name: f"{outcome.status} {outcome.detail or ''}".strip() for outcome in outcomes}


def test_the_order_never_opens_more_in_between() -> None:
    deny, allow = acl("a", "WRITE", "topic:t", permission="DENY"), acl("a", "READ", "topic:t")
    old_allow, old_deny = acl("b", "READ", "topic:t"), acl("b", "WRITE", "topic:t", permission="DENY")
    cluster = Recording(topics={"grow": topic(1, 1), "old": topic(1, 1)}, acls={old_allow, old_deny})
    changes = [
        delete("old"),
        take(old_deny),
        take(old_allow),
        give(allow),
        update("grow", topic(1, 1), topic(3, 1, retention_ms="5")),
        create("new"),
        give(deny),
    ]
    outcomes = applied(cluster, *changes)
    assert {outcome.status for outcome in outcomes} == {"done"}
    writes = [call for call in cluster.calls if call.startswith(("create", "alter", "delete"))]
    assert writes == [
        "create_acls User:a must not WRITE topic t",
        "create_topics new",
        "create_partitions grow",
        "alter_configs grow",
        "create_acls User:a may READ topic t",
        "delete_acls User:b may READ topic t",
        "delete_acls User:b must not WRITE topic t",
        "delete_topics old=id-old",
    ]


def test_a_failed_topic_skips_its_literal_acls_and_all_removals() -> None:
    cluster = Recording(topics={"old": topic(1, 1)}, fails={"bad": REFUSED})
    changes = [
        create("bad"),
        create("good"),
        give(acl("a", "READ", "topic:bad")),
        give(acl("a", "READ", "topic:ba*")),
        give(acl("a", "READ", "topic:good")),
        delete("old"),
    ]
    assert statuses(applied(cluster, *changes)) == {
        "bad": "failed POLICY_VIOLATION: partitions must be at most 4 here",
        "good": "done",
        "User:a may READ topic bad": "skipped topic bad failed",
        "User:a may READ topic ba*": "done",
        "User:a may READ topic good": "done",
        "old": "skipped nothing is removed when an addition failed",
    }
    assert "old" in cluster.topics


def test_nothing_is_allowed_without_the_denial_that_was_to_bound_it() -> None:
    deny, allow = acl("a", "READ", "topic:secret", permission="DENY"), acl("a", "READ", "topic:s*")
    cluster = Recording(fails={deny: REFUSED})
    assert statuses(applied(cluster, give(allow), give(deny), create("s.new"))) == {
        "User:a must not READ topic secret": "failed POLICY_VIOLATION: partitions must be at most 4 here",
        "s.new": "done",
        "User:a may READ topic s*": "skipped nothing is allowed when a new denial failed",
    }


def test_a_denial_needs_no_topic() -> None:
    deny = acl("a", "READ", "topic:bad", permission="DENY")
    refused = Refused(topic_key("bad"), "the brokers refuse it: POLICY_VIOLATION")
    cluster = Recording()
    (outcome,) = run(
        Plan("prod", cluster.id, changes=(give(deny),), unsupported=(refused,)), cluster, settings=Settings()
    )
    assert (outcome.status, cluster.acls) == ("done", {deny})


def test_configs_of_a_topic_that_cannot_grow_stay() -> None:
    cluster = Recording(topics={"a": topic(1, 1)}, fails={"a": REFUSED})
    outcomes = applied(cluster, update("a", topic(1, 1), topic(3, 1, retention_ms="5")))
    assert statuses(outcomes)["a"].startswith("failed POLICY_VIOLATION")
    assert not [call for call in cluster.calls if call.startswith("alter_configs")]


def test_applying_twice_is_harmless() -> None:
    cluster = Recording()
    changes = [create("a", topic(3, 1, retention_ms="5")), give(acl("a", "READ", "topic:a"))]
    assert {outcome.status for outcome in applied(cluster, *changes)} == {"done"}
    assert {outcome.status for outcome in applied(cluster, *changes)} == {"already"}


def test_a_rival_that_made_the_same_topic_is_no_failure() -> None:
    cluster = Recording(fails={"a": Problem("TOPIC_ALREADY_EXISTS", "exists")})
    plan = Plan("prod", cluster.id, changes=(create("a", topic(1, 1)),))

    def rival(event: str, _changes: object) -> None:
        if event == "begin":
            cluster.topics["a"] = topic(1, 1)

    (outcome,) = run(plan, cluster, settings=Settings(), journal=rival)
    assert outcome.status == "already"


def test_a_rival_that_made_another_topic_is_a_failure() -> None:
    cluster = Recording(fails={"a": Problem("TOPIC_ALREADY_EXISTS", "exists")})
    plan = Plan("prod", cluster.id, changes=(create("a", topic(1, 1)),))

    def rival(event: str, _changes: object) -> None:
        if event == "begin":
            cluster.topics["a"] = topic(9, 1)

    (outcome,) = run(plan, cluster, settings=Settings(), journal=rival)
    assert (outcome.status, outcome.detail) == ("failed", "TOPIC_ALREADY_EXISTS: exists")


def test_a_stale_plan_of_one_resource_counts_nothing() -> None:
    with pytest.raises(Stale) as caught:
        applied(Recording(topics={}), update("b", topic(1, 1), topic(2, 1)))
    assert caught.value.message == "This plan is stale: its only resource has changed since it was made."


def test_a_stale_plan_is_refused_with_all_names_and_values_and_nothing_is_written() -> None:
    cluster = Recording(topics={"a": topic(1, 1, retention_ms="3"), "c": topic(1, 1), "e": topic(1, 1)})
    changes = [
        update("a", topic(1, 1, retention_ms="1"), topic(1, 1, retention_ms="2")),
        update("b", topic(1, 1), topic(2, 1)),
        create("c", topic(7, 1)),
        create("d"),
        update("e", topic(1, 1), topic(2, 1)),
    ]
    with pytest.raises(Stale) as caught:
        applied(cluster, *changes)
    assert caught.value.message == "This plan is stale: 3 of the 5 resources have changed since it was made."
    assert caught.value.help == (
        "topic a  retention.ms: planned from 1, now 3\n"
        "topic b  was there when the plan was made, now it is gone\n"
        "topic c  was not there when the plan was made, now it is, and differs from the plan\n"
        "Make a new plan."
    )
    assert not [call for call in cluster.calls if call.startswith(("create", "alter", "delete"))]


def test_a_topic_made_anew_under_the_name_is_not_deleted() -> None:
    cluster = Recording(topics={"a": topic(1, 1)})
    change = Change(topic_key("a"), topic(1, 1), None, pin="another")
    with pytest.raises(Stale):
        applied(cluster, change)
    assert "a" in cluster.topics


def test_another_cluster_is_refused() -> None:
    with pytest.raises(KafkaGitopsError) as caught:
        list(run(Plan("prod", "cluster-2"), Recording(), settings=Settings()))
    assert caught.value.message == "This plan is for cluster cluster-2, this is cluster cluster-1."
    assert caught.value.exit_code == 1


def test_stopping_between_requests_tells_what_was_not_tried() -> None:
    cluster = Recording(topics={"old": topic(1, 1)})
    seen: list[str] = []
    plan = Plan("prod", cluster.id, changes=(create("a"), give(acl("a", "READ", "topic:b")), delete("old")))
    outcomes = list(
        run(
            plan,
            cluster,
            settings=Settings(),
            journal=lambda event, _changes: seen.append(event),
            stop=lambda: "end" in seen,
        )
    )
    assert statuses(outcomes) == {
        "a": "done",
        "User:a may READ topic b": "skipped stopped",
        "old": "skipped stopped",
    }


def test_the_journal_is_told_before_and_after_every_request() -> None:
    told: list[tuple[str, int]] = []
    plan = Plan("prod", "cluster-1", changes=(create("a"), create("b")))
    list(run(plan, Recording(), settings=Settings(), journal=lambda event, changes: told.append((event, len(changes)))))
    assert told == [("begin", 2), ("end", 2)]


def test_converging_polls_until_everything_is_visible() -> None:
    cluster = Recording(topics={"a": topic(1, 1)}, lag=3)
    naps: list[float] = []
    assert converge([create("a")], cluster, Settings(), deadline=60, sleep=naps.append).missing == []
    assert naps == [0.05, 0.1]


def test_converging_stops_when_asked() -> None:
    late, asked = create("a"), iter((False, True))
    naps: list[float] = []
    assert converge(
        [late], Recording(), Settings(), deadline=60, sleep=naps.append, stop=lambda: next(asked)
    ).missing == [late]
    assert len(naps) == 1


def test_converging_looks_at_what_was_edited_only() -> None:
    cluster = Recording(topics={"a": topic(1, 1, retention_ms="5", segment_ms="7")})
    change = update("a", topic(1, 1, retention_ms="1"), topic(1, 1, retention_ms="5"))
    assert converge([change], cluster, Settings(), deadline=60).missing == []


def test_converging_says_what_is_not_visible_at_the_deadline() -> None:
    cluster = Recording()
    late = create("a")
    assert converge([late], cluster, Settings(), deadline=0.01).missing == [late]


def test_converging_goes_on_while_more_becomes_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, late, cluster = [0.0], iter("abc"), Recording()

    def sleep(_: float) -> None:
        clock[0] += 60
        cluster.topics[next(late)] = topic(1, 1)

    monkeypatch.setattr(verify, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    assert converge([create(name) for name in "abc"], cluster, Settings(), deadline=100, sleep=sleep).missing == []
    assert clock == [180]


STRANGE = Key("phase", "of the moon")


def test_a_change_that_no_step_takes_is_refused_before_anything_is_written() -> None:
    cluster = Recording(topics={"old": topic(1, 1)})
    for strange in (Change(STRANGE, None, topic(1, 1)), Change(STRANGE, topic(1, 1), None)):
        with pytest.raises(KafkaGitopsError) as caught:
            applied(cluster, create("new"), strange)
        assert str(caught.value) == (
            "Nothing was applied: phase of the moon cannot be carried out: there is no step for it."
        )
    assert not [call for call in cluster.calls if call.startswith(("create", "alter", "delete"))]


def test_a_plan_that_names_a_resource_twice_is_refused() -> None:
    with pytest.raises(KafkaGitopsError, match=r"^Nothing was applied: topic a cannot .* the plan names it twice\.$"):
        applied(Recording(), create("a"), create("a", topic(2, 1)))


def test_what_became_of_a_change_that_the_answer_leaves_out_is_unknown() -> None:
    class Forgetful(Recording):
        def create_topics(
            self, topics: Mapping[str, Topic], *, validate_only: bool = False
        ) -> Mapping[str, Problem | None]:
            return {name: None for name in topics if name != "lost"}

    assert statuses(applied(Forgetful(), create("lost"), create("made"))) == {
        "lost": "unknown UNKNOWN_SERVER_ERROR: the broker's answer does not mention it. It may or may not be done",
        "made": "done",
    }


def test_every_kind_of_change_has_exactly_one_step_and_ends_in_exactly_one_outcome() -> None:
    binding, deny = acl("a", "READ", "topic:t"), acl("a", "WRITE", "topic:t", permission="DENY")
    changes = [create("new"), update("grow", topic(1, 1), topic(2, 1)), delete("old")]
    changes += [give(binding), give(deny)]
    cluster = Recording(topics={"grow": topic(1, 1), "old": topic(1, 1)})
    told = [outcome.change.key for outcome in applied(cluster, *changes)]
    assert sorted(told) == sorted(change.key for change in changes)
