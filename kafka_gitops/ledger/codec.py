"""Records as JSON and back by their types: what a field is stands once, in the type, also for the JSON Schema."""

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from kafka_gitops.shape.exact import Json

_NAMES = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}


def dumped(value: Any) -> Any:
    """A record, or a value of one, as plain data."""
    if is_dataclass(value):
        return {one.name: dumped(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [dumped(item) for item in value]
    if isinstance(value, Mapping):
        return {name: dumped(item) for name, item in value.items()}
    return value


def loaded(kind: Any, data: Any, at: str = "") -> Any:
    """The value of a type from plain data; keys that nobody knows are a later version's, and passed over.

    Raises ValueError that says where what is missing or of another type.
    """
    if get_origin(kind) is Annotated:
        return loaded(get_args(kind)[0], data, at)
    if get_origin(kind) in (Union, UnionType):
        return _loaded_maybe(kind, data, at)
    if is_dataclass(kind):
        given = _exactly(data, dict, at)
        return kind(
            **{  # type: ignore[operator]
                name: loaded(hint, _item(given, name, at), _below(at, name)) for name, hint in _hints(kind).items()
            }
        )
    if get_origin(kind) is tuple:
        items = enumerate(_exactly(data, list, at))
        return tuple(loaded(get_args(kind)[0], item, f"{at}[{number}]") for number, item in items)
    if get_origin(kind) is Literal:
        if data not in get_args(kind):
            raise ValueError(f"{at or 'it'} is none of {', '.join(map(str, get_args(kind)))}")
        return data
    if isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping):
        return {
            name: loaded(get_args(kind)[1], one, _below(at, name)) for name, one in _exactly(data, dict, at).items()
        }
    return _exactly(data, kind, at)


def schema(kind: Any) -> Json:
    """The JSON Schema of a type: what `dumped` writes."""
    if get_origin(kind) is Annotated:
        inner, says = get_args(kind)
        return {"description": says, **schema(inner)}
    if get_origin(kind) in (Union, UnionType):
        return {"anyOf": [schema(one) for one in get_args(kind)]}
    if is_dataclass(kind):
        keys = {name: schema(hint) for name, hint in _hints(kind).items()}
        return {"type": "object", "properties": keys, "required": [*keys]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": schema(get_args(kind)[0])}
    if get_origin(kind) is Literal:
        return {"enum": [*get_args(kind)]}
    if isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping):
        return {"type": "object", "additionalProperties": schema(get_args(kind)[1])}
    return {"type": _NAMES[kind]}


@cache
def _hints_of(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _hints(kind: Any) -> dict[str, Any]:
    return _hints_of(kind)


def _loaded_maybe(kind: Any, data: Any, at: str) -> Any:
    if data is None:
        return None
    (inner,) = (one for one in get_args(kind) if one is not NoneType)
    return loaded(inner, data, at)


def _item(given: Mapping[str, Any], name: str, at: str) -> Any:
    if name not in given:
        raise ValueError(f"it has no {_below(at, name)}")
    return given[name]


def _exactly(data: Any, kind: type, at: str) -> Any:
    if type(data) is not kind:
        raise ValueError(f"{at or 'it'} is a {type(data).__name__}, expected {kind.__name__}")
    return data


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name
