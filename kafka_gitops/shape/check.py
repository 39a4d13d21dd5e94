"""A node against a table of keys and types, in our own words: `unknown-key`, `wrong-type`, `missing-key`."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import NamedTuple, Protocol

from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.shape.found import Found, missing, near, shown, unknown, wrong
from kafka_gitops.text.scalars import plain_value
from kafka_gitops.text.source import Node


class Shape(Protocol):
    """What a value may be: `what` names it in messages, `look` appends what is wrong with a node."""

    @property
    def what(self) -> str:
        """What is expected, in a word with its article."""

    def look(self, node: Node, found: Found) -> None:
        """Append every problem of this node and what is below it."""


def check(node: Node, shape: Shape) -> Iterator[Diagnostic]:
    """Every place where the node is not of that shape, in the order of the file."""
    found = Found()
    shape.look(node, found)
    yield from found


_SURELY = 0.8  # how alike a key must be to one that is read: "metadataTopic" is none of "metadata"
_MOST_UNREAD = 50  # unknown keys of one mapping of which it is asked what they may be: each look takes its time


class Anything(NamedTuple):
    """Whatever it is: not looked at."""

    what: str = "anything"

    def look(self, node: Node, found: Found) -> None:
        """Nothing can be wrong."""


class Late(NamedTuple):
    """A shape that is made when something is to be looked at; `make` gives the same one every time."""

    make: Callable[[], Shape]

    @property
    def what(self) -> str:
        """What the shape is."""
        return self.make().what

    def look(self, node: Node, found: Found) -> None:
        """What is wrong by the shape."""
        self.make().look(node, found)


class Text(NamedTuple):
    """A scalar, whose text counts: a plain number or true/false is text too; `null` also allows nothing."""

    null: bool = False
    what: str = "text"

    def look(self, node: Node, found: Found) -> None:
        if node.raw is None or (not self.null and node.plain and node.is_null):
            texts = [one.raw for one in node.items if one.raw is not None]
            whole = texts and len(texts) == len(node.items) and sum(map(len, texts)) < 200
            found.append(wrong(node, self.what, f'write "{",".join(texts)}"' if whole else None))


class Matching(NamedTuple):
    """A text of one form, given as a regular expression that JSON Schema knows too."""

    pattern: str
    what: str
    help: str | None = None

    def look(self, node: Node, found: list[Diagnostic]) -> None:
        if node.raw is None or node.is_null or not re.fullmatch(self.pattern, node.raw):
            found.append(wrong(node, self.what, self.help))


class OneOf(NamedTuple):
    """One of some texts; `fold` ignores case."""

    texts: tuple[str, ...]
    fold: bool = False

    @property
    def what(self) -> str:
        """`one of a, b, c`."""
        return f"one of {', '.join(sorted(self.texts))}"

    def look(self, node: Node, found: Found) -> None:
        text = node.raw or ""
        if text in self.texts or (self.fold and text.lower() in map(str.lower, self.texts)):
            return
        meant = near(text, self.texts)
        found.append(wrong(node, self.what, f'did you mean "{meant}"?' if meant else None))


def _bounds(kind: str, least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f"{kind} from {least} to {most}"
    return f"{kind} of at least {least}" if least is not None else kind if most is None else f"{kind} up to {most}"


class Number(NamedTuple):
    """A number, plain or quoted, within bounds."""

    least: float | None = None
    most: float | None = None
    null: bool = False
    whole: bool = False

    @property
    def what(self) -> str:
        """`a whole number from 1 to 10`."""
        return _bounds("a whole number" if self.whole else "a number", self.least, self.most)

    def look(self, node: Node, found: Found) -> None:
        """Anything else, or a number outside the bounds, is wrong."""
        value = plain_value(node.raw) if node.raw is not None else None
        if isinstance(value, int if self.whole else int | float) and not isinstance(value, bool):
            if (self.least is None or value >= self.least) and (self.most is None or value <= self.most):
                return
        elif self.null and node.is_null:
            return
        found.append(wrong(node, self.what))


Integer = partial(Number, whole=True)
"""A whole number, plain or quoted, within bounds."""


class Boolean(NamedTuple):
    """true or false, plain or quoted."""

    null: bool = False
    what: str = "true or false"

    def look(self, node: Node, found: Found) -> None:
        value = plain_value(node.raw) if node.raw is not None else None
        if not isinstance(value, bool) and not (self.null and node.is_null):
            found.append(wrong(node, self.what))


class ListOf(NamedTuple):
    """A list of values of one shape."""

    item: Shape
    null: bool = False
    least: int = 0
    called: str = ""

    @property
    def what(self) -> str:
        """`a list of ...`, or what it was called."""
        return self.called or "a list"

    def look(self, node: Node, found: Found) -> None:
        children = node.children
        if type(children) is not list:
            if not (self.null and node.is_null):
                help = (
                    'begin every entry with "- "' if node.is_map else f"write [{shown(node.raw)}]" if node.raw else None
                )
                found.append(wrong(node, self.what, help))
            return
        if len(children) < self.least:
            said = f"found an empty list, expected {self.what} with at least {self.least}"
            found.append(Diagnostic(node.span, "wrong-type", Severity.error, said, "add one, or delete the key"))
        if node.size and found.again(node, self):
            return
        look = self.item.look
        for item in children:
            look(item, found)


class AnyOf(NamedTuple):
    """One of several shapes: the first whose kind (mapping, list, scalar) is the node's is the one to be told about."""

    shapes: tuple[Shape, ...]

    @property
    def what(self) -> str:
        """`a list or a mapping`."""
        return " or ".join(shape.what for shape in self.shapes)

    def look(self, node: Node, found: Found) -> None:
        """Nothing is wrong when one fits; else the problems of the one nearest in kind."""
        alike = [shape for shape in self.shapes if _kind(shape) is type(node.children)]
        if len(alike) == 1 and node.children is not None:
            alike[0].look(node, found)
            return
        nearest: list[Diagnostic] | None = None
        for shape in self.shapes:
            problems = Found()
            shape.look(node, problems)
            if not problems:
                return
            if nearest is None and (isinstance(shape, Map) if node.is_map else isinstance(shape, ListOf)):
                nearest = problems
        found.extend(nearest if nearest and node.children is not None else [wrong(node, self.what)])


