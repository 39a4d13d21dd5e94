"""The comments of a file that speak to us (`# kafka-gitops: ...`), and the lines that each is about."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

import yaml

from kafka_gitops import characters
from kafka_gitops.diagnostics import Span
from kafka_gitops.source import Node, Source

MARK = "kafka-gitops:"
_COMMENT = re.compile(rf"(?:^|(?<=[ \t]))#+[ \t]*{MARK}[ \t]*(.*?)[ \t]*(?:[ \t]#[ \t].*)?$")
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
    texts = list(_texts(source.text))
    for number, line in enumerate(lines, 1):
        found = _COMMENT.search(line) if MARK in line else None
        if found is None or _inside((number, found.start() + 1), texts):
            continue
        span = Span(source.path, number, found.start() + 1, number, len(line.rstrip()) + 1)
        alone = not line[: found.start()].strip()
        yield Comment(found[1], span, _next(source.root, lines, number) if alone else range(number, number + 1))


def _texts(text: str) -> Iterator[_Text]:
    """The scalars, keys too, in order: the tree does not keep all, and comments are in no event."""
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


def _next(root: Node, lines: list[str], number: int) -> range:
    """The lines of the entry that begins on the next line that is no comment."""
    first = next(
        (at for at in range(number + 1, len(lines) + 1) if lines[at - 1].strip() and not _is_comment(lines[at - 1])), 0
    )
    if not first:
        return range(0)
    return range(first, max(first, last_line(_beginning(root, first))) + 1)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _beginning(root: Node, line: int) -> list[Node]:
    """The outermost entries of maps and lists (the whole file is none) that begin on a line."""
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        starts = [(child, child.key_span) for child in node.map.values()] + [(item, item.span) for item in node.items]
        found += [child for child, span in starts if span.line == line]
        waiting += [child for child, span in starts if span.line != line and child.children]
    return found


def last_line(nodes: Iterable[Node]) -> int:
    """The last line on which any of the values, or one below it, has text; 0 where there is none."""
    last, waiting, seen = 0, [*nodes], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.children is None:
            span = node.span
            last = max(last, span.end_line - (span.end_column == 1 and span.end_line > span.line))
        else:
            last = max(last, node.span.line)
            waiting.extend((*node.map.values(), *node.items))
    return last
