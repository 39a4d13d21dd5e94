"""Schema, connector and SQL files that a topology names: whether they are there, and whether they parse."""

import os
from collections.abc import Collection
from pathlib import PurePosixPath, PureWindowsPath

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.reading.draft import Draft
from kafka_gitops.text.scalars import plain_value
from kafka_gitops.text.source import Node
from kafka_gitops.text.values import in_file

_PAIRS = {")": "(", "]": "[", "}": "{"}
_COMMENTS = {"PROTOBUF": ("//", "/*"), "SQL": ("--", "/*")}


def check(draft: Draft, path: Node | None, kind: str) -> None:
    """Note what is wrong with the file that `path` names; `kind` is AVRO, JSON, PROTOBUF or SQL."""
    if path is None or path.raw is None or draft.read is None:
        return
    draft.named.add(plain(path.raw))
    text, why = draft.read(path.path, path.raw)
    if text is not None and (kind, text) not in draft.sound and (kind, text) not in draft.checked:
        found = not_json(path.raw, text) if kind in ("AVRO", "JSON") else _balance(path.raw, text, kind)
        draft.check(kind, text, found)
    if text is None and _is_absolute(path.raw):  # of the container or workspace that deploys it
        draft.elsewhere += 1
    elif text is None:
        help = "the path is relative to the topology directory"
        draft.error(path.span, "artefact-not-found", f"{path.raw}: {why}", help)


VALUES = "values"  # the key of an entry with `file:` that has the values of the environment replaced in that file
SAYS_VALUES = "Whether ${values.NAME} is replaced in the file, too; else it is taken as it is."


def filled(draft: Draft, entry: Node, path: str, text: str) -> str:
    """The text of a file that an entry names, with the values of the environment where the entry wants that."""
    wanted = entry.get(VALUES)
    if wanted is None or plain_value(wanted.raw or "") is not True:
        return text
    found, problems = in_file(path, text, draft.language.values)
    draft.problems.extend(problems)
    return found


def is_named(path: str, named: Collection[str]) -> bool:
    """Whether one of the paths that topology files name, relative to their directory, is this file's."""
    return any(path == one or path.endswith(f"/{one}") for one in named)


def plain(path: str) -> str:
    """A path as it is compared: `./schemas/../s.json` is `s.json`."""
    return os.path.normpath(path).replace("\\", "/")


def _is_absolute(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def _problem(path: str, line: int, column: int, said: str) -> Diagnostic:
    return Diagnostic(Span(path, line, column, line, column + 1), "artefact-syntax", Severity.error, said)


def not_json(path: str, text: str) -> list[Diagnostic]:
    """What is wrong with a text that should be JSON."""
    import json

    try:
        json.loads(text, parse_int=str)  # Python refuses to count with numbers of more than 4,300 digits
    except json.JSONDecodeError as error:
        return [_problem(path, error.lineno, error.colno, f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}")]
    except RecursionError:
        return [_problem(path, 1, 1, "this JSON is nested too deep to be read")]
    return []


def _balance(path: str, text: str, kind: str) -> list[Diagnostic]:
    """Braces and quotes that do not match, or an empty file: what can be told without a parser."""
    if not text.strip():
        return [_problem(path, 1, 1, "the file is empty")]
    open_: list[tuple[str, int]] = []
    index, comment = 0, _COMMENTS.get(kind, ("//", "/*"))
    while index < len(text):
        letter = text[index]
        if text.startswith(comment[0], index):
            index = _after(text, "\n", index)
        elif text.startswith(comment[1], index):
            index = _after(text, "*/", index + 2)
        elif letter in "'\"`":
            end = _quote_end(text, index, kind)
            if end < 0:
                return [_problem(path, *_place(text, index), "this quote is never closed")]
            index = end
        elif letter in "([{":
            open_.append((letter, index))
        elif letter in _PAIRS and (not open_ or open_.pop()[0] != _PAIRS[letter]):
            return [_problem(path, *_place(text, index), f'this "{letter}" closes nothing')]
        index += 1
    return [_problem(path, *_place(text, open_[-1][1]), f'this "{open_[-1][0]}" is never closed')] if open_ else []


def _after(text: str, end: str, index: int) -> int:
    found = text.find(end, index)
    return len(text) if found < 0 else found + len(end) - 1


def _quote_end(text: str, start: int, kind: str) -> int:
    quote, index = text[start], start + 1
    while index < len(text):
        if text[index] == "\\" and kind == "PROTOBUF":
            index += 1
        elif text[index] == quote:
            return index
        index += 1
    return -1


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
