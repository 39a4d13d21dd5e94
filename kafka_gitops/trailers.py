"""What the messages of commits say in their trailers, as git reads them."""

import re
import time

from kafka_gitops.git import Repository, command

_DAY = 24 * 3600  # seconds


def of_commits(repo: Repository, revision: str, key: str) -> dict[str, tuple[str, list[str]]]:
    """The author and the values of a trailer for each commit of HEAD that a revision lacks, by its short id.

    Fields end with a byte that no commit can hold, and texts are read as their bytes stand: neither a name nor a
    commit that says it is written in another encoding shows an acceptance that reviewers do not see.
    """
    form = f"%h%x00%an%x00%(trailers:key={key},valueonly,unfold,separator=%x0A)%x00"
    span = f"{repo.resolve(revision)}..HEAD"
    output = repo.asked(
        "log", "--no-show-signature", "--no-color", "--encoding=none", f"--format=format:{form}", span, "--"
    )
    fields = [field.decode("utf-8", "replace").strip() for field in output.split(b"\0")]
    found: dict[str, tuple[str, list[str]]] = {}
    for short, author, values in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        said = [value.strip() for value in values.split("\n") if value.strip()]
        if said:
            found[short] = (_one_name(author), said)
    return found


def _one_name(author: str) -> str:
    """A name that reads as one: nothing in it looks like our words behind it."""
    return re.sub(r"\(commit\b", "", re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", author)).strip() or "nobody"


def lately(repo: Repository, revision: str, key: str) -> int:
    """How many commits of a revision carry this trailer and were committed in the last 24 hours.

    All that may have it are looked at: git's `--since` stops at a commit that somebody dated in the past.
    """
    form = f"--format=%x00%ct %(trailers:key={key},valueonly,separator=%x20)"
    named = ("--regexp-ignore-case", f"--grep=^{key}:")
    output = repo.asked("log", "--no-show-signature", "--no-color", *named, form, repo.resolve(revision), "--")
    entries = (entry.partition(b" ") for entry in output.split(b"\0")[1:])
    return sum(bool(said.strip()) and int(when) > time.time() - _DAY for when, _, said in entries)


def of_message(message: str, key: str) -> list[str]:
    """The values of a trailer in a file with a commit's message, as git would read it off the commit."""
    lines = (
        command.run("interpret-trailers", "--parse", "--no-divider", message).decode("utf-8", "replace").splitlines()
    )
    pairs = (line.partition(":") for line in lines)
    return [value.strip() for name, _, value in pairs if name.strip().lower() == key.lower() and value.strip()]
