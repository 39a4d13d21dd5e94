"""An estate cut by teams: what is whose, what is nobody's, and nothing that two may touch."""

import os
from collections.abc import Iterable
from random import Random

import pytest
from dealing import dealt
from making import acl, topic
from wild import Wild

from kafka_gitops.adopt import proof
from kafka_gitops.adopt.files import made
from kafka_gitops.adopt.inventory import Inventory, Left, Shape
from kafka_gitops.adopt.teams import Division, divided
from kafka_gitops.adopt.teams_file import Team, overlap, read
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.acl.census import unsaid
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.kinds.quota.spec import Quota
from kafka_gitops.kinds.quota.spec import key as quota_key
from kafka_gitops.kinds.schema.spec import Schema, key_of
from kafka_gitops.kinds.user.spec import Credential, User
from kafka_gitops.model import Acl, Key, Spec, acl_key, topic_key
from kafka_gitops.settings import Language
from kafka_gitops.text.source import parse

COUNT = 300 if os.environ.get("KAFKA_GITOPS_LONG") else 20
TWO = """\
teams:
  payments:
    topics: ["acme.pay.*"]
    principals: ["User:pay-*"]
  orders:
    topics: [acme.orders.placed]
    principals: ["User:orders-*"]
    groups: ["shared-*"]
    cluster: [CREATE]
"""


def teams(text: str) -> list[Team]:
    found, problems = read(parse("teams.yaml", text))
    assert problems == []
    return found


def said(text: str) -> list[str]:
    return [f"{one.span}: {one.message} ({one.help})" for one in read(parse("teams.yaml", text))[1]]


def inventory(*specs: Acl | str, others: dict[Key, Spec] | None = None) -> Inventory:
    found: dict[Key, Spec] = dict(others or {})
    for one in specs:
        found[topic_key(one) if isinstance(one, str) else acl_key(one)] = topic(1, 1) if isinstance(one, str) else one
    return Inventory(found)


def cut(*specs: Acl | str, text: str = TWO, others: dict[Key, Spec] | None = None) -> Division:
    return divided(inventory(*specs, others=others), teams(text))


def names(found: Division, team: str) -> list[str]:
    return [str(key) for key in found.parts[team].specs]


def rest(found: Division) -> list[str]:
    return [f"{one.what}: {one.why}" for one in found.rest]


def test_topics_are_whose_the_pattern_is() -> None:
    found = cut("acme.pay.a", "acme.orders.placed", "acme.orders.other")
    assert (names(found, "payments"), names(found, "orders")) == (["topic acme.pay.a"], ["topic acme.orders.placed"])
    assert rest(found) == ["topic acme.orders.other: no team claims it"]


def test_a_right_on_a_topic_is_the_owners_whoever_gets_it() -> None:
    mine, foreign = acl("pay-svc", "READ", "topic:acme.pay.a"), acl("pay-svc", "READ", "topic:acme.orders.placed")
    found = cut(mine, foreign, acl("pay-svc", "READ", "topic:acme.*"), acl("pay-svc", "READ", "topic:*"))
    assert (names(found, "payments"), names(found, "orders")) == ([f"acl {mine}"], [f"acl {foreign}"])
    assert found.foreign == [Left(f"acl {foreign}", "orders states it for payments")]
    assert rest(found) == [
        "acl User:pay-svc may READ topic *: it is on every topic, and no team has all",
        "acl User:pay-svc may READ topic acme.*: no team claims all that begins with this prefix",
    ]


def test_a_group_that_no_list_names_is_the_teams_of_its_principal() -> None:
    found = cut(acl("pay-svc", "READ", "group:billing"), acl("pay-svc", "READ", "group:pay-*"))
    assert len(names(found, "payments")) == 2
    assert found.parts["payments"].manage["groups"] == ("billing", "pay-*")
    assert found.parts["orders"].manage["groups"] == ("shared-*",)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (acl("orders-svc", "READ", "group:billing"), "orders, payments use names of billing"),
        (acl("orders-svc", "READ", "group:bil*"), "orders, payments use names of billing"),
        (acl("pay-svc", "READ", "group:*"), "it is on every group, and no team has all"),
        (acl("stranger", "READ", "group:x"), "its principal is no team's"),
        (acl("pay-svc", "READ", "group:shar*"), "orders, payments use names of shar*"),
        (acl("pay-svc", "ALTER", "cluster"), "no team lists ALTER under `cluster`"),
        (acl("stranger", "IDEMPOTENT_WRITE", "cluster"), "its principal is no team's"),
    ],
)
def test_what_two_use_and_what_nobody_has_is_told(other: Acl, why: str) -> None:
    found = cut(acl("pay-svc", "READ", "group:billing"), acl("pay-svc", "READ", "group:own"), other)
    assert why in [one.why for one in found.rest]
    assert "acl User:pay-svc may READ group own" in names(found, "payments")


