"""HCL as nodes with places: what a configuration says literally, and where it says what only Terraform can work out.

The parser is python-hcl2's. Its tree is written anew as JSON, each value at the place that it has in the file, and read
by our own reader: so there is one kind of node, and one kind of error.
"""

import json
from collections.abc import Iterator
from typing import Any

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.errors import ConfigError
from kafka_gitops.text.source import Source, parse

EXPRESSION = "$expression"  # the only key of a mapping that stands for what is no literal
_DEEPEST = 40  # collections in collections: more is left to Terraform


def read(path: str, text: str) -> Source:
    """The blocks of a file: a list of mappings with `block`, `labels` and `body`; never raises for bad input.

    Raises ConfigError where python-hcl2 is not installed.
    """
    try:
        import hcl2
        from lark.exceptions import LarkError, UnexpectedInput
    except ImportError:
        raise ConfigError(
            f"{path} is HCL, and what reads it is not installed.",
            help="pip install 'kafka-gitops[terraform]'\n"
            "A state needs nothing: terraform state pull > all.tfstate, and name that file instead.",
        ) from None
    try:
        tree = hcl2.parses_to_tree(text if text.endswith("\n") else f"{text}\n")
    except UnexpectedInput as failure:
        line, column = max(1, failure.line), max(1, failure.column)  # -1 at the end of a file
        return _broken(path, text, line, column)
    except (LarkError, RecursionError):
        return _broken(path, text, 1, 1)
    source = parse(path, _Twin(text).of(tree))
    return Source(path, text, source.root, source.problems)


def _broken(path: str, text: str, line: int, column: int) -> Source:
    lines = text.split("\n")
    found = lines[line - 1][column - 1 : column + 19].strip() if line <= len(lines) else ""
    said = f"found {found!r}, which is no HCL here" if found else "the file ends too early for HCL"
    help = "terraform validate says more"
    problem = Diagnostic(Span(path, line, column, line, column + 1), "yaml-syntax", Severity.error, said, help)
    return Source(path, text, None, (problem,))


class _Twin:
    """Writes JSON that has each value where the file has it, as far as it fits."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str] = []
        self.line, self.column = 1, 1

    def of(self, tree: Any) -> str:
        """The JSON of a whole tree."""
        self._put("[")
        for block in _blocks(tree.children[0]):
            self._block(block)
            self._put(",")
        self._put("{}]")
        return "".join(self.parts)

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.column += len(text)

    def _at(self, meta: Any) -> None:
        """Go to the place of something, if it is not behind already."""
        if meta.line > self.line:
            self.parts.append("\n" * (meta.line - self.line))
            self.line, self.column = meta.line, 1
        if meta.line == self.line and meta.column > self.column:
            self._put(" " * (meta.column - self.column))

    def _block(self, block: Any) -> None:
        head, *labels = [one for one in block.children if _kind(one) in ("identifier", "string", "keyword")]
        self._at(block.meta)
        names = json.dumps([self._label(one) for one in labels], ensure_ascii=False)
        self._put(f'{{"block": {json.dumps(self._label(head))}, "labels": {names}, "body": ')
        body = next(one for one in block.children if _kind(one) == "body")
        self._put("{")
        seen: set[str] = set()
        for one in body.children:
            if _kind(one) == "attribute":
                self._pair(one.children[0], self._source(one.children[0]), one.children[2], 0)
            elif _kind(one) == "block" and (name := self._source(one.children[0])) not in seen:
                seen.add(name)
                self._at(one.meta)
                self._put(f"{json.dumps(name)}: [")
                self._block(one)
                self._put("], ")
        self._put("}}")

    def _pair(self, key: Any, name: str, value: Any, depth: int) -> None:
        self._at(key.meta)
        self._put(f"{json.dumps(name, ensure_ascii=False)}: ")
        self._value(value, depth)
        self._put(", ")

    def _value(self, node: Any, depth: int) -> None:
        self._at(node.meta)
        inner = _inner(node)
        kind = _kind(inner)
        if kind == "string" and (text := self._literal(inner)) is not None:
            self._put(json.dumps(text, ensure_ascii=False))
        elif kind in ("int_lit", "float_lit", "literal_value") or _is_negative(node):
            self._put(self._source(node))
        elif kind == "tuple" and depth < _DEEPEST:
            self._put("[")
            for item in inner.children:
                if _kind(item) not in ("", "new_line_or_comment"):
                    self._value(item, depth + 1)
                    self._put(", ")
            self._put("]")
        elif kind == "object" and depth < _DEEPEST:
            self._object(node, list(self._pairs(inner)), depth)
        else:
            self._expression(node)

    def _object(self, node: Any, pairs: list[tuple[Any, str | None, Any]], depth: int) -> None:
        if any(name is None for _, name, _ in pairs):
            self._expression(node)
            return
        self._put("{")
        for key, name, value in pairs:
            self._pair(key, name or "", value, depth + 1)
        self._put("}")

    def _expression(self, node: Any) -> None:
        self._put(json.dumps({EXPRESSION: " ".join(self._source(node).split())[:200]}, ensure_ascii=False))

    def _pairs(self, inner: Any) -> Iterator[tuple[Any, str | None, Any]]:
        """The elements of an object; a key that is worked out has no name."""
        for one in inner.children:
            if _kind(one) == "object_elem":
                key = _inner(one.children[0].children[0])
                kind = _kind(key)
                name = self._literal(key) if kind == "string" else None
                yield one.children[0], self._source(key) if kind in ("identifier", "int_lit") else name, one.children[2]

    def _label(self, node: Any) -> str:
        return (self._literal(node) if _kind(node) == "string" else None) or self._source(node)

    def _source(self, node: Any) -> str:
        return self.text[node.meta.start_pos : node.meta.end_pos]

    def _literal(self, string: Any) -> str | None:
        """The text of a string without anything to work out; None for any other."""
        parts = [one.children[0] for one in string.children if _kind(one) == "string_part"]
        if any(_kind(one) for one in parts):
            return None
        texts = []
        for part in parts:
            if part.type == "STRING_CHARS":
                from hcl2.utils import process_escape_sequences

                texts.append(process_escape_sequences(str(part)))
            else:  # $${ and %%{ stand for themselves without the first sign
                texts.append(str(part)[1:])
        return "".join(texts)


def _kind(node: Any) -> str:
    """The rule of a node of the tree; empty for a token."""
    return str(node.data) if hasattr(node, "data") else ""


def _inner(node: Any) -> Any:
    """What an expression without operators, brackets and calls is."""
    while _kind(node) == "expr_term" and len(node.children) == 1 and _kind(node.children[0]):
        node = node.children[0]
    return node


def _is_negative(node: Any) -> bool:
    return (
        _kind(node) == "unary_op"
        and str(node.children[0]) == "-"
        and _kind(_inner(node.children[-1])) in ("int_lit", "float_lit")
    )


def _blocks(body: Any) -> Iterator[Any]:
    return (one for one in body.children if _kind(one) == "block")
