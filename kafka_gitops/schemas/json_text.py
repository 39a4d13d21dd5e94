"""JSON texts of schemas: read with every error placed, and paths turned into lines and columns."""

import json
import re
from collections.abc import Collection

from kafka_gitops.schemas.contract import MAX_DEPTH, MAX_TEXT, Json, Path, Problem

_TOKEN = r'(?s)"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+'  # compiled where it is used: most runs see no schema
_LONE = r"\\u(?:[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|[dD][c-fC-F][0-9a-fA-F]{2})"
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"


class Unread(Exception):
    """The text is no JSON that can be read; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read(text: str) -> Json:
    """The value of a JSON text. Raises Unread, also for what JSON leaves open: a key twice, NaN, half a character."""
    if len(text) > MAX_TEXT:
        raise _unread(text, 0, f"a schema of {len(text):,} characters; at most {MAX_TEXT:,} are read")
    if not text.strip():
        raise _unread(text, 0, "the file is empty")
    deep = _too_deep(text)
    if deep is not None:
        raise _unread(text, deep, f"nested deeper than {MAX_DEPTH} levels")
    if lone := re.search(_LONE, re.sub(_PAIR, lambda pair: "_" * len(pair[0]), text)):
        raise _unread(text, lone.start(), f"{lone[0]} is half of a character", "write the character itself")
    twice: list[str] = []

    def once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice.append(next(name for name in names if names.count(name) > 1))
        return found

    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        said = f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        raise _unread(text, error.pos, said, _hint(text, error.pos)) from None
    except (ValueError, RecursionError) as error:
        raise _unread(text, 0, f"this is not JSON: {str(error).partition(';')[0]}") from None
    if twice:
        raise _unread(text, _second(text, twice[0]), f'the key "{twice[0]}" is there twice', "keep one of the two")
    return value


def places(text: str, wanted: Collection[Path]) -> dict[Path, tuple[int, int]]:
    """Line and column of the values at paths of a JSON text, in one pass; the nearest above one that is not there."""
    if not wanted:
        return {}
    best: dict[Path, tuple[int, int]] = dict.fromkeys(wanted, (-1, 0))  # depth reached, index
    top = max(map(len, wanted))
    stack: list[str | int | None] = []  # of each open collection the index or the key, None where a key must come
    for found in re.finditer(_TOKEN, text):
        token = found[0]
        if token in ("}", "]"):
            del stack[-1:]
        elif token == ",":
            stack[-1:] = [last + 1 if isinstance(last, int) else None for last in stack[-1:]]
        elif token[0] == '"' and stack and stack[-1] is None:
            stack[-1] = _text(token)
        elif token != ":":
            if len(stack) <= top:
                _note(best, tuple(step for step in stack if step is not None), found.start())
            if token in ("{", "["):
                stack.append(None if token == "{" else 0)
    return {path: _place(text, index) for path, (_, index) in best.items()}


def _note(best: dict[Path, tuple[int, int]], here: Path, index: int) -> None:
    depth = len(here)
    for path, (reached, _) in best.items():
        if depth > reached and path[:depth] == here:
            best[path] = (depth, index)


def _text(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def _second(text: str, name: str) -> int:
    """Where the last key of a name stands: one of the two, in a text where the two are in one object."""
    found = [one.start() for one in re.finditer(_TOKEN, text) if one[0][0] == '"' and _text(one[0]) == name]
    return found[-1] if found else 0


def _too_deep(text: str) -> int | None:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return None
    depth = 0
    for found in re.finditer(_TOKEN, text):
        if found[0] in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                return found.start()
        elif found[0] in "}]":
            depth -= 1
    return None


def _hint(text: str, index: int) -> str | None:
    if text[index : index + 1] == "/":
        return "JSON has no comments: Java's parser skips them, other readers stop; write a doc"
    return None


def _refuse(name: str) -> Json:
    raise ValueError(f"{name} is no number")


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _unread(text: str, index: int, said: str, help: str | None = None) -> Unread:
    return Unread(Problem("syntax", *_place(text, index), said, help))