def test_a_listed_group_is_whose_list_it_is() -> None:
    right = acl("pay-svc", "READ", "group:shared-1")
    found = cut(right, acl("pay-svc", "CREATE", "cluster"), acl("pay-svc", "IDEMPOTENT_WRITE", "cluster"))
    assert names(found, "orders") == ["acl User:pay-svc may CREATE cluster", f"acl {right}"]
    assert names(found, "payments") == ["acl User:pay-svc may IDEMPOTENT_WRITE cluster"]


def test_quotas_users_subjects_follow_from_principals_and_topics() -> None:
    entity = (("user", "pay-svc"),)
    others: dict[Key, Spec] = {
        quota_key(entity): Quota(entity, {"producer_byte_rate": "5"}),
        Key("user", "orders-svc"): User({"SCRAM-SHA-512": Credential(4096, "X")}),
        key_of("acme.pay.a-value"): Schema("AVRO", '"string"'),
        key_of("acme.orders.placed-key"): Schema("AVRO", '"string"'),
        key_of("acme.orders.placed"): Schema("AVRO", '"string"'),
    }
    found = cut(others=others)
    assert names(found, "payments") == ["quota user=pay-svc", "schema acme.pay.a-value"]
    assert names(found, "orders") == ["schema acme.orders.placed-key", "user orders-svc"]
    assert rest(found) == ["schema acme.orders.placed: no team claims it"]
    assert found.parts["payments"].manage == {
        "topics": ("acme.pay.*",),
        "groups": (),
        "transactional_ids": (),
        "users": ("pay-*",),
        "quota_users": ("pay-*",),
        "subjects": ("acme.pay.*",),
    }


def test_a_connector_brings_its_class_and_its_secrets_and_stays_within_its_teams_topics() -> None:
    text = TWO.replace("  orders:", "    connectors: [pay-*]\n  orders:")
    secret = {"connector.class": "x.Sink", "topics": "acme.pay.a", "password": "${file:/etc/pay:p}"}
    others: dict[Key, Spec] = {
        Key("connector", "main/pay-sink"): Connector(secret),
        Key("connector", "main/pay-other"): Connector({"connector.class": "x.Sink", "topics": "acme.orders.placed"}),
    }
    found = cut(text=text, others=others)
    assert names(found, "payments") == ["connector main/pay-sink"]
    assert found.parts["payments"].manage["connector_classes"] == ("x.Sink",)
    assert found.parts["payments"].manage["secrets"] == ("file:/etc/pay:p",)
    assert rest(found) == [
        "connector main/pay-other: payments claims it, and it uses topic acme.orders.placed: it is not in "
        "`manage.topics` (acme.pay.*)"
    ]


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("a*", "ab", True),
        ("ab", "a*", True),
        ("ab*", "a", False),
        ("ab*", "a*", True),
        ("a*", "ab*", True),
        ("a*", "b*", False),
        ("*", "x", True),
        ("*", "x*", True),
    ],
)
def test_patterns_meet(one: str, other: str, meet: bool) -> None:
    assert overlap(one, other) is meet


def test_what_two_teams_claim_is_an_error_with_both_places_once() -> None:
    text = "teams:\n  a: {topics: [x.*], principals: ['User:x']}\n  b: {topics: [x.y], principals: ['User:*']}\n"
    help = "narrow one of the two: what belongs to both is nobody's own"
    assert said(text) == [
        f'teams.yaml:3:16: the team "b" claims topics x.y, and "a" claims x.* in teams.yaml:2:16 ({help})',
        f'teams.yaml:3:35: the team "b" claims principals User:*, and "a" claims User:x in teams.yaml:2:35 ({help})',
    ]
    assert said("teams: {a: {cluster: [create]}, b: {cluster: [ALL]}}")[0].startswith('teams.yaml:1:47: the team "b"')
    assert said("teams: {a: {cluster: [create]}, b: {cluster: [ALTER]}}") == []


