"""Protobuf files as tokens with places, and the tree that a reader makes of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kafka_gitops.schemas.contract import Problem
from kafka_gitops.schemas.json_text import Unread

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<name>\.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
    |(?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?)
    |(?P<sign>[][{}()<>=;,:+/-])""",
    re.DOTALL | re.VERBOSE | re.ASCII,
)


class Token(NamedTuple):
    """A word of the file: `text`, `name`, `number`, `sign`, or `end`."""

    kind: str
    value: str
    at: int


@dataclass
class FieldOf:
    """A field of a message: its number is its identity on the wire."""

    name: str
    number: int
    type: str
    label: str = ""  # repeated, optional, required
    oneof: str = ""
    options: dict[str, str] = field(default_factory=dict)
    index: int = 0


@dataclass
class Block:
    """A message, enum, service, extension, or the file itself: what it holds by name, and where it stands."""

    kind: str
    name: str
    fields: list[FieldOf] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    reserved: list[str] = field(default_factory=list)  # "3", "5-9", "name"
    statements: list[str] = field(default_factory=list)  # imports, rpcs, ranges for extensions: as written
    index: int = 0


def fault(text: str, index: int, said: str, help: str | None = None, kind: str = "syntax") -> Unread:
    """What is wrong at an index of a text."""
    return Unread(Problem(kind, *place(text, index), said, help))


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column of an index, 1-based."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def tokens(text: str) -> Iterator[Token]:
    """The words of a file, without blanks and comments; the last one is its end. Raises Unread."""
    index = 1 if text.startswith("\ufeff") else 0
    while index < len(text):
        match = _TOKEN.match(text, index)
        if match is None:
            letter = text[index]
            ends = {'"': "this quote is never closed", "'": "this quote is never closed"}
            raise fault(text, index, ends.get(letter, f'"{letter}" means nothing here'))
        if match.lastgroup == "sign" and match[0] == "/":
            raise fault(
                text,
                index,
                "this comment is never closed" if text.startswith("/*", index) else '"/" means nothing here',
            )
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match[0], index)
        index = match.end()
    yield Token("end", "the end of the file", len(text))
