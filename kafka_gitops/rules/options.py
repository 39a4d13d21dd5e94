"""The kinds of values that a rule's option can have: an option's default says which kind it is."""

import re
from collections.abc import Callable, Mapping

UNITS = {"": 1, "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


class Duration(str):
    """A time such as `30d` or `12h`; a type of its own, so that an option's default tells its kind."""


class Pattern(str):
    """A regular expression that must match the whole text; empty where none is given."""


class Comparison(str):
    """How two numbers compare: `gt`, `lt`, `eq`, `gte`, `lte` or `ne`."""


COMPARISONS = ("gt", "lt", "eq", "gte", "lte", "ne")


def milliseconds(value: object) -> int | None:
    """`30d`, `12h`, `90m`, `45s`, `500ms` or plain milliseconds as a number; None for what is no duration."""
    if isinstance(value, bool):
        return None
    found = re.fullmatch(r"([0-9]{1,18}) ?(ms|[smhdw]|)", str(value).strip(), re.ASCII)
    return int(found[1]) * UNITS[found[2]] if found else None


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, str) or _is_texts(one) for one in value.values())


def _is_pattern(value: object) -> bool:
    try:
        re.compile(value if isinstance(value, str) else "(")
    except re.error:
        return False
    return bool(value)


# {type of the default: (what is expected, whether a value is that)}
KINDS: Mapping[type, tuple[str, Callable[[object], bool]]] = {
    bool: ("true or false", lambda value: isinstance(value, bool)),
    int: ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    tuple: ("a list of texts", _is_texts),
    dict: ("a mapping of paths to lists of texts", _is_mapping),
    Duration: ('a duration such as "30d" or "12h", or milliseconds', lambda value: milliseconds(value) is not None),
    Comparison: (f"one of {', '.join(COMPARISONS)}", lambda value: value in COMPARISONS),
    Pattern: ("a regular expression", _is_pattern),
}
