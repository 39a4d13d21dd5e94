"""One command of git: without hooks, prompts and locks, and never in what only looks like a repository."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kafka_gitops import seen
from kafka_gitops.errors import UsageError

if TYPE_CHECKING:
    import subprocess

TIMEOUT = 60  # seconds for one git command


def run(*arguments: str) -> bytes:
    """The output of a git command. Raises UsageError with git's first line when it fails."""
    import subprocess  # a lint that asks git nothing does not load it

    try:
        done = subprocess.run(line(arguments), capture_output=True, timeout=TIMEOUT, env=variables(), check=False)
    except FileNotFoundError as error:
        raise _no_git() from error
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"git {arguments[0]} did not end within {TIMEOUT} s.") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"git {arguments[0]} failed: {said[0] if said else f'exit code {done.returncode}'}")
    return done.stdout


def started(*arguments: str) -> "subprocess.Popen[bytes]":
    """A git command that is talked with. Raises UsageError where there is no git."""
    import subprocess

    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.Popen(line(arguments), stdin=pipe, stdout=pipe, stderr=nothing, env=variables(), bufsize=0)
    except FileNotFoundError as error:
        raise _no_git() from error


def line(arguments: tuple[str, ...]) -> list[str]:
    """The command line of git. Raises UsageError in a directory in which git is not asked."""
    _no_other()
    seen.spoil()
    return ["git", "--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", *arguments]


def variables() -> dict[str, str]:
    """The environment of git."""
    own = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return {**os.environ, **own, "GIT_NO_REPLACE_OBJECTS": "1"}  # a commit is what its id says


def _no_git() -> UsageError:
    return UsageError("There is no git on the PATH.", help="Install it, or run without --base.")


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
