"""Avro's logical types: which there are, on which types, and what makes a reader ignore one."""

from collections.abc import Iterator
from typing import TypeGuard

from kafka_gitops.schemas.contract import Fault, Json, Path
from kafka_gitops.shape.found import near

# Avro 1.12's specification, "Logical Types"; a reader that does not know one reads the plain type
KNOWN = {
    "decimal": ("bytes", "fixed"),
    "big-decimal": ("bytes",),
    "uuid": ("string", "fixed"),
    "date": ("int",),
    "time-millis": ("int",),
    "time-micros": ("long",),
    "timestamp-millis": ("long",),
    "timestamp-micros": ("long",),
    "timestamp-nanos": ("long",),
    "local-timestamp-millis": ("long",),
    "local-timestamp-micros": ("long",),
    "local-timestamp-nanos": ("long",),
    "duration": ("fixed",),
}
_SIZES = {"duration": 12, "uuid": 16}


def logical(value: dict[str, Json], base: Json, path: Path) -> Iterator[Fault]:
    """What is wrong with the logical type of a type, `base` being the type under it."""
    if "logicalType" not in value:
        return
    name = value["logicalType"]
    here = (*path, "logicalType")
    if not isinstance(name, str) or name not in KNOWN:
        meant = near(name, tuple(KNOWN)) if isinstance(name, str) else None
        help = f'did you mean "{meant}"?' if meant else f"Avro's own: {', '.join(KNOWN)}"
        yield Fault(
            "logical-type", here, f'"{name}" is none of Avro\'s logical types: readers see the plain type', help
        )
    elif base not in KNOWN[name]:
        said = f'"{name}" means nothing on {base if isinstance(base, str) else "this type"}: readers ignore it'
        yield Fault("logical-type", here, said, f"it goes with {' or '.join(KNOWN[name])}")
    elif name == "decimal":
        yield from _decimal(value, path)
    elif base == "fixed" and value.get("size") != _SIZES[name]:
        said = f'"{name}" needs a fixed type of {_SIZES[name]} bytes: readers ignore it on {value.get("size")}'
        yield Fault("logical-type", here, said)


def beside(field: dict[str, Json], path: Path) -> Iterator[Fault]:
    """A logical type that stands beside a field's type in place of within it, a usual slip."""
    if "logicalType" in field and not isinstance(field.get("type"), dict | list):
        said = "a logicalType beside a field's type means nothing: readers see the plain type"
        name, kind = field["logicalType"], field.get("type")
        help = f'write "type": {{"type": "{kind}", "logicalType": "{name}"}}'
        yield Fault("logical-type", (*path, "logicalType"), said, help)


def _decimal(value: dict[str, Json], path: Path) -> Iterator[Fault]:
    precision, scale = value.get("precision"), value.get("scale", 0)
    size = value.get("size")
    most = len(str((1 << (8 * size - 1)) - 1)) - 1 if _whole(size) and 0 < size <= 64 else None
    if not _whole(precision) or precision <= 0:
        said = 'a decimal needs "precision", a whole number above 0: readers ignore it without'
        yield Fault("logical-type", (*path, "precision"), said)
    elif not _whole(scale) or not 0 <= scale <= precision:
        said = f"the scale of a decimal is a whole number from 0 to its precision, {precision}: readers ignore it else"
        yield Fault("logical-type", (*path, "scale"), said)
    elif most is not None and precision > most:
        said = f"{size} bytes hold at most {most} digits, not {precision}: readers ignore the decimal"
        yield Fault("logical-type", (*path, "precision"), said)


def _whole(value: Json) -> TypeGuard[int]:
    return type(value) is int
