"""`${values.NAME}` in the scalars of a file: replaced in its tree, where every place stays."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
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
MAX_SCALAR = 32_767  # characters: Kafka's protocol has no longer text
_SUGGESTED = 50  # unknown names of one file of which it is asked what they may be: each look takes its time


def fill(root: Node, text: str, values: Mapping[str, Value]) -> tuple[Used, list[Diagnostic]]:
    """Replace what stands for a value in a tree of that text; where, and what is wrong.

    A scalar in quotes stays text; a plain one is what it would be if the value had been written there, text where the
    value is in quotes. An unknown name stays as it is written, and is an error; so is a name in a key.
    """
    used: Used = {}
    problems: list[Diagnostic] = []
    scalars, keys = _marked(root)
    lines = text.split("\n") if scalars else []
    problems.extend(_in_key(node, key) for key, node in keys)
    for node in scalars:
        raw = node.raw or ""
        found = [*_REFERENCE.finditer(raw)]
        for one in found:
            if _name(one, values) is None:
                problems.append(_unknown(_place(node, lines, one[0]), one, values, few=len(problems) < _SUGGESTED))
        names = tuple(dict.fromkeys(name for one in found if (name := _name(one, values)) is not None))
        whole = filled(raw, values) if names else raw
        if len(whole) > MAX_SCALAR:
            said = f"with its values this is {len(whole):,} characters, at most {MAX_SCALAR:,} are read"
            problems.append(error(node.span, RULE, said, "shorten it"))
        elif names:
            node.raw = whole
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


def _marked(root: Node) -> tuple[list[Node], list[tuple[str, Node]]]:
    """The scalars in which a value stands, each once, and the keys."""
    scalars = [root] if root.raw is not None and MARK in root.raw else []
    keys: list[tuple[str, Node]] = []
    waiting, seen = [root], set[int]()
    while waiting:
        children = waiting.pop().children
        if children is None or id(children) in seen:  # what an alias stands for is there once
            continue
        seen.add(id(children))
        if isinstance(children, dict):
            keys += [(key, child) for key, child in children.items() if MARK in key]
            children = [*children.values()]
        for child in children:
            if child.raw is None:
                waiting.append(child)
            elif MARK in child.raw:
                scalars.append(child)
    return scalars, keys


def in_file(path: str, text: str, values: Mapping[str, Value]) -> tuple[str, list[Diagnostic]]:
    """The text of a file that a topology names, with its values, and what is wrong; as JSON has texts in JSON."""
    problems: list[Diagnostic] = []
    json = path.endswith((".json", ".avsc"))
    starts = [0, *(found.end() for found in re.finditer("\n", text))] if MARK in text else []

    def written(found: "re.Match[str]") -> str:
        name = _name(found, values)
        if name is not None:
            return _in_json(values[name].text) if json else values[name].text
        line = bisect_right(starts, found.start())
        column = found.start() - starts[line - 1] + 1
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


def _place(node: Node, lines: Sequence[str], written: str) -> Span:
    """Where a reference of a scalar stands in a file; the scalar itself where that has it in other letters."""
    span = node.span
    for number, line in enumerate(lines[span.line - 1 : span.end_line], span.line):
        at = line.find(written, span.column - 1 if number == span.line else 0)
        if at >= 0:
            return Span(span.path, number, at + 1, number, at + 1 + len(written))
    return span
