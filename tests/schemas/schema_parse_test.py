"""Schemas are read with every fault at its line and column, by rules of our own and by both libraries of Avro."""

import json
import sys
from typing import Any

import pytest

from kafka_gitops import schemas
from kafka_gitops.schemas import AVRO, JSON, PROTOBUF, Problem


def problems(type_: str, text: str, references: dict[str, str | None] | None = None) -> list[Problem]:
    """What is found wrong with a schema."""
    return list(schemas.parse(type_, text, references).problems)


def field(**more: Any) -> str:
    """A record with one field."""
    return json.dumps({"type": "record", "name": "R", "namespace": "acme", "fields": [{"name": "f", **more}]}, indent=1)


def default(type_: Any, value: Any) -> list[str]:
    """What is said of a default."""
    return [one.message for one in problems(AVRO, field(type=type_, default=value))]


@pytest.mark.parametrize(
    ("path", "type_"),
    [("a/order.avsc", AVRO), ("order.JSON", JSON), ("o.proto", PROTOBUF), ("order.xml", None), ("avsc", None)],
)
def test_the_ending_of_a_file_says_its_type(path: str, type_: str | None) -> None:
    assert schemas.type_of(path) == type_


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ('"strin"', '1:1 no type is called "strin"'),
        ("[]", "1:1 a union of no types"),
        ('["int", "int"]', "1:9 int is there twice in this union"),
        ('["int", ["null"]]', "1:9 a union directly in a union"),
        ('{"type": "record", "fields": []}', '1:1 a record needs the key "name"'),
        ('{"type": "record", "name": "R"}', '1:1 a record needs the key "fields"'),
        ('{"type": "record", "name": "my-r", "fields": []}', '1:28 "my-r" is no name'),
        ('{"type": "record", "name": "R", "namespace": "a-b", "fields": []}', '1:46 "a-b.R" is no name: "a-b"'),
        ('{"type": "record", "name": "int", "fields": []}', '1:28 "int" is the name of one of Avro\'s own types'),
        ('{"type": "enum", "name": "E"}', '1:1 an enum needs the key "symbols"'),
        ('{"type": "enum", "name": "E", "symbols": ["A", "A"]}', '1:48 the symbol "A" is there twice'),
        ('{"type": "enum", "name": "E", "symbols": ["a b"]}', '1:43 "a b" is no symbol'),
        ('{"type": "enum", "name": "E", "symbols": ["A"], "default": "B"}', "1:60 the default of an enum"),
        ('{"type": "fixed", "name": "F", "size": "3"}', '1:40 a fixed type needs "size"'),
        ('{"type": "array"}', '1:1 an array needs the key "items"'),
        ('{"type": "map"}', '1:1 a map needs the key "values"'),
        ('{"name": "R"}', '1:1 a type needs the key "type"'),
        ("3", '1:1 found "3", expected a type'),
        ('{"type": "record", "name": "R", "fields": [{"name": "f"}]}', '1:44 a field needs the key "type"'),
        ('{"type": "record", "name": "R", "fields": [{"type": "int"}]}', "1:44 found nothing, expected a field's name"),
        ('{"type": "record", "name": "R", "fields": ["f"]}', '1:44 found "f", expected a field'),
    ],
)
def test_a_fault_of_an_avro_schema_has_its_place(schema: str, said: str) -> None:
    (found,) = problems(AVRO, schema)
    assert f"{found.line}:{found.column} {found.message}".startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1 the file is empty"),
        ('{"type": "int"', "1:15 this is not JSON"),
        ('{"type": "int",\n "type": "long"}', '2:2 the key "type" is there twice'),
        ('{"type": "int" // mine\n}', "1:16 this is not JSON"),
        ('{"type": "int", "x": NaN}', "1:1 this is not JSON: NaN is no number"),
        ('{"type": "int", "doc": "\\ud800"}', "1:25 \\ud800 is half of a character"),
        ("[" * 200, "1:151 nested deeper than 150 levels"),
        ('"' + "a" * 1_000_001, "1:1 a schema of 1,000,002 characters"),
        ("9" * 5_000, "1:1 this is not JSON: Exceeds the limit"),
    ],
)
@pytest.mark.parametrize("type_", [AVRO, JSON])
def test_a_text_that_is_no_json_has_its_place(type_: str, text: str, said: str) -> None:
    (found,) = problems(type_, text)
    assert f"{found.line}:{found.column} {found.message}".startswith(said)


def test_a_character_of_two_escapes_is_one() -> None:
    assert problems(AVRO, '{"type": "int", "doc": "\\ud83d\\ude00"}') == []


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("int", 1), ("long", 1 << 40), ("float", 1), ("double", 1.5), ("null", None), ("boolean", False),
        ("string", "x"), ("bytes", "\u00ff"), (["null", "int"], None), ({"type": "array", "items": "int"}, [1]),
        ({"type": "map", "values": "string"}, {"a": "b"}), ({"type": "enum", "name": "E", "symbols": ["A"]}, "A"),
        ({"type": "fixed", "name": "F", "size": 2}, "ab"), ({"type": "record", "name": "I", "fields": []}, {}),
        ({"type": "long", "logicalType": "timestamp-millis"}, 0),
    ],
)  # fmt: skip
def test_a_default_that_fits_is_none(type_: Any, value: Any) -> None:
    assert default(type_, value) == []


