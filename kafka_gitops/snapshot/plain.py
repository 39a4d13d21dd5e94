"""Plain data of a snapshot: what says nothing is left out, what is read is held to its type."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from kafka_gitops.snapshot.contents import ERRORS, Unknown

Json = dict[str, Any]
Entry = Mapping[str, Any]
_T = TypeVar("_T")


def exactly(value: Any, kind: type[_T]) -> _T:
    """The value. Raises TypeError unless it is exactly of the type: whoever can write the file wrote it."""
    if type(value) is not kind:
        raise TypeError(f"{ascii(value)[:80]} is a {type(value).__name__}, expected {kind.__name__}")
    return value


def maybe(value: Any, kind: type[_T]) -> _T | None:
    """The same, or None."""
    return None if value is None else exactly(value, kind)


def said(**fields: Any) -> Json:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, False, {}, [], ())}


def texts(value: Any) -> dict[str, str]:
    """A mapping of texts to texts."""
    return {exactly(key, str): exactly(text, str) for key, text in value.items()}


def items(value: Any, kind: type[_T]) -> list[_T]:
    """A list of values of one type."""
    return [exactly(one, kind) for one in exactly(value, list)]


def part(part: _T | Unknown | None, dumped: Callable[[_T], Any]) -> Any:
    """A part, or why it could not be read."""
    if isinstance(part, Unknown):
        return {"unknown": said(error=part.error, message=part.message, help=part.help)}
    return None if part is None else dumped(part)


def part_of(data: Any, loaded: Callable[[Any], _T]) -> _T | Unknown | None:
    """The same from plain data."""
    if isinstance(data, dict) and data.keys() == {"unknown"}:
        found = data["unknown"]
        if found["error"] not in ERRORS:
            raise ValueError("the name of an error")
        return Unknown(found["error"], exactly(found["message"], str), maybe(found.get("help"), str))
    return None if data is None else loaded(data)
