"""Text to a tree of nodes that know their places, from YAML events in one pass."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.scalars import Value, as_text, plain_value

MAX_DEPTH = 100  # a topology is six levels deep; recursion elsewhere relies on this bound
MAX_NODES = 2_000_000  # after aliases are expanded: stops "billion laughs"
MAX_SCALAR = 1_000_000  # characters; the longest legal thing here is a topic name of 249

Children: TypeAlias = "dict[str, Node] | list[Node]"


class Node:
    """One value of a file: a map, a list or a scalar, with its place and its key's place.

    `raw` is the scalar as written, `plain` says that it stands without quotes; `children` is a dict for a map, a list
    for a list. Places are computed on demand from the parser's marks, so that a tree of 100,000 nodes stays cheap.
    """

    __slots__ = ("_end", "_key", "_start", "children", "path", "plain", "raw", "size")

    def __init__(
        self, path: str, start: Any, end: Any, raw: str | None, plain: bool, children: "Children | None"
    ) -> None:
        self.path = path
        self._start, self._end = start, end
        self._key: tuple[Any, Any] | None = None
        self.raw, self.plain, self.children = raw, plain, children
        self.size = 1

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
        return self.plain and self.raw is not None and plain_value(self.raw) is None

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
        return "" if self.raw is None else as_text(plain_value(self.raw)) if self.plain else self.raw

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
        start, end = self._start, self._end
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    @property
    def key_span(self) -> Span:
        """Where the key of this value stands (the value's own place where it has none)."""
        if self._key is None:
            return self.head
        start, end = self._key
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    @property
    def head(self) -> Span:
        """The place to underline when the whole value is meant: its first key or item, or the scalar itself."""
        if self.is_map and self.map:
            first = next(iter(self.map.values()))
            return first.key_span if first._key is not None else self.span
        if self.is_list and self.items:
            return self.items[0].head
        return self.span

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

    def _under(self, key: "Node") -> "Node":
        """The same value as seen under another key: what an alias stands for."""
        copy = Node(self.path, self._start, self._end, self.raw, self.plain, self.children)
        copy._key, copy.size = (key._start, key._end), self.size
        return copy


@dataclass(frozen=True)
class Source:
    """One parsed file: its text, the root node (None where nothing could be read) and what is wrong with it."""

    path: str
    text: str
    root: Node | None
    problems: tuple[Diagnostic, ...]


def parse(path: str, text: str, *, pure: bool = False) -> Source:
    """Read YAML (or JSON, which is YAML) text into a Source; never raises for bad input.

    `pure` forces the parser written in Python, which is also used where libyaml is not built in.
    """
    problems: list[Diagnostic] = []
    bad = _UNPRINTABLE.search(text)
    if bad:
        said = f"the control character U+{ord(bad.group()):04X} is not allowed in YAML"
        problems.append(
            _error(span_at(path, text, bad.start()), "yaml-syntax", said, "delete it, or write it as an escape")
        )
        return Source(path, text, None, tuple(problems))
    if path.endswith(".json"):
        text = _json_as_yaml(text)
    try:
        root = _Builder(path, text, problems).build(_events(text, pure=pure))
    except _Stop:
        root = None
    except yaml.MarkedYAMLError as error:
        root = None
        problems.append(_syntax(path, text, error))
    except yaml.YAMLError as error:
        root = None
        problems.append(_error(Span(path, 1, 1, 1, 1), "yaml-syntax", str(error)))
    return Source(path, text, root, tuple(problems))


def span_at(path: str, text: str, index: int, length: int = 1) -> Span:
    """The place of `length` characters at an index of a text."""
    line = text.count("\n", 0, index) + 1
    column = index - (text.rfind("\n", 0, index) + 1) + 1
    return Span(path, line, column, line, column + length)


def _json_as_yaml(text: str) -> str:
    """JSON that every YAML 1.1 parser reads: no tabs between tokens, no surrogate pairs in escapes."""
    text = text.replace("\t", " ")
    return _SURROGATES.sub(
        lambda pair: chr(0x10000 + ((int(pair[1], 16) & 0x3FF) << 10) + (int(pair[2], 16) & 0x3FF)), text
    )


_SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _events(text: str, *, pure: bool) -> Iterator[Any]:
    c_parser = None if pure else getattr(yaml, "CSafeLoader", None)
    loader: Any = c_parser(text) if c_parser else yaml.SafeLoader(text)
    try:
        while True:
            event = loader.get_event()
            if event is None:
                return
            yield event
    finally:
        loader.dispose()


class _Stop(Exception):
    """The file is beyond what can be read; the problem is already noted."""


class _Builder:
    """Turns events into nodes with a stack of its own, so that depth is bounded by a number and not by recursion."""

    def __init__(self, path: str, text: str, problems: list[Diagnostic]) -> None:
        self.path, self.text, self.problems = path, text, problems
        self.stack: list[tuple[Node, Node | None, str | None]] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def build(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        parent: Node | None = None  # the collection being filled
        key: Node | None = None  # its key that waits for a value
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                node = self._scalar(event)
                if event.anchor is not None:
                    self.anchors[event.anchor] = node
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._tag(event)
                children: Children = {} if kind is yaml.MappingStartEvent else []
                node = Node(self.path, event.start_mark, event.end_mark, None, False, children)
                node.size = self.nodes
                self.stack.append((node, key, event.anchor))
                if len(self.stack) > MAX_DEPTH:
                    self._refuse(event.start_mark, f"nested deeper than {MAX_DEPTH} levels")
                if parent is not None and parent.is_map and key is None:
                    self._key_problem(event.start_mark)
                parent, key = node, None
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                node, key, anchor = self.stack.pop()
                node._end = event.end_mark
                self.nodes += 1
                node.size = self.nodes - node.size
                if kind is yaml.MappingEndEvent and "<<" in node.map:
                    self._merge(node)
                if anchor is not None:
                    self.anchors[anchor] = node
                parent = self.stack[-1][0] if self.stack else None
            elif kind is yaml.AliasEvent:
                node = self._alias(event, key)
            elif kind is yaml.DocumentStartEvent and root is not None:
                self._second(event)
                return root
            else:
                continue
            if parent is None:
                root = node
            elif type(parent.children) is list:
                parent.children.append(node)
            elif key is None:
                key = node
            else:
                self._add(parent, key, node)
                key = None
        return root

    def _scalar(self, event: Any) -> Node:
        raw = event.value
        self.nodes += 1
        if len(raw) > MAX_SCALAR:
            self._refuse(event.start_mark, f"a text of {len(raw):,} characters; at most {MAX_SCALAR:,} are read")
        if event.tag is not None:
            self._tag(event)
        return Node(self.path, event.start_mark, event.end_mark, raw, event.implicit[0], None)

    def _add(self, parent: Node, key: Node, node: Node) -> None:
        children = parent.map
        name = key.raw
        if name is None:
            return
        if key.plain and name != "<<":
            name = key.text
        first = children.get(name)
        if first is not None:
            said = f'the key "{name}" stands twice in this mapping, first in line {first.key_span.line}'
            related = ((first.key_span, "first here"),)
            self.problems.append(
                Diagnostic(key.span, "duplicate-key", Severity.error, said, "keep one of them", related)
            )
        node._key = (key._start, key._end)
        children[name] = node

    def _alias(self, event: Any, key: Node | None) -> Node:
        target = self.anchors.get(event.anchor)
        if target is None:
            self._refuse(event.start_mark, f'the alias "*{event.anchor}" has no anchor "&{event.anchor}" before it')
        assert target is not None
        self.nodes += target.size
        if self.nodes > MAX_NODES:
            self._refuse(event.start_mark, f"its aliases expand to more than {MAX_NODES:,} values")
        return target._under(key) if key is not None else target

    def _merge(self, node: Node) -> None:
        """YAML 1.1 merge key: what stands in the map wins over what is merged, an earlier map over a later."""
        merge = node.map.pop("<<")
        for source in merge.items if merge.is_list else [merge]:
            if not source.is_map:
                said = f'"<<" merges mappings, found {source.what}'
                self.problems.append(_error(source.head, "wrong-type", said, "merge an alias of a mapping: <<: *name"))
                continue
            self.nodes += source.size
            for name, child in source.map.items():
                node.map.setdefault(name, child)

    def _tag(self, event: Any) -> None:
        tag = event.tag
        if tag is not None and tag != "!" and not tag.startswith("tag:yaml.org,2002:"):
            span = _mark_span(self.path, event.start_mark)
            self.problems.append(
                _error(span, "yaml-syntax", f'the YAML tag "{tag}" means nothing here', "write plain values")
            )

    def _key_problem(self, mark: Any) -> None:
        span = _mark_span(self.path, mark)
        if self.text[mark.index : mark.index + 2] == "{{" or self.text[mark.index - 1 : mark.index + 1] == "{{":
            self.problems.append(_template(span))
        else:
            self.problems.append(
                _error(span, "wrong-type", "a mapping or a list stands where a key belongs, expected text")
            )
        raise _Stop

    def _second(self, event: Any) -> None:
        said = "a second YAML document begins here; only the first of a file is read"
        self.problems.append(
            _error(_mark_span(self.path, event.start_mark), "second-document", said, "put it into a file of its own")
        )

    def _refuse(self, mark: Any, said: str) -> None:
        self.problems.append(_error(_mark_span(self.path, mark), "yaml-syntax", said))
        raise _Stop


def _mark_span(path: str, mark: Any, width: int = 1) -> Span:
    return Span(path, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1 + width)


def _error(span: Span, rule: str, said: str, help: str | None = None) -> Diagnostic:
    return Diagnostic(span, rule, Severity.error, said, help)


def _template(span: Span) -> Diagnostic:
    return _error(
        span, "yaml-syntax", "this is a template, not YAML yet", "render it first, then give the rendered file"
    )


def _syntax(path: str, text: str, error: yaml.MarkedYAMLError) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    span = _mark_span(path, mark) if mark else Span(path, 1, 1, 1, 1)
    if "{{" in text or "{%" in text:
        return _template(span)
    said = error.problem or str(error)
    if "\\t" in said or "tab character" in said:
        said, help = "a tab character where YAML allows only blanks", "indent with blanks"
        return _error(span, "yaml-syntax", said, help)
    context = f" {error.context}" if error.context else ""
    return _error(span, "yaml-syntax", f"{said}{context}", None)
