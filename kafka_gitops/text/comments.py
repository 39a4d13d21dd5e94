"""The comments of a file that speak to us (`# kafka-gitops: ...`), and the lines that each is about."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from kafka_gitops.diagnostics import Span
from kafka_gitops.text import characters
from kafka_gitops.text.line import line as usual
from kafka_gitops.text.source import Node, Source

MARK = "kafka-gitops:"
_COMMENT = re.compile(rf"(?:^|(?<=[ \t]))#+[ \t]*{MARK}")
_SECOND = re.compile(r"[ \t]#[ \t]")  # a comment behind the comment
_Text: TypeAlias = tuple[tuple[int, int], tuple[int, int]]  # where a scalar begins and ends: line, column


class Comment(NamedTuple):
    """What stands after the mark, its place, and the lines that it is about."""

    text: str
    span: Span
    lines: range


def comments(source: Source) -> Iterator[Comment]:
    """Those of one file, in order; none where it cannot be read.

    A comment behind something is about its line; one on a line of its own about the next entry, from its first line to
    its last. What only looks like a comment, within a text, is none.
    """
    if MARK not in source.text or source.root is None or source.path.endswith(".json"):
        return
    lines = characters.lines(source.text)
    spoken = [
        (at, line, found) for at, line in enumerate(lines, 1) if MARK in line and (found := _COMMENT.search(line))
    ]
    texts = list(_texts(source.text)) if _may_be_texts(lines, spoken) else []
    entries = _Entries(source.root, lines)
    for number, line, found in spoken:
        if _inside((number, found.start() + 1), texts):
            continue
        span = Span(source.path, number, found.start() + 1, number, len(line.rstrip()) + 1)
        alone = not line[: found.start()].strip()
        text = _SECOND.split(line[found.end() :], maxsplit=1)[0].strip(" \t")
        yield Comment(text, span, entries.after(number) if alone else range(number, number + 1))


def _may_be_texts(lines: list[str], spoken: list[tuple[int, str, re.Match[str]]]) -> bool:
    """Whether one of those found may stand within a text: where all lines are usual, only one in quotes does."""
    quoted = any(not {"'", '"'}.isdisjoint(line[: found.start()]) for _, line, found in spoken)
    return quoted or any(usual(line) is None and line != "---" for line in lines)


def _texts(text: str) -> Iterator[_Text]:
    """The scalars, keys too, in order: the tree does not keep all, and comments are in no event."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            if type(event) is yaml.ScalarEvent:
                start: Any = event.start_mark
                end: Any = event.end_mark
                yield (start.line + 1, start.column + 1), (end.line + 1, end.column + 1)
    except yaml.YAMLError:  # in a second document: that has a finding of its own
        return


def _inside(place: tuple[int, int], texts: list[_Text]) -> bool:
    """Whether a place lies within one of the texts, which are sorted and do not overlap."""
    at = bisect_right(texts, place, key=lambda text: text[0]) - 1
    return at >= 0 and place < texts[at][1]


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


class _Entries:
    """The entries that begin on each line of a file and where they end, from one pass over lines and tree."""

    def __init__(self, root: Node, lines: list[str]) -> None:
        self._follows = _follows(lines)
        self._beginning = _beginnings(root)
        self._ends: dict[int, int] = {}

    def after(self, number: int) -> range:
        """The lines of the entry that begins on the next line that is no comment."""
        first = self._follows[number]
        if not first:
            return range(0)
        ends = (_end(node, self._ends) for node in self._beginning.get(first, ()))
        return range(first, max(first, *ends, first) + 1)


def _follows(lines: list[str]) -> list[int]:
    """For each number of a line the number of the next one with text that is no comment, 0 where there is none."""
    follows = [0] * (len(lines) + 1)
    for number in range(len(lines) - 1, -1, -1):
        text = lines[number]  # of line number + 1
        follows[number] = number + 1 if text.strip() and not _is_comment(text) else follows[number + 1]
    return follows


def _beginnings(root: Node) -> dict[int, list[Node]]:
    """The outermost entries of maps and lists (the whole file is none) by the line that they begin on."""
    found: dict[int, list[Node]] = {}
    waiting, seen = [(root, 0)], set[int]()
    while waiting:
        node, line = waiting.pop()
        if id(node.children) in seen:  # an alias: its entries stand where the anchor is
            continue
        seen.add(id(node.children))
        begin = [(child, child.key_start[0]) for child in node.map.values()] or [
            (item, item.start[0]) for item in node.items
        ]
        for child, first in begin:
            if first != line:
                found.setdefault(first, []).append(child)
            if child.children:
                waiting.append((child, first))
    return found


def _end(top: Node, found: dict[int, int]) -> int:
    """The last line with text; `found` holds it of maps and lists, by the id of their children.

    Each of these is looked at once, also behind an alias.
    """
    waiting = [(top, False)] if top.children is not None and id(top.children) not in found else []
    while waiting:
        node, below_done = waiting.pop()
        below = (*node.map.values(), *node.items)
        if below_done:
            ends = (child.last_line if child.children is None else found.get(id(child.children), 0) for child in below)
            found[id(node.children)] = max(node.start[0], *ends, 0)
        elif id(node.children) not in found:
            found[id(node.children)] = 0
            waiting.append((node, True))
            waiting.extend((child, False) for child in below if child.children is not None)
    return top.last_line if top.children is None else found[id(top.children)]


def last_line(nodes: Iterable[Node]) -> int:
    """The last line on which any of the values, or one below it, has text; 0 where there is none."""
    last, waiting, seen = 0, [*nodes], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            last = max(last, node.last_line)
            waiting.extend((*node.map.values(), *node.items))
    return last
