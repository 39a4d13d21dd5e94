"""Entries of our sections as YAML that a person would write, and of each line the node that it comes from."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from kafka_gitops.text import characters
from kafka_gitops.text.scalars import plain_text
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Entry, Leaf, plain

WIDTH = 118
_SHORT = ("quotas", "users", "removed")  # sections whose entries stand on a line where they fit
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*$")


class Line(NamedTuple):
    """A line of a file, and where what it says comes from (None for what is ours)."""

    text: str
    node: Node | None = None


def section(name: str, entries: Sequence[Entry]) -> Iterator[Line]:
    """The lines of a section."""
    yield Line(f"{name}:")
    for entry in entries:
        flow = f"- {_flow(entry.value)}"
        if name in _SHORT and len(flow) <= WIDTH and not isinstance(entry.value.get("acl"), Mapping):
            yield Line(flow, entry.node)
            continue
        mark = "- "
        for line in _block(entry.value, "  ", entry.node):
            yield line._replace(text=mark + line.text[2:])
            mark = "  "


def _block(value: Mapping[str, object], indent: str, node: Node) -> Iterator[Line]:
    """A mapping, a key to a line; what is inside is on the line where it fits."""
    for key, one in value.items():
        origin = one.node if isinstance(one, Leaf) else node
        inner = one.value if isinstance(one, Leaf) else one
        head = f"{indent}{scalar(key)}:"
        flow = f"{head} {_flow(inner)}"
        if isinstance(inner, Mapping) and (key not in ("metadata", "acl") or len(flow) > WIDTH):
            yield Line(head, origin)
            yield from _block(inner, f"{indent}  ", origin)
        elif isinstance(inner, list) and len(flow) > WIDTH:
            yield Line(head, origin)
            yield from (Line(f"{indent}- {_flow(item)}", origin) for item in inner)
        else:
            yield Line(flow, origin)


def _flow(value: object) -> str:
    value = plain(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return scalar(value)


def scalar(value: object) -> str:
    """A value as YAML 1.1 and 1.2 read it alike; what cannot be seen as an escape."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value) if isfinite(value) and value == int(value) else value)
    text = str(value)
    if _BARE.match(text) and plain_text(text) == text and text.lower() not in ("y", "n", "true", "false", "null"):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{characters.escaped(quoted)}"'


def joined(lines: Iterable[Line]) -> str:
    """The text of a file."""
    return "".join(f"{line.text}\n" for line in lines)
