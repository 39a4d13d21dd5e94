"""The package as it is here and as it was at earlier commits: what runs a command of it."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from common import NONE, ROOT, Run, Side, run

BEFORE = "0dc1cf3"  # the last commit before known files were not read again
OLD = "a181d19"  # the last one before there were kinds besides topics and ACLs
PLACE = tempfile.TemporaryDirectory(prefix="kafka-gitops-bench-")  # for all that a run of the table needs


@cache
def tree(commit: str) -> Path:
    """The folder with the package of a commit; nothing for the one that is here."""
    if not commit:
        return ROOT
    folder = Path(PLACE.name, commit)
    folder.mkdir()
    files = subprocess.run(["git", "archive", commit, "kafka_gitops"], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=files.stdout, check=True)
    return folder


@cache
def _can(commit: str, command: str, option: str) -> bool:
    return option in call(commit, Path(PLACE.name), [command, "--help"]).said


def call(
    commit: str, folder: Path, words: Sequence[str], variables: Mapping[str, str] = NONE, look: bool = False
) -> Run:
    """Run a command line of the package of a commit; `--no-cache` is left out where it does not know that."""
    if "--no-cache" in words and not _can(commit, words[0], "--no-cache"):
        words = [word for word in words if word != "--no-cache"]
    paths = {"PYTHONPATH": str(tree(commit)), "XDG_CACHE_HOME": str(Path(PLACE.name, "cache"))}
    return run([sys.executable, "-m", "kafka_gitops.cli.main", *words], folder, {**paths, **variables}, look=look)


def ours(folder: Path, words: Sequence[str], variables: Mapping[str, str] = NONE) -> Side:
    """A command of the package that is here."""
    return Side("ours", partial(call, "", folder, words, variables))


def before(
    folder: Path, words: Sequence[str], variables: Mapping[str, str] = NONE, *, once: bool = False
) -> list[Side]:
    """The same command at both earlier commits."""
    return [Side(f"`{one}`", partial(call, one, folder, words, variables), once) for one in (BEFORE, OLD)]


def other(name: str, folder: Path, *command: str) -> Side:
    """A command that is not ours."""
    return Side(name, lambda look: run(command, folder, look=look))
