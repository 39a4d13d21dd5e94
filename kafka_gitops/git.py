"""What git knows: which commit this is, and the files of another; no checkout, no hooks, no pager."""

import hashlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kafka_gitops import seen
from kafka_gitops.errors import UsageError

TIMEOUT = 60  # seconds for one git command
_ELSEWHERE = {b"120000", b"160000"}  # the modes of links and submodules


class Entry(NamedTuple):
    """One entry of a commit's tree: its path from the root on, git's mode and kind, its blob and that one's bytes."""

    path: str
    mode: str
    kind: str
    blob: str
    size: int


def tree(revision: str) -> Iterator[Entry]:
    """All that a commit has, sub-directories too. Raises UsageError as `files` does."""
    for line in filter(None, run("ls-tree", "-r", "-l", "-z", "--full-tree", resolve(revision)).split(b"\0")):
        about, _, name = line.partition(b"\t")
        mode, kind, blob, size = about.decode().split()
        yield Entry(os.fsdecode(name), mode, kind, blob, int(size) if size.isdigit() else 0)


def blobs(revision: str) -> dict[Path, str]:
    """The files of a commit by their absolute paths, each with its id; links and submodules are none.

    Raises UsageError as `files` does.
    """
    top = _top()
    return {top / one.path: one.blob for one in tree(revision) if one.mode.encode() not in _ELSEWHERE}


def is_blob(data: bytes, blob: str) -> bool:
    """Whether a file of git has this content, by its id (of SHA-1; of another hash it is no)."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == blob


def files(revision: str, path: str, *, suffixes: tuple[str, ...], recursive: bool) -> Iterator[tuple[str, bytes]]:
    """`(path, content)` of the files at a path as they were at a commit, whatever its suffix when it is a file.

    Those of a directory come before its sub-directories; a path that did not exist then has none. Raises UsageError
    when there is no git, no repository, or no such commit.
    """
    found = list(_blobs(resolve(revision), path, suffixes, recursive=recursive))
    yield from zip([name for name, _ in found], contents([blob for _, blob in found]), strict=True)


def commit(paths: Sequence[str] = (".",)) -> str | None:
    """The full id of HEAD, with `-dirty` when tracked files differ from it or new files are under the paths.

    None outside a repository, without commits, or without git.
    """
    try:
        head = run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        existing = [path for path in paths if Path(path).exists()]
        edited = run("status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
        new = run("ls-files", "--others", "--exclude-standard", "-z", "--", *existing) if existing else b""
    except UsageError:
        return None
    return head.decode().strip() + ("-dirty" if edited or new else "")


def tracked(*patterns: str) -> frozenset[str] | None:
    """The paths of the index below the working directory, of git's pathspecs when some are given; None without git."""
    try:
        return frozenset(
            os.path.normpath(os.fsdecode(name)) for name in run("ls-files", "-z", "--", *patterns).split(b"\0") if name
        )
    except UsageError:
        return None


def fork(revision: str) -> tuple[str, str | None]:
    """The commit at which HEAD left a revision; the revision's own, and a sentence, where a clone is too shallow.

    Raises UsageError when there is no git, no repository, or no such commit.
    """
    commit = resolve(revision)
    try:
        return run("merge-base", commit, "HEAD").decode().strip(), None
    except UsageError:
        reason = f"HEAD and {revision} have no commit in common here"
        if run("rev-parse", "--is-shallow-repository").strip() == b"true":
            reason = f"this clone is too shallow to find where HEAD left {revision} (set fetch-depth: 0 in CI)"
        return commit, f"{reason}: compared with {revision} itself"


def knows(commit: str) -> bool:
    """Whether a commit is in this clone; a branch whose history was written anew has lost some."""
    try:
        run("cat-file", "-e", f"{commit}^{{commit}}")
    except UsageError:
        return False
    return True


def fetched(branch: str) -> str | None:
    """The commit of a branch of the remote `origin` as it was fetched last, by its exact name; None if it was not."""
    try:
        return run("show-ref", "--verify", "--hash", "--", f"refs/remotes/origin/{branch}").decode().strip()
    except UsageError:
        return None


def merged_onto(tip: str) -> str | None:
    """The first parent of HEAD where `tip` is its second: hosts merge a change so for its pipeline; else None."""
    try:
        parents = run("rev-list", "--parents", "--max-count=1", "HEAD", "--").decode().split()[1:]
    except UsageError:
        return None
    return parents[0] if parents[1:] == [tip] else None


def changes(commit: str) -> Iterator[tuple[Path, Path | None]]:
    """`(path, old path)` of each file that differs from a commit, new ones too: absolute; old only of a renamed one."""
    top = _top()
    fields = iter(run("diff", "--name-status", "-z", "--find-renames", "--no-ext-diff", commit, "--").split(b"\0"))
    for status in fields:
        if status:
            first = top / os.fsdecode(next(fields))
            yield (top / os.fsdecode(next(fields)), first) if status[:1] in b"RC" else (first, None)
    for name in run("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/").split(b"\0"):
        if name:
            yield top / os.fsdecode(name), None


