"""What plain YAML scalars mean, and the text that the reference (SnakeYAML under Jackson) makes of them."""

import re
from functools import lru_cache

Value = str | int | float | bool | None

BOOLEANS = {
    **dict.fromkeys(("yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
}
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
MAX_DIGITS = 1_000  # a longer number stays text: Python refuses to print it, and nothing here counts so far
_FIRST = frozenset("0123456789+-.")
_INT = re.compile(r"[-+]?(?:0[bB][01_]+|0[xX][0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)$")
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?)$"
)
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?$")


def plain_value(raw: str) -> Value:
    """A plain scalar's value by YAML 1.1 as the reference types it: dates and 12:30:45 stay text."""
    if raw and raw[0] not in _FIRST:
        if raw in BOOLEANS:
            return BOOLEANS[raw]
        return None if raw in NULLS else raw
    if not raw:
        return None
    if _INT.match(raw):
        return _integer(raw.replace("_", ""))
    if _FLOAT.match(raw):
        return float(raw.replace("_", ""))
    return raw


def as_text(value: Value) -> str:
    """The text of a value, as Jackson's `asText`: `true`, `null`, `1.5`, `1000.0`; never Python's `str(True)`."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return java_double(value) if isinstance(value, float) else str(value)


@lru_cache(maxsize=10_000)
def plain_text(raw: str) -> str:
    """The text of a plain scalar; remembered, since few texts make up most of a tree."""
    return as_text(plain_value(raw))


def java_double(number: float) -> str:
    """A double as Java's Double.toString prints it: `1.5`, `1000.0`, `1.0E10`, `1.0E-4`."""
    if number != number or number in (float("inf"), float("-inf")):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(number)]
    from decimal import Decimal

    sign, digits, exponent = Decimal(repr(number)).as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits)).rstrip("0") or "0"
    point = len(digits) + exponent  # the value is 0.text x 10^point
    minus = "-" if sign else ""
    if text == "0":
        return minus + "0.0"
    if 1e-3 <= abs(number) < 1e7:
        if point <= 0:
            return f"{minus}0.{'0' * -point}{text}"
        whole = text[:point].ljust(point, "0")
        return f"{minus}{whole}.{text[point:] or '0'}"
    return f"{minus}{text[0]}.{text[1:] or '0'}E{point - 1}"


def oddity(raw: str) -> str | None:
    """Why a plain scalar may not be what its writer meant, or None: a sentence fit for `unquoted-oddity`.

    Source: YAML 1.1's types; silent where only the case of true/false differs, which Kafka reads alike.
    """
    text = as_text(plain_value(raw))
    if text != raw:
        return None if text == raw.lower() else f'plain {raw or "(nothing)"} is read as "{text}"'
    if _SEXAGESIMAL.match(raw):
        return f"plain {raw} is a number to base 60 for some YAML readers"
    if _DATE.match(raw):
        return f"plain {raw} is a date for some YAML readers"
    return None


def _integer(raw: str) -> int | str:
    digits = raw.lstrip("+-").lower()
    base = (
        2
        if digits.startswith("0b")
        else 16
        if digits.startswith("0x")
        else 8
        if digits.startswith("0") and len(digits) > 1
        else 10
    )
    if len(digits) > MAX_DIGITS:
        return raw
    try:
        number = int(digits, base)
    except ValueError:  # "0x" or "0b" alone, once its underscores are gone
        return raw
    return -number if raw.startswith("-") else number
