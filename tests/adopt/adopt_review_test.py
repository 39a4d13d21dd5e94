"""What a reviewer is told to look at, and the `manage:` block that bounds what was taken over."""

from hypothesis import given, settings
from inventories import inventories
from making import acl

from kafka_gitops.adopt import bounds, proof
from kafka_gitops.adopt.files import made
from kafka_gitops.adopt.inventory import Inventory, Left, Shape
from kafka_gitops.adopt.review import looks
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Acl, Key, Spec, Topic, acl_key, topic_key
from kafka_gitops.settings import Language, Scope, Settings


def inventory(*acls: Acl, topics: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> Inventory:
    specs: dict[Key, Spec] = {topic_key(name): Topic(1, 3, {}) for name in topics}
    return Inventory({**specs, **{acl_key(one): one for one in acls}}, tuple(Left(one, "Kafka's own") for one in left))


def test_the_widest_rights_come_first() -> None:
    found = inventory(
        *(acl("app", operation, "topic:acme.*") for operation in ("READ", "WRITE")),
        acl("app", "READ", "topic:acme.pay.*"),
        acl("app", "READ", "topic:acme.pay.orders"),
        acl("admin", "ALTER", "cluster"),
        acl("app", "IDEMPOTENT_WRITE", "cluster"),
        acl("*", "DESCRIBE", "topic:acme.pay.orders"),
        acl("app", "READ", "group:*"),
        acl("app", "READ", "group:app*"),
        topics=("acme.pay.orders", "acme.pay.refunds", "acme.ship.parcels", "other"),
    )
    assert [tuple(one) for one in looks(found)] == [
        ("rights that reach far", "User:* may DESCRIBE topic acme.pay.orders", ""),
        ("rights that reach far", "User:admin may ALTER cluster", ""),
        ("rights that reach far", "User:app may READ group *", ""),
        ("rights that reach far", "User:app may READ, WRITE topic acme.*", "3 of 4 topics"),
        ("rights that reach far", "User:app may READ topic acme.pay.*", "2 of 4 topics"),
        ("rights that reach far", "User:app may READ group app*", ""),
    ]


def test_topics_with_one_replica() -> None:
    specs = {topic_key(name): Topic(1, copies, {}) for name, copies in (("b", 1), ("a", 1), ("c", 3))}
    assert [one.what for one in looks(Inventory(specs))] == ["a", "b"]


def test_rights_that_match_nothing_today() -> None:
    rights = (
        acl("app", "READ", "topic:gone"),
        acl("app", "DESCRIBE", "topic:gone"),
        acl("app", "READ", "topic:__consumer_offsets"),
        acl("app", "READ", "topic:next.*"),
        acl("app", "READ", "group:app"),
        acl("app", "READ", "group:batch*"),
    )
    found = inventory(*rights, topics=("orders",), left=("topic __consumer_offsets",))
    nowhere = [
        f"{one.what}: {one.more}" for one in looks(found) if one.about == "rights that match nothing there today"
    ]
    assert nowhere == [
        "User:app on topic gone: there is no such topic today",
        "User:app on topic next.*: there is no such topic today",
    ]
    known = [
        one.what for one in looks(found, topics=("gone", "next.1"), groups=("batch-7",)) if one.about.endswith("today")
    ]
    assert known == ["User:app on group app", "User:app on topic __consumer_offsets"]


def test_names_that_begin_alike_become_a_pattern_where_nothing_that_was_left_begins_so() -> None:
    topics = (*(f"{team}.{name}" for team in ("pay", "ship") for name in ("a", "b", "c")), "alone.a")
    assert bounds.manage(inventory(topics=topics)) == {"topics": ["alone.a", "pay.*", "ship.*"]}
    left = inventory(topics=topics, left=("topic ship.mirrored",))
    assert bounds.manage(left) == {"topics": ["alone.a", "pay.*", "ship.a", "ship.b", "ship.c"]}


def test_the_block_as_the_config_has_it() -> None:
    rights = (acl("pay", "READ", "topic:pay.*"), acl("pay", "READ", "group:pay"), acl("pay", "CREATE", "cluster"))
    assert [*bounds.lines(bounds.manage(inventory(*rights, topics=("pay.a", "other"))))] == [
        "manage:",
        '  topics: [other, "pay.*"]',
        "  groups: [pay]",
        '  principals: ["User:pay"]',
        "  cluster: [CREATE]",
    ]


@settings(max_examples=40, deadline=None)
@given(inventories())
def test_with_that_block_nothing_is_outside(found: Inventory) -> None:
    scope = Scope({name: tuple(patterns) for name, patterns in bounds.manage(found).items()})
    topology = proof.read(made(found, Shape(), Language()), Language())
    said = lint.run(topology, Settings(scopes=(scope,)))
    assert [str(one.message) for one in said if one.rule == "outside-scope"] == []
