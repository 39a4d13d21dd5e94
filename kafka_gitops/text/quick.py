"""The usual lines of block YAML to the tree that the parser's events make of them, several times as fast.

It reads a part of YAML of which no two parsers make two things: keys without quotes; scalars that end in their line,
plain or in quotes without escapes; lists of them in brackets; comments. At anything else it gives up, and the events
are the truth: what is wrong with a file is never said here. A test holds both equal over thousands of texts.
"""

import re
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from kafka_gitops.text.node import Children, Node, Place
from kafka_gitops.text.scalars import plain_text

_LONGEST = 1_000  # characters of a line: a key has to end within 1,024
_DEEPEST = 50  # open maps and lists: the events read, and bound, twice as many

_PLAIN = r"(?:[^ \-?:,\[\]{}\#&*!|>'\"%@`]|-(?=[^ ]))[^ :\#]*(?:(?::(?=[^ ])|(?<=[^ ])\#|[ ]+(?=[^ \#]))[^ :\#]*)*"
_QUOTED = r"\"[^\"\\]*\"|'[^']*'"
_ITEM = rf"(?:{_QUOTED}|[\w./$][\w./$*+-]*)"
_LINE = re.compile(
    rf"""[ ]*(?P<dashes>(?:-[ ]+)*)
    (?:(?P<key>[\w./$][^\s:\#]*):(?:[ ]+|$))?
    (?:(?P<quoted>{_QUOTED})|(?P<list>\[[ ]*(?:{_ITEM}(?:[ ]*,[ ]*{_ITEM})*[ ]*)?\])|(?P<plain>{_PLAIN}))?
    [ ]*(?:(?<![^ ])\#.*)?""",
    re.VERBOSE,
)
_ITEMS = re.compile(_ITEM)

_Scalar: TypeAlias = tuple[Place, str, bool]  # its place counted from its line, `raw`, `plain`


class _More(NamedTuple):
    """What else a line says than a key with a scalar: the columns of its dashes and of its key, a list in brackets."""

    dashes: tuple[int, ...] = ()
    column: int = 0
    list: Place | None = None
    items: tuple[_Scalar, ...] = ()


# The column of a key with nothing before it (0 in any other line), its name ("": no key) and place, the scalar (`raw`
# is None where there is none), and the rest; no NamedTuple: that is taken apart three times as slowly
_Line: TypeAlias = tuple[int, str, Place, Place, str | None, bool, _More | None]
_NOWHERE: Place = (0, 0, 0, 0)
_NOTHING: _Line = (0, "", _NOWHERE, _NOWHERE, None, False, None)  # a blank line, or a comment
_NO_MORE = _More()


@lru_cache(maxsize=4_096)
def _line(text: str) -> _Line | None:
    """A line by itself, None for one that is not usual; remembered, since most lines of a topology are there often."""
    found = _LINE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    dashes, key, quoted, flow, plain = found.groups()
    if not dashes and key is None:
        return _NOTHING if found.lastindex == 1 else None
    if dashes and found.lastindex == 1:
        return None
    raw = plain if quoted is None else quoted[1:-1]
    name, place = ("", _NOWHERE) if key is None else (plain_text(key), _place(found, 2))
    where = _NOWHERE if raw is None else _place(found, found.lastindex or 0)
    if not dashes and flow is None:
        return place[1], name, place, where, raw, quoted is None, _NO_MORE
    columns = tuple(at for at, char in enumerate(dashes, found.start(1) + 1) if char == "-")
    items = tuple(_scalar(one) for one in _ITEMS.finditer(text, *found.span(4))) if flow is not None else ()
    more = _More(columns, place[1], None if flow is None else _place(found, 4), items)
    return 0 if dashes else place[1], name, place, where, raw, quoted is None, more


def _place(found: re.Match[str], group: int) -> Place:
    start, end = found.span(group)
    return 0, start + 1, 0, end + 1


def _scalar(found: re.Match[str]) -> _Scalar:
    text = found[0]
    return (_place(found, 0), text[1:-1], False) if text[0] in "\"'" else (_place(found, 0), text, True)


