"""Schemas on a real registry: what a plan says, what an apply does, what the registry has then."""

import json
import urllib.request
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from registering import WithRegistry, avro, files

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.clients.registry import SchemaRegistry, open_registry
from kafka_gitops.kinds.schema.live import Asked
from kafka_gitops.kinds.schema.spec import Reference, Schema
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topology
from kafka_gitops.plan.apply import carry_out
from kafka_gitops.plan.make import Plan, make
from kafka_gitops.sandbox.rest import Server
from kafka_gitops.settings import Rest, Settings

pytestmark = pytest.mark.kafka
_NUMBERS = count(1)
JSON = '{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"a":{"type":"string"}}}'
PROTO = 'syntax = "proto3";\npackage acme;\n\nmessage P {\n  int32 x = 1;\n}\n'


@pytest.fixture
def live(registry: Server) -> SchemaRegistry:
    """A client of the registry that all tests share."""
    return open_registry(Rest((registry.url,), at="schema_registry"), {})


@pytest.fixture
def own() -> Iterator[str]:
    """The beginning of names that no other test uses."""
    yield f"t{next(_NUMBERS)}"


def planned(live: SchemaRegistry, wanted: Topology, base: Topology | None = None, **given: Any) -> Plan:
    """The plan of these files; `given` are settings."""
    assert not wanted.problems
    return make(Wish(wanted, base), Settings(environment="prod", **given), WithRegistry(memory=live))


def applied(live: SchemaRegistry, plan: Plan) -> list[Outcome]:
    """What became of the changes of a plan."""
    systems = WithRegistry(memory=live)
    done = carry_out(plan, systems, settings=Settings(environment="prod"), deadline=5.0)
    assert done.fault is None and not done.unseen
    return done.outcomes


def brought(live: SchemaRegistry, wanted: Topology, base: Topology | None = None) -> Plan:
    """Plan and apply what must go well, twice: the second plan is empty. The first plan."""
    plan = planned(live, wanted, base)
    assert not plan.unsupported and not plan.nevers
    assert {outcome.status for outcome in applied(live, plan)} == {"done"}
    assert planned(live, wanted).changes == ()
    return plan


def asked(server: Server, path: str) -> str:
    """What the registry itself answers."""
    with urllib.request.urlopen(server.url + path, timeout=10) as answer:
        return str(answer.read().decode())


def edits(change: Change) -> dict[str, tuple[str | None, str | None]]:
    """The edits of a change by field."""
    return {edit.field: (edit.before, edit.after) for edit in change.edits()}


def one(subject: str, file: str = "a.avsc", more: str = "") -> str:
    """A file with one subject."""
    return f"schemas: [{{subject: {subject}, file: {file}{more}}}]"


def test_all_three_types_and_their_second_versions(live: SchemaRegistry, own: str) -> None:
    text = f"schemas: [{{subject: {own}-a, file: a.avsc}}, {{subject: {own}-j, file: j.json}}, {{subject: {own}-p, file: p.proto}}]"
    brought(live, files(text, a=avro("x"), **{"j.json": JSON, "p.proto": PROTO}))
    assert {name: one.type for name, one in live.latest([f"{own}-a", f"{own}-j", f"{own}-p"]).items()} == {
        f"{own}-a": "AVRO",
        f"{own}-j": "JSON",
        f"{own}-p": "PROTOBUF",
    }
    for kind in "jp":
        live.set_level(f"{own}-{kind}", "NONE")
    more = {"j.json": JSON.replace('"a"', '"b"'), "p.proto": PROTO.replace("}", "  string y = 2;\n}")}
    plan = brought(live, files(text, a=avro("x", "y=0"), **more))
    assert edits(plan.changes[0]) == {"y added": (None, "int = 0")}
    assert [live.numbers(f"{own}-{kind}") for kind in "ajp"] == [(1, 2)] * 3


def test_another_layout_of_the_text_is_no_change(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own), a=avro("x", "y=0")))
    again = json.dumps(json.loads(avro("x", "y=0")), indent=4, sort_keys=True)
    assert planned(live, files(one(own), a=again)).changes == ()