def test_a_subject_that_two_topics_may_mean_is_whose_topic_is_named() -> None:
    text = "teams:\n  a: {topics: [orders]}\n  b: {topics: [orders-*, x-*]}\n"
    found = cut(
        text=text, others={key_of(name): Schema("AVRO", '"int"') for name in ("orders-key", "x-key", "orders-x")}
    )
    assert (names(found, "a"), names(found, "b")) == (["schema orders-key"], ["schema x-key"])
    assert rest(found) == ["schema orders-x: no team claims it"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("teams: {}", "teams.yaml:1:8: this file has no team (write teams: {payments: {...}})"),
        ("team: {}", 'teams.yaml:1:1: a file of teams has no key "team"'),
        ("teams: {'a/b': {}}", 'teams.yaml:1:9: the team "a/b" cannot be the name of a folder'),
        ("teams: {a: {grops: []}}", 'teams.yaml:1:13: a team has no key "grops" (did you mean "groups"?'),
        ("teams: {a: {topics: x}}", 'teams.yaml:1:21: found text, "x", expected a list of patterns'),
        ("[", "teams.yaml:1:2"),
        ("", "teams.yaml:1:1: a file of teams needs the key"),
    ],
)
def test_a_broken_file_has_its_places(text: str, expected: str) -> None:
    assert said(text)[0].startswith(expected)


def wild(seed: int) -> tuple[Inventory, list[Team]]:
    """An estate that nobody planned, dealt to three teams."""
    found = Wild(seed, "/tmp")
    specs: dict[Key, Spec] = {topic_key(name): found.topics[name] for name in found.own}
    specs |= {acl_key(one): one for one in found.acls if unsaid(one) is None}
    specs |= {
        quota_key(entity): Quota(entity, {limit: str(int(value)) for limit, value in limits.items()})
        for entity, limits in found.quotas.items()
        if not any(str(value).startswith("User:") for _, value in entity)
    }
    specs |= {Key("user", name): User({one: Credential(4096, "X")}) for name, one in found.users}
    random = Random(seed)
    named = lists(specs.values())
    text = dealt(
        random,
        topics=[*found.own, *named["TOPIC"]],
        groups=random.sample(sorted(named["GROUP"]), len(named["GROUP"]) // 2),
        principals=[one.principal for one in found.acls] + [f"User:{name}" for name, _ in found.users],
        delegation_tokens=named["DELEGATION_TOKEN"],
        ips=[str(value) for entity in found.quotas for kind, value in entity if kind == "ip"],
    )
    return Inventory(specs, (Left("topic __x", "Kafka's own"),)), teams(text)


def lists(specs: Iterable[Spec]) -> dict[str, list[str]]:
    """The names of the resources of rights by their types."""
    found: dict[str, list[str]] = {name: [] for name in ("TOPIC", "GROUP", "DELEGATION_TOKEN")}
    for one in specs:
        if isinstance(one, Acl):
            found.setdefault(one.resource_type, []).append(one.name)
    return found


def test_the_parts_and_the_rest_are_the_estate_and_no_two_scopes_have_the_same() -> None:
    kept = 0
    for seed in range(COUNT):
        estate, those = wild(seed)
        found = divided(estate, those)
        told = [one.what for one in found.rest]
        own = [str(key) for part in found.parts.values() for key in part.specs]
        assert sorted([*own, *told]) == sorted([*map(str, estate.specs), "topic __x"]), seed
        kept += len(own)
        for name, part in found.parts.items():
            for key, spec in part.specs.items():
                inside = [
                    other
                    for other, one in found.parts.items()
                    if KINDS[key.kind].outside((one.scope,), key, spec) is None
                ]
                assert inside == [name] or "IDEMPOTENT_WRITE" in key.name, (seed, key)
            if part.specs:
                files = made(Inventory(part.specs), Shape(), Language())
                assert proof.read(files, Language()).state.keys() == part.specs.keys()
    assert kept > 10 * COUNT