def committed(commit: str) -> frozenset[Path]:
    """The absolute paths that HEAD adds, changes, deletes or renames, whatever git's settings hide."""
    top = _top()
    return frozenset(top / name for name in altered(commit))


def altered(revision: str) -> dict[str, bool]:
    """The paths, from the top on, that HEAD has otherwise than a commit: whether a link or submodule is or was there.

    By the two trees alone: what lies in the working directory is not looked at. Raises UsageError as `files` does.
    """
    command = ("diff-tree", "-r", "-z", "--no-renames", "--ignore-submodules=none", resolve(revision), "HEAD", "--")
    fields = iter(run(*command).split(b"\0"))
    return {
        os.fsdecode(next(fields)): bool(_ELSEWHERE & {*about.lstrip(b":").split()[:2]}) for about in fields if about
    }


def contains(revision: str, among: str = "HEAD") -> bool:
    """Whether HEAD, or another commit, has one among its own; False too where the clone is too shallow to know."""
    commit = resolve(revision)
    try:
        return run("merge-base", commit, resolve(among)).decode().strip() == commit
    except UsageError:
        return False


def _top() -> Path:
    return Path(os.fsdecode(run("rev-parse", "--show-toplevel").rstrip(b"\n"))).resolve()


def run(*arguments: str, given: bytes | None = None) -> bytes:
    """The output of a git command. Raises UsageError with git's first line when it fails."""
    _no_other()
    seen.spoil()
    command = ["git", "--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", *arguments]
    variables = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    variables["GIT_NO_REPLACE_OBJECTS"] = "1"  # a commit is what its id says
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=TIMEOUT, env=variables, check=False)
    except FileNotFoundError as error:
        raise UsageError("There is no git on the PATH.", help="Install it, or run without --base.") from error
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"git {arguments[0]} did not end within {TIMEOUT} s.") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"git {arguments[0]} failed: {said[0] if said else f'exit code {done.returncode}'}")
    return done.stdout


def _no_other() -> None:
    """Refuse to ask a directory of the repository that git would take for a bare one, with the config that it brings.

    Source: setup.c of git, is_git_directory. Who commits such a directory could say what HEAD and the base are.
    """
    if "GIT_DIR" in os.environ:
        return
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return
        if os.path.lexists(folder / "HEAD") and any((folder / name).exists() for name in ("objects", "commondir")):
            said = f"{folder.name or folder} looks like a bare git repository, so git is not run in it."
            raise UsageError(said, help="Take HEAD, objects and refs out of it, or run elsewhere.")


def resolve(revision: str) -> str:
    """The full id of a commit. Raises UsageError when there is no git, no repository, or no such commit."""
    try:
        inside = run("rev-parse", "--is-shallow-repository")
    except UsageError as error:
        if "not a git repository" in error.message:
            raise UsageError("This is not a git repository.", help="Run inside one, or without --base.") from error
        raise
    try:
        return run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    except UsageError as error:
        if not knows("HEAD"):
            said = "There is no commit yet in this repository, so none to compare with."
            raise UsageError(said, help="Commit first (git add, git commit), or run without --base.") from error
        help = "git fetch brings the branches of the remote; git log shows the commits."
        if inside.strip() == b"true":
            help = "This clone is shallow: fetch more with git fetch --depth=1000 origin, or set fetch-depth: 0 in CI."
        raise UsageError(f'git does not know the commit "{revision}".', help=help) from error


def _blobs(commit: str, path: str, suffixes: tuple[str, ...], *, recursive: bool) -> Iterator[tuple[str, str]]:
    try:
        inside = Path(os.path.realpath(path)).relative_to(_top()).as_posix()
    except ValueError:
        return
    listing = run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *(() if inside == "." else (inside,)))
    found: list[tuple[list[bytes], str, str]] = []
    for line in filter(None, listing.split(b"\0")):
        about, _, name = line.partition(b"\t")
        mode, kind, blob = about.decode().split()
        below = os.fsdecode(name) if inside == "." else os.fsdecode(name)[len(inside) :].lstrip("/")
        if kind != "blob" or mode == "120000":
            continue  # a link's target is not followed into the past
        if not below:
            yield path, blob
        elif below.endswith(suffixes) and (recursive or "/" not in below):
            found.append((_order(below), os.path.join(path, below), blob))  # noqa: PTH118  (keeps a leading ./)
    yield from ((name, blob) for _, name, blob in sorted(found))


def _order(path: str) -> list[bytes]:
    """A key that sorts the files of a directory before its sub-directories."""
    *folders, name = path.split("/")
    return [b"\1" + os.fsencode(folder) for folder in folders] + [b"\0" + os.fsencode(name)]


def contents(blobs: Sequence[str]) -> list[bytes]:
    """The bytes of blobs, by their ids, in one go."""
    if not blobs:
        return []
    output = run("cat-file", "--batch", given="\n".join(blobs).encode() + b"\n")
    found, at = [], 0
    for _ in blobs:
        end = output.index(b"\n", at)
        size = int(output[at:end].split()[-1])
        found.append(output[end + 1 : end + 1 + size])
        at = end + size + 2
    return found
