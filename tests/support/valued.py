"""Texts in which values stand in place of what was written: the same, said otherwise."""

from collections.abc import Iterator
from random import Random

from kafka_gitops.settings import Value
from kafka_gitops.text.node import Node
from kafka_gitops.text.source import parse


def with_values(text: str, random: Random, share: float = 0.5) -> tuple[str, dict[str, Value]]:
    """A text with `${values.NAME}` for some of its scalars, or for a part of them, and what these stand for."""
    lines = text.split("\n")
    values: dict[str, Value] = {}
    root = parse("t.yaml", text).root
    places = {node.start: node for node in _scalars(root)} if root is not None else {}
    for (line, column), node in sorted(places.items(), reverse=True):
        written = lines[line - 1][column - 1 : node.span.end_column - 1]
        inner = written if node.plain else written[1:-1]
        in_brackets = any(bracket in lines[line - 1][: column - 1] for bracket in "[{")
        if random.random() > share or not inner or inner != node.raw or (node.plain and in_brackets):
            continue
        start = random.choice((0, random.randrange(len(inner))))
        end = random.choice((len(inner), random.randrange(start, len(inner)) + 1))
        name = f"v{len(values)}"
        values[name] = Value(inner[start:end], node.plain or random.random() < 0.5)
        begin = column - 1 + (not node.plain) + start
        lines[line - 1] = f"{lines[line - 1][:begin]}${{values.{name}}}{lines[line - 1][begin + end - start :]}"
    return "\n".join(lines), values


def _scalars(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += [*node.map.values(), *node.items]
        if node.raw is not None and node.span.line == node.span.end_line:
            yield node
