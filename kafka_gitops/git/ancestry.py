"""How one commit stands to another, and the history that a clone lacks, fetched."""

import re
from typing import Literal, NamedTuple, TypeAlias

from kafka_gitops.errors import UsageError
from kafka_gitops.git import command
from kafka_gitops.git.repository import Repository

Relation: TypeAlias = Literal["same", "after", "before", "diverged", "unknown"]
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
FETCH = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules")


class Ancestry(NamedTuple):
    """How a commit stands to an earlier one: `after` it, `before` it, `diverged` at `base` (None: nothing in common),
    or `unknown`, where `line` is the git command that would tell."""

    relation: Relation
    base: str | None = None
    line: str = ""


def ancestry(repo: Repository, earlier: str, later: str = "HEAD", *, fetch: bool = True) -> Ancestry:
    """How a commit stands to an earlier one, given by its full id; what this clone lacks is fetched, with `fetch`.

    What is no id is unknown: it may come from anybody, and git would take it for an option. Raises UsageError when
    there is no git, no repository, or no such later commit.
    """
    head = repo.resolve(later)
    if not _ID.fullmatch(earlier):
        return Ancestry("unknown")
    found = _here(repo, earlier, head)
    if found.line and fetch:
        for line in _lines(repo, earlier):
            if not _fetched(line):
                break
        found = _here(repo, earlier, head)
    return found


def _here(repo: Repository, earlier: str, head: str) -> Ancestry:
    """What this clone tells. Of a shallow one only that one commit is among the other's is certain."""
    if earlier == head:
        return Ancestry("same", head)
    said = " && ".join(" ".join(("git", *line)) for line in _lines(repo, earlier))
    if not repo.knows(earlier):
        return Ancestry("unknown", None, said)
    base = _merge_base(earlier, head)
    if base == earlier:
        return Ancestry("after", base)
    if base == head:
        return Ancestry("before", base)
    return Ancestry("unknown", None, said) if shallow() else Ancestry("diverged", base)


def shallow() -> bool:
    """Whether this clone has only a part of its history, by now."""
    return command.run("rev-parse", "--is-shallow-repository").strip() == b"true"


def _lines(repo: Repository, earlier: str) -> list[tuple[str, ...]]:
    """The commands that bring what is missing: all of a shallow history, then a commit of no branch."""
    whole: list[tuple[str, ...]] = [("fetch", "--unshallow", "origin")] if shallow() else []
    return whole + ([] if repo.knows(earlier) else [("fetch", "origin", earlier)])


def _fetched(line: tuple[str, ...]) -> bool:
    try:
        command.run(*FETCH, *line[1:])
    except UsageError:
        return False
    return True


def _merge_base(one: str, other: str) -> str | None:
    try:
        return command.run("merge-base", one, other).decode().strip()
    except UsageError:
        return None
