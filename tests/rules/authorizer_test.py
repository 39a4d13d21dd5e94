"""The offline authorizer, case by case, as StandardAuthorizerData decides; the broker's own word: authorizer_kafka_test."""

import time

import pytest

from kafka_gitops.authorizer import Authorizer, Request, Verdict, encloses
from kafka_gitops.model import Acl


def allow(operation: str, name: str, *, who: str = "User:a", host: str = "*", kind: str = "TOPIC") -> Acl:
    """A binding that allows; a name that ends in `*` is a prefix, a lone one the wildcard."""
    prefixed = name.endswith("*") and name != "*"
    return Acl(who, host, operation, "ALLOW", kind, "PREFIXED" if prefixed else "LITERAL", name.rstrip("*") or "*")


def deny(operation: str, name: str, *, who: str = "User:a", host: str = "*", kind: str = "TOPIC") -> Acl:
    """The same, denied."""
    return allow(operation, name, who=who, host=host, kind=kind)._replace(permission="DENY")


def may(operation: str, name: str, *acls: Acl, who: str = "User:a", host: str = "10.0.0.1") -> bool:
    """Whether these bindings let somebody do something with a topic."""
    return Authorizer(acls).decide(Request(who, operation, "TOPIC", name, host)).allowed


def test_nothing_is_allowed_without_a_binding() -> None:
    assert Authorizer(()).decide(Request("User:a", "READ", "TOPIC", "t")) == Verdict(False, None)


def test_the_verdict_names_the_binding() -> None:
    wide, denial = allow("READ", "t*"), deny("READ", "t.x")
    index = Authorizer((wide, denial))
    assert index.decide(Request("User:a", "READ", "TOPIC", "t.y")) == Verdict(True, wide)
    assert index.decide(Request("User:a", "READ", "TOPIC", "t.x")) == Verdict(False, denial)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("t", "t", True),
        ("t", "tt", False),
        ("t*", "t", True),
        ("t*", "tt", True),
        ("t*", "s", False),
        ("tt*", "t", False),
        ("*", "anything", True),
    ],
)
def test_literal_prefixed_and_wildcard_names(pattern: str, name: str, expected: bool) -> None:
    assert may("READ", name, allow("READ", pattern)) is expected


def test_a_prefix_that_is_a_star_is_no_wildcard() -> None:
    star = Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "PREFIXED", "*")
    assert not may("READ", "t", star)
    assert may("READ", "*t", star)


@pytest.mark.parametrize("operation", ["READ", "WRITE", "DELETE", "ALTER", "DESCRIBE", "ALL"])
def test_what_implies_describe(operation: str) -> None:
    assert may("DESCRIBE", "t", allow(operation, "t"))


@pytest.mark.parametrize("operation", ["CREATE", "DESCRIBE_CONFIGS", "ALTER_CONFIGS"])
def test_what_does_not_imply_describe(operation: str) -> None:
    assert not may("DESCRIBE", "t", allow(operation, "t"))


def test_alter_configs_implies_describe_configs_and_alter_does_not() -> None:
    assert may("DESCRIBE_CONFIGS", "t", allow("ALTER_CONFIGS", "t"))
    assert not may("DESCRIBE_CONFIGS", "t", allow("ALTER", "t"))


def test_a_denial_wins_wherever_it_stands_and_implies_nothing() -> None:
    assert not may("READ", "t", allow("READ", "t"), deny("READ", "*"))
    assert not may("READ", "t", deny("ALL", "t"), allow("READ", "*"))
    assert not may("READ", "t", allow("READ", "t"), deny("READ", "t", who="User:*"))
    assert may("DESCRIBE", "t", allow("READ", "t"), deny("READ", "t"))
    assert may("READ", "t", allow("READ", "t"), deny("DESCRIBE", "t"))


def test_hosts_and_principals_are_compared_as_text() -> None:
    assert may("READ", "t", allow("READ", "t", host="10.0.0.1"))
    assert not may("READ", "t", allow("READ", "t", host="10.0.0.2"))
    assert may("READ", "t", allow("READ", "t"), deny("READ", "t", host="10.0.0.2"))
    assert may("READ", "t", allow("READ", "t", who="User:*"), who="Group:g")
    assert not may("READ", "t", allow("READ", "t", who="User:a*"), who="User:ab")


def test_a_type_of_resource_is_not_another() -> None:
    assert not may("READ", "t", allow("READ", "t", kind="GROUP"))


