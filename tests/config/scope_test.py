"""What lies inside `manage`, and what does not."""

import pytest
from making import acl, scope

from kafka_gitops.scope import acl_fence, acl_inside, all_topics, topic_inside
from kafka_gitops.settings import Scope

PAY = scope(topics=("pay.*", "lent"), groups=("pay-*",), principals=("User:pay-*", "User:ops"))


@pytest.mark.parametrize(
    ("name", "inside"), [("pay.a", True), ("pay.", True), ("pay", False), ("lent", True), ("lent2", False)]
)
def test_topics_match_exactly_or_by_prefix(name: str, inside: bool) -> None:
    assert topic_inside((PAY,), name) is inside


def test_every_scope_must_have_it() -> None:
    assert topic_inside((), "x")
    assert topic_inside((PAY, scope(topics=("*",))), "pay.a")
    assert topic_inside((PAY, scope()), "pay.a")
    assert not topic_inside((PAY, scope(topics=("pay.b",))), "pay.a")
    assert not topic_inside((scope(topics=()),), "pay.a")


@pytest.mark.parametrize(
    ("resource", "inside"),
    [
        ("topic:pay.a", True),
        ("topic:pay.a*", True),
        ("topic:pay.*", True),
        ("topic:pay*", False),
        ("topic:lent", True),
        ("topic:lent*", False),
        ("topic:*", False),
        ("group:pay-1", True),
        ("group:*", False),
        ("group:other", False),
        ("transactional_id:any", True),
        ("transactional_id:*", True),
        ("cluster", False),
        ("user:User:pay-1", True),
        ("user:User:pay-*", True),
        ("user:User:admin", False),
        ("user:User:*", False),
        ("user:*", False),
        ("delegation_token:any", False),
        ("delegation_token:*", False),
        ("new_type:pay.a", False),
    ],
)
def test_a_binding_is_judged_by_its_name(resource: str, inside: bool) -> None:
    assert acl_inside((PAY,), acl("pay-1", "READ", resource)) is inside


@pytest.mark.parametrize(
    "scope", [scope(topics=()), scope(groups=()), scope(transactional_ids=()), scope(principals=("User:a*",))]
)
@pytest.mark.parametrize("resource", ["cluster", "user:User:a", "delegation_token:t", "new_type:x"])
def test_what_no_list_names_is_outside_once_any_list_is_stated(scope: Scope, resource: str) -> None:
    inside = scope.get("principals") is not None and resource.startswith("user")
    assert acl_inside((scope,), acl("a", "DESCRIBE", resource)) is inside
    assert acl_inside((), acl("a", "DESCRIBE", resource))


@pytest.mark.parametrize("scope", [scope(cluster=("CREATE",)), scope(delegation_tokens=("t*",))])
def test_the_new_lists_leave_topics_groups_and_ids_open(scope: Scope) -> None:
    for resource in ("topic:x", "group:*", "transactional_id:x*"):
        assert acl_inside((scope,), acl("a", "READ", resource))


@pytest.mark.parametrize(
    ("operation", "other", "stated", "inside"),
    [
        ("CREATE", {}, ("CREATE",), True),
        ("CREATE", {}, (), False),
        ("CREATE", {}, None, False),
        ("ALTER", {}, ("CREATE",), False),
        ("ALL", {}, ("CREATE", "ALTER", "DESCRIBE"), False),
        ("ALTER", {}, ("ALL",), True),
        ("IDEMPOTENT_WRITE", {}, None, True),
        ("IDEMPOTENT_WRITE", {}, (), True),
        ("IDEMPOTENT_WRITE", {"permission": "DENY"}, None, False),
        ("CREATE", {"permission": "DENY"}, None, False),
        ("CREATE", {"permission": "DENY"}, ("CREATE",), True),
        ("CREATE", {"pattern_type": "PREFIXED", "name": "kafka-"}, None, False),
        ("CREATE", {"name": "*"}, None, False),
    ],
)
def test_the_cluster_is_judged_by_the_operation(
    operation: str, other: dict[str, str], stated: tuple[str, ...] | None, inside: bool
) -> None:
    own = scope(topics=("pay.*",)) if stated is None else scope(topics=("pay.*",), cluster=stated)
    assert acl_inside((own,), acl("a", operation, "cluster", **other)) is inside


def test_delegation_tokens_by_their_names() -> None:
    own = scope(delegation_tokens=("t-*", "one"))
    named = {"t-1": True, "t-*": True, "one": True, "one*": False, "two": False, "*": False}
    assert {name: acl_inside((own,), acl("a", "DESCRIBE", f"delegation_token:{name}")) for name in named} == named


def test_the_narrower_of_two_scopes_counts() -> None:
    wide, narrow = scope(cluster=("ALL",), delegation_tokens=("*",), principals=("*",)), scope(topics=("pay.*",))
    for resource in ("cluster", "delegation_token:t", "user:User:a"):
        assert acl_inside((wide,), acl("a", "ALL", resource))
        assert not acl_inside((wide, narrow), acl("a", "ALL", resource))
        assert not acl_inside((narrow, wide), acl("a", "ALL", resource))


def test_a_binding_is_judged_by_its_principal() -> None:
    open_cluster = scope(principals=("User:ops",), cluster=("CREATE",))
    assert acl_inside((open_cluster,), acl("ops", "CREATE", "cluster"))
    assert not acl_inside((PAY,), acl("ops2", "READ", "topic:pay.a"))
    assert not acl_inside((open_cluster,), acl("other", "CREATE", "cluster"))
    assert not acl_inside((open_cluster,), acl("other", "IDEMPOTENT_WRITE", "cluster"))
    assert not acl_inside((open_cluster,), acl("*", "CREATE", "cluster"))


PLACES = {"": "policy.yaml:2", "topics": "policy.yaml:2", "principals": "policy.yaml:4"}


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ("topic:x", "it is not in `manage.topics` of policy.yaml:2 (pay.*, lent)"),
        ("cluster", "ALTER on the cluster is not in `manage.cluster` of policy.yaml:2 (not stated)"),
        ("user:User:x", "`User:x` is not in `manage.principals` of policy.yaml:4 (User:pay-*, User:ops)"),
        ("delegation_token:x", "it is not in `manage.delegation_tokens` of policy.yaml:2 (not stated)"),
        ("new_type:x", "no list of `manage` of policy.yaml:2 is about a NEW_TYPE"),
    ],
)
def test_the_fence_is_named(resource: str, said: str) -> None:
    fence = acl_fence((PAY._replace(places=PLACES),), acl("ops", "ALTER", resource))
    assert fence is not None
    assert fence.reason() == said


@pytest.mark.parametrize(
    ("scopes", "all_"),
    [
        ((), False),
        ((scope(),), False),
        ((scope(topics=("*",)),), True),
        ((scope(topics=("a", "*")), scope(principals=("x",))), True),
        ((scope(topics=("*",)), scope(topics=("a*",))), False),
        ((scope(topics=()),), False),
    ],
)
def test_whose_are_all_topics(scopes: tuple[Scope, ...], all_: bool) -> None:
    assert all_topics(scopes) is all_


def test_the_wildcard_needs_the_wildcard() -> None:
    assert acl_inside((scope(topics=("*",)),), acl("a", "READ", "topic:*"))
    assert acl_inside((scope(topics=("*",)),), acl("a", "READ", "topic:x*"))
    assert not acl_inside((scope(topics=("a*", "b*")),), acl("a", "READ", "topic:*"))
