"""The human reading beside a raw value: 604800000 is 7 days, 1073741824 is 1 GiB."""

import re

from kafka_gitops.catalog.values import INTEGER

RETENTION = r"(?:log\.)?(?:local\.|delete\.)?retention\.ms"
FOREVER = 2**63 - 1  # Long.MAX_VALUE, Kafka's "never"
# milliseconds, name, the largest count that still reads well (90 minutes, 36 hours)
TIMES = ((86_400_000, "day", None), (3_600_000, "hour", 72), (60_000, "minute", 120), (1_000, "s", 120))
SIZES = tuple((1024**power, name) for power, name in ((5, "PiB"), (4, "TiB"), (3, "GiB"), (2, "MiB"), (1, "KiB")))


def _count(number: float, unit: str) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    plural = "s" if len(unit) > 3 or unit == "day" else ""
    return f"{text} {unit}{plural if text != '1' else ''}"


def _about(value: int, size: int, unit: str) -> str:
    return f"about {_count(round(value / size, 1), unit)}"


def _time(value: int) -> str | None:
    for size, unit, most in TIMES:
        if value % size == 0 and (most is None or value // size <= most):
            return _count(value // size, unit)
    size, unit = next((size, unit) for size, unit, _ in TIMES if value >= size)
    if unit == "s" and value % 100 == 0:
        return _count(value / size, unit)
    return _about(value, size, unit)


def _bytes(value: int) -> str:
    size, unit = next((size, unit) for size, unit in SIZES if value >= size)
    exact = value * 100 % size == 0
    return _count(value / size, unit) if exact else _about(value, size, unit)


def humanize(key: str, value: str) -> str | None:
    """The reading of a value by its key's unit; None where the number says it all, or has no unit.

    Times below 1 s (but for a retention) and sizes below 1 KiB say it all.
    """
    if not re.fullmatch(INTEGER, value.strip()):
        return None
    number = int(value)
    if re.fullmatch(r"(?:log\.)?(?:local\.)?retention\.(?:ms|bytes)", key):
        if number == -1:
            return "no limit"
        if number == -2 and key.startswith("local."):
            return f"as {key.removeprefix('local.')}"
    if key.endswith((".ms", ".bytes", ".messages")) and number == FOREVER:
        return "never" if key.startswith("flush.") else "no limit"
    if key.endswith(".ms") and number >= 1000:
        return _time(number)
    if re.fullmatch(RETENTION, key) and 0 < number < 1000:  # a plan shows at once that this is hardly anything
        return f"{number} ms"
    if key.endswith(".bytes") and number >= 1024:
        return _bytes(number)
    return None
