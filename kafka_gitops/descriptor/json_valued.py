"""In the JSON Schemas: `${values.NAME}` wherever a value stands, also where a number or one of some words is wanted."""

from kafka_gitops.shape.json_schema import Json

VALUE: Json = {"type": "string", "pattern": r"\$\{values\.[^{}]+\}"}
NAME = "value-of-the-environment"  # under `$defs`
_REFERENCE: Json = {"$ref": f"#/$defs/{NAME}"}
_SCALARS = {"string", "number", "integer", "boolean", "null"}
_BOUNDS = ("pattern", "enum", "const", "minimum", "maximum", "not", "anyOf")


def valued(schema: Json) -> Json:
    """The same schema of a file; what bounds a scalar lets a value of the environment pass."""
    defs = schema.get("$defs")
    found = {name: _body(one) for name, one in defs.items()} if isinstance(defs, dict) else {}
    rest = {key: one for key, one in schema.items() if key != "$defs"}
    whole = _body(rest)
    assert isinstance(whole, dict)
    return {**whole, "$defs": {**found, NAME: dict(VALUE)}}


def _body(schema: object) -> object:
    """A schema at a value's place."""
    if not isinstance(schema, dict):
        return schema
    if isinstance(pattern := schema.get("pattern"), str) and not schema.keys() & {"enum", "const", "not", "anyOf"}:
        return {**schema, "pattern": f"{pattern}|{VALUE['pattern']}"}
    if _is_bound_scalar(schema):
        about = {key: schema[key] for key in ("description",) if key in schema}
        return {**about, "anyOf": [{key: one for key, one in schema.items() if key not in about}, dict(_REFERENCE)]}
    made = {key: _below(key, one) for key, one in schema.items()}
    choices = made.get("anyOf")
    if isinstance(choices, list) and "properties" not in made:
        made["anyOf"] = _merged(choices)
    return made


def _below(key: str, schema: object) -> object:
    if key in ("properties", "patternProperties") and isinstance(schema, dict):
        return {name: _body(one) for name, one in schema.items()}
    if key in ("items", "additionalProperties"):
        return _body(schema)
    if key == "anyOf" and isinstance(schema, list):
        return [_body(one) for one in schema]
    return schema


def _merged(choices: list[object]) -> list[object]:
    """Choices with those within them at the same level, and a value of the environment once, at the end."""
    flat: list[object] = []
    for one in choices:
        inner = one.get("anyOf") if isinstance(one, dict) and one.keys() == {"anyOf"} else None
        flat += inner if isinstance(inner, list) else [one]
    rest = [one for one in flat if one != _REFERENCE]
    return [*rest, dict(_REFERENCE)] if len(rest) < len(flat) else rest


def _is_bound_scalar(schema: Json) -> bool:
    """Whether not every text, number or word is allowed there, and no mapping or list is."""
    kinds = schema.get("type")
    types = set(kinds) if isinstance(kinds, list) else {kinds} if isinstance(kinds, str) else set()
    if not types:
        return "enum" in schema or "const" in schema
    return types <= _SCALARS and ("string" not in types or any(key in schema for key in _BOUNDS))
