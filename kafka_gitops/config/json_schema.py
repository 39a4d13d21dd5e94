"""The JSON Schema (draft 2020-12) of kafka-gitops.yaml, for editors, from the same table as our own checks."""

from kafka_gitops.config.schema import FILE, Key
from kafka_gitops.shape.check import ListOf, Map
from kafka_gitops.shape.json_schema import DRAFT, Json, of


def document() -> Json:
    """The whole schema as JSON-able data; docs/schemas/config.json holds it."""
    return {
        "$schema": DRAFT,
        "title": "kafka-gitops.yaml",
        "description": "The configuration of kafka-gitops.",
        **_object(FILE, ()),
    }


def _severity(_mapping: Map, _name: str) -> str:
    return "How much a finding of the rule weighs."  # the only key that stands in no table


def _object(keys: dict[str, Key], required: tuple[str, ...]) -> Json:
    found: Json = {
        "type": "object",
        "properties": {name: _described(key) for name, key in keys.items()},
        "additionalProperties": False,
    }
    return {**found, "required": list(required)} if required else found


def _described(key: Key) -> Json:
    shape = key.shape
    if key.below is None:
        body = of(shape, _severity)
    elif key.item and isinstance(shape, ListOf) and isinstance(shape.item, Map):
        body = {"type": "array", "items": _object(key.below, shape.item.required)}
    elif isinstance(shape, Map) and shape.others is not None:
        body = {"type": "object", "additionalProperties": _object(key.below, ())}
    else:
        body = _object(key.below, shape.required if isinstance(shape, Map) else ())
    return {"description": key.says, **body}
