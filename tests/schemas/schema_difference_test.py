"""Two schemas are compared as parsed, and their difference is told by field."""

import json
from typing import Any

import pytest

from kafka_gitops import schemas
from kafka_gitops.schemas import AVRO, JSON, PROTOBUF, Row


def record(*fields: dict[str, Any], **more: Any) -> str:
    """A record of some fields."""
    return json.dumps({"type": "record", "name": "R", "namespace": "acme", "fields": fields, **more})


def of(type_: Any, **more: Any) -> str:
    """A record with one field."""
    return record({"name": "f", "type": type_, **more})


def rows(before: str, after: str, type_: str = AVRO) -> list[Row]:
    """The difference, which is empty exactly for equal schemas, and the other way round is as long."""
    found = schemas.difference(type_, before, after)
    assert (found == []) == schemas.equal(type_, before, after)
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (of("int"), json.dumps(json.loads(of("int")), indent=3)),
        (of("int"), of({"type": "int"})),
        (of("int"), of("int", order="ascending")),
        (of("double", default=1), of("double", default=1.0)),
        (record(name="acme.R"), record()),
        (record(name="acme.R", namespace="other"), record()),
        (record(aliases=["Q"]), record(aliases=["acme.Q"])),
        ('{"a": 1, "type": "int"}', '{"type": "int", "a": 1}'),
    ],
)
def test_another_layout_is_the_same_avro_schema(before: str, after: str) -> None:
    assert rows(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (of("int"), of("long"), Row("f", "type", "int", "long")),
        (of("int"), of("int", doc="d"), Row("f", "doc", None, "d")),
        (of("int", default=1), of("int", default=2), Row("f", "default", "1", "2")),
        (of(["null", "int"]), of(["null", "int"], default=None), Row("f", "default", None, "null")),
        (of("int"), of("int", aliases=["g"]), Row("f", "aliases", None, "g")),
        (of("int"), of("int", order="ignore"), Row("f", "order", None, "ignore")),
        (of("int", x=True), of("int", x=1), Row("f", "x", "true", "1")),
        (of("int"), record(), Row("f", "removed", "int", None)),
        (record(), of(["null", "int"], default=None), Row("f", "added", None, "null | int = null")),
        (record(doc="a"), record(doc="b"), Row("", "doc", "a", "b")),
        (record(), record(namespace="other"), Row("", "namespace", "acme", "other")),
        (record(), record(name="Q"), Row("", "name", "acme.R", "acme.Q")),
        (record(), '"int"', Row("", "type", "record acme.R", "int")),
        (of("long"), of({"type": "long", "logicalType": "date"}), Row("f", "type", "long", "long (date)")),
        (of({"type": "array", "items": "int"}), of({"type": "array", "items": "long"}), Row("f[]", "type", "int", "long")),
        (of({"type": "map", "values": "int"}), of({"type": "map", "values": "long"}), Row("f{}", "type", "int", "long")),
        (of(["null", "int"]), of(["int", "null"]), Row("f", "type", "null | int", "int | null")),
    ],
)  # fmt: skip
def test_a_difference_of_avro_is_one_row(before: str, after: str, expected: Row) -> None:
    assert rows(before, after) == [expected]


def test_nested_fields_have_their_path_and_a_rename_is_one() -> None:
    before = {"type": "record", "name": "I", "fields": [{"name": "street", "type": "string"}]}
    after = {"type": "record", "name": "I", "fields": [{"name": "road", "type": "string", "aliases": ["street"]}]}
    assert rows(of(["null", before]), of(["null", after])) == [
        Row("f.road", "name", "street", "road"),
        Row("f.road", "aliases", None, "street"),
    ]


def test_enums_and_fixed_types_show_symbols_and_sizes() -> None:
    enums = [{"type": "enum", "name": "E", "symbols": symbols} for symbols in (["A"], ["A", "B"])]
    fixed = [{"type": "fixed", "name": "F", "size": size} for size in (1, 2)]
    assert rows(of(enums[0]), of({**enums[1], "default": "A"})) == [
        Row("f", "symbols", "A", "A, B"),
        Row("f", "default", None, "A"),
    ]
    assert rows(of(fixed[0]), of(fixed[1])) == [Row("f", "size", "1", "2")]


def test_another_order_of_fields_is_a_row() -> None:
    a, b = {"name": "a", "type": "int"}, {"name": "b", "type": "int"}
    assert rows(record(a, b), record(b, a)) == [Row("", "order of fields", "a, b", "b, a")]