@pytest.mark.parametrize(
    ("type_", "value", "said"),
    [
        ("int", "1", 'found "1", expected a whole number (int)'),
        ("int", True, "found true, expected a whole number (int)"),
        ("int", 1.0, "found 1.0, expected a whole number (int)"),
        ("int", 1 << 31, "2147483648 is out of the range of int, -2147483648 to 2147483647"),
        ("long", 1 << 63, "9223372036854775808 is out of the range of long"),
        ("bytes", "\u0100", "expected a text of code points up to U+00FF"),
        (["null", "string"], "x", "but readers before Avro 1.12 take only a value of the first type"),
        (["null", "string"], 1, "nor does it fit another type of the union"),
        ({"type": "fixed", "name": "F", "size": 2}, "abc", "3 bytes, where the type has 2"),
        ({"type": "enum", "name": "E", "symbols": ["A"]}, "B", '"B" is none of its symbols: A'),
        ({"type": "array", "items": "int"}, ["a"], 'found "a"'),
        ({"type": "record", "name": "I", "fields": [{"name": "x", "type": "int"}]}, {}, 'its field "x" is missing'),
        ({"type": "record", "name": "I", "fields": [{"name": "x", "type": "int"}]}, {"x": "a"}, 'in its field "x"'),
    ],
)
def test_a_default_that_does_not_fit_says_why(type_: Any, value: Any, said: str) -> None:
    (found,) = default(type_, value)
    assert found.startswith("the default does not fit: ") and said in found


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ({"type": "long", "logicalType": "timestamp-milis"}, 'did you mean "timestamp-millis"?'),
        ({"type": "int", "logicalType": "timestamp-millis"}, "it goes with long"),
        ({"type": "bytes", "logicalType": "decimal"}, None),
        ({"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 3}, None),
        ({"type": "fixed", "name": "F", "size": 2, "logicalType": "decimal", "precision": 5}, None),
        ({"type": "fixed", "name": "F", "size": 2, "logicalType": "duration"}, None),
    ],
)
def test_a_logical_type_that_readers_ignore_is_told(type_: Any, said: str | None) -> None:
    (found,) = problems(AVRO, field(type=type_))
    assert found.kind == "logical-type" and found.help == said


def test_a_logical_type_beside_the_type_is_told() -> None:
    (found,) = problems(AVRO, field(type="long", logicalType="timestamp-millis"))
    assert (found.kind, found.line, found.column) == ("logical-type", 9, 19)
    assert found.help == 'write "type": {"type": "long", "logicalType": "timestamp-millis"}'


def test_what_is_there_twice_is_told() -> None:
    fields = {"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, {"name": "a", "type": "int"}]}
    own = {"type": "fixed", "name": "F", "size": 1}
    types = {"type": "record", "name": "R", "fields": [{"name": "a", "type": own}, {"name": "b", "type": own}]}
    found = [problems(AVRO, json.dumps(one)) for one in (fields, types)]
    assert [[(one.kind, one.column) for one in each] for each in found] == [[("syntax", 83)], [("syntax", 158)]]


def test_names_that_collide_are_told() -> None:
    b = {"name": "b", "type": "int", "aliases": ["a"]}
    alias = json.dumps({"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, b]})
    (found,) = problems(AVRO, alias)
    assert (found.kind, found.message) == ("name", 'the alias "a" is the name of a field of the same record')
    (found,) = problems(AVRO, alias, {"R": '{"type": "fixed", "name": "R", "size": 1}', "S": '"int"'})[1:]
    assert (found.kind, found.message) == ("name", '"R" is also a type of a reference')


def test_a_name_may_stand_before_its_type_and_within_another_namespace() -> None:
    inner = {"type": "record", "name": "I", "fields": []}
    before = {
        "type": "record",
        "name": "R",
        "namespace": "a",
        "fields": [{"name": "x", "type": "I"}, {"name": "y", "type": inner}],
    }
    bare = {
        "type": "record",
        "name": "a.R",
        "fields": [{"name": "x", "type": {**inner, "namespace": ""}}, {"name": "y", "type": "I"}],
    }
    assert problems(AVRO, json.dumps(before)) == problems(AVRO, json.dumps(bare)) == []


def test_types_come_from_references() -> None:
    address = json.dumps({"type": "record", "name": "acme.Address", "fields": []})
    text = field(type="Address")
    (missing,) = problems(AVRO, text)
    assert (missing.kind, missing.message) == ("reference", 'no type is called "acme.Address"')
    assert schemas.parse(AVRO, text, {"acme.Address": address}).unseen is False
    foreign = schemas.parse(AVRO, text, {"acme.Address": None})
    assert foreign.problems == () and foreign.unseen


def test_without_the_libraries_the_rules_of_our_own_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("avro", "avro.errors", "avro.schema", "fastavro"):
        monkeypatch.setitem(sys.modules, name, None)
    text = field(type="int", doc="without libraries")
    assert schemas.parse(AVRO, text).problems == () and schemas.parse(AVRO, text).unseen


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "1:1 a JSON Schema is a mapping"),
        ('{"type": "nonsense"}', "1:10 this is no JSON Schema: 'nonsense' is none of array"),
        ('{"properties": {"a": {"minimum": "x"}}}', "1:34 this is no JSON Schema: 'x' is not of type 'number'"),
        ('{"$ref": "#/definitions/x"}', '1:10 "#/definitions/x" leads nowhere'),
        ('{"properties": {"a": {"$ref": "other.json"}}}', '1:31 "other.json" is none of the references'),
    ],
)
def test_a_fault_of_a_json_schema_has_its_place(text: str, said: str) -> None:
    (found,) = problems(JSON, text)
    assert f"{found.line}:{found.column} {found.message}".startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "true",
        '{"$defs": {"x": {"type": "string"}}, "$ref": "#/$defs/x"}',
        '{"$id": "http://acme/a.json", "properties": {"$ref": {"type": "string"}, "b": {"$ref": "a.json"}}}',
        '{"enum": [{"$ref": "nowhere"}]}',
        '{"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": true}',
        '{"items": [{"type": "string"}]}',
    ],
)
def test_a_good_json_schema_has_none(text: str) -> None:
    assert problems(JSON, text) == []


