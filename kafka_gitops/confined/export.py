"""The files of a commit in a directory of their own, with nothing of the working directory."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from kafka_gitops import git
from kafka_gitops.errors import UsageError

MOST = 512 << 20  # bytes: what a runner's temporary directory surely has
_BATCH = 16 << 20  # bytes read from git at once
_LINK = "120000"


def export(revision: str, folder: Path) -> None:
    """Write the whole tree of a commit below an empty directory: files, and links that stay inside; no submodules.

    The blobs are written as git has them: no attribute, filter or hook has a say. Raises UsageError when git does not
    know the commit, or when its files are more than `MOST` bytes.
    """
    entries = [entry for entry in git.tree(revision) if entry.kind == "blob" and _stays(entry.path)]
    size = sum(entry.size for entry in entries)
    if size > MOST:
        raise UsageError(f"the files of {revision[:12]} are {size >> 20} MB, and at most {MOST >> 20} MB are exported")
    plain = [entry for entry in entries if entry.mode != _LINK]
    for batch in _batches(plain):
        for entry, content in zip(batch, git.contents([one.blob for one in batch]), strict=True):
            _write(folder / entry.path, content, executable=entry.mode == "100755")
    links = [entry for entry in entries if entry.mode == _LINK]  # after the files: none is written through one
    for entry, content in zip(links, git.contents([one.blob for one in links]), strict=True):
        _link(folder, entry.path, os.fsdecode(content))


def _batches(entries: list[git.Entry]) -> Iterator[list[git.Entry]]:
    batch: list[git.Entry] = []
    size = 0
    for entry in entries:
        if batch and size + entry.size > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch


def _stays(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts


def _write(path: Path, content: bytes, *, executable: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if executable:
        path.chmod(0o700)


def _link(folder: Path, path: str, target: str) -> None:
    """A link of the commit, unless it leads out of the directory."""
    place = folder / path
    led = os.path.normpath(os.path.join(os.path.dirname(path), target))  # noqa: PTH118, PTH120 - nothing is there yet
    if os.path.isabs(target) or led == ".." or led.startswith(f"..{os.sep}"):  # noqa: PTH117
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