def read(path: str, text: str) -> Node | None:
    """The root of the tree of a text without problems; None where the events have to say what it is."""
    if "\t" in text or "\r" in text:
        return None
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if _line(line) is not _NOTHING), 0)
    if lines[first] == "---":
        lines[first] = ""
    return _Reader(path).read(lines)


class _Reader:
    """What is open while the lines of a file are read: maps and lists, and what has no value yet."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        # the open maps and lists, each with its depth: twice its column, and 1 more for a list, which may stand below
        # its key
        self.stack: list[tuple[int, Children, Node]] = []
        self.map: dict[str, Node] = {}  # the map of the last key
        # the line, the name and the place of a key without a value yet; an entry of a list has no name and no place
        self.waits: tuple[int, str, Place | None] | None = None

    def read(self, lines: list[str]) -> Node | None:
        """The root. Most of the time goes to scalars of the innermost map, so these make no call but that of Node."""
        path, into, column = self.path, self.map, -1  # the innermost map, and where a further key of it begins
        if not lines[-1]:
            lines.pop()
        elif _line(lines[-1]) is _NOTHING:  # libyaml ends what is deeper than its last character there
            return None
        for number, line in enumerate(map(_line, lines), 1):
            if line is None:
                return None
            own, name, key, place, raw, plain, more = line
            if own != column:
                if more is None:
                    continue
                if not self._turn(number, line, more):
                    return None
                into, column = self.map, (own or more.column) if name else -1
                if not name:
                    continue
            if name in into:
                return None
            if raw is not None:
                into[name] = Node(path, number, place, raw, plain, None, key)
            elif more is not None and more.list is not None:
                into[name] = self._list(number, more, key)
            else:
                self.waits, column = (number, name, key), -1
        return self.root if self._close(0, len(lines) + 1, 1) else None

    def _turn(self, number: int, line: _Line, more: _More) -> bool:
        """Leave and open maps and lists for a line that is not just one more key; False where its column fits none."""
        own, name, _, place, raw, plain, _ = line
        dashes, column, _, _ = more
        first = dashes[0] if dashes else own
        if not self._close(2 * first + bool(dashes), number, first):
            return False
        for dash in dashes:
            if not self._open(number, dash, []):
                return False
            self.waits = number, "", None
        if name:
            return self._open(number, own or column, {})
        self._put("", Node(self.path, number, place, raw, plain, None) if raw is not None else self._list(number, more))
        self.waits = None
        return True

    def _close(self, depth: int, number: int, column: int) -> bool:
        """End what is deeper, at a place; False where a value is missing in it."""
        stack = self.stack
        if self.waits is not None and (not depth or stack[-1][0] > depth):
            return False
        while stack and stack[-1][0] > depth:
            _, _, node = stack.pop()
            line, begin, _, _ = node._place
            node._place = line, begin, number - node._line, column
        return True

    def _open(self, number: int, column: int, children: Children) -> bool:
        """Begin a map or a list as what waits for its value, or go on with the one that is open at this column."""
        stack, waits = self.stack, self.waits
        depth = 2 * column + (type(children) is list)
        if stack and stack[-1][0] == depth:
            if waits is not None:
                return False
            children = stack[-1][1]
        elif (waits is None and self.root is not None) or len(stack) > _DEEPEST:
            return False
        else:
            line, name, key = waits or (number, "", None)
            node = Node(self.path, line, (number - line, column, 0, 0), None, False, children, key)
            self._put(name, node)
            self.waits = None
            stack.append((depth, children, node))
        if type(children) is dict:
            self.map = children
        return True

    def _put(self, name: str, node: Node) -> None:
        """Give what waits its value."""
        into = self.stack[-1][1] if self.stack else None
        if type(into) is dict:
            into[name] = node
        elif type(into) is list:
            into.append(node)
        else:
            self.root = node

    def _list(self, number: int, more: _More, key: Place | None = None) -> Node:
        items: Children = [Node(self.path, number, place, raw, plain, None) for place, raw, plain in more.items]
        return Node(self.path, number, more.list or _NOWHERE, None, False, items, key)
