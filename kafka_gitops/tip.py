"""The files of one commit as git has them, whatever lies in the working directory: what may be trusted of a branch."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kafka_gitops.git import Entry, Repository
from kafka_gitops.git.trees import LINK, MODULE

_MOST_LINKS = 40  # as of a kernel


class Tip(NamedTuple):
    """A commit, all of its files by their paths from the root on, and where that root is here."""

    commit: str
    root: Path
    entries: Mapping[str, Entry]
    repo: Repository

    def data(self, path: str) -> bytes | None:
        """What is in a file, given as seen from the working directory; None where the commit has none there."""
        real = self._real(path)
        entry = self.entries.get(real) if real is not None else None
        return self.repo.contents([entry.blob])[0] if entry is not None and entry.mode != MODULE else None

    def text(self, path: str) -> str | None:
        """The same as text. Raises UnicodeDecodeError where it is no UTF-8."""
        data = self.data(path)
        return None if data is None else data.decode("utf-8-sig")

    def has(self, path: str) -> bool:
        """Whether the commit has a file or a directory there."""
        real = self._real(path)
        below = f"{real}/"
        return real is not None and (real in self.entries or any(name.startswith(below) for name in self.entries))

    def inside(self, path: str) -> bool:
        """Whether a path is one of the repository, by its name."""
        return self._name(path) is not None

    def copy(self, path: str, folder: Path) -> Path | None:
        """A copy of the file, or the directory with all below it, in an empty directory; None where there is none."""
        real = self._real(path)
        if real is None:
            return None
        found = {name: entry for name, entry in self.entries.items() if name == real or name.startswith(f"{real}/")}
        plain = {name: entry for name, entry in found.items() if entry.is_file}
        for (name, _), data in zip(
            plain.items(), self.repo.contents([one.blob for one in plain.values()]), strict=True
        ):
            place = folder / os.path.relpath(name, os.path.dirname(real) or ".")  # noqa: PTH120
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            place.chmod(0o600)
        return folder / os.path.basename(real) if plain else None  # noqa: PTH119

    def _name(self, path: str) -> str | None:
        """A path from the root on, with `/`, None for one elsewhere; no link of the working directory is followed."""
        name = os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")  # noqa: PTH100
        return None if name == ".." or name.startswith("../") else name

    def _real(self, path: str) -> str | None:
        """Where a path leads to, along the links of the commit; None when that is nowhere or elsewhere."""
        name = self._name(path)
        for _ in range(_MOST_LINKS):
            if name is None:
                return None
            link = self._first_link(name)
            if link is None:
                return name
            target = os.fsdecode(self.repo.contents([self.entries[link].blob])[0])
            above = os.path.dirname(link)  # noqa: PTH120
            name = os.path.normpath(os.path.join(above, target, name[len(link) + 1 :] or ".")).replace(os.sep, "/")  # noqa: PTH118
            name = None if target.startswith("/") or name == ".." or name.startswith("../") else name
        return None

    def _first_link(self, name: str) -> str | None:
        parts = name.split("/")
        above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        return next((one for one in above if one in self.entries and self.entries[one].mode == LINK), None)


def of(repo: Repository, revision: str, root: Path) -> Tip:
    """The files of a commit. Raises UsageError where git does not know it."""
    return Tip(repo.resolve(revision), root, repo.tree(revision), repo)