def test_references_across_files_come_first_and_latest_is_a_number(live: SchemaRegistry, own: str) -> None:
    text = (
        f"schemas:\n- {{subject: {own}-order, file: b.avsc, references: [{{name: acme.A, subject: {own}-address}}]}}\n"
        f"- {{subject: {own}-address, file: a.avsc}}"
    )
    plan = brought(live, files(text, a=avro("x"), b=avro("a:acme.A", name="acme.B")))
    assert plan.changes[1].after == Schema(
        "AVRO", avro("a:acme.A", name="acme.B"), (Reference("acme.A", f"{own}-address", 1),)
    )
    plan = brought(live, files(text, a=avro("x", "y=0"), b=avro("a:acme.A", "z=1", name="acme.B")))
    assert edits(plan.changes[1])["references"] == (
        f"acme.A = {own}-address version 1",
        f"acme.A = {own}-address version 2",
    )
    assert live.latest([f"{own}-order"])[f"{own}-order"].references == (Reference("acme.A", f"{own}-address", 2),)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("json", {"a.json": JSON, "b.json": '{"type":"object","properties":{"a":{"$ref":"a.json"}}}'}),
        (
            "proto",
            {"a.proto": PROTO, "b.proto": 'syntax = "proto3";\nimport "a.proto";\nmessage Q { acme.P p = 1; }\n'},
        ),
    ],
)
def test_references_of_the_other_types(live: SchemaRegistry, own: str, kind: str, texts: dict[str, str]) -> None:
    use = f"{{name: a.{kind}, subject: {own}-a}}"
    text = (
        f"schemas:\n- {{subject: {own}-b, file: b.{kind}, references: [{use}]}}\n- {{subject: {own}-a, file: a.{kind}}}"
    )
    brought(live, files(text, **texts))
    assert live.latest([f"{own}-b"])[f"{own}-b"].references == (Reference(f"a.{kind}", f"{own}-a", 1),)


def test_a_circle_names_all_its_places(live: SchemaRegistry, own: str) -> None:
    text = (
        f"schemas:\n- {{subject: {own}-a, file: a.avsc, references: [{{name: acme.B, subject: {own}-b}}]}}\n"
        f"- {{subject: {own}-b, file: b.avsc, references: [{{name: acme.A, subject: {own}-a}}]}}"
    )
    plan = planned(live, files(text, a=avro("x:acme.B"), b=avro("y:acme.A", name="acme.B")))
    assert plan.changes == ()
    assert [entry.reason for entry in plan.refused] == [
        f"these refer to one another in a circle: {own}-a (t.yaml:3:47), {own}-b (t.yaml:4:47)"
    ] * 2


def test_what_is_incompatible_cannot_be_done_and_says_where(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own, more=", compatibility: FULL_TRANSITIVE"), a=avro("x")))
    text = avro("x", "y").replace('{"name":"y"', '\n{"name":"y"')
    plan = planned(live, files(one(own, more=", compatibility: FULL_TRANSITIVE"), a=text))
    assert plan.changes == ()
    (refused,) = plan.refused
    assert refused.reason == (
        "the registry refuses it, by FULL_TRANSITIVE: y: the new schema needs the field, since it has no "
        "default there, and version 1 does not write it"
    )
    assert str(refused.origin) == "a.avsc:2"


@pytest.mark.parametrize("kind", ["json", "proto"])
def test_what_is_incompatible_of_the_other_types(live: SchemaRegistry, own: str, kind: str) -> None:
    old, new = {
        "json": (JSON, JSON.replace('"string"', '"integer"')),
        "proto": (PROTO, PROTO.replace("int32", "string")),
    }[kind]
    brought(live, files(one(own, f"a.{kind}", ", compatibility: BACKWARD"), **{f"a.{kind}": old}))
    plan = planned(live, files(one(own, f"a.{kind}", ", compatibility: BACKWARD"), **{f"a.{kind}": new}))
    assert [entry.reason.partition(":")[0] for entry in plan.refused] == ["the registry refuses it, by BACKWARD"]
    assert plan.changes == ()


def test_a_looser_level_and_a_version_that_needs_it_in_one_change(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own, more=", compatibility: BACKWARD"), a=avro("x")))
    plan = planned(live, files(one(own, more=", compatibility: NONE"), a=avro("x:string")))
    assert [(risk.name, risk.blocks) for risk in plan.changes[0].risks if risk.blocks] == [
        ("compatibility-loosened", True)
    ]
    assert edits(plan.changes[0]) == {"x type": ("int", "string"), "compatibility": ("BACKWARD", "NONE")}
    assert [outcome.status for outcome in applied(live, plan)] == ["done"]
    assert live.numbers(own) == (1, 2)
    assert live.levels([own])[own].own == "NONE"


def test_a_version_that_fails_after_its_level_was_loosened_sets_the_level_back(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own, more=", compatibility: FULL"), a=avro("x")))
    plan = planned(live, files(one(own, more=", compatibility: NONE"), a='{"type":"record","name":"a-b","fields":[]}'))
    (outcome,) = applied(live, plan)
    assert outcome.status == "failed"
    assert (outcome.detail or "").startswith("INVALID_SCHEMA: ")
    assert (outcome.detail or "").endswith("; the level is FULL again")
    assert live.levels([own])[own].own == "FULL"
    assert live.numbers(own) == (1,)


