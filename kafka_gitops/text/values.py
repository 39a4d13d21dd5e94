"""`${values.NAME}` in the scalars of a file: replaced in its tree, where every place stays."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.redact import is_secret_key
from kafka_gitops.settings import Value
from kafka_gitops.text.node import Node
from kafka_gitops.text.scalars import plain_text
from kafka_gitops.text.syntax import error

MARK = "${values."  # a text without it costs no look
RULE = "value-unknown"
Used: TypeAlias = dict[tuple[int, int], tuple[str, ...]]
"""Where a scalar begins (line, column), and the names of the values in it."""
_REFERENCE = re.compile(r"\$\{values\.([^{}]*)(\}?)")
_SUGGESTED = 50  # unknown names of one file of which it is asked what they may be: each look takes its time


def fill(root: Node, text: str, values: Mapping[str, Value]) -> tuple[Used, list[Diagnostic]]:
    """Replace what stands for a value in a tree of that text; where, and what is wrong.

    A scalar in quotes stays text; a plain one is what it would be if the value had been written there, text where the
    value is in quotes. An unknown name stays as it is written, and is an error; so is a name in a key.
    """
    used: Used = {}
    problems: list[Diagnostic] = []
    for node in _nodes(root):
        problems.extend(_in_key(child, key) for key, child in node.map.items() if MARK in key)
        raw = node.raw
        if raw is None or MARK not in raw:
            continue
        found = [*_REFERENCE.finditer(raw)]
        bad = [one for one in found if _name(one, values) is None]
        for one in bad:
            problems.append(_unknown(_place(node, text, one[0]), one, values, few=len(problems) < _SUGGESTED))
        names = tuple(dict.fromkeys(name for one in found if (name := _name(one, values)) is not None))
        if names:
            node.raw = filled(raw, values)
            node.plain = node.plain and all(values[name].plain for name in names)
            used[node.start] = names
    return used, [*dict.fromkeys(problems)]


def filled(text: str, values: Mapping[str, Value]) -> str:
    """A text with its values; what is unknown stays as it is written."""
    return _REFERENCE.sub(
        lambda one: one[0] if (name := _name(one, values)) is None else values[name].text,
        text,
    )


def _name(found: "re.Match[str]", values: Mapping[str, Value]) -> str | None:
    """The name that a reference means, None where there is none; a key `on` is called `true` by YAML."""
    name = found[1] if found[1] in values else plain_text(found[1])
    return name if found[2] and name in values else None


def _nodes(root: Node) -> Iterator[Node]:
    """Each node once, in the order of the file."""
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:  # what an alias stands for is there once
            seen.add(id(node))
            yield node
            waiting += reversed([*node.map.values(), *node.items])


def in_file(path: str, text: str, values: Mapping[str, Value]) -> tuple[str, list[Diagnostic]]:
    """The text of a file that a topology names, with its values, and what is wrong; as JSON has texts in JSON."""
    problems: list[Diagnostic] = []
    json = path.endswith((".json", ".avsc"))

    def written(found: "re.Match[str]") -> str:
        name = _name(found, values)
        if name is not None:
            return _in_json(values[name].text) if json else values[name].text
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        span = Span(path, line, column, line, column + len(found[0]))
        problems.append(_unknown(span, found, values, few=len(problems) < _SUGGESTED))
        return found[0]

    return (_REFERENCE.sub(written, text) if MARK in text else text), problems


def _in_json(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)[1:-1]


def said(name: str, value: Value) -> str:
    """`values.replicas = 3`; of what looks like a secret only the name."""
    return f"values.{name}" if is_secret_key(name) else f"values.{name} = {value.text}"


def _in_key(node: Node, key: str) -> Diagnostic:
    said = f'"{key}" is a key: only values are replaced'
    return error(node.key_span, RULE, said, "write the key itself")


def _unknown(span: Span, found: "re.Match[str]", values: Mapping[str, Value], *, few: bool) -> Diagnostic:
    name = found[1]
    if not found[2]:
        return error(span, RULE, f'"{found[0]}" has no "}}" at its end', "write ${values.NAME}")
    where = f'write "{name}: ..." under `values` in kafka-gitops.yaml, at the top or in the environment'
    if not values:
        return error(span, RULE, f'no value is called "{name}": there are no `values`', where)
    from difflib import get_close_matches  # most files have no slip

    meant = get_close_matches(name, values, 1, 0.75) if few else []
    help = f'did you mean "{meant[0]}"? Else {where}' if meant else where
    return error(span, RULE, f'no value is called "{name}"', help)


def _place(node: Node, text: str, written: str) -> Span:
    """Where a reference of a scalar stands in the text; the scalar itself where that has it in other letters."""
    span = node.span
    lines = text.split("\n")[span.line - 1 : span.end_line]
    for number, line in enumerate(lines, span.line):
        at = line.find(written, span.column - 1 if number == span.line else 0)
        if at >= 0:
            return Span(span.path, number, at + 1, number, at + 1 + len(written))
    return span
