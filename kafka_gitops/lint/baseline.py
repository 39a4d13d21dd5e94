"""The findings that are known: a file of fingerprints, so that later runs report only what is new."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple, TypeAlias

from kafka_gitops import shell
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint.fingerprint import fingerprints
from kafka_gitops.text import characters
from kafka_gitops.text.address import finder
from kafka_gitops.text.source import Source

FORMAT = 1
Sources: TypeAlias = Mapping[str, Source]
_ABOUT = ("change-", "waiver-")  # rules that are about this change, or about exceptions: never known


class Known(NamedTuple):
    """One finding of a baseline, readable: its rule, its file as seen from the baseline, its address in it."""

    rule: str
    path: str
    address: str

    def __str__(self) -> str:
        return f"{self.rule} at {self.path}{self.address}"


def dumps(found: Sequence[Diagnostic], sources: Sources, folder: str, fixed: Callable[[str, str], bool]) -> str:
    """The baseline of these findings, for a file in a folder: the same bytes for the same findings, no line numbers.

    `fixed(rule, path)` tells what a platform's policy demands, which is left out, as are findings about a change.
    """
    marked = _marked([one for one in found if _may(one, fixed)], sources, folder)
    rows = [{"fingerprint": mark, **known._asdict()} for mark, (known, _) in marked.items()]
    rows.sort(key=lambda row: (row["path"], row["rule"], row["address"], row["fingerprint"]))
    body = {"format": FORMAT, "findings": rows}
    return characters.json_escaped(json.dumps(body, indent=1, ensure_ascii=False)) + "\n"


def loads(text: str, path: str) -> dict[str, Known]:
    """The findings of a baseline by their fingerprints. Raises ConfigError for what is none."""
    try:
        body = json.loads(text)
        if body["format"] != FORMAT:
            said = f"{path}: a baseline of format {body['format']!r}, expected {FORMAT}"
            raise ConfigError(said, help="Use the kafka-gitops that wrote it, or write it anew.")
        return {row["fingerprint"]: Known(row["rule"], row["path"], row["address"]) for row in body["findings"]}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        help = f"Write it anew: {shell.ours('lint', f'--write-baseline={path}')}"
        raise ConfigError(f"{path}: this is not a baseline", help=help) from error


def split(
    found: Sequence[Diagnostic],
    sources: Sources,
    folder: str,
    known: Mapping[str, Known],
    fixed: Callable[[str, str], bool],
) -> tuple[list[Diagnostic], list[Known]]:
    """The findings that the baseline does not know, and what it knows that is found no more in the files read."""
    marked = _marked([one for one in found if _may(one, fixed)], sources, folder)
    hidden = {one for mark, (_, one) in marked.items() if mark in known}
    read = {_seen(path, folder) for path in sources}
    stale = [one for mark, one in known.items() if mark not in marked and one.path in read]
    return [one for one in found if one not in hidden], stale


def _may(one: Diagnostic, fixed: Callable[[str, str], bool]) -> bool:
    return not one.rule.startswith(_ABOUT) and not fixed(one.rule, one.span.path)


def _marked(found: Sequence[Diagnostic], sources: Sources, folder: str) -> dict[str, tuple[Known, Diagnostic]]:
    """Each finding by its fingerprint, with its paths as seen from the folder: the same wherever the run starts."""
    there = {_seen(path, folder): source for path, source in sources.items()}
    moved = [one._replace(span=one.span._replace(path=_seen(one.span.path, folder))) for one in found]
    find = finder(there)
    marks = fingerprints(moved, there)
    rows = zip(marks, moved, found, strict=True)
    return {mark: (Known(one.rule, one.span.path, find(one.span)), first) for mark, one, first in rows}


def _seen(path: str, folder: str) -> str:
    return path if path.startswith("<") else PurePath(os.path.relpath(path, folder or ".")).as_posix()
