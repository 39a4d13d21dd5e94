"""Pairs of Avro schemas, made from a seed: one as people write them, and the same after one to three changes."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Json = Any
PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]
NAMED = ("record", "error", "enum", "fixed")
LOGICAL = [
    {"type": "long", "logicalType": "timestamp-millis"},
    {"type": "long", "logicalType": "timestamp-micros"},
    {"type": "int", "logicalType": "date"},
    {"type": "string", "logicalType": "uuid"},
    {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
    {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4},
]
DEFAULTS = {
    "null": None, "boolean": True, "int": 7, "long": 7, "float": 1.5, "double": 1.5, "bytes": "a", "string": "x",
}  # fmt: skip


class Pair(NamedTuple):
    """Two schemas, and the changes that lead from the first to the second."""

    old: str
    new: str
    changes: tuple[str, ...]


def pairs(seed: int, count: int) -> Iterator[Pair]:
    """So many pairs, the same for the same seed; each kind of change comes about equally often."""
    dice = random.Random(seed)
    names, made, at = list(CHANGES), 0, 0
    while made < count:
        old = _Maker(dice).record(0)
        new = copy.deepcopy(old)
        wanted = [names[at % len(names)], *dice.sample(names, dice.choice((0, 0, 0, 1, 2)))]
        at += 1
        done = tuple(name for name in wanted if CHANGES[name](dice, new))  # a schema without an enum has no symbols
        if done:
            made += 1
            yield Pair(json.dumps(old), json.dumps(new), done)


class _Maker:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.names = iter(range(1_000))
        self.defined: list[str] = []

    def name(self, stem: str) -> str:
        return f"{stem}{next(self.names)}"

    def record(self, depth: int) -> Json:
        made: Json = {"type": self.dice.choice(["record"] * 9 + ["error"]), "name": self.name("R")}
        if self.dice.random() < 0.6 or not depth:
            made["namespace"] = self.dice.choice(["acme", "acme.pay", "acme"])
        made["fields"] = [self.field(depth) for _ in range(self.dice.randint(1, 4))]
        return made

    def field(self, depth: int) -> Json:
        type_ = self.type(depth + 1)
        made: Json = {"name": self.name("f"), "type": type_}
        simple = type_[0] if isinstance(type_, list) else type_
        if isinstance(simple, str) and simple in DEFAULTS and self.dice.random() < 0.4:
            made["default"] = DEFAULTS[simple]
        return made

    def type(self, depth: int, *, union: bool = True) -> Json:
        kind = self.dice.choice(
            ["plain"] * 4 + ["logical", "enum", "fixed"] + (["union"] * 2 if union else [])
            + (["record", "array", "map", "record"] if depth < 3 else [])
        )  # fmt: skip
        if kind == "union":
            branches = [self.type(depth, union=False) for _ in range(self.dice.randint(1, 3))]
            return list({_label(branch): branch for branch in ["null", *branches]}.values())
        if kind == "enum":
            symbols = self.dice.sample(["A", "B", "C", "D"], self.dice.randint(1, 4))
            made = {"type": "enum", "name": self.name("E"), "symbols": symbols}
            return {**made, "default": symbols[0]} if self.dice.random() < 0.4 else made
        if kind == "fixed":
            return {"type": "fixed", "name": self.name("F"), "size": self.dice.randint(1, 4)}
        if kind == "record":
            return self.record(depth)
        if kind in ("array", "map"):
            return {"type": kind, "items" if kind == "array" else "values": self.type(depth + 1)}
        return copy.deepcopy(self.dice.choice(LOGICAL)) if kind == "logical" else self.dice.choice(PRIMITIVES)


def _label(branch: Json) -> str:
    if isinstance(branch, dict):
        return str(branch["name"]) if branch["type"] in NAMED else str(branch["type"])
    return str(branch)


class _Slot(NamedTuple):
    """A place where a type stands: in what, under which key."""

    holder: Any
    key: Any

    @property
    def type(self) -> Json:
        return self.holder[self.key]


def _slots(schema: Json) -> Iterator[_Slot]:
    """Every place of a type below a schema."""
    if isinstance(schema, list):
        for index, branch in enumerate(schema):
            yield _Slot(schema, index)
            yield from _slots(branch)
    elif isinstance(schema, dict):
        for field in schema.get("fields", ()):
            yield _Slot(field, "type")
            yield from _slots(field["type"])
        for key in ("items", "values"):
            if key in schema:
                yield _Slot(schema, key)
                yield from _slots(schema[key])


def _named(schema: Json, *kinds: str) -> list[Json]:
    found = [schema, *(slot.type for slot in _slots(schema))]
    return [one for one in found if isinstance(one, dict) and one["type"] in kinds]


def _fields(schema: Json) -> list[tuple[Json, Json]]:
    return [(record, field) for record in _named(schema, "record", "error") for field in record["fields"]]


def _plain(field: Json) -> None:
    """A default that may no longer fit goes."""
    field.pop("default", None)


def _add(dice: random.Random, schema: Json, *, default: bool) -> bool:
    record = dice.choice(_named(schema, "record", "error"))
    type_ = dice.choice([one for one in PRIMITIVES if one != "null"])
    field = {"name": f"n{dice.randint(0, 10**6)}", "type": type_, **({"default": DEFAULTS[type_]} if default else {})}
    record["fields"].insert(dice.randint(0, len(record["fields"])), field)
    return True


def _remove(dice: random.Random, schema: Json, *, default: bool) -> bool:
    found = [one for one in _fields(schema) if ("default" in one[1]) is default and len(one[0]["fields"]) > 1]
    if found:
        record, field = dice.choice(found)
        record["fields"].remove(field)
    return bool(found)


def _rename(dice: random.Random, schema: Json, *, alias: bool) -> bool:
    _, field = dice.choice(_fields(schema))
    if alias:
        field["aliases"] = [field["name"]]
    field["name"] = f"{field['name']}_new"
    return True


def _both_match(dice: random.Random, schema: Json) -> bool:
    """A field takes the name of another one as its alias."""
    found = [record for record in _named(schema, "record", "error") if len(record["fields"]) > 1]
    if found:
        one, other = dice.sample(dice.choice(found)["fields"], 2)
        one["aliases"] = [other["name"]]
    return bool(found)


def _take_over(dice: random.Random, schema: Json) -> bool:
    """A new field takes another one's name as its alias, and that one goes on with a default: Java lets it pass."""
    found = [one for one in _fields(schema) if "default" in one[1] and isinstance(one[1]["type"], str)]
    if found:
        record, field = dice.choice(found)
        record["fields"].append({**copy.deepcopy(field), "name": f"{field['name']}_b", "aliases": [field["name"]]})
    return bool(found)