def test_a_json_schema_is_given_what_it_refers_to() -> None:
    assert problems(JSON, '{"$ref": "other.json#/x"}', {"other.json": "{}"}) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("message A {", '1:12 found the end of the file, expected a field, or "}"'),
        ("message A { string a }", '1:22 found "}", expected "="'),
        ("message A { string a = x; }", '1:24 found "x", expected a number'),
        ("message A { string a = 1 }", '1:26 found "}", expected ";"'),
        ("messag A {}", '1:1 found "messag", expected message, enum'),
        ("/* never", "1:1 this comment is never closed"),
        ('import "a', "1:8 this quote is never closed"),
        ("message A { string a = 1; int32 b = 1; }", '1:33 the number 1 is already that of "a"'),
        ("message A { string a = 1; int32 a = 2; }", '1:33 "a" is there twice'),
        ("message A { string a = 0; }", "1:20 0 is no field number"),
        ("message A { string a = 19000; }", "1:20 19000 is no field number"),
        ("message A { reserved 5 to 9, 2; string a = 6; }", "1:40 the number 6 is reserved"),
        ('message A { reserved "a"; string a = 6; }', '1:34 the name "a" is reserved'),
        ("message A { Foo a = 1; }", '1:17 no type is called "Foo"'),
        ("enum E {}", '1:6 the enum "E" has no value'),
        ('syntax = "proto3"; enum E { A = 1; }', "1:29 the first value of an enum is 0"),
        ("enum E { A = 0; B = 0; }", '1:17 the number 0 is already that of "A"'),
        ('import "other.proto";', '1:8 "other.proto" is none of the references'),
        ("message A {" * 200, "1:1661 nested deeper than 150 levels"),
        ("", "1:1 the file is empty"),
    ],
)
def test_a_fault_of_a_protobuf_schema_has_its_place(text: str, said: str) -> None:
    (found,) = problems(PROTOBUF, text)
    assert f"{found.line}:{found.column} {found.message}".startswith(said)


PROTO = """
syntax = "proto3"; /* a comment */ package acme.v1;
import "google/protobuf/timestamp.proto"; import public "other.proto";
option java_package = "com.acme"; option (my.opt).x = { a: 1 b: [1, 2] };
message Order {
  option deprecated = true;
  reserved 4, 6 to 8, 100 to max; reserved "old";
  string id = 1 [(x) = -1.5e3, json_name = "i" "d"];
  repeated Line lines = 2; map<string, .acme.v1.Order.Line> by = 3;
  oneof how { int32 card = 5; google.protobuf.Timestamp cash = 9; }
  message Line { optional int64 n = 1; Kind kind = 2; Other other = 3; }
  enum Kind { option allow_alias = true; NONE = 0; NIL = 0x0; MINUS = -1; }
  string message = 20; string reserved = 21; string option_ = 22;
}
service S { rpc Get (Order) returns (stream Order) { option deadline = 3; } rpc Put (Order) returns (Order); }
extend google.protobuf.FieldOptions { string note = 50000; }
"""


def test_a_good_protobuf_schema_has_none() -> None:
    other = 'syntax = "proto3"; package acme.v1; message Other {}'
    found = schemas.parse(PROTOBUF, PROTO, {"other.proto": other})
    assert found.problems == () and not found.unseen
    assert found.names == ("acme.v1.Order", "acme.v1.Order.Line", "acme.v1.Order.Kind")


def test_proto2_has_groups_extensions_and_labels() -> None:
    text = "message A { required group G = 1 { optional int32 a = 1; } extensions 100 to 199; extend A { optional G x = 100; } }"
    assert problems(PROTOBUF, text) == []
