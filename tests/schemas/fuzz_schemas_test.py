"""Hostile texts of schemas: always a verdict, never a traceback, and never for long."""

import json
import os
from typing import Any

import pytest
from avro_pairs import pairs
from hypothesis import given, settings
from hypothesis import strategies as st

from kafka_gitops import schemas
from kafka_gitops.schemas import AVRO, JSON, TYPES, Parsed
from kafka_gitops.schemas.levels import LEVELS, Version, clashes

MANY = int(os.environ.get("FUZZ", "150"))


def nested(depth: int) -> str:
    """Records within records."""
    inner = '"int"'
    for number in range(depth):
        inner = f'{{"type": "record", "name": "R{number}", "fields": [{{"name": "f", "type": {inner}}}]}}'
    return inner


def wide(count: int) -> str:
    """A record of many fields with unions and defaults."""
    fields = [{"name": f"f{number}", "type": ["null", "string"], "default": None} for number in range(count)]
    return json.dumps({"type": "record", "name": "R", "fields": fields})


def tree(depth: int) -> str:
    """A default whose value two branches of a union refuse at each level, so that every way down is tried."""
    names = ["A", "B"]
    field = {"name": "x", "type": ["int", *names]}
    types: list[Any] = [{"type": "record", "name": name, "fields": [field]} for name in names]
    value: Any = "no int"
    for _ in range(depth):
        value = {"x": value}
    fields = [{"name": f"t{name}", "type": one} for name, one in zip(names, types, strict=True)]
    return json.dumps(
        {"type": "record", "name": "R", "fields": [*fields, {"name": "d", "type": "A", "default": value}]}
    )


HOSTILE = {
    "empty": "",
    "blanks": " \n\t" * 1_000,
    "zero": "\x00",
    "mark": "\ufeff" + '{"type": "int"}',
    "open lists": "[" * 500_000,
    "open maps": '{"a":' * 100_000,
    "deep": nested(40),
    "too deep": nested(400),
    "wide": wide(3_000),
    "tries": tree(60),
    "many branches": json.dumps([{"type": "fixed", "name": f"F{number}", "size": 1} for number in range(4_000)]),
    "many faults": json.dumps({"type": "record", "name": "R", "fields": [{"name": "a-b", "type": "x"}] * 4_000}),
    "one line": '{"type": "record", "name": "R", "doc": "' + "x" * 990_000 + '", "fields": []}',
    "above the limit": '{"type": "record", "name": "R", "doc": "' + "x" * 1_000_001 + '", "fields": []}',
    "long name": json.dumps({"type": "record", "name": "n" * 500_000, "fields": []}),
    "dots": json.dumps({"type": "record", "name": "a." * 300_000 + "b", "fields": []}),
    "long number": '{"type": "int", "default": ' + "9" * 100_000 + "}",
    "huge power": '{"type": "int", "x": 1e999999}',
    "infinity": '{"type": "int", "x": Infinity}',
    "same key": "{" + '"a": 1, ' * 100_000 + '"a": 1}',
    "lone": '{"doc": "\\ud800", "type": "int"}',
    "lone character": '{"doc": "\ud800", "type": "int"}',
    "quotes": '"' * 400_001,
    "escapes": '"' + "\\" * 400_001,
    "types": '{"type": {"type": {"type": {"type": "int"}}}}',
    "itself": '{"type": "record", "name": "R", "fields": [{"name": "r", "type": "R", "default": {}}]}',
    "array of itself": '{"type": "array", "items": "array"}',
    "ref to itself": '{"$ref": "#"}',
    "ref in a circle": '{"$ref": "#/a", "a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}}',
    "pattern": '{"pattern": "(a+)+$", "type": ["string"]}',
    "bad pattern": '{"pattern": "(", "patternProperties": {"[": {}}}',
    "draft": '{"$schema": "http://nowhere.example/", "type": 3}',
    "draft that is no text": '{"$schema": {"a": 1}}',
    "id that is no text": '{"$id": 3, "$ref": "x"}',
    "pointer": '{"$ref": "#/' + "a/" * 200_000 + '"}',
    "percent": '{"$ref": "#/%zz%00"}',
    "messages": "message A {" * 100_000,
    "one message": "message A {" + "".join(f"string f{number} = {number};" for number in range(1, 15_000)) + "}",
    "reserved": "message A { reserved " + ", ".join(map(str, range(1, 30_000))) + "; string a = 5; }",
    "comment": "/*" + "*" * 500_000,
    "comments": "//\n" * 300_000,
    "slashes": "/" * 500_000,
    "number": "message A { string a = " + "9" * 100_000 + "; }",
    "octal": "message A { string a = 09; }",
    "aggregate": "option a = {" * 50_000,
    "names": "message " + "a." * 300_000 + " {}",
    "half": 'syntax = "proto3"; message',
    "value": "option x = ",
}