def _kind(shape: Shape) -> type:
    """The type of the children that a shape is about; that of None for a scalar."""
    return dict if isinstance(shape, Map) else list if isinstance(shape, ListOf) else type(None)


class Marked(NamedTuple):
    """A value of the shape `usual`, or, where it is a mapping with one of the keys `marks`, of the shape `other`.

    A mapping that has a mark and the key `instead` says both, which is an error.
    """

    usual: Shape
    other: Shape
    marks: tuple[str, ...]
    instead: str

    @property
    def what(self) -> str:
        """`a mapping (a schema user) or a mapping (a schema of a subject)`."""
        return f"{self.usual.what} or {self.other.what}"

    def look(self, node: Node, found: Found) -> None:
        mark = next((mark for mark in self.marks if mark in node.map), None)
        if mark is not None and self.instead in node.map:
            said = f'found "{self.instead}" and "{mark}" in one item, expected {self.what}'
            found.append(Diagnostic(node.head, "wrong-type", Severity.error, said, "write an item for each"))
        else:
            (self.usual if mark is None else self.other).look(node, found)


class Map(NamedTuple):
    """A mapping: the shape of each known key, and those that it needs.

    Other keys are `unknown-key`; with `others` they are of that shape; with `lenient` only a near miss is an error, the
    rest is `ignored-input`. `hints` say what to do about a misplaced or a missing key; `called` is "a topic".
    """

    keys: Mapping[str, Shape] = {}
    required: tuple[str, ...] = ()
    others: Shape | None = None
    lenient: bool = False
    hints: Mapping[str, str] = {}
    called: str = ""
    null: bool = False
    first: str = ""  # the key that a lone text was probably meant for, where none is required

    @property
    def what(self) -> str:
        """`a mapping`, with what it stands for."""
        return f"a mapping ({self.called})" if self.called else "a mapping"

    def look(self, node: Node, found: Found) -> None:
        children = node.children
        if type(children) is not dict:
            if not (self.null and node.is_null):
                key = self.required[0] if self.required else self.first
                help = f'write "{key}: {shown(node.raw)}"' if node.raw and key else None
                found.append(wrong(node, self.what, help))
            return
        if node.size and found.again(node, self):
            return
        keys, unread = self.keys, 0
        slips: list[str] = []  # unknown keys that are errors already: one may be the key that is missing
        for name, child in children.items():
            shape = keys.get(name, self.others)
            if shape is not None:
                if child.plain or child.raw is None or type(shape) is not Text:  # text in quotes is always text
                    shape.look(child, found)
            else:
                unread += 1
                said = self._unread(child, name, children, sure=unread > _MOST_UNREAD)
                found.append(said)
                if said.rule == "unknown-key":
                    slips.append(name)
        for name in self.required:
            if name not in children and not any(near(slip, (name,)) for slip in slips):
                found.append(missing(node, name, of=self.called or "this mapping", help=self.hints.get(name)))

    def _unread(self, child: Node, name: str, there: Collection[str], *, sure: bool) -> Diagnostic:
        """A key that is not known; `sure` that it is an error, whatever was meant."""
        of = self.called or "this mapping"
        if sure:
            return Diagnostic(child.key_span, "unknown-key", Severity.error, f'{of} has no key "{name}"', None)
        alike = _SURELY if self.lenient and len(name) > 8 else 0.75
        misplaced = near(name, self.hints, alike)
        hint = self.hints[misplaced] if misplaced else None
        if not self.lenient or hint or near(name, [key for key in self.keys if key not in there], alike):
            return unknown(child, name, self.keys, of=of, hint=hint)
        said = f'the key "{name}" of {of} has no effect: nobody reads it'
        return Diagnostic(child.key_span, "ignored-input", Severity.warning, said, "delete it")
