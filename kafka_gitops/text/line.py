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

_QUOTED = r"\"[^\"\\]*(?:\\[\"\\][^\"\\]*)*\"|'[^']*(?:''[^']*)*'"
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
_WORD = rf"(?:[\w./$]|-(?=[\w.])|<(?!<)){_IN_WORD}(?:(?::(?=[\w./*-])|[ ]+(?=[\w./$])){_IN_WORD})*"
_ENTRY = re.compile(  # within brackets
    rf"""[ ]*(?:(?P<key>{_QUOTED}|{_WORD}):[ ]+)?
    (?:(?P<quoted>{_QUOTED})|(?P<plain>{_WORD})|(?P<opening>[\[{{]))?
    [ ]*(?P<end>[,\]}}]?)""",
    re.VERBOSE,
)
_END = re.compile(r"[ ]*([,\]}])")
_ESCAPE = re.compile(r"\\(.)")
_TAIL = re.compile(r"[ ]*(?:(?<![^ ])\#.*)?")


class Brackets(NamedTuple):
    """A list or a map in brackets: of each entry its name ("" in a list) and its place, its value, more brackets."""

    listed: bool
    entries: "tuple[tuple[str, Place | None, Place, str | None, bool, Brackets | None], ...]"


class More(NamedTuple):
    """What else a line says than a key with a scalar: the columns of its dashes and of its key, what is in brackets."""

    dashes: tuple[int, ...] = ()
    column: int = 0
    brackets: Brackets | None = None


# The column of a key with nothing before it (0 in any other line), its name ("": no key) and place, the place of its
# value, the scalar (`raw` is None where there is none), the rest; no NamedTuple: taking that apart takes three times as
# long
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
    dashes, key, quoted, plain, opened = found.groups()
    if found.lastindex == 1 or not (dashes or key):
        return NOTHING if found.lastindex == 1 and not dashes else None
    raw = plain if quoted is None else _inside(quoted)
    name, place = ("", _NOWHERE) if key is None else (plain_text(key), _place(*found.span(2)))
    last = found.lastindex or 0
    if not dashes and opened is None:
        return place[1], name, place, _place(*found.span(last)), raw, quoted is None, _NO_MORE
    start, end = found.span(last)
    brackets, length = (None, end - start) if opened is None else _brackets(text[start:], start, 0)
    if opened is not None and (brackets is None or not _TAIL.fullmatch(text, start + length)):
        return None
    columns = tuple(at for at, char in enumerate(dashes, found.start(1) + 1) if char == "-")
    more = More(columns, place[1], brackets)
    return 0 if dashes else place[1], name, place, _place(start, start + length), raw, quoted is None, more


def _inside(quoted: str) -> str:
    inner = quoted[1:-1]
    return inner.replace("''", "'") if quoted[0] == "'" else _ESCAPE.sub(r"\1", inner) if "\\" in inner else inner


def _place(start: int, end: int, column: int = 0) -> Place:
    return 0, column + start + 1, 0, column + end + 1


@lru_cache(maxsize=4_096)
def _brackets(text: str, column: int, depth: int) -> tuple[Brackets | None, int]:
    """What a text begins with, in brackets, None where it is not usual, and its length; the text stands at a column.

    Remembered too: many a topic has a name of its own and the config of others.
    """
    listed, at = text[0] == "[", 1
    entries: list[tuple[str, Place | None, Place, str | None, bool, Brackets | None]] = []
    names: set[str] = set()
    end = "," if depth < _DEEPEST else ""
    while end == "," and (found := _ENTRY.match(text, at)) is not None:
        key, quoted, plain, opening, end = found.groups()
        at = found.end()
        if key is None and found.lastindex == 5 and quoted is plain is opening is None and not entries:
            break  # nothing is between the brackets
        name, place = ("", None) if key is None else (_named(key), _place(*found.span(1), column))
        if (key is None) is not listed or name in names or quoted is plain is opening is None:
            return None, at
        below, where = None, _place(*found.span(2 if plain is None else 3), column)
        if opening is not None:
            start = found.start(4)
            below, length = _brackets(text[start:], column + start, depth + 1)
            where, after = _place(start, start + length, column), _END.match(text, start + length)
            if below is None or after is None:
                return None, at
            end, at = after[1], after.end()
        if key is not None:
            names.add(name)
        entries.append((name, place, where, plain if quoted is None else _inside(quoted), quoted is None, below))
    return (Brackets(listed, tuple(entries)) if end == ("]" if listed else "}") else None), at


def _named(key: str) -> str:
    return _inside(key) if key[0] in "\"'" else plain_text(key)
