"""Paths, directories and "-" to texts; the files of a git commit; nothing here knows what the files mean."""

import codecs
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from kafka_gitops import seen
from kafka_gitops.diagnostics import Diagnostic, Severity, Span
from kafka_gitops.errors import UsageError, listed
from kafka_gitops.git import Repository, is_blob

SUFFIXES = (".yaml", ".yml", ".json")
STDIN = "-"
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Loaded:
    """The texts by path, as the user wrote it; `roots` says from which argument's directory a path came."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.problems: list[Diagnostic] = []
        self.notes: list[str] = []
        self.roots: dict[str, str] = {}
        self.closed: list[str] = []  # sub-directories with topology files that were not read


def load(
    paths: Sequence[str],
    *,
    recursive: bool,
    stdin: TextIO | None = None,
    tracked: Collection[str] | None = None,
    wanted: Callable[[str], bool] = bool,
) -> Loaded:
    """Read files and directories: of a directory its own files first, then (`recursive`) its sub-directories.

    Names sort by their bytes, as in the reference. A file that is named is read whatever its suffix. With `tracked`
    (see there) other files are passed over. `wanted` tells by its text whether a file that was not read is missed;
    hidden folders are never looked into. Raises UsageError for a path that is not there.
    """
    loaded = Loaded()
    ignored: list[str] = []
    closed: list[str] = []
    for path in paths:
        if path == STDIN:
            seen.spoil()
            _take(loaded, "<stdin>", _all_of(stdin or sys.stdin))
            loaded.roots["<stdin>"] = "."
            continue
        if not seen.exists(path):
            raise UsageError(f"There is no {path}.", help="Name topology files or directories, or - for stdin.")
        is_dir = seen.is_dir(path)
        named = _walk(path, recursive, ignored, closed, frozenset()) if is_dir else [path]
        root = path if is_dir else str(Path(path).parent)
        for found in named:
            if found not in loaded.texts and (tracked is None or _is_among(tracked, found)):
                _read(loaded, found, root)
    loaded.closed.extend(folder for folder in closed if any(map(wanted, _texts_below(folder))))
    loaded.notes.extend(_notes(ignored, loaded.closed))
    return loaded


def _notes(ignored: Sequence[str], closed: Sequence[str]) -> Iterator[str]:
    if ignored:
        files = "1 file" if len(ignored) == 1 else f"{len(ignored)} files"
        yield f"{files} ignored: {listed(ignored)} (not .yaml, .yml or .json)"
    if closed:
        verb = "holds topology files and is" if len(closed) == 1 else "hold topology files and are"
        yield f"{listed(closed)} {verb} not read; --recursive does"


def _walk(folder: str, recursive: bool, ignored: list[str], closed: list[str], above: frozenset[str]) -> Iterator[str]:
    """The topology files of a directory; a link that leads back to a directory above is not followed."""
    below = []
    for name, is_dir in seen.entries(folder):
        path = os.path.join(folder, name)  # noqa: PTH118  (a Path would drop a leading ./)
        if is_dir:
            below.append(path)
        elif not name.endswith(SUFFIXES):
            ignored.append(name)
        else:
            yield path
    above |= {seen.real(folder)}
    for path in below:
        if seen.real(path) in above or is_hidden(Path(path).name):
            continue
        if recursive:
            yield from _walk(path, recursive, ignored, closed, above)
        else:
            closed.append(path)


def is_hidden(name: str) -> bool:
    """Whether a folder is one that tools keep for themselves, such as .github."""
    return name.startswith(".")


def _texts_below(folder: str) -> Iterator[str]:
    """The texts of the files in a folder and below it that could be topologies."""
    for where, folders, names in seen.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in sorted(names):
            if name.endswith(SUFFIXES):
                try:
                    yield decode(name, seen.contents(Path(where, name)))[0]
                except OSError:
                    continue


def _read(loaded: Loaded, path: str, root: str) -> None:
    loaded.roots[path] = root
    try:
        data = seen.contents(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        loaded.problems.append(_problem(path, 1, 1, "yaml-syntax", f"the file cannot be read: {reason}"))
        return
    _take(loaded, path, data)


def _all_of(stream: TextIO) -> bytes:
    """The bytes of stdin: as a text it would have other line ends."""
    raw = getattr(stream, "buffer", None)
    return raw.read() if raw is not None else stream.read().encode("utf-8", "surrogatepass")


def _take(loaded: Loaded, path: str, data: bytes) -> None:
    text, problem = decode(path, data)
    if problem is not None:
        loaded.problems.append(problem)
        return
    loaded.texts[path] = text
    if (found := encoding(data)) != "utf-8-sig":
        said = f"this file is {found.upper()}: git takes it for binary and shows no diff, so nobody can review a change"
        span = Span(path, 1, 1, 1, 1)
        loaded.problems.append(Diagnostic(span, "file-encoding", Severity.warning, said, "save the file as UTF-8"))


def encoding(data: bytes) -> str:
    """How a file is encoded, by its byte order mark; UTF-8 without one."""
    if data[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    return "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


def decode(path: str, data: bytes) -> tuple[str, Diagnostic | None]:
    """The text of a file: UTF-8, with or without byte order mark, or UTF-16, UTF-32 with one; else where it ends."""
    encoded = encoding(data)
    try:
        return data.decode(encoded), None
    except UnicodeDecodeError as error:
        good = data[: error.start].decode(encoded, "replace")
        line, column = good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1
        said = f"byte 0x{data[error.start]:02x} is no {encoded[:6].rstrip('-').upper()}: {error.reason}"
        return "", _problem(path, line, column, "yaml-syntax", said, "save the file as UTF-8")


def _problem(path: str, line: int, column: int, rule: str, said: str, help: str | None = None) -> Diagnostic:
    return Diagnostic(Span(path, line, column, line, column + 1), rule, Severity.error, said, help)


def at_commit(
    repo: Repository, revision: str, paths: Sequence[str], *, recursive: bool, known: Mapping[str, str] = _NOTHING
) -> dict[str, str]:
    """The topology files under the paths as they were at a commit, by path as the user wrote it.

    Of `known`, the texts of now, those are taken that git says are the same. Files that are no text are left out, as
    are paths that did not exist then. Raises UsageError when there is no git, no repository, or no such commit.
    """
    blobs: dict[str, str] = {}
    for path in paths:
        for name, blob in repo.files(revision, path, suffixes=SUFFIXES, recursive=recursive):
            if not any(map(is_hidden, name[len(path) :].split("/")[:-1])):
                blobs.setdefault(name, blob)
    other = [name for name, blob in blobs.items() if name not in known or not _is_text(known[name], blob)]
    read = dict(zip(other, repo.contents([blobs[name] for name in other]), strict=True))
    texts = {name: decode(name, read[name]) if name in read else (known[name], None) for name in blobs}
    return {name: text for name, (text, problem) in texts.items() if problem is None}


def _is_text(text: str, blob: str) -> bool:
    return is_blob(text.encode("utf-8", "surrogatepass"), blob)


def _is_among(tracked: Collection[str], path: str) -> bool:
    """Whether git tracks a path, or what it is a link to."""
    return os.path.normpath(path) in tracked or os.path.relpath(seen.real(path)) in tracked


def from_root() -> Callable[[str], str]:
    """A function from a path as written here to the same as seen from the repository's root, `/` between its parts.

    What lies elsewhere, or is no file (`<stdin>`), stays as it is.
    """
    here = Path.cwd()
    root = repository(here)

    @cache
    def seen(path: str) -> str:
        whole = Path(os.path.normpath(here / path))
        return path if path.startswith("<") or not whole.is_relative_to(root) else whole.relative_to(root).as_posix()

    return seen


def repository(folder: Path) -> Path:
    """The directory with .git above a folder, the folder itself where there is none."""
    folder = Path(seen.real(folder))
    return next((above for above in (folder, *folder.parents) if seen.exists(above / ".git")), folder)