@pytest.mark.parametrize(
    ("before", "after", "kind", "place"),
    [
        (record(), record(namespace="other"), "namespace", (1, 28)),
        (of({"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}),
         of({"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4}), "scale", (1, 87)),
        (of({"type": "long", "logicalType": "timestamp-millis"}),
         of({"type": "long", "logicalType": "timestamp-micros"}), "unit", (1, 87)),
        (of({"type": "int", "logicalType": "time-millis"}),
         of({"type": "long", "logicalType": "time-micros"}), "unit", (1, 87)),
    ],
)  # fmt: skip
def test_what_every_registry_lets_pass_is_an_alarm(before: str, after: str, kind: str, place: tuple[int, int]) -> None:
    (found,) = schemas.alarms(AVRO, before, after)
    assert (found.kind, found.line, found.column) == (kind, *place)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (of("long"), of({"type": "long", "logicalType": "timestamp-millis"})),
        (record(), record(name="Q")),
        (of({"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}),
         of({"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2})),
    ],
)  # fmt: skip
def test_other_changes_are_no_alarm(before: str, after: str) -> None:
    assert schemas.alarms(AVRO, before, after) == []


def test_types_within_a_moved_one_make_no_alarm_of_their_own() -> None:
    inner = {"name": "f", "type": {"type": "record", "name": "I", "fields": []}}
    assert len(schemas.alarms(AVRO, record(inner), record(inner, namespace="other"))) == 1


def test_json_schemas_differ_by_property() -> None:
    before = {
        "properties": {"a": {"type": "string"}, "b": {"properties": {"c": {"type": "integer"}}}},
        "required": ["a"],
    }
    after = {
        "title": "T",
        "properties": {
            "a": {"type": "string", "maxLength": 3},
            "b": {"properties": {"c": {"type": "number"}, "d": {"type": "array"}}, "required": ["d"]},
        },
    }
    assert rows(json.dumps(before), json.dumps(after), JSON) == [
        Row("", "title", None, "T"),
        Row("a", "maxLength", None, "3"),
        Row("a", "required", "true", "false"),
        Row("b.c", "type", "integer", "number"),
        Row("b.d", "added", None, "array, required"),
    ]


def test_json_schemas_are_compared_as_parsed() -> None:
    assert rows('{"type": "object", "minimum": 1}', '{"minimum": 1.0,\n"type": "object"}', JSON) == []
    assert rows('{"const": true}', '{"const": 1}', JSON) == [Row("", "const", "true", "1")]


PROTO = 'syntax = "proto3"; package a; message O { string id = 1; int32 n = 2; enum E { A = 0; B = 1; } }'


def test_protobuf_is_compared_by_number() -> None:
    after = """syntax = 'proto3'; package a; // a comment
    message O { int64 n = 2; string key = 1; repeated string t = 3; reserved 9; enum E { A = 0; C = 2; } }"""
    assert rows(PROTO, after, PROTOBUF) == [
        Row("O.n", "type", "int32", "int64"),
        Row("O.key", "name", "id", "key"),
        Row("O.t", "added", None, "repeated string"),
        Row("O", "reserved added", None, "9"),
        Row("O.E.C", "added", None, "2"),
        Row("O.E.B", "removed", "1", None),
    ]


def test_protobuf_is_compared_as_parsed() -> None:
    assert rows(PROTO, PROTO.replace(" ", "\n").replace('"', "'"), PROTOBUF) == []
    (alarm,) = schemas.alarms(PROTOBUF, PROTO, PROTO.replace("package a", "package b"))
    assert alarm.kind == "namespace"


@pytest.mark.parametrize("type_", [AVRO, JSON, PROTOBUF])
def test_a_text_that_cannot_be_read_is_shown_as_text(type_: str) -> None:
    assert schemas.difference(type_, "{", "}") == [Row("", "text", "{", "}")]


@pytest.mark.parametrize(("before", "after", "same"), [("1", "1", True), ("1", "true", False), ("1", "2", False)])
def test_equal_json_is_equal_by_its_types_too(before: str, after: str, same: bool) -> None:
    texts = [
        '{"type":"object","properties":{"a":{"const":%s}}}',
        '{"properties": {"a": {"const": %s}}, "type": "object"}',
    ]
    assert schemas.equal(schemas.JSON, texts[0] % before, texts[1] % after) is same


def test_no_name_of_a_property_begins_a_line() -> None:
    before = '{"type": "object", "properties": {"a\\n::error::b": {"type": "string"}}, "required": ["c\\n::error::d"]}'
    after = '{"type": "object", "properties": {"e\\u001b[31m": {"enum": ["f\\n::error::g"]}}}'
    rows = schemas.difference("JSON", before, after)
    assert [row.field for row in rows if row.what == "removed"] == ["a\\n::error::b"]
    assert all(text is None or text.isprintable() for row in rows for text in row)
