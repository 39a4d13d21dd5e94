"""Schema, connector and SQL files that a topology file names, as they are or as they were at a commit."""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from kafka_gitops import seen
from kafka_gitops.files import decode, repository
from kafka_gitops.git import Repository, is_blob


class ReadArtefact(Protocol):
    """Reads a schema, connector or SQL file that a topology file names: its text, or why there is none.

    A relative path starts at the topology's directory (as in the reference), else beside the file; with `beside` it is
    the other way round. What lies outside the repository is not read.
    """

    def __call__(self, topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]: ...


def reader(roots: Mapping[str, str]) -> ReadArtefact:
    """Such a function for the files as they are; outside git they lie below the working directory or the topology's."""

    @cache
    def text_of(place: Path) -> tuple[str | None, str | None]:
        try:
            text, problem = decode(place.name, seen.contents(place))
        except OSError as error:
            return None, f"the file cannot be read: {(error.strerror or str(error)).lower()}"
        return (text, None) if problem is None else (None, problem.message)

    def read(topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        root = roots.get(topology, ".")
        found = next((file for file in _candidates(root, topology, path, beside=beside) if seen.is_file(file)), None)
        if found is None:
            return None, "there is no such file"
        allowed = (repository(Path(root)), Path.cwd())
        place = Path(seen.real(found))
        if ".git" in place.parts or not any(place.is_relative_to(folder) for folder in allowed):  # git's holds tokens
            return None, "the file lies outside the repository"
        return text_of(place)

    return read


def reader_at(repo: Repository, revision: str, paths: Sequence[str]) -> ReadArtefact:
    """Such a function for the files of a commit; `paths` are those of the topology. Raises UsageError without git."""

    @cache
    def known() -> dict[Path, str]:
        return repo.blobs(revision)

    def read(topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        root = next((one for one in paths if Path(topology).is_relative_to(one) and one != topology), None)
        for file in _candidates(root or str(Path(topology).parent), topology, path, beside=beside):
            place = Path(os.path.realpath(file.parent), file.name)
            blob = known().get(place)
            if blob is not None:
                now = place.read_bytes() if place.is_file() and not place.is_symlink() else b""
                data = now if is_blob(now, blob) else next(iter(repo.contents([blob])))
                text, problem = decode(place.name, data)
                return (text, None) if problem is None else (None, problem.message)
        return None, "there is no such file"

    return read


def _candidates(root: str, topology: str, path: str, *, beside: bool) -> list[Path]:
    """Where the file of a relative path may be, the likeliest first."""
    folders = (root, str(Path(topology).parent))
    return [Path(folder, path) for folder in (reversed(folders) if beside else folders)]
