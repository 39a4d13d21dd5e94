"""Shapes to JSON Schema (draft 2020-12), so that an editor knows what our own checks know."""

import re
from collections.abc import Callable, Iterable, Mapping

from kafka_gitops.shape.check import AnyOf, Boolean, Late, ListOf, Map, Marked, Matching, Number, OneOf, Shape, Text
from kafka_gitops.text.scalars import BOOLEANS

Json = dict[str, object]
Says = Callable[[Map, str], str]  # the description of a key of a mapping

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SCALAR: Json = {"type": ["string", "number", "boolean"]}
MAYBE: Json = {"type": ["string", "number", "boolean", "null"]}


def of(shape: Shape, says: Says, defs: dict[str, Json] | None = None) -> Json:
    """The schema of a shape. With `defs` each mapping that is called "a ..." is put there once, and referred to.

    YAML's types are wider than JSON's: what we read as a text may be plain (a number, true), a number may be quoted.
    An unknown key is refused, also where our own checks only warn that nobody reads it.
    """
    if isinstance(shape, Late):
        return of(shape.make(), says, defs)
    if isinstance(shape, AnyOf):
        return {"anyOf": [of(one, says, defs) for one in shape.shapes]}
    if isinstance(shape, Marked):
        return {"anyOf": [*_choices(of(shape.usual, says, defs)), of(shape.other, says, defs)]}
    if isinstance(shape, ListOf):
        least: Json = {"minItems": shape.least} if shape.least else {}
        return _or_null({"type": "array", "items": of(shape.item, says, defs), **least}, shape.null)
    if isinstance(shape, Map):
        return _referred(shape, says, defs)
    return _scalar(shape)


def name_of(called: str) -> str:
    """The name under `$defs` of what is called so: "a role's user" is `role-s-user`."""
    return re.sub("[^a-z]+", "-", re.sub("^an? ", "", called.lower())).strip("-")


def one_of(names: Iterable[str], word: str) -> Json:
    """That of these keys exactly one (`word` "oneOf") or at least one ("anyOf") is there."""
    return {word: [{"required": [name]} for name in names]}


def _choices(body: Json) -> list[object]:
    """The schemas of which one must fit."""
    found = body.get("anyOf")
    return found if isinstance(found, list) else [body]


def _or_null(body: Json, null: bool) -> Json:
    return {**body, "type": [str(body["type"]), "null"]} if null else body


def _referred(shape: Map, says: Says, defs: dict[str, Json] | None) -> Json:
    if defs is None or not shape.called.startswith(("a ", "an ")):
        return _map(shape, says, defs)
    name, body = name_of(shape.called), _map(shape, says, defs)
    assert defs.setdefault(name, body) == body, f"two shapes are called {shape.called}"
    return {"$ref": f"#/$defs/{name}"}


def _map(shape: Map, says: Says, defs: dict[str, Json] | None) -> Json:
    keys: Mapping[str, Shape] = shape.keys
    known = {name: {"description": says(shape, name), **of(one, says, defs)} for name, one in keys.items()}
    others = False if shape.others is None else of(shape.others, says, defs) or True
    body: Json = {"type": "object", **({"properties": known} if known else {}), "additionalProperties": others}
    required: Json = {"required": list(shape.required)} if shape.required else {}
    return _or_null({**body, **required}, shape.null)


def any_case(text: str) -> str:
    """A pattern for a text in any case; JSON Schema's regular expressions have no flags."""
    return "".join(f"[{letter.upper()}{letter.lower()}]" if letter.isalpha() else letter for letter in text)


def _scalar(shape: Shape) -> Json:
    if isinstance(shape, Text):
        return dict(MAYBE if shape.null else SCALAR)
    if isinstance(shape, OneOf) and shape.fold:
        anyhow = {"type": "string", "pattern": f"^({'|'.join(map(any_case, shape.texts))})$"}
        return {"anyOf": [{"enum": list(shape.texts)}, anyhow]}
    if isinstance(shape, Matching):
        return {"type": ["string", "number"], "pattern": f"^{shape.pattern}$"}
    if isinstance(shape, OneOf):  # YAML 1.1 readers see `off` as false
        return {"enum": [*shape.texts, *([False] if "off" in shape.texts else [])]}
    if isinstance(shape, Boolean):
        return {"enum": [True, False, *BOOLEANS, *([None] if shape.null else [])]}
    if isinstance(shape, Number):
        bounds = {"minimum": shape.least, "maximum": shape.most}
        kinds = ["integer" if shape.whole else "number", "string", *(["null"] if shape.null else [])]
        return {
            "type": kinds,
            **{name: bound for name, bound in bounds.items() if bound is not None},
            "pattern": "^[0-9]+$" if shape.whole else r"^[0-9]+(\.[0-9]*)?$",
        }
    return {}