def looked_at(text: str, type_: str) -> Parsed:
    """All that is done with a text."""
    found = schemas.parse(type_, text)
    assert all(one.line >= 1 and one.column >= 1 and one.message for one in found.problems)
    assert all(len(one.message) < 2_000 for one in found.problems)
    assert found.form is not None or found.problems
    other = wide(3) if type_ == AVRO else '{"a": 1}' if type_ == JSON else "message B {}"
    for before, after in ((text, other), (other, text)):
        rows = schemas.difference(type_, before, after)
        assert (rows == []) == schemas.equal(type_, before, after)
        assert all(len(str(one)) < 1_500_000 for one in rows)
        schemas.alarms(type_, before, after)
        if type_ == AVRO:
            clashes("FULL", after, {}, [Version(before, {})])
    return found


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_judged(name: str, type_: str) -> None:
    looked_at(HOSTILE[name], type_)


KEYS = ["type", "name", "fields", "items", "values", "symbols", "size", "default", "aliases", "namespace", "doc", "$id"]
KEYS += ["logicalType", "precision", "scale", "order", "$ref", "properties", "required", "$schema", "enum"]
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["int", "record", "R", "long", "enum", "#/a", "decimal", "string", "null"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            KEYS
        ),
        inner,
        max_size=6,
    ),
    max_leaves=30,
)  # fmt: skip


@given(JSONS)
@settings(max_examples=MANY, deadline=None)
def test_any_json_is_judged_as_avro_and_as_json_schema(value: Any) -> None:
    text = json.dumps(value)
    for type_ in (AVRO, JSON):
        looked_at(text, type_)
        assert schemas.equal(type_, text, json.dumps(value, indent=2)) or schemas.parse(type_, text).form is None


@given(st.text() | st.text(alphabet='{}[]",:;= \n/*abmessage"\'123.()<>', max_size=60))
@settings(max_examples=MANY, deadline=None)
def test_any_text_is_judged(text: str) -> None:
    for type_ in TYPES:
        looked_at(text, type_)


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=max(20, MANY // 5), deadline=None)
def test_a_schema_with_a_piece_torn_out_is_judged(seed: int, data: st.DataObject) -> None:
    text = next(pairs(seed, 1)).new
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    looked_at(text[:start] + data.draw(st.sampled_from(["", "{", "null", '"x"', "[]"])) + text[end:], AVRO)


@given(st.integers(0, 100_000))
@settings(max_examples=max(20, MANY // 5), deadline=None)
def test_a_schema_is_equal_to_itself_and_reads_its_own_data(seed: int) -> None:
    pair = next(pairs(seed, 1))
    for text in pair[:2]:
        parsed = schemas.parse(AVRO, text)
        pretty = json.dumps(json.loads(text), indent=4, sort_keys=True)
        assert schemas.equal(AVRO, text, pretty) and schemas.difference(AVRO, text, pretty) == []
        assert [one.message for one in schemas.parse(AVRO, pretty).problems] == [one.message for one in parsed.problems]
        if not parsed.problems:
            assert all(clashes(level, text, {}, [Version(pretty, {})]) == [] for level in LEVELS)
    assert (schemas.difference(AVRO, *pair[:2]) == []) == schemas.equal(AVRO, *pair[:2])
