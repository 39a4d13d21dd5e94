"""Text to a tree of nodes that know their places, from YAML events in one pass."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.node import Children, Node
from kafka_gitops.syntax import error, mark_span, syntax, template

__all__ = ["Node", "Source", "parse", "span_at"]

MAX_DEPTH = 100  # a topology is six levels deep; recursion elsewhere relies on this bound
MAX_NODES = 2_000_000  # after aliases are expanded: stops "billion laughs"
MAX_SCALAR = 1_000_000  # characters; the longest legal thing here is a topic name of 249


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
            error(span_at(path, text, bad.start()), "yaml-syntax", said, "delete it, or write it as an escape")
        )
        return Source(path, text, None, tuple(problems))
    if path.endswith(".json") or text[:100].lstrip()[:1] in ("{", "["):
        text = _json_as_yaml(text)
    pure = pure or not yaml.__with_libyaml__
    if pure and (lone := _LONE.search(text)):  # libyaml refuses them itself
        said = f"{lone.group()} is no character: half of a pair, or beyond Unicode"
        problems.append(error(span_at(path, text, lone.start()), "yaml-syntax", said, "write the character itself"))
        return Source(path, text, None, tuple(problems))
    try:
        root = _Builder(path, text, problems).build(_events(text, pure=pure))
    except _Stop:
        root = None
    except yaml.MarkedYAMLError as failure:
        root = None
        problems.append(syntax(path, text, failure))
    except yaml.YAMLError as failure:
        root = None
        problems.append(error(Span(path, 1, 1, 1, 1), "yaml-syntax", str(failure)))
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
_LONE = re.compile(r"\\(?:u[dD][89a-fA-F]|U0000[dD][89a-fA-F]|U(?!000|0010))[0-9a-fA-F]*")
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


_TAGS = {"!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq"))}


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
        return target.under(key) if key is not None else target

    def _merge(self, node: Node) -> None:
        """YAML 1.1 merge key: what stands in the map wins over what is merged, an earlier map over a later."""
        merge = node.map.pop("<<")
        for source in merge.items if merge.is_list else [merge]:
            if not source.is_map:
                said = f'"<<" merges mappings, found {source.what}'
                self.problems.append(error(source.head, "wrong-type", said, "merge an alias of a mapping: <<: *name"))
                continue
            self.nodes += source.size
            for name, child in source.map.items():
                node.map.setdefault(name, child)

    def _tag(self, event: Any) -> None:
        tag = event.tag
        if tag is not None and tag not in _TAGS:
            span = mark_span(self.path, event.start_mark)
            self.problems.append(
                error(span, "yaml-syntax", f'the YAML tag "{tag}" means nothing here', "write plain values")
            )

    def _key_problem(self, mark: Any) -> None:
        span = mark_span(self.path, mark)
        if self.text[mark.index : mark.index + 2] == "{{" or self.text[mark.index - 1 : mark.index + 1] == "{{":
            self.problems.append(template(span))
        else:
            self.problems.append(
                error(span, "wrong-type", "a mapping or a list stands where a key belongs, expected text")
            )
        raise _Stop

    def _second(self, event: Any) -> None:
        said = "a second YAML document begins here; only the first of a file is read"
        self.problems.append(
            error(mark_span(self.path, event.start_mark), "second-document", said, "put it into a file of its own")
        )

    def _refuse(self, mark: Any, said: str) -> None:
        self.problems.append(error(mark_span(self.path, mark), "yaml-syntax", said))
        raise _Stop
