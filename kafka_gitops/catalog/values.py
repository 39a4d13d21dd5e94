"""Read a topic config's text as Kafka does: is it allowed, and are two texts the same value."""

import re

from kafka_gitops.catalog.topics import Definition, definition, last_definition

Value = int | float | bool | str | list[str]

BITS = {"short": 16, "int": 32, "long": 64}
# (texts, not compiled ones: `re` compiles and keeps each at its first use, and most runs need one)
# Java's Integer.parseInt takes any Unicode digit, as \d and int() do; int() refuses more than 4,300
INTEGER = r"[+-]?\d{1,4000}"
# Double.valueOf: decimal or hexadecimal with a type suffix, NaN, Infinity
DECIMAL = r"([+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?))[fFdD]?"
HEXADECIMAL = r"([+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)[fFdD]?"
SPECIAL = r"[+-]?(?:NaN|Infinity)"
REPLICA = r"(?:[0-9]+:[0-9]+)?"
BLANK = "".join(map(chr, range(33)))  # what String.trim removes


def _double(text: str) -> float | None:
    if match := re.fullmatch(DECIMAL, text):
        return float(match[1])
    if match := re.fullmatch(HEXADECIMAL, text):
        return float.fromhex(match[1])
    return float(text) if re.fullmatch(SPECIAL, text) else None


def parse(type: str, value: str) -> Value | None:
    """The value that Kafka makes of a text (ConfigDef.parseType); None when it is none of this type."""
    text = value.strip(BLANK)
    match type:
        case "boolean":
            return {"true": True, "false": False}.get(text.lower())
        case "short" | "int" | "long":
            return int(text) if re.fullmatch(INTEGER, text) else None
        case "double":
            return _double(text)
        case "list":
            return re.split(r"[ \t\n\v\f\r]*,[ \t\n\v\f\r]*", text) if text else []
    return text


def _expected(found: Definition) -> str:
    """What a number must be, in words."""
    number = "a number" if found.type == "double" else "a whole number"
    limit = 2 ** (BITS.get(found.type, 64) - 1)
    least, most = found.minimum, found.maximum
    also = "" if found.also is None else f", or {found.also}"
    if most is not None:
        return f"{number} from {least} to {most}{also}"
    if found.type == "int":
        return f"{number} from {-limit if least is None else least} to {limit - 1}"
    return number if least is None else f"{number} of at least {least}"


def _check_number(found: Definition, value: str, number: float | int) -> str | None:
    bits = BITS.get(found.type)
    if bits and not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
        return f'"{value}" does not fit in {bits} bits; expected {_expected(found)}'
    low = found.minimum is not None and number < found.minimum
    high = found.maximum is not None and number > found.maximum
    if (low or high) and number != found.also:
        return f'"{value}" is too {"low" if low else "high"}; expected {_expected(found)}'
    return None


def _check_list(found: Definition, value: str, elements: list[str]) -> str | None:
    if found.form == "replicas":  # ThrottledReplicaListValidator
        if elements == ["*"] or all(re.fullmatch(REPLICA, one) for one in elements):
            return None
        return f'"{value}" is not a list of replicas; expected * or PARTITION:BROKER,PARTITION:BROKER,...'
    names = ", ".join(sorted(found.allowed))
    if found.allowed and "" in elements:
        return f'"{value}" has an empty element; expected a comma-separated list of {names}'
    wrong = [one for one in elements if found.allowed and one not in found.allowed]
    return f'"{wrong[0]}" is not one of {names}' if wrong else None


def _is_version(found: Definition, text: str) -> bool:
    """MetadataVersion.fromVersionString (ApiVersion before 3.3): a name; what follows its first parts is ignored."""
    length = 3 if text.startswith("0.") else 2
    short = ".".join(text.split(".")[:length])
    return short in found.allowed or short in {one.partition("-")[0] for one in found.allowed}


def _check_string(found: Definition, text: str) -> str | None:
    if found.form == "version":
        newest = found.allowed[-1]
        wrong = f'"{text}" is not a message format version; expected one such as {newest.partition("-")[0]} or {newest}'
        return None if _is_version(found, text) else wrong
    if not found.allowed or text in found.allowed:
        return None
    return f'"{text}" is not one of {", ".join(sorted(found.allowed))}'


def check(key: str, value: str, version: str | None = None) -> str | None:
    """What Kafka would say against this value, with what was expected; None when it is fine or the key is not known.

    Types and ranges as in ConfigDef.parseType and the validators of LogConfig.
    """
    found = definition(key, version)
    if found is None:
        return None
    parsed = parse(found.type, value)
    match parsed:
        case None:
            if found.type == "boolean":
                return f'"{value}" is not a boolean; expected true or false'
            what = "number" if found.type == "double" else "whole number"
            return f'"{value}" is not a {what}; expected {_expected(found)}'
        case bool():
            return None
        case int() | float():
            return _check_number(found, value, parsed)
        case list():
            return _check_list(found, value, parsed)
    return _check_string(found, parsed)


def canonical(key: str, value: str) -> str:
    """One text per value: `007` is `7`, `TRUE` is `true`; unknown keys and unreadable values stay as they are.

    The policies of `cleanup.policy` are a set: order and duplicates mean nothing there.
    """
    found = last_definition(key)
    parsed = None if found is None else parse(found.type, value)
    match parsed:
        case None:
            return value
        case bool():
            return str(parsed).lower()
        case list():
            return ",".join(sorted(set(parsed)) if key == "cleanup.policy" else parsed)
    return str(parsed)


def equal(key: str, one: str, other: str) -> bool:
    """Do two texts give this topic config the same value?"""
    return one == other or canonical(key, one) == canonical(key, other)
