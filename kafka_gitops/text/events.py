"""Text to a tree of nodes that know their places, from YAML events in one pass."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.text import characters
from kafka_gitops.text.node import Children, Node, Place
from kafka_gitops.text.scalars import plain_text
from kafka_gitops.text.syntax import error, mark_span, syntax, template
from kafka_gitops.text.values import MAX_SCALAR

WITH_LIBYAML: bool = yaml.__with_libyaml__
MAX_DEPTH = 100  # a topology is six levels deep; recursion elsewhere relies on this bound
MAX_NODES = 1_000_000  # after aliases are expanded: stops "billion laughs"


def build(path: str, text: str, problems: list[Diagnostic], *, pure: bool) -> Node | None:
    """The root of a tree, None where nothing could be read; adds what is wrong to `problems`."""
    try:
        return _Builder(path, text, problems).build(_events(text, pure=pure))
    except _Stop:
        return None
    except yaml.MarkedYAMLError as failure:
        problems.append(syntax(path, text, failure))
    except yaml.YAMLError as failure:
        problems.append(error(Span(path, 1, 1, 1, 1), "yaml-syntax", str(failure)))
    return None


def _events(text: str, *, pure: bool) -> Iterator[Any]:
    c_parser = None if pure else getattr(yaml, "CSafeLoader", None)
    loader: Any = c_parser(text) if c_parser else yaml.SafeLoader(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


def _place(start: Any, end: Any) -> Place:
    """The parser's marks, which count from 0, as a place; kept, they would be most of a tree."""
    return start.line + 1, start.column + 1, end.line + 1, end.column + 1


_ALIAS = re.compile(r"\s*:\s*(\*[^\s,\]}]+)")
_TAGS = {"!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq"))}


class _Stop(Exception):
    """The file is beyond what can be read; the problem is already noted."""


_NO_KEY: tuple[str | None, Place | None] = (None, None)


class _Builder:
    """Turns events into nodes with a stack of its own, so that depth is bounded by a number and not by recursion."""

    def __init__(self, path: str, text: str, problems: list[Diagnostic]) -> None:
        self.path, self.text, self.problems = path, text, problems
        # the open collections, each with the one around it, its key, its anchor, and `nodes` before it
        self.stack: list[tuple[Node, Children, str | None, str | None, int]] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def build(self, events: Iterator[Any]) -> Node | None:
        """The root node. Most of a lint's time is spent here: keys make no nodes, and a usual scalar makes no call."""
        path, stack = self.path, self.stack
        top: list[Node] = []
        into: Children = top  # the collection being filled
        name, place = _NO_KEY  # the key that waits for its value, None also for one that is no text, and its place
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                raw, plain, at = event.value, event.implicit[0], _place(event.start_mark, event.end_mark)
                if event.anchor is not None or event.tag is not None or len(raw) > MAX_SCALAR:
                    self._odd(event)
                if place is None and type(into) is dict:
                    name, place = plain_text(raw) if plain else raw, at
                    continue
                node = Node(path, 0, at, raw, plain, None, place)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if place is None and type(into) is dict:
                    self._key_problem(event.start_mark)
                children: Children = {} if kind is yaml.MappingStartEvent else []
                node = Node(path, 0, _place(event.start_mark, event.end_mark), None, False, children, place)
                stack.append((node, into, name, event.anchor, self.nodes))
                into, place = children, None
                if event.tag is not None or len(stack) > MAX_DEPTH:
                    self._odd(event)
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.nodes += len(into)
                node, into, name, anchor, before = stack.pop()
                node._place = (*node._place[:2], event.end_mark.line + 1, event.end_mark.column + 1)
                if anchor is not None or "<<" in node.map:
                    self._close(node, anchor, before)
            elif kind is yaml.AliasEvent:
                node = self._alias(event, place)
                if place is None and type(into) is dict:
                    name, place = node.raw, node._place
                    continue
            elif kind is yaml.DocumentStartEvent and top:
                self._second(event)
                break
            else:
                continue
            if type(into) is list:
                into.append(node)
            elif type(into) is dict and name is not None:
                if name in into:
                    self._twice(name, into[name], node)
                into[name] = node
            place = None
        return top[0] if top else None

    def _odd(self, event: Any) -> None:
        """Refuse what is too long or too deep, note a tag, remember a scalar that an alias may stand for."""
        if len(self.stack) > MAX_DEPTH:
            self._refuse(event.start_mark, f"nested deeper than {MAX_DEPTH} levels")
        if event.tag is not None and event.tag not in _TAGS:
            said = f'the YAML tag "{event.tag}" means nothing here'
            span = mark_span(self.path, event.start_mark)
            self.problems.append(error(span, "yaml-syntax", said, "write plain values"))
        if type(event) is not yaml.ScalarEvent:
            return
        if len(event.value) > MAX_SCALAR:
            said = f"a text of {len(event.value):,} characters; at most {MAX_SCALAR:,} are read"
            self._refuse(event.start_mark, said)
        if event.anchor is not None:
            at = _place(event.start_mark, event.end_mark)
            self.anchors[event.anchor] = Node(self.path, 0, at, event.value, event.implicit[0], None)

    def _close(self, node: Node, anchor: str | None, before: int) -> None:
        """Merge what "<<" names, and remember what an alias may stand for, with how many values it is."""
        node.size = self.nodes - before
        if "<<" in node.map:
            self._merge(node)
        if anchor is not None:
            self.anchors[anchor] = node

    def _twice(self, name: str, first: Node, again: Node) -> None:
        said = f'the key "{name}" is in this mapping twice, first in line {first.key_span.line}'
        related = ((first.key_span, "first here"),)
        span = again.key_span
        help = "keep one of them"
        if name == "<<":
            merged = [_ALIAS.match(self._behind(one.key_span)) for one in (first, again)]
            names = ", ".join(one[1] for one in merged if one is not None)
            help = f"merge them in one: <<: [{names or '*one, *other'}]"
        self.problems.append(Diagnostic(span, "duplicate-key", Severity.error, said, help, related))

    def _behind(self, span: Span) -> str:
        line, *more = characters.lines(self.text)[span.end_line - 1 :]
        return "\n".join((line[span.end_column - 1 :], *more))

    def _alias(self, event: Any, place: Place | None) -> Node:
        target = self.anchors.get(event.anchor)
        if target is None:
            said = f'the alias "*{event.anchor}" has no anchor "&{event.anchor}" before it'
            self._refuse(event.start_mark, said, f'write "*{event.anchor}" in quotes if a text is meant')
        assert target is not None
        self.nodes += target.size
        if self.nodes > MAX_NODES:
            self._refuse(event.start_mark, f"its aliases expand to more than {MAX_NODES:,} values")
        return target.under(place) if place is not None else target

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

    def _key_problem(self, mark: Any) -> None:
        span = mark_span(self.path, mark)
        if self.text[mark.index : mark.index + 2] == "{{" or self.text[mark.index - 1 : mark.index + 1] == "{{":
            self.problems.append(template(span))
        else:
            self.problems.append(error(span, "wrong-type", "a mapping or a list is where a key belongs, expected text"))
        raise _Stop

    def _second(self, event: Any) -> None:
        said = "a second YAML document begins here; only the first of a file is read"
        self.problems.append(
            error(mark_span(self.path, event.start_mark), "second-document", said, "put it into a file of its own")
        )

    def _refuse(self, mark: Any, said: str, help: str | None = None) -> None:
        self.problems.append(error(mark_span(self.path, mark), "yaml-syntax", said, help))
        raise _Stop
