"""The JSON Schema (draft 2020-12) of kafka-gitops.yaml, for editors, from the same table as our own checks."""

from kafka_gitops.config.schema import FILE, Key
from kafka_gitops.shape import AnyOf, Boolean, ListOf, Map, Number, OneOf, Shape, Text

Json = dict[str, object]
_SEVERITY = "How much a finding of the rule weighs."  # the only key that stands in no table


def document() -> Json:
    """The whole schema as JSON-able data; `kafka_gitops/config.schema.json` holds it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kafka-gitops.yaml",
        "description": "The configuration of kafka-gitops.",
        **_object(FILE, ()),
    }


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
        body = _of(shape)
    elif key.item and isinstance(shape, ListOf) and isinstance(shape.item, Map):
        body = {"type": "array", "items": _object(key.below, shape.item.required)}
    elif isinstance(shape, Map) and shape.others is not None:
        body = {"type": "object", "additionalProperties": _object(key.below, ())}
    else:
        body = _object(key.below, shape.required if isinstance(shape, Map) else ())
    return {"description": key.says, **body}


def _of(shape: Shape) -> Json:
    if isinstance(shape, AnyOf):
        return {"anyOf": [_of(one) for one in shape.shapes]}
    if isinstance(shape, Map):
        known = {name: {"description": _SEVERITY, **_of(one)} for name, one in shape.keys.items()}
        others: object = True if shape.others is None else _of(shape.others)
        return {"type": "object", **({"properties": known} if known else {}), "additionalProperties": others}
    if isinstance(shape, ListOf):
        return {"type": "array", "items": _of(shape.item)}
    return _scalar(shape)


def _scalar(shape: Shape) -> Json:
    """Plain numbers and true/false are text as well where text is meant; YAML 1.1 readers see `off` as false."""
    if isinstance(shape, Text):
        return {"type": ["string", "number", "boolean", *(["null"] if shape.null else [])]}
    if isinstance(shape, OneOf):
        return {"enum": [*shape.texts, *([False] if "off" in shape.texts else [])]}
    if isinstance(shape, Boolean):
        return {"enum": [True, False, "true", "false", "yes", "no", "on", "off"]}
    if isinstance(shape, Number):
        bounds = {"minimum": shape.least, "maximum": shape.most}
        return {
            "type": ["integer", "string"],
            **{name: bound for name, bound in bounds.items() if bound is not None},
            "pattern": "^[0-9]+$",
        }
    return {}