def _retype(kinds: dict[str, list[str]]) -> Callable[[random.Random, Json], bool]:
    def change(dice: random.Random, schema: Json) -> bool:
        found = [slot for slot in _slots(schema) if isinstance(slot.type, str) and slot.type in kinds]
        found = [slot for slot in found if not isinstance(slot.holder, list)]
        if found:
            slot = dice.choice(found)
            slot.holder[slot.key] = dice.choice(kinds[slot.type])
            _plain(slot.holder)
        return bool(found)

    return change


def _logical(dice: random.Random, schema: Json) -> bool:
    found = [slot for slot in _slots(schema) if isinstance(slot.type, dict) and "logicalType" in slot.type]
    found = [slot for slot in found if not isinstance(slot.holder, list)]
    if found:
        slot = dice.choice(found)
        slot.holder[slot.key] = dice.choice([copy.deepcopy(dice.choice(LOGICAL)), slot.type["type"]])
    return bool(found)


def _wrap(dice: random.Random, schema: Json) -> bool:
    found = [slot for slot in _slots(schema) if not isinstance(slot.holder, list) and not isinstance(slot.type, list)]
    found = [slot for slot in found if slot.type != "null"]
    if found:
        slot = dice.choice(found)
        slot.holder[slot.key] = ["null", slot.type]
        _plain(slot.holder)
    return bool(found)


def _unions(schema: Json) -> list[_Slot]:
    return [slot for slot in _slots(schema) if isinstance(slot.type, list)]


def _unwrap(dice: random.Random, schema: Json) -> bool:
    found = _unions(schema)
    if found:
        slot = dice.choice(found)
        slot.holder[slot.key] = dice.choice(slot.type)
        _plain(slot.holder)
    return bool(found)


def _branch(dice: random.Random, schema: Json, *, more: bool) -> bool:
    found = [slot for slot in _unions(schema) if more or len(slot.type) > 1]
    if found:
        slot = dice.choice(found)
        left = [one for one in PRIMITIVES if one not in map(_label, slot.type)]
        if more and left:
            slot.type.append(dice.choice(left))
        else:
            slot.type.pop()
    return bool(found)


def _shuffle(dice: random.Random, schema: Json) -> bool:
    record = dice.choice(_named(schema, "record", "error"))
    dice.shuffle(record["fields"])
    for slot in _unions(schema)[:1]:
        slot.type.reverse()
        _plain(slot.holder) if isinstance(slot.holder, dict) else None
    return True


