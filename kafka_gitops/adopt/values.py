"""Values that environments differ in while files are made: each a sign that no name has, then `${values.NAME}`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.adopt.inventory import Made
from kafka_gitops.adopt.places import Place, places
from kafka_gitops.catalog import humanize
from kafka_gitops.settings import Value
from kafka_gitops.text.source import parse
from kafka_gitops.writing import emit

LONGEST = 1000  # characters of a value in the config
_SIZES = ("small", "medium", "large")
_FIRST_NUMBER = 1_000_000_007
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


class _Known(NamedTuple):
    family: str  # what it is of: "partitions", "retention.ms"
    texts: tuple[str, ...]  # by environment


class Signs:
    """Values by what they are of and their texts; the same texts of the same thing are one value."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names` are all texts that must not hold a sign."""
        every = "\n".join(names).lower()
        self._letters = next(one for one in (f"zq{a}{b}" for a in "xjvkw" for b in "xjvkw") if one not in every)
        self._known: dict[_Known, int] = {}

    def text(self, family: str, texts: Sequence[str]) -> str:
        """A sign that may stand within a name: letters alone."""
        number = self._known.setdefault(_Known(family, tuple(texts)), len(self._known))
        return f"{self._letters}{chr(97 + number // 26 % 26)}{chr(97 + number % 26)}zq"

    def number(self, family: str, texts: Sequence[str]) -> int:
        """A sign that is a number."""
        return _FIRST_NUMBER + self._known.setdefault(_Known(family, tuple(texts)), len(self._known))

    def named(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """A name for each value, by its signs in letters and as a number, with its texts."""
        families: dict[str, list[_Known]] = {}
        for known in self._known:
            families.setdefault(known.family, []).append(known)
        taken: set[str] = set()
        found = {}
        for family, values in families.items():
            for known, told in zip(values, _told(values), strict=True):
                name = "_".join(filter(None, (_word(family), told)))
                again, free = 1, name
                while free in taken:
                    again += 1
                    free = f"{name}_{again}"
                taken.add(free)
                found[self.text(*known)] = found[str(self.number(*known))] = free, known.texts
        return found


def _told(values: Sequence[_Known]) -> list[str]:
    """What tells values of the same thing apart: their size, else what they are in the last environment."""
    last = [known.texts[-1] for known in values]
    if len(values) == 1:
        return [""]
    if len(values) <= len(_SIZES) and len({*last}) == len(last) and all(map(NUMBER.fullmatch, last)):
        order = sorted(last, key=float)
        sizes = _SIZES if len(values) == len(_SIZES) else (_SIZES[0], _SIZES[-1])
        return [sizes[order.index(text)] for text in last]
    return [
        _word(humanize(known.family, text) or text)[:40].strip("_") for known, text in zip(values, last, strict=True)
    ]


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "value"


def block(values: Mapping[str, str]) -> list[str]:
    """The lines of `values:` of an environment."""
    return ["values:", *(f"  {name}: {_scalar(text)}" for name, text in values.items())]


def read(values: Mapping[str, str]) -> dict[str, Value]:
    """The same as a language has them."""
    root = parse("kafka-gitops.yaml", "\n".join(block(values))).root
    found = root.map["values"].map if root is not None else {}
    return {name: Value(node.raw or "", node.plain, node.span) for name, node in found.items()}


def _scalar(text: str) -> str:
    return text if NUMBER.fullmatch(text) and len(text) < 16 else emit.scalar(text)


def filled(made: Made, names: Mapping[str, str]) -> Made:
    """A file with `${values.NAME}` for the signs; in its path, and in names of variables and files, the value's name.

    A number stands without quotes, on a line of its own, where YAML takes it so.
    """
    words = [sign for sign in names if not sign.isdigit()]
    path, text = made.path, made.text
    for sign in words:
        path = path.replace(sign, names[sign])
        text = text.replace(sign.upper(), names[sign].upper())
    if not path.endswith((".yaml", ".yml")):
        return Made(path, text)
    lines = text.split("\n")
    for one in _last_first(_flow_numbers(places(text), names)):
        (line, column), (end, _) = one.start, one.end
        opened = f"\n{' ' * column}".join(_opened(one, lines, names))
        lines[line : end + 1] = f"{lines[line][:column]}{opened}".split("\n")
    for one in _last_first(_scalars(places("\n".join(lines)))):
        new, (line, column) = _with_values(one, names, words), one.start
        if new is not None:
            lines[line] = lines[line][:column] + new + lines[line][one.end[1] :]
    return Made(path, "\n".join(lines))


def _last_first(found: Iterable[Place]) -> list[Place]:
    return sorted(found, key=lambda one: one.start, reverse=True)


def _with_values(one: Place, names: Mapping[str, str], words: Sequence[str]) -> str | None:
    """A scalar with its values, None where it has none."""
    if one.text in names and one.text.isdigit():
        reference = f"${{values.{names[one.text]}}}"
        return reference if one.style is None else f'"{reference}"'
    found = [sign for sign in words if sign in one.text]
    text = one.text
    for sign in found:
        text = text.replace(sign, f"${{values.{names[sign]}}}")
    if found and "/" in text and text.endswith((".avsc", ".proto", ".json")):  # the path of a file beside
        for sign in found:
            text = text.replace(f"${{values.{names[sign]}}}", names[sign])
    return emit.scalar(text) if found else None


def _scalars(root: Place | None) -> Iterator[Place]:
    waiting = [root] if root is not None else []
    while waiting:
        one = waiting.pop()
        waiting += one.below
        if one.kind == "text":
            yield one


def _is_number(one: Place, names: Mapping[str, str]) -> bool:
    return one.kind == "text" and one.style is None and one.text.isdigit() and one.text in names


def _holds_number(one: Place, names: Mapping[str, str]) -> bool:
    return any(_is_number(below, names) for below in _scalars(one))


def _flow_numbers(root: Place | None, names: Mapping[str, str]) -> Iterator[Place]:
    """The outermost mappings in braces with a number that becomes a value: within braces none may stand unquoted."""
    waiting = [root] if root is not None else []
    while waiting:
        one = waiting.pop()
        if one.kind == "map" and one.flow and _holds_number(one, names):
            yield one
        elif not one.flow:
            waiting += one.below


def _opened(one: Place, lines: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
    """A mapping in braces as lines, a key to each."""
    for key, value in zip(one.below[::2], one.below[1::2], strict=True):
        head = _slice(key, lines)
        if value.kind == "map" and value.flow and _holds_number(value, names):
            yield f"{head}:"
            yield from (f"  {line}" for line in _opened(value, lines, names))
        else:
            yield f"{head}: {_slice(value, lines)}"


def _slice(one: Place, lines: Sequence[str]) -> str:
    return lines[one.start[0]][one.start[1] : one.end[1]]
