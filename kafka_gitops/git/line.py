"""The line of a branch's own commits, newest first: what each brought, and the files as they were at any of them."""

import os
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kafka_gitops.errors import UsageError
from kafka_gitops.git.repository import Repository
from kafka_gitops.git.trees import Entry

_QUIET = ("--no-show-signature", "--no-color", "--no-notes", "--encoding=none")
_LATEST = 253_402_300_799  # the last second of the year 9999: no date is told after it
_FORM = "--format=tformat:%H%x00%P%x00%ct%x00%an%x00%s%x00%b%x00%(trailers:only,unfold)%x00%x00"


class Commit(NamedTuple):
    """One commit: `time` is when it was committed, in seconds since 1970; `trailers` as git reads them."""

    id: str
    parents: tuple[str, ...]
    time: int
    author: str
    subject: str
    body: str
    trailers: tuple[tuple[str, str], ...]


class Step(NamedTuple):
    """A commit of the line, the commits that it merged (nothing of others), and the paths that it changed."""

    commit: Commit
    merged: tuple[Commit, ...]
    paths: frozenset[str]


class Line(Repository):
    """The commits that HEAD has by first parents: a merge brings all that it merged, as one.

    Its `tree` goes back commit by commit, each undoing what the newer one changed; only commits of the line have one,
    and none is newer than the one that was asked for last. Raises UsageError as `Repository` does.
    """

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self._files: dict[str, Entry] | None = None

    @property
    def cut(self) -> bool:
        """Whether the clone is shallow: before its last commit nothing is known, and there may have been much."""
        return self._shallow

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, newest first."""
        if self._commit("HEAD") is None:
            said = "There is no commit yet in this repository, so there is no history."
            raise UsageError(said, help="Commit first (git add, git commit).")
        known = {one.id: one for one in map(_commit, _records(self.asked("log", *_QUIET, _FORM, "HEAD", "--")))}
        seen: set[str] = set()
        found = []
        for name, changed in reversed(self._changed.items()):
            commit = known[name]
            seen.add(name)
            merged = _merged(commit, known, seen)
            found.append(Step(commit, merged, frozenset(changed)))
        return tuple(reversed(found))

    def tree(self, revision: str) -> Mapping[str, Entry]:
        """All that a commit of the line has; the same object each time, changed by the next question."""
        files = dict(super().tree("HEAD")) if self._files is None else self._files
        self._files = files
        while self._order[self._at][0] != revision:
            for path, before in self._order[self._at][1].items():
                if before is None:
                    files.pop(path, None)
                else:
                    files[path] = before
            self._at += 1
        return files

    @cached_property
    def _place(self) -> tuple[bool, Path]:
        try:
            return super()._place
        except UsageError as error:
            help = "A history is that of a git repository: run inside one."
            raise UsageError(error.message, help=help) from error

    @cached_property
    def _order(self) -> Sequence[tuple[str, Mapping[str, Entry | None]]]:
        return [*self._changed.items()]

    @cached_property
    def _changed(self) -> dict[str, dict[str, Entry | None]]:
        """By the id of each commit of the line, what the paths that it changed were before."""
        words = ("--first-parent", "-m", "--raw", "-z", "--root", "--no-abbrev", "--no-renames", "--no-ext-diff")
        form = "--format=tformat:%x00%H"
        output = self.asked("log", *_QUIET, *words, "--no-relative", "--ignore-submodules=none", form, "HEAD", "--")
        found: dict[str, dict[str, Entry | None]] = {}
        fields = iter(output.split(b"\0"))
        now: dict[str, Entry | None] = {}
        for field in fields:
            told = field.strip(b"\n")
            if told.startswith(b":"):
                path = os.fsdecode(next(fields))
                mode, _, blob = (word.decode() for word in told[1:].split(b" ")[:3])
                now[path] = None if mode == "000000" else Entry(path, mode, blob)
            elif told:
                now = found.setdefault(told.decode(), {})
        return found


def _merged(commit: Commit, known: Mapping[str, Commit], seen: set[str]) -> tuple[Commit, ...]:
    """What a merge brought that was not there before it, in the order of `git log`; it is `seen` then."""
    ahead = list(commit.parents[1:])
    found: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name in known and name not in seen:
            seen.add(name)
            found.add(name)
            ahead += known[name].parents
    return tuple(known[name] for name in known if name in found) if found else ()


def _records(output: bytes) -> list[list[str]]:
    fields = [field.decode("utf-8", "replace") for field in output.split(b"\0")]
    return [fields[at : at + 7] for at in range(0, len(fields) - 7, 8)]


def _commit(fields: list[str]) -> Commit:
    name, parents, time, author, subject, body, trailers = fields
    pairs = (line.partition(":") for line in trailers.splitlines() if ":" in line)
    said = tuple((key.strip(), value.strip()) for key, _, value in pairs if value.strip())
    return Commit(name.strip(), tuple(parents.split()), _time(time), _name(author), subject, body.strip(), said)


def _time(text: str) -> int:
    """A committer's clock may say anything, or nothing."""
    return min(int(text or 0), _LATEST)


def _name(author: str) -> str:
    """A name in one line."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", author).strip() or "nobody"
