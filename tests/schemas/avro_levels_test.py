"""Whether an Avro change keeps to a level, why not, and where: without a registry."""

import json
import sys
from typing import Any

import pytest
from avro_pairs import pairs

from kafka_gitops.schemas.contract import Clash
from kafka_gitops.schemas.levels import LEVELS, Version, clashes

Json = Any


def record(*fields: Json, **more: Json) -> str:
    """A record of some fields."""
    return json.dumps({"type": "record", "name": "R", "namespace": "acme", "fields": fields, **more}, indent=1)


def of(type_: Json, **more: Json) -> str:
    """A record with one field."""
    return record({"name": "f", "type": type_, **more})


def judged(old: str, new: str, level: str = "BACKWARD") -> list[Clash] | None:
    """Why a change does not keep to a level."""
    return clashes(level, new, {}, [Version(old, {})])


def one(found: list[Clash] | None) -> Clash:
    """The only reason."""
    assert found is not None and len(found) == 1
    return found[0]


def enum(*symbols: str, **more: Json) -> Json:
    """An enum."""
    return {"type": "enum", "name": "E", "symbols": list(symbols), **more}


INNER = {"type": "record", "name": "I", "fields": [{"name": "street", "type": "string"}]}
OTHER = {"type": "record", "name": "I", "fields": [{"name": "street", "type": "int"}]}


@pytest.mark.parametrize(
    ("old", "new", "field", "place", "said"),
    [
        (of("string"), of("int"), "f", (8, 12), "the old schema writes string, which the new schema cannot read as int"),
        (record(), of("int"), "f", (8, 12), "the new schema needs the field, since it has no default there"),
        (of(["null", "int"]), of("int"), "f", (8, 12), "the old schema writes null, which the new schema cannot read"),
        (of("string"), of(["null", "int"]), "f", (8, 12), "which is none of what the new schema reads: null | int"),
        (of(enum("A", "B")), of(enum("A")), "f", (8, 12), "does not know B, which the old schema writes"),
        (of({"type": "fixed", "name": "F", "size": 2}), of({"type": "fixed", "name": "F", "size": 3}), "f", (8, 12),
         "the old schema writes 2 bytes, the new schema reads 3"),
        (of(INNER), of({**INNER, "name": "J"}), "f", (8, 12), "calls the type record acme.I, the new schema record acme.J"),
        (of(INNER), of(OTHER), "f.street", (14, 15), "the old schema writes string"),
        (of(["null", INNER]), of(["null", OTHER]), "f.street", (16, 16), "the old schema writes string"),
        (of({"type": "array", "items": "int"}), of({"type": "array", "items": "string"}), "f[]", (10, 14), "writes int"),
        (of({"type": "map", "values": INNER}), of({"type": "map", "values": OTHER}), "f{}.street", (16, 16), "writes string"),
        (record({"name": "a", "type": "int"}, {"name": "f", "type": "int"}), of("int", aliases=["a"]), "f", (8, 12),
         "match several fields that the old schema writes: f, a"),
    ],
)  # fmt: skip
def test_a_reason_has_its_field_and_place(old: str, new: str, field: str, place: tuple[int, int], said: str) -> None:
    found = one(judged(old, new))
    assert (found.field, found.line, found.column) == (field, *place)
    assert said in found.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (of("int"), of("long")),
        (of("string"), of("bytes")),
        (of("int"), record()),
        (record(), of("int", default=0)),
        (of("int"), record({"name": "g", "type": "long", "aliases": ["f"]})),
        (of(enum("A", "B")), of(enum("A", default="A"))),
        (of(INNER), of({**INNER, "name": "J", "aliases": ["I"]})),
        (of(INNER), of({**INNER, "name": "J", "aliases": ["acme.I"]})),
        (record(type="error"), record()),
        (of("int"), of(["null", "int"])),
        (record(), record(namespace="other")),
        (of({"type": "array", "items": "I"}, default=[]).replace('"I"', json.dumps(INNER)), record()),
    ],
)
def test_what_the_new_schema_reads_is_no_reason(old: str, new: str) -> None:
    assert judged(old, new) == []


def test_a_level_says_who_reads_whom() -> None:
    wider = {level: judged(of("int"), of("long"), level) == [] for level in LEVELS}
    narrower = {level: judged(of("long"), of("int"), level) == [] for level in LEVELS}
    assert [level for level in LEVELS if wider[level]] == ["BACKWARD", "BACKWARD_TRANSITIVE", "NONE"]
    assert [level for level in LEVELS if narrower[level]] == ["FORWARD", "FORWARD_TRANSITIVE", "NONE"]


def test_forward_says_that_the_old_schema_reads() -> None:
    found = one(judged(of("int"), record(), "FORWARD"))
    assert found.message.startswith("the old schema needs the field") and (found.line, found.column) == (1, 1)


def test_only_a_transitive_level_looks_at_all_versions() -> None:
    versions = [Version(of("int"), {}, "version 2"), Version(of("string"), {}, "version 1")]
    assert clashes("BACKWARD", of("int"), {}, versions) == []
    found = one(clashes("BACKWARD_TRANSITIVE", of("int"), {}, versions))
    assert found.message.startswith("version 1 writes string")


def test_there_is_no_verdict_without_the_libraries_or_a_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    text = of("acme.Address")
    assert judged(of("int"), text) is None and judged(text, of("int")) is None
    assert clashes("BACKWARD", text, {"acme.Address": None}, [Version(of("int"), {})]) is None
    monkeypatch.setitem(sys.modules, "kafka_gitops.schemas.avro_compat", None)
    assert judged(of("int"), of("int")) is None


def test_references_are_part_of_both() -> None:
    text = of("acme.I")
    old, new = ({"acme.I": json.dumps({**each, "namespace": "acme"})} for each in (INNER, OTHER))
    found = one(clashes("BACKWARD", text, new, [Version(text, old)]))
    assert (found.field, found.line, found.column) == ("f.street", 8, 12)


def test_a_recursive_type_and_two_wide_unions_end() -> None:
    node = record({"name": "next", "type": ["null", "R"], "default": None})
    assert judged(node, node, "FULL_TRANSITIVE") == []
    wide = json.dumps([{"type": "fixed", "name": f"F{number}", "size": 1} for number in range(2_000)])
    assert judged(wide, wide) is None


def test_every_reason_of_generated_pairs_has_a_place_in_the_text() -> None:
    for pair in pairs(seed=3, count=100):
        lines = len(pair.new.splitlines())
        for found in judged(pair.old, pair.new, "FULL") or ():
            assert 1 <= found.line <= lines and found.column >= 1 and found.message
            assert "{" not in found.message
