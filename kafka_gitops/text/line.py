"""One usual line of block YAML taken apart: `- key: value  # comment`, or any part of it.

Usual is what can be seen and of which no two parsers make two things: keys without quotes; a scalar that ends in the
line, plain or in quotes without escapes of letters; a list or a map in brackets that ends in the line, of the same.
"""

import re
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from kafka_gitops.text.node import Place
from kafka_gitops.text.scalars import plain_text

_LONGEST = 1_000  # characters of a line: a key has to end within 1,024
_DEEPEST = 10  # brackets within brackets: the events read, and bound, ten times as many

_QUOTED = r"\"(?:[^\"\\]|\\[\"\\])*\"|'(?:[^']|'')*'"
_PLAIN = (
    r"(?:[^ \-?:,\[\]{}\#&*!|>'\"%@`]|-(?=[^ ]))"  # no plain scalar begins with an indicator, but "-x" is one
    r"[^ :\#]*(?:(?::(?=[^ ])|(?<=[^ ])\#|[ ]+(?=[^ \#]))[^ :\#]*)*"
)
_LINE = re.compile(
    rf"""[ ]*(?P<dashes>(?:-[ ]+)*)
    (?:(?P<key>[\w./$][^\s:\#]*):(?:[ ]+|$))?
    (?:(?P<quoted>{_QUOTED})|(?P<plain>{_PLAIN})|(?P<flow>[\[{{].*))?
    [ ]*(?:(?<![^ ])\#.*)?""",
    re.VERBOSE,
)
_IN_WORD = r"[^\s:,?\#\[\]{}]*"
_WORD = re.compile(
    rf"""(?P<quoted>{_QUOTED})
    |(?P<plain>(?:[\w./$]|-(?=[\w.])|<(?!<)){_IN_WORD}(?:(?::(?=[\w./*-])|[ ]+(?=[\w./$])){_IN_WORD})*)""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_BLANKS = re.compile("[ ]*")
_TAIL = re.compile(r"[ ]*(?:(?<![^ ])\#.*)?")


class Flow(NamedTuple):
    """A value in brackets, or one within; its place counts from its line. `inner` are names, their places, values."""

    place: Place
    raw: str | None
    plain: bool = False
    inner: "tuple[tuple[str, Place | None, Flow], ...]" = ()
    listed: bool = False


class More(NamedTuple):
    """What else a line says than a key with a scalar: the columns of its dashes and of its key, what is in brackets."""

    dashes: tuple[int, ...] = ()
    column: int = 0
    flow: Flow | None = None


# The column of a key with nothing before it (0 in any other line), its name ("": no key) and place, the scalar (`raw`
# is None where there is none), and the rest; no NamedTuple: that is taken apart three times as slowly
Line: TypeAlias = tuple[int, str, Place, Place, str | None, bool, More | None]
_NOWHERE: Place = (0, 0, 0, 0)
NOTHING: Line = (0, "", _NOWHERE, _NOWHERE, None, False, None)  # a blank line, or a comment
_NO_MORE = More()


@lru_cache(maxsize=4_096)
def line(text: str) -> Line | None:
    """A line by itself, None for one that is not usual; remembered, since most lines of a topology are there often."""
    found = _LINE.fullmatch(text) if len(text) <= _LONGEST and text.isprintable() else None
    if found is None:
        return None
    dashes, key, quoted, plain, brackets = found.groups()
    if found.lastindex == 1 or not (dashes or key):
        return NOTHING if found.lastindex == 1 and not dashes else None
    raw = plain if quoted is None else _inside(quoted)
    name, place = ("", _NOWHERE) if key is None else (plain_text(key), _place(*found.span(2)))
    where = _NOWHERE if raw is None else _place(*found.span(found.lastindex or 0))
    if not dashes and brackets is None:
        return place[1], name, place, where, raw, quoted is None, _NO_MORE
    flow = None if brackets is None else _whole(text, found.start(5))
    if flow is None and brackets is not None:
        return None
    columns = tuple(at for at, char in enumerate(dashes, found.start(1) + 1) if char == "-")
    return 0 if dashes else place[1], name, place, where, raw, quoted is None, More(columns, place[1], flow)


def _inside(quoted: str) -> str:
    inner = quoted[1:-1]
    return inner.replace("''", "'") if quoted[0] == "'" else _ESCAPE.sub(r"\1", inner) if "\\" in inner else inner


def _place(start: int, end: int) -> Place:
    return 0, start + 1, 0, end + 1


class _Unusual(Exception):
    """Something in brackets that is left to the parser's events."""


def _whole(text: str, at: int) -> Flow | None:
    """What is in brackets from an index of a line on, where nothing but a comment follows."""
    try:
        flow, end = _flow(text, at, 0)
    except _Unusual:
        return None
    return flow if _TAIL.fullmatch(text, end) else None


def _flow(text: str, at: int, depth: int) -> tuple[Flow, int]:
    """A list or a map in brackets at an index of a line, and where it ends. Raises _Unusual."""
    start, listed = at, text[at] == "["
    closing = "]" if listed else "}"
    inner: list[tuple[str, Place | None, Flow]] = []
    at = _skip(text, at + 1)
    while inner or not text.startswith(closing, at):
        name, key = "", None
        if not listed:
            named, at = _scalar(text, at)
            name, key = plain_text(named.raw or "") if named.plain else named.raw or "", named.place
            if not text.startswith(": ", at) or any(name == other for other, _, _ in inner):
                raise _Unusual
            at = _skip(text, at + 1)
        bracket = text.startswith(("[", "{"), at) and depth < _DEEPEST
        value, at = _flow(text, at, depth + 1) if bracket else _scalar(text, at)
        inner.append((name, key, value))
        at = _skip(text, at)
        if text.startswith(closing, at):
            break
        if not text.startswith(",", at):
            raise _Unusual
        at = _skip(text, at + 1)
    return Flow(_place(start, at + 1), None, False, tuple(inner), listed), at + 1


def _scalar(text: str, at: int) -> tuple[Flow, int]:
    found = _WORD.match(text, at)
    if found is None:
        raise _Unusual
    quoted = found["quoted"]
    return Flow(
        _place(*found.span()), found["plain"] if quoted is None else _inside(quoted), quoted is None
    ), found.end()


def _skip(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at