def test_a_stricter_level_comes_after_its_version(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own, more=", compatibility: NONE"), a=avro("x")))
    brought(live, files(one(own, more=", compatibility: FULL_TRANSITIVE"), a=avro("x:string")))
    assert live.levels([own])[own].own == "FULL_TRANSITIVE"


def test_levels_that_cannot_be_ordered_need_a_version_that_keeps_to_both(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own, more=", compatibility: BACKWARD"), a=avro("x", "y")))
    plan = planned(live, files(one(own, more=", compatibility: FORWARD"), a=avro("x")))
    assert [entry.reason for entry in plan.refused] == [
        "it keeps to BACKWARD and not to FORWARD: change the level and the schema one after the other: "
        "y: version 1 needs the field, since it has no default there, and the new schema does not write it"
    ]


def test_what_the_registry_does_not_take_is_told_and_not_offered(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own), a=avro("x")))
    text = avro("x").replace('"type":"int"', '"type":"int","aliases":["old"]')
    plan = planned(live, files(one(own), a=text))
    assert plan.changes == ()
    assert plan.notes == (f"schema {own}: the registry takes the file for version 1 and does not hold x aliases old",)


def test_a_version_of_somebody_else_is_no_difference_unless_the_settings_say_so(live: SchemaRegistry, own: str) -> None:
    wanted = files(one(own), a=avro("x"))
    brought(live, wanted)
    assert live.register(Asked(own, Schema("AVRO", avro("x", "y=0")))) is None
    plan = planned(live, wanted)
    assert (plan.changes, plan.unsupported) == ((), ())
    assert plan.notes == (f"registered already, behind a newer version that no file has: {own} (version 1)",)
    (found,) = planned(live, wanted, foreign_versions="drift").unsupported
    assert found.reason == "its schema is version 1, and the newest is version 2, which no file has"


def test_a_subject_goes_softly_and_comes_back_as_a_further_version(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own), a=avro("x")))
    plan = planned(live, files(f"removed: [{{schema: {own}, because: no use}}]"))
    (change,) = plan.changes
    assert [(risk.name, risk.blocks) for risk in change.risks] == [("subject-delete", True)]
    assert [outcome.status for outcome in applied(live, plan)] == ["done"]
    assert own not in live.subjects()
    assert live.numbers(own, deleted=True) == (1,)
    assert planned(live, files(f"removed: [{{schema: {own}}}]")).changes == ()
    brought(live, files(one(own), a=avro("x")))
    assert live.numbers(own) == (2,)


def test_one_version_goes_softly(live: SchemaRegistry, own: str) -> None:
    brought(live, files(one(own), a=avro("x")))
    brought(live, files(one(own), a=avro("x", "y=0")))
    wanted = files(f"{one(own)}\nremoved: [{{schema: {own}, version: 1}}]", a=avro("x", "y=0"))
    plan = planned(live, wanted)
    assert [change.key.name for change in plan.changes] == [f"{own} version 1"]
    assert [outcome.status for outcome in applied(live, plan)] == ["done"]
    assert live.numbers(own) == (2,)
    assert planned(live, wanted).changes == ()
    (never,) = planned(live, files(f"{one(own)}\nremoved: [{{schema: {own}, version: 2}}]", a=avro("x", "y=0"))).nevers
    assert never.reason == "it is the schema that the files declare: declare another one first"


def test_what_others_refer_to_is_not_deleted(live: SchemaRegistry, own: str) -> None:
    text = (
        f"schemas:\n- {{subject: {own}-b, file: b.avsc, references: [{{name: acme.A, subject: {own}-a}}]}}\n"
        f"- {{subject: {own}-a, file: a.avsc}}"
    )
    brought(live, files(text, a=avro("x"), b=avro("a:acme.A", name="acme.B")))
    (never,) = planned(live, files(f"removed: [{{schema: {own}-a}}]")).nevers
    assert never.reason == f"others refer to it: {own}-b version 1"
    both = planned(live, files(f"removed: [{{schema: {own}-a}}, {{schema: {own}-b}}]"))
    assert [change.key.name for change in both.changes] == [f"{own}-a", f"{own}-b"]
    assert [(outcome.change.key.name, outcome.status) for outcome in applied(live, both)] == [
        (f"{own}-b", "done"),
        (f"{own}-a", "failed"),  # Apicurio counts a deleted schema until it is deleted for good
    ]