def test_super_users_may_what_is_denied() -> None:
    index = Authorizer((deny("ALL", "*", who="User:root"),), super_users=("User:root",))
    assert index.decide(Request("User:root", "DELETE", "TOPIC", "t")) == Verdict(True, None)


def test_without_any_acl_a_resource_is_open_where_the_broker_says_so() -> None:
    index = Authorizer((allow("READ", "t*", who="User:b"), deny("READ", "s")), open_without_acl=True)
    asked = [(name, index.decide(Request("User:a", "WRITE", "TOPIC", name)).allowed) for name in ("t.x", "s", "other")]
    assert asked == [("t.x", False), ("s", False), ("other", True)]
    assert index.decide(Request("User:a", "READ", "GROUP", "t.x")).allowed
    assert (
        not Authorizer((allow("READ", "*"),), open_without_acl=True)
        .decide(Request("User:b", "READ", "TOPIC", "t"))
        .allowed
    )


def test_covering_finds_what_is_as_wide_or_wider() -> None:
    narrow = allow("READ", "t.a")
    wide = [allow("READ", "t.*"), allow("ALL", "*"), allow("READ", "t.a", who="User:*"), narrow]
    other = [allow("READ", "t.a", host="10.0.0.1"), allow("READ", "t.b"), allow("READ", "t.aa*"), deny("READ", "*")]
    assert set(Authorizer((*wide, *other)).covering(narrow)) == set(wide)
    assert set(Authorizer((*wide, *other)).covering(allow("DESCRIBE", "t.*"))) == {wide[0], wide[1]}
    assert set(Authorizer((*wide, *other)).covering(allow("ALL", "*"))) == {wide[1]}


def test_touching_finds_what_shares_a_resource_with_it() -> None:
    denial = deny("READ", "t.*")
    near = [allow("READ", "t.a"), allow("WRITE", "t*"), allow("READ", "t.a.*"), allow("READ", "*", who="User:*")]
    far = [
        allow("READ", "t"),
        allow("READ", "s*"),
        allow("READ", "t.a", who="User:b"),
        allow("READ", "t.a", kind="GROUP"),
    ]
    assert set(Authorizer((*near, *far)).touching(denial)) == set(near)
    assert set(Authorizer(near).touching(deny("READ", "x", who="User:*"))) == {near[3]}
    assert set(Authorizer(near).touching(deny("READ", "t.*", who="User:*"))) == set(near)
    hosts = [allow("READ", "t", host="10.0.0.1"), allow("READ", "t", host="10.0.0.2")]
    assert list(Authorizer(hosts).touching(deny("READ", "t", host="10.0.0.2"))) == [hosts[1]]


def test_a_binding_encloses_another() -> None:
    assert encloses(deny("READ", "t.*", who="User:*"), allow("WRITE", "t.a.*"))
    assert not encloses(deny("READ", "t.a", host="10.0.0.1"), allow("READ", "t.a"))
    assert not encloses(deny("READ", "t.a"), allow("READ", "t.*"))


def test_names_stand_for_all_that_begin_so() -> None:
    index = Authorizer((allow("READ", "t.a"), deny("READ", "t.b.*"), allow("READ", "s"), allow("READ", "*")))
    assert index.names("User:a", "TOPIC", "t.") == ["t.…", "t.a", "t.b.…"]
    assert index.names("User:b", "TOPIC", "") == ["…"]


def test_hosts_and_principals_that_stand_for_all() -> None:
    index = Authorizer((allow("READ", "t", host="10.0.0.1"), allow("READ", "t", who="User:*"), deny("READ", "t")))
    assert index.hosts("User:a", "TOPIC") == ["…", "10.0.0.1"]
    assert index.hosts("User:a", "GROUP") == ["…"]
    assert index.principals("User:b") == ["User:b"]
    assert index.principals("User:*") == ["User:…", "User:a"]


def test_forty_thousand_bindings_are_quick() -> None:
    acls = [
        allow("READ", f"team-{number % 400}.{number}{'*' * (number % 2)}", who=f"User:{number % 900}")
        for number in range(40_000)
    ]
    started = time.perf_counter()
    index = Authorizer(acls)
    allowed = sum(index.decide(Request(acl.principal, "DESCRIBE", "TOPIC", acl.name + "x")).allowed for acl in acls)
    assert allowed == 20_000
    assert time.perf_counter() - started < 5
