"""JSON Schema of what programs write: values of exactly one type, objects with exactly these keys."""

from typing import Any

Json = dict[str, Any]


def of_type(kind: str | list[str], says: str, **more: object) -> Json:
    """A value of this type, and what it is."""
    return {"type": kind, "description": says, **more}


def object_of(**keys: Json) -> Json:
    """An object with exactly these keys."""
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}


def list_of(says: str, item: Json) -> Json:
    """A list, and what it is of."""
    return {"type": "array", "description": says, "items": item}
