"""The tree of a commit: all of its files, links and submodules, by their paths."""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.errors import UsageError
from kafka_gitops.git.objects import Objects

LINK, MODULE = "120000", "160000"  # modes
_FOLDER = "040000"


class Entry(NamedTuple):
    """One entry of a commit's tree: its path from the root on, git's mode, and the id of its blob or commit."""

    path: str
    mode: str
    blob: str

    @property
    def is_file(self) -> bool:
        """Whether it is neither a link nor a submodule."""
        return self.mode not in (LINK, MODULE)


class Trees:
    """The trees of some commits; a directory that two of them share is read once."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._folders: dict[str, list[Entry]] = {}  # by the tree's id, with names as paths

    def of(self, commit: str) -> Mapping[str, Entry]:
        """All entries of a commit by their paths, sub-directories too, as `git ls-tree -r` has them."""
        found: dict[str, Entry] = {}
        level = [("", f"{commit}^{{tree}}")]
        while level:
            below = []
            for (folder, _), entries in zip(level, self._read([name for _, name in level]), strict=True):
                for entry in entries:
                    path = folder + entry.path
                    if entry.mode == _FOLDER:
                        below.append((f"{path}/", entry.blob))
                    else:
                        found[path] = Entry(path, entry.mode, entry.blob)
            level = below
        return found

    def _read(self, names: list[str]) -> Iterator[list[Entry]]:
        new = [name for name in dict.fromkeys(names) if name not in self._folders]
        for name, one in zip(new, self._objects.named(new), strict=True):
            if one is None or one.kind != "tree":
                raise UsageError(f"git has no tree {name}", help="git fsck says what is wrong with this clone.")
            self._folders[name] = [*_entries(one.data, len(one.id) // 2)]
        return (self._folders[name] for name in names)


def _entries(data: bytes, hash_size: int) -> Iterator[Entry]:
    """The entries of one directory: mode, blank, name, NUL and a binary id. Source: decode_tree_entry of git."""
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        at = end + 1 + hash_size
        yield Entry(os.fsdecode(name), _mode(int(mode, 8)), data[end + 1 : at].hex())


def _mode(written: int) -> str:
    """The mode as git takes it, however it is written. Source: canon_mode of git."""
    kind = written & 0o170000
    if kind == 0o100000:
        return "100755" if written & 0o100 else "100644"
    return {0o120000: LINK, 0o040000: _FOLDER}.get(kind, MODULE)
