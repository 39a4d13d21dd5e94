"""The files of a commit in a directory of their own, with nothing of the working directory."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from kafka_gitops.errors import UsageError
from kafka_gitops.git import Entry, Repository
from kafka_gitops.git.trees import LINK, MODULE

MOST = 512 << 20  # bytes: what a runner's temporary directory surely has
_BATCH = 16 << 20  # bytes read from git at once


def export(repo: Repository, revision: str, folder: Path) -> None:
    """Write the whole tree of a commit below an empty directory: files, and links that stay inside; no submodules.

    The blobs are written as git has them: no attribute, filter or hook has a say. Raises UsageError when git does not
    know the commit, or when its files are more than `MOST` bytes.
    """
    entries = [one for one in repo.tree(revision).values() if one.mode != MODULE and _stays(one.path)]
    sizes = _sizes(repo, revision)
    size = sum(sizes[entry.path] for entry in entries)
    if size > MOST:
        raise UsageError(f"the files of {revision[:12]} are {size >> 20} MB, and at most {MOST >> 20} MB are exported")
    plain = [entry for entry in entries if entry.is_file]
    for batch in _batches(plain, sizes):
        for entry, content in zip(batch, repo.contents([one.blob for one in batch]), strict=True):
            _write(folder / entry.path, content, executable=entry.mode == "100755")
    links = [entry for entry in entries if entry.mode == LINK]  # after the files: none is written through one
    for entry, content in zip(links, repo.contents([one.blob for one in links]), strict=True):
        _link(folder, entry.path, os.fsdecode(content))


def _sizes(repo: Repository, revision: str) -> dict[str, int]:
    """The bytes of each file and link of a commit, by its path."""
    listing = repo.asked("ls-tree", "-r", "-l", "-z", "--full-tree", repo.resolve(revision))
    lines = (line.partition(b"\t") for line in listing.split(b"\0") if line)
    return {os.fsdecode(name): int(size) for about, _, name in lines if (size := about.split()[-1]).isdigit()}


def _batches(entries: list[Entry], sizes: Mapping[str, int]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and size + sizes[entry.path] > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += sizes[entry.path]
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
