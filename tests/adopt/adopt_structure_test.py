"""Which topics are those of projects: by the names, by the settings, and never under another name."""

import time
from collections.abc import Sequence

import pytest

from kafka_gitops.adopt import structure
from kafka_gitops.adopt.advice import advice
from kafka_gitops.adopt.files import made
from kafka_gitops.adopt.inventory import Inventory, Shape
from kafka_gitops.model import Acl, Key, Spec, Topic, acl_key, topic_key
from kafka_gitops.settings import Dlq, Language, Naming

DEFAULT = Language()


def placed(names: Sequence[str], language: Language = DEFAULT, context: str | None = None) -> list[str]:
    """`CONTEXT/.../PROJECT: TOPIC, ...` of the simplest structure, and the special topics behind `-`."""
    topics = {name: Topic(1, 1, {}) for name in names}
    found = next(structure.candidates(topics, (), context, language))
    told: dict[str, list[str]] = {}
    for name in sorted(names):
        at = found.places.get(name)
        where = "/".join((*(value for _, value in at[0].hierarchy), at[0].name)) if at else "-"
        told.setdefault(where, []).append(at[1] if at else name)
    return [f"{where}: {', '.join(own)}" for where, own in sorted(told.items())]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("acme.pay.orders", "acme.pay.orders.v2"), ["acme/pay: orders, orders.v2"]),
        (("acme.pay.a", "acme.ship.b", "legacy", "acme.x"), ["-: acme.x, legacy", "acme/pay: a", "acme/ship: b"]),
        (("acme.pay.a", "acme.pay.b", "shop.x.c"), ["-: shop.x.c", "acme/pay: a, b"]),
        (("acme-pay-a", "acme-pay-b"), ["-: acme-pay-a, acme-pay-b"]),
        (("acme..a", ".acme.b.c", "acme.b.", "__consumer.x.y"), ["-: .acme.b.c, __consumer.x.y, acme..a, acme.b."]),
        (("a.b.c", *(f"t{number}" for number in range(9))), ["-: a.b.c, t0, t1, t2, t3, t4, t5, t6, t7, t8"]),
    ],
)
def test_by_the_first_parts_of_the_names(names: Sequence[str], expected: list[str]) -> None:
    assert placed(names) == expected


def test_another_separator() -> None:
    language = Language(Naming(separator="-"))
    assert placed(("acme-pay-a", "acme-pay-b.c", "acme.pay.x"), language) == ["-: acme.pay.x", "acme/pay: a, b.c"]


def test_many_contexts() -> None:
    names = ("acme.pay.a", "acme.pay.b", "shop.x.c", "shop.x.d", "lone.y.z")
    assert placed(names, Language(many_contexts=True)) == ["-: lone.y.z", "acme/pay: a, b", "shop/x: c, d"]


def test_the_context_that_somebody_names() -> None:
    names = ("acme.eu.pay.a", "acme.eu.ship.b", "shop.x.c")
    assert placed(names, context="shop") == ["-: acme.eu.pay.a, acme.eu.ship.b", "shop/x: c"]
    assert placed(names, context="acme.eu") == ["-: shop.x.c", "acme.eu/pay: a", "acme.eu/ship: b"]


@pytest.mark.parametrize(
    ("naming", "expected"),
    [
        (
            Naming("{{context}}-{{project}}-{{topic}}", "{{context}}-{{project}}-"),
            ["-: acme.pay.a, p-q", "acme/pay: x-y"],
        ),
        (Naming("{{project}}-{{topic}}", "{{project}}-"), ["-: acme.pay.a", "main/acme: pay-x-y", "main/p: q"]),
        (Naming("name", "{{context}}.{{project}}."), ["-: acme-pay-x-y, p-q", "main/acme: acme.pay.a"]),
        (Naming("{{topic}}@{{project}}", ""), ["-: acme-pay-x-y, acme.pay.a, p-q"]),
        (Naming("{{project|upper}}-{{topic}}", ""), ["-: acme-pay-x-y, acme.pay.a, p-q"]),
        (Naming("{{project}}{{topic}}", ""), ["-: acme-pay-x-y, acme.pay.a, p-q"]),
    ],
)
def test_a_format_of_the_settings_is_read_backwards(naming: Naming, expected: list[str]) -> None:
    assert placed(("acme-pay-x-y", "acme.pay.a", "p-q"), Language(naming)) == expected


