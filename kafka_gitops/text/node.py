"""One value of a file with its places: what everything else reads instead of plain data."""

from typing import TypeAlias

from kafka_gitops.diagnostics import Span
from kafka_gitops.text.scalars import NULLS, Value, plain_text, plain_value

Children: TypeAlias = "dict[str, Node] | list[Node]"
# Lines below the one that a node counts from and columns, from 1 on: where something begins, and where it ends
Place: TypeAlias = tuple[int, int, int, int]


class Node:
    """One value of a file: a map, a list or a scalar, with its place and its key's place.

    `raw` is the scalar as written, `plain` says that it stands without quotes; `children` is a dict for a map, a list
    for a list. Places count from a line, so that nodes of lines that say the same can share them: a tree of 100,000
    nodes stays cheap.
    """

    __slots__ = ("_key", "_line", "_place", "children", "path", "plain", "raw", "size")

    def __init__(
        self,
        path: str,
        line: int,
        place: Place,
        raw: str | None,
        plain: bool,
        children: "Children | None",
        key: Place | None = None,
    ) -> None:
        self.path = path
        self._line = line
        self._place = place
        self._key = key
        self.raw = raw
        self.plain = plain
        self.children = children
        self.size = 0  # values below it, where an anchor stands

    @classmethod
    def empty(cls, path: str) -> "Node":
        """A map without entries, which stands nowhere in its file."""
        return cls(path, 1, (0, 1, 0, 1), None, False, {})

    @property
    def is_map(self) -> bool:
        """Whether this is a mapping."""
        return type(self.children) is dict

    @property
    def is_list(self) -> bool:
        """Whether this is a sequence."""
        return type(self.children) is list

    @property
    def is_null(self) -> bool:
        """Whether this is a plain scalar that YAML reads as null."""
        return self.plain and self.raw in NULLS

    @property
    def map(self) -> dict[str, "Node"]:
        """The children of a map; empty for anything else."""
        return self.children if isinstance(self.children, dict) else {}

    @property
    def items(self) -> list["Node"]:
        """The children of a list; empty for anything else."""
        return self.children if isinstance(self.children, list) else []

    @property
    def value(self) -> Value:
        """The scalar as YAML 1.1 types it; None for a map or a list."""
        return None if self.raw is None else plain_value(self.raw) if self.plain else self.raw

    @property
    def text(self) -> str:
        """The text that the reference makes of it: quoted as written, plain by type, a map or a list empty."""
        return "" if self.raw is None else plain_text(self.raw) if self.plain else self.raw

    @property
    def what(self) -> str:
        """What was found, in a word with its article."""
        if self.children is not None:
            return "a mapping" if self.is_map else "a list"
        kinds = {str: "text", bool: "true/false", int: "a number", float: "a number", type(None): "nothing"}
        return kinds[type(self.value)]

    @property
    def span(self) -> Span:
        """Where the value stands; a map or list that spans lines ends with its first line's key or item."""
        return self._span(self._place)

    @property
    def key_span(self) -> Span:
        """Where the key of this value stands (the value's own place where it has none)."""
        return self.head if self._key is None else self._span(self._key)

    @property
    def start(self) -> tuple[int, int]:
        """The line and the column that `span` begins at, where nothing else of it is asked."""
        return self._line + self._place[0], self._place[1]

    @property
    def key_start(self) -> tuple[int, int]:
        """The same of `key_span`."""
        return self.head[1:3] if self._key is None else (self._line + self._key[0], self._key[1])

    @property
    def last_line(self) -> int:
        """The last line with text of a scalar; of a map or a list the one that it begins on."""
        if self.children is not None:
            return self.start[0]
        line, _, end_line, end_column = self._place
        return self._line + end_line - (end_column == 1 and end_line > line)

    def _span(self, place: Place) -> Span:
        line, column, end_line, end_column = place
        return Span(self.path, self._line + line, column, self._line + end_line, end_column)

    @property
    def head(self) -> Span:
        """The place to underline when the whole value is meant: its first key or item, or the scalar itself."""
        node = self
        while type(node.children) is list and node.children:
            node = node.children[0]
        first = next(iter(node.map.values()), None)
        return first.key_span if first is not None and first._key is not None else node.span

    def get(self, *path: str | int) -> "Node | None":
        """The node at a path of keys and indexes, None where there is none."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            if isinstance(step, int):
                node = node.items[step] if step < len(node.items) else None
            else:
                node = node.map.get(step)
        return node

    def at(self, *path: str | int) -> Span:
        """The place of the value at a path; the nearest place above it where the path ends early."""
        node = self
        for step in path:
            below = node.get(step)
            if below is None:
                return node.head
            node = below
        return node.head

    def only(self, children: "Children") -> "Node":
        """The same map or list with other children, such as some of its own."""
        return Node(self.path, self._line, self._place, None, False, children, self._key)

    def under(self, key: Place) -> "Node":
        """The same value as seen under another key (its place counts from the same line): what an alias stands for."""
        copy = Node(self.path, self._line, self._place, self.raw, self.plain, self.children, key)
        copy.size = self.size
        return copy

    def move_down(self, lines: int) -> None:
        """Let the tree stand so many lines further down: it was read by itself, and is a part of a longer file."""
        pending, seen = [self], set[int]()
        while pending:
            node = pending.pop()
            if id(node) not in seen:  # what an alias stands for is there once
                seen.add(id(node))
                node._line += lines
                pending += [*node.map.values(), *node.items]
