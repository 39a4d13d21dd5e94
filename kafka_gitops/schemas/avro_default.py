"""Whether a default fits its type, by Avro 1.12's specification ("Complex Types", field default values)."""

import json
from collections.abc import Mapping

from kafka_gitops.schemas.contract import Json

_BOUNDS = {"int": (-(1 << 31), (1 << 31) - 1), "long": (-(1 << 63), (1 << 63) - 1)}
MOST_LOOKS = 20_000  # unions within records can ask for more than anybody waits for


class Fit:
    """Judges defaults by the types of a schema; `tired` when one needed more looks than are allowed."""

    def __init__(self, types: Mapping[str, Json]) -> None:
        self.types = types
        self.looks = 0

    @property
    def tired(self) -> bool:
        """Whether it stopped looking: then nothing more is said."""
        return self.looks > MOST_LOOKS

    def misfit(self, form: Json, value: Json) -> str | None:
        """Why a value is no default of a type in its form, None where it fits or where the type is not known."""
        self.looks += 1
        if self.tired:
            return None
        if isinstance(form, list):
            return self._branches(form, value)
        if isinstance(form, str):
            if form in _CHECKS:
                return None if _CHECKS[form](value) else _expected(form, value)
            if form in _BOUNDS:
                return _number(form, value)
            return self.misfit(self.types[form], value) if form in self.types else None
        kind = form.get("type") if isinstance(form, dict) else None
        if kind in ("record", "error"):
            return self._record(form, value)
        if kind == "enum":
            symbols = form.get("symbols")
            fits = not isinstance(symbols, list) or value in symbols
            return None if fits else f"{_shown(value)} is none of its symbols: {', '.join(map(str, symbols))}"
        if kind == "fixed":
            return _fixed(form, value)
        if kind == "array":
            return self._each(form.get("items"), value) if isinstance(value, list) else _expected("array", value)
        if kind == "map":
            inner = list(value.values()) if isinstance(value, dict) else None
            return self._each(form.get("values"), inner) if inner is not None else _expected("map", value)
        return self.misfit(kind, value) if kind is not None else None

    def _each(self, form: Json, values: list[Json]) -> str | None:
        return next((why for one in values if (why := self.misfit(form, one)) is not None), None)

    def _branches(self, form: list[Json], value: Json) -> str | None:
        """A union's default is one of its first type; since 1.12 of any, which older readers refuse."""
        why = self.misfit(form[0], value) if form else None
        if why is None:
            return None
        later = next((one for one in form[1:] if self.misfit(one, value) is None), None)
        if later is None:
            return f"{why}, nor does it fit another type of the union" if len(form) > 1 else why
        return f"{why}; it fits {_called(later)}, but readers before Avro 1.12 take only a value of the first type"

    def _record(self, form: Json, value: Json) -> str | None:
        if not isinstance(value, dict):
            return _expected("record", value)
        for one in form.get("fields", ()):
            name = one.get("name")
            if name in value:
                why = self.misfit(one.get("type"), value[name])
                if why is not None:
                    return f'in its field "{name}": {why}'
            elif "default" not in one:
                return f'its field "{name}" is missing, and that has no default of its own'
        return None


def _fixed(form: Json, value: Json) -> str | None:
    if not _is_bytes(value):
        return _expected("fixed", value)
    size = form.get("size")
    return None if len(value) == size else f"{len(value)} bytes, where the type has {size}"


def _number(form: str, value: Json) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return _expected(form, value)
    low, high = _BOUNDS[form]
    return None if low <= value <= high else f"{_shown(value)} is out of the range of {form}, {low} to {high}"


def _is_bytes(value: Json) -> bool:
    return isinstance(value, str) and all(ord(letter) < 256 for letter in value)


_CHECKS = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "double": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "bytes": _is_bytes,
}
_WORDS = {
    "null": "null",
    "boolean": "true or false",
    "int": "a whole number (int)",
    "long": "a whole number (long)",
    "float": "a number (float)",
    "double": "a number (double)",
    "string": "a text (string)",
    "bytes": "a text of code points up to U+00FF, one for each byte (bytes)",
    "fixed": "a text of code points up to U+00FF, one for each byte (fixed)",
    "array": "a list (array)",
    "map": "a mapping (map)",
    "record": "a mapping of its fields (record)",
}


def _expected(kind: str, value: Json) -> str:
    return f"found {_shown(value)}, expected {_WORDS[kind]}"


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _called(form: Json) -> str:
    return form if isinstance(form, str) else str(form.get("name") or form.get("type"))
