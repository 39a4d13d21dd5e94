"""A role is written where it gives exactly what a principal has; what differs by one binding stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventories import LANGUAGES, inventories, within

from kafka_gitops.adopt import proof
from kafka_gitops.adopt.files import made
from kafka_gitops.adopt.inventory import Inventory, Shape
from kafka_gitops.descriptor import roles
from kafka_gitops.model import Acl, Key, Spec, Topic, acl_key, topic_key
from kafka_gitops.settings import Language

TOPICS = ("acme.pay.a", "acme.pay.b", "acme.ship.c", "legacy")
INTERNAL = ("connect-status", "connect-offsets", "connect-configs")
WHO = "User:x"


def lines(*acls: Acl, language: Language = Language(), topics: tuple[str, ...] = TOPICS) -> list[str]:  # noqa: B008
    """The lines of the file but those of topics without rights, context and names of projects."""
    specs: dict[Key, Spec] = {topic_key(name): Topic(None, None, {}) for name in topics}
    (found,) = made(Inventory({**specs, **{acl_key(acl): acl for acl in acls}}), Shape(), language)
    dull = ("context: ", "projects:", "- name: ", "  topics:", "  - {name: ", "special_topics:", "- {name: ")
    return [line for line in found.text.splitlines() if not line.startswith(dull)]


def consumer(*topics: str, group: str | None = "g") -> list[Acl]:
    return [*roles.consumer(WHO, topics, group)]


def test_of_all_topics_of_a_project_and_of_some() -> None:
    assert lines(*consumer("acme.pay.a", "acme.pay.b")) == ["  consumers:", '  - {principal: "User:x", group: g}']
    assert lines(*consumer("acme.pay.a", "acme.ship.c", group=None)) == [
        "  - name: a",
        '    consumers: [{principal: "User:x"}]',
        "  - name: c",
        '    consumers: [{principal: "User:x"}]',
    ]
    assert lines(*consumer("legacy", group="g*")) == ['  consumers: [{principal: "User:x", group: "g*"}]']


@pytest.mark.parametrize("index", range(3))
def test_without_one_binding_there_is_no_consumer(index: int) -> None:
    given = consumer("acme.pay.a")
    del given[index]
    assert not any("consumers" in line for line in lines(*given))


def test_what_is_beside_a_role_stays() -> None:
    more = Acl(WHO, "*", "ALTER", "ALLOW", "TOPIC", "LITERAL", "acme.pay.a")
    assert lines(*consumer("acme.pay.a"), more) == [
        "  - name: a",
        '    consumers: [{principal: "User:x", group: g}]',
        "  acls:",
        '  - {principals: ["User:x"], allow: [ALTER], topics: [acme.pay.a]}',
    ]


def test_two_groups_tell_nothing_of_who_reads_what_where() -> None:
    other = Acl(WHO, "*", "READ", "ALLOW", "GROUP", "LITERAL", "h")
    assert lines(*consumer("acme.pay.a", "acme.ship.c"), other) == [
        "acls:",
        '- {principals: ["User:x"], allow: [READ, DESCRIBE], topics: [acme.pay.a, acme.ship.c]}',
        '- {principals: ["User:x"], allow: [READ], groups: [g, h]}',
    ]


@pytest.mark.parametrize(
    ("transaction", "idempotent", "said"),
    [
        (None, False, ""),
        (None, True, ", idempotence: true"),
        ("tx", True, ", transactionId: tx"),
        ("tx*", True, ', transactionId: "tx*"'),
        ("*", True, ', transactionId: "*"'),
    ],
)
def test_producers(transaction: str | None, idempotent: bool, said: str) -> None:
    given = roles.producer(WHO, ["acme.pay.a", "acme.pay.b"], transaction, idempotent=idempotent)
    assert lines(*given) == ["  producers:", f'  - {{principal: "User:x"{said}}}']


def test_a_literal_transactional_id_that_ends_in_a_star_is_no_part_of_a_role() -> None:
    given = [
        one._replace(name="tx*", pattern_type="LITERAL") if one.resource_type == "TRANSACTIONAL_ID" else one
        for one in roles.producer(WHO, ["legacy"], "tx", idempotent=True)
    ]
    assert lines(*given) == [
        '  producers: [{principal: "User:x", idempotence: true}]',
        "acls:",
        '- {principals: ["User:x"], allow: [WRITE, DESCRIBE], transactional_ids: [{literal: "tx*"}]}',
    ]


def test_streams_with_the_prefix_of_a_project_or_an_id_of_their_own() -> None:
    own = roles.streams(WHO, "acme.pay.", ["legacy"], ["acme.ship.c"], exactly_once=True)
    assert lines(*own) == [
        "  streams:",
        '  - {principal: "User:x", topics: {read: [legacy], write: [acme.ship.c]}, exactlyOnce: true}',
    ]
    named = roles.streams(WHO, "app", ["legacy"], [], exactly_once=False)
    assert lines(*named) == ["  streams:", '  - {principal: "User:x", applicationId: app, topics: {read: [legacy]}}']


def test_connect_workers_by_the_names_of_their_topics() -> None:
    usual = roles.connector(WHO, INTERNAL, "connect-cluster", ["acme.pay.a"], [], creates_topics=True)
    assert lines(*usual) == ["  connectors:", '  - {principal: "User:x", topics: {read: [acme.pay.a]}}']
    own = ("c-status", "c-offsets", "c-configs")
    named = roles.connector(WHO, own, "c", [], ["legacy"], creates_topics=True)
    assert (
        lines(*named)
        == [
            "  connectors:",
            '  - principal: "User:x"',
            "    group: c",
            "    status_topic: c-status",
            "    offset_topic: c-offsets",
            "    configs_topic: c-configs",
            "    topics: {write: [legacy]}",
        ]
        or len(lines(*named)) == 2
    )
    assert not any(
        "connectors" in line for line in lines(*roles.connector(WHO, ("a", "b", "c"), "g", [], [], creates_topics=True))
    )
    without = Language(connector_topic_create=False)
    assert any("connectors" in line for line in lines(*usual, language=without))
    assert [*lines(*usual, language=without)][-1] == '- {principals: ["User:x"], allow: [CREATE], cluster: true}'


def test_with_prefixes_for_whole_projects() -> None:
    optimized = Language(optimized_acls=True)
    given = roles.consumer(WHO, (), "g", prefix="acme.pay.")
    assert lines(*given, language=optimized) == ["  consumers:", '  - {principal: "User:x", group: g}']
    assert not any("consumers" in line for line in lines(*given))


@settings(max_examples=60, deadline=None)
@given(inventories(), LANGUAGES)
def test_no_binding_is_given_by_a_role_and_by_itself(inventory: Inventory, language: Language) -> None:
    found = proof.read(made(within(inventory, language), Shape(), language), language)
    by_roles = {acl for grant in found.grants if grant.role != "acl" for acl in grant.acls}
    explicit = [acl for grant in found.grants if grant.role == "acl" for acl in grant.acls]
    assert not by_roles & set(explicit)
    assert len(explicit) == len(set(explicit))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_a_role_gives_comes_back_as_that_role(data: st.DataObject) -> None:
    topics = data.draw(st.lists(st.sampled_from(TOPICS), min_size=1, unique=True))
    group = data.draw(st.sampled_from((None, "*", "g", "g*", "a, b", "null")))
    assert not any("acls" in line for line in lines(*roles.consumer(WHO, topics, group)))
    transaction = data.draw(st.sampled_from((None, "t", "t*")))
    assert not any("acls" in line for line in lines(*roles.producer(WHO, topics, transaction, idempotent=True)))