def _symbols(dice: random.Random, schema: Json, *, more: bool) -> bool:
    found = [one for one in _named(schema, "enum") if more or len(one["symbols"]) > 1]
    if found:
        enum = dice.choice(found)
        if more:
            enum["symbols"].insert(dice.randint(0, 1), f"N{dice.randint(0, 99)}")
        else:
            gone = enum["symbols"].pop()
            if enum.get("default") == gone:
                enum["default"] = enum["symbols"][0]
    return bool(found)


def _enum_default(dice: random.Random, schema: Json) -> bool:
    found = _named(schema, "enum")
    if found:
        enum = dice.choice(found)
        if enum.pop("default", None) is None:
            enum["default"] = enum["symbols"][-1]
        enum["symbols"] = [*enum["symbols"], f"N{dice.randint(0, 99)}"]
    return bool(found)


def _size(dice: random.Random, schema: Json) -> bool:
    found = _named(schema, "fixed")
    if found:
        dice.choice(found)["size"] += 1
    return bool(found)


def _call(dice: random.Random, schema: Json, *, alias: str) -> bool:
    """Another name for a type: without an alias, with a short one, with one in full, or with one that is wrong."""
    one = dice.choice(_named(schema, *NAMED))
    space = f"{one['namespace']}." if "namespace" in one else ""
    aliases = {"": [], "short": [one["name"]], "full": [f"{space}{one['name']}"], "wrong": [f"other.{one['name']}"]}
    if aliases[alias]:
        one["aliases"] = aliases[alias]
    one["name"] = f"{one['name']}_new"
    return True


def _move(dice: random.Random, schema: Json) -> bool:
    one = dice.choice(_named(schema, *NAMED))
    one["namespace"] = dice.choice(["acme.v2", "other", one.get("namespace", "acme")])
    return True


def _recurse(dice: random.Random, schema: Json) -> bool:
    """A record that holds itself."""
    record = dice.choice(_named(schema, "record")) if _named(schema, "record") else None
    if record is not None:
        record["fields"].append({"name": "next", "type": ["null", record["name"]], "default": None})
    return record is not None


def _talk(dice: random.Random, schema: Json) -> bool:
    """What no reader looks at."""
    _, field = dice.choice(_fields(schema))
    field["doc"] = "said"
    schema["x-owner"] = "pay"
    return True


UP = {
    "int": ["long", "float", "double"],
    "long": ["float", "double"],
    "float": ["double"],
    "string": ["bytes"],
    "bytes": ["string"],
}
DOWN = {"long": ["int"], "float": ["long", "int"], "double": ["float", "long"]}
OTHER = {
    "int": ["string", "boolean"],
    "string": ["int", "null"],
    "boolean": ["int"],
    "null": ["string"],
    "bytes": ["long"],
}
CHANGES: dict[str, Callable[[random.Random, Json], bool]] = {
    "field added with default": lambda dice, schema: _add(dice, schema, default=True),
    "field added": lambda dice, schema: _add(dice, schema, default=False),
    "field with default removed": lambda dice, schema: _remove(dice, schema, default=True),
    "field removed": lambda dice, schema: _remove(dice, schema, default=False),
    "field renamed": lambda dice, schema: _rename(dice, schema, alias=False),
    "field renamed with alias": lambda dice, schema: _rename(dice, schema, alias=True),
    "alias of another field": _both_match,
    "alias of a field that stays": _take_over,
    "promoted": _retype(UP),
    "demoted": _retype(DOWN),
    "retyped": _retype(OTHER),
    "logical type": _logical,
    "made optional": _wrap,
    "made required": _unwrap,
    "branch added": lambda dice, schema: _branch(dice, schema, more=True),
    "branch removed": lambda dice, schema: _branch(dice, schema, more=False),
    "order": _shuffle,
    "symbol added": lambda dice, schema: _symbols(dice, schema, more=True),
    "symbol removed": lambda dice, schema: _symbols(dice, schema, more=False),
    "enum default": _enum_default,
    "size": _size,
    "type renamed": lambda dice, schema: _call(dice, schema, alias=""),
    "type renamed, short alias": lambda dice, schema: _call(dice, schema, alias="short"),
    "type renamed, full alias": lambda dice, schema: _call(dice, schema, alias="full"),
    "type renamed, wrong alias": lambda dice, schema: _call(dice, schema, alias="wrong"),
    "namespace": _move,
    "recursion": _recurse,
    "doc": _talk,
}