def test_a_part_of_the_format_between_context_and_project() -> None:
    naming = Naming("{{context}}.{{env}}.{{project}}.{{topic}}", "{{context}}.{{env}}.{{project}}.")
    found = made(
        inventory("acme.dev.crm.x", "acme.dev.pay.a", "acme.test.ship.a", "acme.test.Pay.b", "acme.test.Pay.c"),
        Shape(),
        Language(naming),
    )
    assert [one.text.splitlines()[:3] for one in found] == [
        ["context: acme", "env: dev", "projects:"],
        ["context: acme", "env: test", "projects:"],
        [
            "context: acme",
            "special_topics:",
            '- {name: acme.dev.pay.a, config: {num.partitions: "1", replication.factor: "1"}}',
        ],
    ]


def test_a_dead_letter_topic_comes_with_its_topic_where_it_is_the_same() -> None:
    language = Language(Naming(dlq=Dlq(generate=True)))
    specs: dict[Key, Spec] = {
        topic_key(f"acme.pay.{name}"): Topic(3, 1, {}) for name in ("a", "a.dlq", "b", "b.dlq", "c")
    }
    specs[topic_key("acme.pay.b.dlq")] = Topic(1, 1, {})
    (found,) = made(Inventory(specs), Shape(), language)
    assert found.text == (
        "context: acme\n"
        "projects:\n"
        "- name: pay\n"
        "  topics:\n"
        '  - {name: a, config: {num.partitions: "3", replication.factor: "1"}}\n'
        "special_topics:\n"
        '- {name: acme.pay.b, config: {num.partitions: "3", replication.factor: "1"}}\n'
        '- {name: acme.pay.b.dlq, config: {num.partitions: "1", replication.factor: "1"}}\n'
        '- {name: acme.pay.c, config: {num.partitions: "3", replication.factor: "1"}}\n'
    )


def inventory(*names: str, acls: Sequence[Acl] = ()) -> Inventory:
    specs: dict[Key, Spec] = {topic_key(name): Topic(1, 1, {}) for name in names}
    return Inventory({**specs, **{acl_key(acl): acl for acl in acls}})


def reads(principal: str, *topics: str) -> list[Acl]:
    given = [("TOPIC", name, done) for name in topics for done in ("READ", "DESCRIBE")]
    return [
        Acl(principal, "*", done, "ALLOW", kind, "LITERAL", name)
        for kind, name, done in (*given, ("GROUP", "g", "READ"))
    ]


def test_of_two_readings_the_one_that_needs_fewer_lines_for_the_rights() -> None:
    names = ("acme.eu.pay.a", "acme.eu.pay.b", "acme.eu.ship.a", "acme.eu.ship.b")
    (plain,) = made(inventory(*names), Shape(), DEFAULT)
    assert plain.text.startswith("context: acme\nprojects:\n- name: eu\n")
    rights = [*reads("User:p", *names[:2]), *reads("User:s", *names[2:])]
    (found,) = made(inventory(*names, acls=rights), Shape(), DEFAULT)
    assert found.text.startswith("context: acme.eu\nprojects:\n- name: pay\n  consumers:\n")
    environments = ("acme.dev.pay.a", "acme.dev.pay.b", "acme.test.pay.a", "acme.test.pay.b")
    rights = [*reads("User:p", *environments[:2]), *reads("User:s", *environments[2:])]
    (alike,) = made(inventory(*environments, acls=rights), Shape(), DEFAULT)
    assert alike.text.startswith("context: acme\nprojects:\n- name: dev\n")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([f"acme-pay-{number}" for number in range(9)], 'with naming: {separator: "-"} in kafka-gitops.yaml 9 topics are those of projects, not 0'),
        ([f"{team}.pay.{number}" for team in "ab" for number in range(9)], "with contexts: many in kafka-gitops.yaml 18 topics are those of projects, not 9"),
        ([f"{team}.{number}" for team in "ab" for number in range(9)], 'with naming: {project: "{{project}}.", topic: "{{project}}.{{topic}}"} in kafka-gitops.yaml 18 topics are those of projects, not 0'),
        ([f"acme.pay.{number}" for number in range(9)], "None"),
        (["orders"], "None"),
        (["acme-pay-a", "acme-pay-b", "acme-pay-c"], "None"),  # three are not worth a setting
    ],
)  # fmt: skip
def test_what_the_settings_could_say(names: list[str], expected: str) -> None:
    assert str(advice(inventory(*names), DEFAULT)) == expected


def test_what_somebody_decided_about_names_stays() -> None:
    assert advice(inventory("acme-pay-a"), Language(Naming("name", "x."))) is None


@pytest.mark.parametrize("naming", [Naming(), Naming("{{context}}-{{project}}-{{topic}}", "{{context}}-{{project}}-")])
def test_five_thousand_names_take_no_time_to_speak_of(naming: Naming) -> None:
    found = inventory(*(f"acme-{number % 500}-{number}.x" for number in range(5_000)))
    begun = time.process_time()
    assert made(found, Shape(), Language(naming))
    assert advice(found, Language()) is not None
    assert time.process_time() - begun < 8
