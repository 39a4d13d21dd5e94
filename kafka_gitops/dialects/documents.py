"""Files of other tools to documents: all of a file with several, each node at its place in the whole file."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.dialects.estate import Estate, Left
from kafka_gitops.dialects.known import Known, known
from kafka_gitops.errors import UsageError
from kafka_gitops.text.source import Node, Source, parse

MOST = 20_000  # documents of one file
MOST_BROKEN = 50  # documents of one file: what is below them is not read
_MARK = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.MULTILINE)
_EMPTY = re.compile(r"(?:[ \t]*(?:#[^\n]*|%[^\n]*)?(?:\n|\r\n?|$))*")  # blank lines, comments, directives


def paths(named: Sequence[str], suffixes: tuple[str, ...]) -> list[str]:
    """The files that PATHs name: a file whatever its name, of a directory those with a suffix, at any depth.

    Hidden files and folders are passed over. Raises UsageError for a path that is not there.
    """
    found: dict[str, None] = {}
    for path in named:
        if path != "-" and not Path(path).exists():
            raise UsageError(f"There is no {path}.", help="Name files or directories, or - for stdin.")
        for one in _below(path, suffixes) if Path(path).is_dir() else [path]:
            found[one] = None
    return list(found)


def _below(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(suffixes) and not name.startswith("."):
                yield os.path.join(where, name)  # noqa: PTH118  (a Path would drop a leading ./)


def documents(path: str, text: str) -> list[Source]:
    """The documents of a YAML or JSON file; empty ones are left out. Never raises for bad input."""
    starts = [(0, 0), *((one.start(), one.end()) for one in _MARK.finditer(text))]
    if path.endswith(".json") or len(starts) == 1:
        return [parse(path, text)]
    if len(starts) > MOST:
        said = f"{len(starts):,} documents in one file; at most {MOST:,} are read"
        return [Source(path, text, None, (_error(path, said, "split the file"),))]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    found, above, at, broken = [], 0, 0, 0
    for (start, begin), end in zip(starts, ends, strict=True):
        above, at = above + text.count("\n", at, start), start
        body = " " * (begin - start) + text[begin:end]
        if not _EMPTY.fullmatch(body):
            found.append(_document(path, body, above))
            broken += bool(found[-1].problems)
        if broken > MOST_BROKEN:
            break
    return found


def _document(path: str, body: str, above: int) -> Source:
    """A document that begins below so many lines of its file."""
    source = parse(path, body)
    if source.problems:  # their sentences name lines
        return parse(path, "\n" * above + body)
    if source.root is not None:
        source.root.move_down(above)
    return source


def _error(path: str, said: str, help: str) -> Diagnostic:
    return Diagnostic(Span(path, 1, 1, 1, 1), "yaml-syntax", Severity.error, said, help)


def of(estate: Estate, texts: Mapping[str, str], dialect: str, tool: str) -> Iterator[Node]:
    """The documents of a dialect, those of lists one by one; what cannot be read or is another's is noted."""
    for path, text in texts.items():
        for source in documents(path, text):
            estate.problems.extend(source.problems)
            if source.root is None:
                continue
            found = known(source.root)
            if found is not None and found.dialect == dialect:
                yield source.root
            elif _is_list(source.root):
                yield from _items(estate, source.root, dialect, tool)
            else:
                _others(estate, source.root, found, tool)


def _is_list(root: Node) -> bool:
    """A list as `kubectl get -o yaml` prints it."""
    kind, items = root.map.get("kind"), root.map.get("items")
    return kind is not None and kind.raw == "List" and items is not None and items.is_list


def _items(estate: Estate, root: Node, dialect: str, tool: str) -> Iterator[Node]:
    for item in root.map["items"].items:
        found = known(item)
        if found is not None and found.dialect == dialect:
            yield item
        else:
            _others(estate, item, found, tool)


def _others(estate: Estate, node: Node, found: Known | None, tool: str) -> None:
    if found is not None:
        estate.left.append(Left(node.head, found.what, f"--from {found.dialect} reads it"))
        return
    kind = node.map.get("kind")
    what = f"a document of kind {kind.raw}" if kind is not None and kind.raw else "a document"
    estate.left.append(Left(node.head, what, f"it is none of {tool}'s"))
