"""Which of the files that decide a change edits: by what git has at both commits, wherever a link here leads to."""

import os
from collections.abc import Iterable
from typing import NamedTuple

from kafka_gitops import files
from kafka_gitops.git import Repository


class Edited(NamedTuple):
    """What HEAD has otherwise than a commit: all paths, and the links and submodules among them, from the root."""

    paths: frozenset[str]
    links: tuple[str, ...]

    def among(self, named: Iterable[str]) -> list[str]:
        """Those of the named files and directories, as written from the root on, that are edited or have edits below.

        Names that differ in upper and lower case are one: some disks have one file for both.
        """
        seen = files.from_root()
        known = {path.casefold() for path in self.paths}
        return sorted({seen(path) for path in named if any(_holds(known, place) for place in (path, _real(path)))})


def since(repo: Repository, base: str) -> Edited:
    """What HEAD has otherwise than a commit. Raises UsageError when git does not know it."""
    altered = repo.altered(base)
    return Edited(frozenset(altered), tuple(sorted(path for path, link in altered.items() if link)))


def _real(path: str) -> str:
    return os.path.realpath(path)


def _holds(known: Iterable[str], place: str) -> bool:
    name = files.from_root()(place).casefold()
    return any(_within(path, name) for path in known)


def _within(path: str, folder: str) -> bool:
    return folder == "." or path == folder or path.startswith(f"{folder.rstrip('/')}/")
