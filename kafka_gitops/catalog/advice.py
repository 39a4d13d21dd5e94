"""What to write instead of a value or a key that Kafka does not take: units, other spellings, other tools' names."""

import re

from kafka_gitops.catalog.topics import Definition, last_definition, suggest
from kafka_gitops.catalog.values import check
from kafka_gitops.text.slips import without_blank

MILLISECONDS = {"ms": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000}
_TIMES = {
    **dict.fromkeys(("ms", "milliseconds", "millis"), "ms"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "second"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("w", "week", "weeks"), "week"),
}
_SIZES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SWITCHES = {
    **dict.fromkeys(("yes", "on", "1", "enabled", "enable", "y", "t"), "true"),
    **dict.fromkeys(("no", "off", "0", "disabled", "disable", "n", "f"), "false"),
}
_OTHERS = {
    **dict.fromkeys(
        ("partitions", "numpartitions", "partition.count", "partitioncount", "partition"), "num.partitions"
    ),
    **dict.fromkeys(("replicas", "replication", "replicationfactor", "replica.count", "rf"), "replication.factor"),
}
TYPOGRAPHIC = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"  # quotes of word processors: YAML takes them for letters
_PSEUDO = ("num.partitions", "replication.factor")


def for_value(key: str, value: str) -> str | None:
    """What to write for a value that is wrong, `write "604800000"`; None where nobody can tell."""
    bare = value.strip().strip(TYPOGRAPHIC)
    advice = f'write "{bare}"' if bare and bare != value.strip() else _for_value(key, value.strip())
    written = re.search(r'"([^"]*)"$', advice) if advice else None
    return None if written and _refused(key, written[1]) else advice


def _refused(key: str, value: str) -> bool:
    """Whether what would be advised is wrong itself."""
    if key in _PSEUDO:
        return not value.isdigit() or int(value) < 1
    return check(key, value) is not None


def _for_value(key: str, text: str) -> str | None:
    found = last_definition(key)
    if text.lower() in ("null", ""):
        return "write a value, or delete the key"
    if found is None or found.type in ("short", "int", "long"):
        return _number(key, text)
    if found.type == "boolean":
        meant = _SWITCHES.get(text.lower())
        return f'write "{meant}"' if meant else None
    return _choice(found, text)


def for_key(key: str, value: str, version: str | None) -> str | None:
    """What to write instead of a key that no topic config has, with its value where the unit is another."""
    name = key.strip()
    if right := without_blank(name):
        return f"write {right}, with a blank behind the colon"
    plain = re.sub(r"[_\-\s]+", ".", name).lower()
    pseudo = _OTHERS.get(plain) or _OTHERS.get(plain.replace(".", ""))
    if pseudo is None and plain.removesuffix("s").replace(".", "") in ("numpartition", "replicationfactor"):
        pseudo = _PSEUDO[0] if plain.startswith("num") else _PSEUDO[1]
    if pseudo:
        return f'did you mean "{pseudo}"?'
    base, _, unit = plain.removeprefix("log.").rpartition(".")
    base = {"roll": "segment"}.get(base, base)
    if base and unit != "ms" and unit in _TIMES and last_definition(f"{base}.ms") is not None:
        what = _time(value, _TIMES[unit])
        return f'did you mean "{base}.ms"? It is in milliseconds' + (f": {what}" if what else "")
    meant = suggest(key, version)
    return f'did you mean "{meant}"?' if meant else None


def _number(key: str, text: str) -> str | None:
    if text.lower() in _WORDS:
        return f'write "{_WORDS.index(text.lower())}"'
    found = re.fullmatch(r"([+-]?[0-9][0-9_,]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?)\s*([A-Za-z]*)", text)
    if found is None:
        return None
    number, unit = _whole(found[1].replace("_", "").replace(",", "")), found[2].lower()
    if not unit:
        return f'write "{number}"' if number is not None else None
    if key.endswith(".ms") and unit in _TIMES:
        what = _time(found[1], _TIMES[unit])
        return f"in milliseconds: {what}" if what else None
    factor = _SIZES.get(unit[0]) if unit in {f"{one}{end}" for one in _SIZES for end in ("", "b", "ib")} else None
    if key.endswith(".bytes") and factor and number is not None:
        verb = "is" if number == 1 else "are"
        return f'in bytes: {found[1]} {unit[0].upper()}iB {verb} "{number * factor}"'
    return None


def _whole(text: str) -> int | None:
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return int(number) if number == number.to_integral_value() else None


def _time(text: str, unit: str) -> str | None:
    """`7 days are "604800000"`."""
    number = _whole(text.strip().replace("_", "").replace(",", ""))
    if number is None:
        return None
    many = unit if unit == "ms" or number == 1 else f"{unit}s"
    return f'{number} {many} {"is" if number == 1 else "are"} "{number * MILLISECONDS[unit]}"'


def _choice(found: Definition, text: str) -> str | None:
    """Allowed words in other letters; of a list each of its members."""
    words = {one.lower(): one for one in found.allowed}
    parts = [one.strip().strip("[]\"'").lower() for one in text.split(",")] if found.type == "list" else [text.lower()]
    if parts and all(one in words for one in parts):
        return f'write "{",".join(words[one] for one in parts)}"'
    from difflib import get_close_matches

    meant = get_close_matches(parts[0], words, 1, 0.7) if len(parts) == 1 else []
    return f'did you mean "{words[meant[0]]}"?' if meant else None
