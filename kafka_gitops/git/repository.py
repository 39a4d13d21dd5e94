"""What one run asks git about the repository that it is in: what cannot change meanwhile is asked once."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from kafka_gitops.errors import UsageError
from kafka_gitops.git import command
from kafka_gitops.git.objects import Objects
from kafka_gitops.git.trees import Entry, Trees

R = TypeVar("R", bound="Repository")


class Repository:
    """The repository around the working directory, HEAD as it is; the end of a `with` ends what git still runs.

    Nothing is asked before it has to be known: there may be no git, and no repository.
    """

    def __init__(self) -> None:
        self._objects = Objects()
        self._trees = Trees(self._objects)
        self.asked = cache(command.run)  # the output of a git command that says the same throughout a run
        self._resolved: dict[str, str] = {}
        self._tree = cache(self._trees.of)
        self._merge_bases: dict[tuple[str, str], str] = {}

    def __enter__(self: R) -> R:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._objects.close()

    def tree(self, revision: str) -> Mapping[str, Entry]:
        """All that a commit has by paths from the root on, sub-directories too. Raises UsageError as `files` does."""
        return self._tree(self.resolve(revision))

    def contents(self, blobs: Sequence[str]) -> list[bytes]:
        """The bytes of blobs, by their ids. Raises UsageError for one that is not in this clone."""
        found = []
        for blob, one in zip(blobs, self._objects.named(blobs), strict=True):
            if one is None or one.id != blob:
                raise UsageError(f"git has no file {blob}", help="This clone is not complete: fetch it anew.")
            found.append(one.data)
        return found

    def blobs(self, revision: str) -> dict[Path, str]:
        """The files of a commit by their absolute paths, each with its id; links and submodules are none.

        Raises UsageError as `files` does.
        """
        return {self.top / one.path: one.blob for one in self.tree(revision).values() if one.is_file}

    def files(
        self, revision: str, path: str, *, suffixes: tuple[str, ...], recursive: bool
    ) -> Iterator[tuple[str, str]]:
        """`(path, blob)` of the files at a path as they were at a commit, whatever its suffix when it is a file.

        Those of a directory come before its sub-directories; a path that did not exist then has none. Raises
        UsageError when there is no git, no repository, or no such commit.
        """
        entries = self.tree(revision)
        try:
            inside = Path(os.path.realpath(path)).relative_to(self.top).as_posix()
        except ValueError:
            return
        found: list[tuple[list[bytes], str, str]] = []
        for name, entry in entries.items():
            if not entry.is_file or not (inside == "." or name == inside or name.startswith(f"{inside}/")):
                continue  # a link's target is not followed into the past
            below = name if inside == "." else name[len(inside) :].lstrip("/")
            if not below:
                yield path, entry.blob
            elif below.endswith(suffixes) and (recursive or "/" not in below):
                found.append((_order(below), os.path.join(path, below), entry.blob))  # noqa: PTH118  (keeps a leading ./)
        yield from ((name, blob) for _, name, blob in sorted(found))

    def commit(self, paths: Sequence[str] = (".",)) -> str | None:
        """The full id of HEAD, with `-dirty` when tracked files differ from it or new files are under the paths.

        None outside a repository, without commits, without git, or with a path that is elsewhere.
        """
        existing = [path for path in paths if Path(path).exists()]
        try:
            head = self._commit("HEAD")
            named = [self._name(path) for path in existing]
            edited, new = self._status
        except UsageError:
            return None
        if head is None or None in named:
            return None
        folders = [name for name in named if name is not None]
        added = any(folder in (".", name) or name.startswith(f"{folder}/") for name in new for folder in folders)
        return head + ("-dirty" if edited or added else "")

    def tracked(self, *patterns: str) -> frozenset[str] | None:
        """The paths of the index below the working directory, of the pathspecs if there are any; None without git."""
        try:
            names = self.asked("ls-files", "-z", "--", *patterns).split(b"\0")
        except UsageError:
            return None
        return frozenset(os.path.normpath(os.fsdecode(name)) for name in names if name)

    def fork(self, revision: str) -> tuple[str, str | None]:
        """The commit at which HEAD left a revision; the revision's own, and a sentence, where a clone is too shallow.

        Raises UsageError when there is no git, no repository, or no such commit.
        """
        commit = self.resolve(revision)
        if (found := self._merge_base(commit, "HEAD")) is not None:
            return found, None
        reason = f"HEAD and {revision} have no commit in common here"
        if self._shallow:
            reason = f"this clone is too shallow to find where HEAD left {revision} (set fetch-depth: 0 in CI)"
        return commit, f"{reason}: compared with {revision} itself"

    def knows(self, commit: str) -> bool:
        """Whether a commit is in this clone; a branch whose history was written anew has lost some."""
        try:
            return self._commit(commit) is not None
        except UsageError:
            return False

    def fetched(self, branch: str) -> str | None:
        """The commit of a branch of the remote `origin` as it was fetched last, by its exact name; None if not."""
        try:
            return self.asked("show-ref", "--verify", "--hash", "--", f"refs/remotes/origin/{branch}").decode().strip()
        except UsageError:
            return None

    def merged_onto(self, tip: str) -> str | None:
        """The first parent of HEAD where `tip` is its second: hosts merge a change so for its pipeline; else None."""
        try:
            parents = self.asked("rev-list", "--parents", "--max-count=1", "HEAD", "--").decode().split()[1:]
        except UsageError:
            return None
        return parents[0] if parents[1:] == [tip] else None

    def changes(self, commit: str) -> Iterator[tuple[Path, Path | None]]:
        """`(path, old path)` of each file that differs from a commit, new ones too: absolute; old of a renamed one."""
        said = self.asked("diff", "--name-status", "-z", "--find-renames", "--no-ext-diff", commit, "--")
        fields = iter(said.split(b"\0"))
        for status in fields:
            if status:
                first = self.top / os.fsdecode(next(fields))
                yield (self.top / os.fsdecode(next(fields)), first) if status[:1] in b"RC" else (first, None)
        for name in self._status[1]:
            yield self.top / name, None

    def committed(self, commit: str) -> frozenset[Path]:
        """The absolute paths that HEAD adds, changes, deletes or renames, whatever git's settings hide."""
        return frozenset(self.top / name for name in self.altered(commit))

    def altered(self, revision: str) -> dict[str, bool]:
        """The paths, from the top on, that HEAD has otherwise than a commit: whether a link or module is or was there.

        By the two trees alone: what lies in the working directory is not looked at. Raises UsageError as `files` does.
        """
        then, now = self.tree(revision), self.tree("HEAD")
        pairs = ((path, then.get(path), now.get(path)) for path in {**then, **now})
        return {
            path: any(one is not None and not one.is_file for one in (old, new))
            for path, old, new in pairs
            if old != new
        }

    def contains(self, revision: str, among: str = "HEAD") -> bool:
        """Whether HEAD, or another commit, has one among its own; False too where a clone is too shallow to know."""
        commit = self.resolve(revision)
        return self._merge_base(commit, among) == commit

    def resolve(self, revision: str) -> str:
        """The full id of a commit. Raises UsageError when there is no git, no repository, or no such commit."""
        found = self._commit(revision)
        if found is not None:
            return found
        if not self.knows("HEAD"):
            said = "There is no commit yet in this repository, so none to compare with."
            raise UsageError(said, help="Commit first (git add, git commit), or run without --base.")
        help = "git fetch brings the branches of the remote; git log shows the commits."
        if self._shallow:
            help = "This clone is shallow: fetch more with git fetch --depth=1000 origin, or set fetch-depth: 0 in CI."
        raise UsageError(f'git does not know the commit "{revision}".', help=help)

    @property
    def top(self) -> Path:
        """The directory of the working tree."""
        return self._place[1]

    @property
    def _shallow(self) -> bool:
        return self._place[0]

    @cached_property
    def _place(self) -> tuple[bool, Path]:
        """Whether the clone is shallow, and where it is. Raises UsageError outside one."""
        try:
            said = command.run("rev-parse", "--is-shallow-repository", "--show-toplevel")
        except UsageError as error:
            if "not a git repository" in error.message:
                raise UsageError("This is not a git repository.", help="Run inside one, or without --base.") from error
            raise
        shallow, _, top = said.partition(b"\n")
        return shallow == b"true", Path(os.fsdecode(top.rstrip(b"\n"))).resolve()

    @cached_property
    def _status(self) -> tuple[bool, list[str]]:
        """Whether tracked files differ from HEAD, and the files that git does not know, from the top on."""
        said = command.run("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
        lines = [os.fsdecode(line) for line in said.split(b"\0") if line]
        new = [line[3:] for line in lines if line.startswith("?? ")]
        return len(lines) > len(new), new

    def _commit(self, revision: str) -> str | None:
        """The full id of a commit, None where git does not know it. Raises UsageError outside of a repository."""
        if revision not in self._resolved:
            assert self._place  # which says by its own words what else would be no answer
            found = next(self._objects.named([f"{revision}^{{commit}}"]))
            if found is None:
                return None
            self._resolved[revision] = found.id
        return self._resolved[revision]

    def _merge_base(self, commit: str, other: str) -> str | None:
        """Where two commits parted; None where the clone does not say. What is such a place is its own, too."""
        try:
            pair = (commit, self.resolve(other))
            found = self._merge_bases.get(pair) or command.run("merge-base", *pair).decode().strip()
        except UsageError:
            return None
        self._merge_bases.update({pair: found, (found, pair[1]): found})
        return found

    def _name(self, path: str) -> str | None:
        """A path from the top on as git reads it: by its name, links in it not followed; None for one elsewhere."""
        whole = Path(os.path.abspath(path))  # noqa: PTH100
        above = next((folder for folder in (whole, *whole.parents) if folder.resolve() == self.top), None)
        return None if above is None else whole.relative_to(above).as_posix()


def _order(path: str) -> list[bytes]:
    """A key that sorts the files of a directory before its sub-directories."""
    *folders, name = path.split("/")
    return [b"\1" + os.fsencode(folder) for folder in folders] + [b"\0" + os.fsencode(name)]
