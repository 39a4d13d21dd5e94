"""Brakes, risks and nevers refuse a plan, all at once, and say the way through."""

import pytest
from making import acl, scope, topic

from kafka_gitops.changes import Change, Risk, Unsupported
from kafka_gitops.errors import UsageError
from kafka_gitops.model import acl_key, topic_key
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent, Refusal, accept_option, consent, refusals
from kafka_gitops.settings import Limits

SHRINK = Risk("retention-shrink", "records are deleted", True)


def deletes(number: int) -> tuple[Change, ...]:
    return tuple(Change(topic_key(f"t{index}"), topic(1, 1), None) for index in range(number))


def risky(name: str) -> Change:
    return Change(topic_key(name), topic(1, 1), topic(1, 1, retention_ms="1"), (SHRINK,))


def refused(plan: Plan, *accept: str, limits: Limits | None = None, max_deletes: tuple[str, ...] = ()) -> list[Refusal]:
    return refusals(plan, limits or Limits(), consent(accept, max_deletes))


def test_a_plan_without_dangers_passes() -> None:
    assert refused(Plan("prod", "c", changes=deletes(10), declared={"topics": 100, "acls": 0})) == []


def test_too_many_deletions_are_refused_and_the_option_raises_the_limit() -> None:
    plan = Plan("prod", "c", changes=deletes(12), declared={"topics": 100, "acls": 0})
    said = "12 topics would be deleted (limit 10, `limits.topics`)"
    assert refused(plan) == [Refusal(said, "--max-deletes topics=12")]
    assert refused(plan, max_deletes=("topics=12",)) == []
    assert refused(plan, max_deletes=("topics=11",)) == [
        Refusal("12 topics would be deleted (limit 11, --max-deletes)", "--max-deletes topics=12")
    ]


def test_a_large_share_is_refused_from_a_number_on() -> None:
    said = "7 of 20 declared topics would be deleted (35 %, limit 30 %, `limits.percent`)"
    assert refused(Plan("p", "c", changes=deletes(7), declared={"topics": 20, "acls": 0})) == [
        Refusal(said, "--max-deletes topics=7")
    ]
    assert refused(Plan("p", "c", changes=deletes(6), declared={"topics": 20, "acls": 0})) == []
    assert refused(Plan("p", "c", changes=deletes(7), declared={"topics": 19, "acls": 0})) == []
    assert (
        refused(Plan("p", "c", changes=deletes(7), declared={"topics": 20, "acls": 0}), max_deletes=("topics=7",)) == []
    )


def test_an_acl_counts_as_principal_times_resource() -> None:
    bindings = [acl("a", operation, "topic:t") for operation in ("READ", "WRITE", "DESCRIBE")]
    changes = tuple(Change(acl_key(binding), binding, None) for binding in bindings)
    plan = Plan("p", "c", changes=changes, declared={"topics": 0, "acls": 100})
    assert refused(plan, limits=Limits({"acls": 1})) == []
    assert refused(plan, limits=Limits({"acls": 0})) == [
        Refusal("1 grant (principal x resource) would be deleted (limit 0, `limits.acls`)", "--max-deletes acls=1")
    ]


def test_a_blocking_risk_is_refused_until_it_is_accepted() -> None:
    plan = Plan("prod", "c", changes=(risky("a"),))
    assert refused(plan) == [Refusal("risk retention-shrink on topic a is not accepted", "--accept retention-shrink:a")]
    assert refused(plan, "retention-shrink:a") == []
    assert refused(plan, "retention-shrink") == []
    assert len(refused(plan, "retention-shrink:b")) == 1
    assert len(refused(plan, "key-order")) == 1


def test_the_same_risk_on_many_is_one_sentence() -> None:
    plan = Plan("prod", "c", changes=(risky("a"), risky("b")))
    assert refused(plan) == [
        Refusal("risk retention-shrink on 2 resources is not accepted", "--accept retention-shrink")
    ]


def test_nothing_allows_a_never() -> None:
    plan = Plan("prod", "c", nevers=(Unsupported(topic_key("a"), "it is internal to Kafka and never deleted"),))
    assert refused(plan) == [Refusal("topic a may not be touched: it is internal to Kafka and never deleted", None)]


def test_one_reason_for_many_is_one_sentence() -> None:
    plan = Plan("prod", "c", nevers=tuple(Unsupported(topic_key(name), "it is outside `manage`") for name in "abcde"))
    said = "topic a, topic b, topic c and 2 more may not be touched: it is outside `manage`"
    assert refused(plan) == [Refusal(said, None)]


def test_a_change_outside_the_scope_of_now_is_refused_whoever_planned_it() -> None:
    own = scope(topics=("a",), principals=("User:x",), places={"principals": "policy.yaml:2"})
    ours, theirs = acl("x", "READ", "topic:a"), acl("y", "READ", "topic:a")
    swapped = Change(acl_key(ours), theirs, ours)
    changes = tuple(Change(topic_key(name), topic(1, 1), None) for name in "ab")
    plan = Plan("prod", "c", changes=(*changes, swapped, Change(acl_key(ours), None, ours)))
    said = [refusal.sentence for refusal in refusals(plan, Limits(), consent([], []), scopes=(scope(), own))]
    assert said == [
        "topic b may not be touched: it is not in `manage.topics` (a)",
        "acl User:x may READ topic a may not be touched: `User:y` is not in `manage.principals` of policy.yaml:2 (User:x)",
    ]


def test_a_deletion_that_is_protected_by_now_is_refused_whoever_planned_it() -> None:
    plan = Plan("prod", "c", changes=(*deletes(2), Change(topic_key("t1x"), topic(1, 1), topic(2, 1))))
    assert refusals(plan, Limits(), consent([], []), protect={"topics": ("t1*", "x")}) == [
        Refusal("topic t1 may not be touched: it is protected (`protect` in the settings) and never deleted", None)
    ]


def test_informing_risks_refuse_nothing() -> None:
    change = Change(topic_key("a"), topic(1, 1), topic(2, 1), (Risk("partitions-grow", "...", False),))
    assert refused(Plan("prod", "c", changes=(change,))) == []


def test_the_option_is_quoted_for_a_shell() -> None:
    binding = acl("a", "READ", "topic:t")
    assert accept_option("last-grant", Change(acl_key(binding), binding, None)) == (
        "--accept 'last-grant:User:a may READ topic t'"
    )


def test_a_risk_is_accepted_by_the_name_of_a_resource_with_colons() -> None:
    given = consent(["last-grant:User:a may READ topic t"], [])
    assert given == Consent(frozenset({("last-grant", "User:a may READ topic t")}))


@pytest.mark.parametrize(
    ("accept", "max_deletes", "said"),
    [
        (["retention"], [], '--accept retention: there is no blocking risk "retention"'),
        ([], ["topics"], "--max-deletes topics: expected KIND=NUMBER"),
        ([], ["topics=-1"], "--max-deletes topics=-1: expected KIND=NUMBER"),
        ([], ["topic=1"], "--max-deletes topic=1: expected KIND=NUMBER"),
        ([], ["topics=²"], "--max-deletes topics=²: expected KIND=NUMBER"),
    ],
)
def test_bad_consent_is_a_usage_error(accept: list[str], max_deletes: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        consent(accept, max_deletes)
    assert caught.value.message == said
