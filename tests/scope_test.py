"""What lies inside `manage`, and what does not."""

import pytest
from making import acl

from kafka_gitops.scope import acl_inside, topic_inside
from kafka_gitops.settings import Scope

PAY = Scope(topics=("pay.*", "lent"), groups=("pay-*",), principals=("User:pay-*", "User:ops"))


@pytest.mark.parametrize(
    ("name", "inside"), [("pay.a", True), ("pay.", True), ("pay", False), ("lent", True), ("lent2", False)]
)
def test_topics_match_exactly_or_by_prefix(name: str, inside: bool) -> None:
    assert topic_inside((PAY,), name) is inside


def test_every_scope_must_have_it() -> None:
    assert topic_inside((), "x")
    assert topic_inside((PAY, Scope(topics=("*",))), "pay.a")
    assert topic_inside((PAY, Scope()), "pay.a")
    assert not topic_inside((PAY, Scope(topics=("pay.b",))), "pay.a")
    assert not topic_inside((Scope(topics=()),), "pay.a")


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
        ("cluster", True),
    ],
)
def test_a_binding_is_judged_by_its_name(resource: str, inside: bool) -> None:
    assert acl_inside((PAY,), acl("pay-1", "READ", resource)) is inside


def test_a_binding_is_judged_by_its_principal() -> None:
    assert acl_inside((PAY,), acl("ops", "READ", "cluster"))
    assert not acl_inside((PAY,), acl("ops2", "READ", "topic:pay.a"))
    assert not acl_inside((PAY,), acl("other", "CREATE", "cluster"))


def test_the_wildcard_needs_the_wildcard() -> None:
    assert acl_inside((Scope(topics=("*",)),), acl("a", "READ", "topic:*"))
    assert acl_inside((Scope(topics=("*",)),), acl("a", "READ", "topic:x*"))
    assert not acl_inside((Scope(topics=("a*", "b*")),), acl("a", "READ", "topic:*"))
