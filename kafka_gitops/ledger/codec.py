"""Records as JSON and back by their types: what a field is stands once, in the type, also for the JSON Schema."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from kafka_gitops.shape.exact import Json

_NAMES = {str: "string", int: "integer", bool: "boolean", NoneType: "null"}


def dumped(value: Any) -> Any:
    """A record, or a value of one, as plain data."""
    kind: Any = type(value)
    return value if kind in _NAMES else _writer(kind)(value)


@cache
def _writer(of: Hashable) -> Callable[[Any], Any]:
    """What writes a type, made once: a run has thousands of values."""
    kind: Any = of
    if is_dataclass(kind):
        names = tuple(one.name for one in fields(kind))
        return lambda value: {name: dumped(getattr(value, name)) for name in names}
    if issubclass(kind, tuple):
        return lambda value: [dumped(item) for item in value]
    if issubclass(kind, Mapping):
        return lambda value: {name: dumped(item) for name, item in value.items()}
    return lambda value: value


def loaded(kind: Any, data: Any, at: str = "") -> Any:
    """The value of a type from plain data; keys that nobody knows are a later version's, and passed over.

    One that is missing was not there in an earlier version: then its default counts, where it has one.

    Raises ValueError that says where what is missing or of another type.
    """
    return _reader(kind)(data, at)


Reader = Callable[[Any, str], Any]  # of plain data and of where it stands


@cache
def _reader(of: Hashable) -> Reader:
    """What reads a type, made once: of years of runs there are many values, and few types."""
    kind: Any = of
    origin: Any = get_origin(kind)
    if origin is Annotated:
        return _reader(get_args(kind)[0])
    if origin in (Union, UnionType):
        return _maybe(_reader(*(one for one in get_args(kind) if one is not NoneType)))
    if is_dataclass(kind):
        return _record(kind)
    if origin is tuple:
        return _items(_reader(get_args(kind)[0]))
    if origin is Literal:
        return _one_of(get_args(kind))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _values(_reader(get_args(kind)[1]))
    return lambda data, at: _exactly(data, kind, at)


def _maybe(inner: Reader) -> Reader:
    return lambda data, at: None if data is None else inner(data, at)


def _record(kind: Any) -> Reader:
    readers = [(name, _reader(hint)) for name, hint in _hints(kind).items()]
    usual = {one.name for one in fields(kind) if not (one.default is MISSING and one.default_factory is MISSING)}

    def read(data: Any, at: str) -> Any:
        given = _exactly(data, dict, at)
        below = f"{at}." if at else ""
        told = (one for one in readers if one[0] in given or one[0] not in usual)
        return kind(**{name: inner(_item(given, name, at), below + name) for name, inner in told})

    return read


def _items(inner: Reader) -> Reader:
    def read(data: Any, at: str) -> Any:
        return tuple(inner(item, f"{at}[{number}]") for number, item in enumerate(_exactly(data, list, at)))

    return read


def _values(inner: Reader) -> Reader:
    def read(data: Any, at: str) -> Any:
        return {name: inner(one, _below(at, name)) for name, one in _exactly(data, dict, at).items()}

    return read


def _one_of(values: tuple[Any, ...]) -> Reader:
    def read(data: Any, at: str) -> Any:
        if data not in values:
            raise ValueError(f"{at or 'it'} is none of {', '.join(map(str, values))}")
        return data

    return read


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


def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


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