def test_a_scope_without_subjects_refuses_them(live: SchemaRegistry, own: str) -> None:
    from making import scope

    wanted = files(one(own), a=avro("x"))
    plan = planned(live, wanted, scopes=(scope(topics=("*",)),))
    assert plan.changes == ()
    assert [entry.key.name for entry in plan.nevers] == [own]
    assert "`manage.subjects`" in plan.nevers[0].reason
    assert planned(live, wanted, scopes=(scope(subjects=(f"{own}*",)),)).changes != ()


def test_a_context_is_a_room_of_its_own(registry: Server, live: SchemaRegistry, own: str) -> None:
    inside = open_registry(Rest((registry.url,), context=own, at="schema_registry"), {})
    text = (
        "schemas:\n- {subject: b, file: b.avsc, references: [{name: acme.A, subject: a}]}\n- {subject: a, file: a.avsc}"
    )
    brought(inside, files(text, a=avro("x"), b=avro("a:acme.A", name="acme.B")))
    assert inside.subjects() == {"a", "b"}
    assert not {"a", "b"} & live.subjects()
    assert f":.{own}:a" in json.loads(asked(registry, "/subjects"))


def test_names_are_quoted(live: SchemaRegistry, own: str) -> None:
    name = f"{own} a/b%c#d?e&ü"
    brought(live, files(f'schemas: [{{subject: "{name}", file: a.avsc, compatibility: FULL}}]', a=avro("x")))
    assert name in live.subjects()
    assert live.levels([name])[name].own == "FULL"


def test_a_serializer_of_confluent_writes_and_reads_with_what_was_applied(
    registry: Server, live: SchemaRegistry, own: str
) -> None:
    from confluent_kafka.schema_registry import SchemaRegistryClient
    from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
    from confluent_kafka.serialization import MessageField, SerializationContext

    subject = f"{own}-value"
    text = (
        f"schemas:\n- {{subject: {subject}, file: b.avsc, references: [{{name: acme.A, subject: {own}-address}}]}}\n"
        f"- {{subject: {own}-address, file: a.avsc}}"
    )
    old, new = avro("a:acme.A", name="acme.B"), avro("a:acme.A", "z=7", name="acme.B")
    brought(live, files(text, a=avro("x"), b=old))
    about = SerializationContext(own, MessageField.VALUE)
    given = {"auto.register.schemas": False, "use.latest.version": True}
    with SchemaRegistryClient({"url": registry.url, "timeout": 20}) as client:
        written = AvroSerializer(client, None, conf=given)({"a": {"x": 5}}, about)
    brought(live, files(text, a=avro("x"), b=new))
    with SchemaRegistryClient({"url": registry.url, "timeout": 20}) as client:  # another one: it keeps what it has read
        read = AvroDeserializer(client, client.get_latest_version(subject).schema)
        assert read(written, about) == {"a": {"x": 5}, "z": 7}
        again = AvroSerializer(client, None, conf=given)({"a": {"x": 6}, "z": 8}, about)
        assert AvroDeserializer(client)(again, about) == {"a": {"x": 6}, "z": 8}
    assert written is not None and again is not None
    ids = [int.from_bytes(data[1:5], "big") for data in (written, again)]  # of the wire format
    assert ids == [one.id for number in (1, 2) if (one := live.version(subject, number))]


def test_what_refers_to_others_is_judged_though_the_registry_does_not(live: SchemaRegistry, own: str) -> None:
    text = (
        f"schemas:\n- {{subject: {own}-b, file: b.avsc, references: [{{name: acme.A, subject: {own}-a}}]}}\n"
        f"- {{subject: {own}-a, file: a.avsc}}"
    )
    brought(live, files(text, a=avro("x"), b=avro("a:acme.A", name="acme.B")))
    (verdict,) = live.test([Asked(f"{own}-b", live.latest([f"{own}-b"])[f"{own}-b"].schema())])
    assert not verdict.asked, "Apicurio judges it now: the way around it can go"
    plan = planned(live, files(text, a=avro("x"), b=avro("a:acme.A", "z", name="acme.B")))
    assert [entry.reason.partition(",")[0] for entry in plan.refused] == [
        "it does not keep to BACKWARD: z: the new schema needs the field"
    ]
    kinds = {"b.proto": 'syntax = "proto3";\nimport "a.proto";\nmessage Q { acme.P p = 1; }\n', "a.proto": PROTO}
    text = text.replace("avsc", "proto").replace("acme.A", "a.proto").replace(f"{own}-", f"{own}p-")
    brought(live, files(text, **kinds))
    plan = planned(live, files(text, **{**kinds, "b.proto": kinds["b.proto"].replace("p = 1;", "p = 1; int32 y = 2;")}))
    assert [note.partition(": ")[2] for note in plan.notes] == [
        "the registry tests none with references, so it is judged when it is applied"
    ]
    assert [outcome.status for outcome in applied(live, plan)] == ["done"]
