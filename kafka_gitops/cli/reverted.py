"""The files with some commits taken back, in a working tree of its own: no checkout is touched."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from kafka_gitops import shell
from kafka_gitops.cli.request import Request, changed
from kafka_gitops.errors import KafkaGitopsError, UsageError, listed
from kafka_gitops.git import command
from kafka_gitops.git.line import Step
from kafka_gitops.history import undoing

R = TypeVar("R", bound=Request)


@contextmanager
def inside(top: Path, steps: Sequence[Step]) -> Iterator[None]:
    """Work in a tree of HEAD without these commits (newest first), in the same directory of it as now.

    Raises KafkaGitopsError where newer commits stand in the way of a revert.
    """
    here = Path.cwd()
    folder = Path(tempfile.mkdtemp(prefix="kafka-gitops-undo-"))
    tree = folder / "tree"
    try:
        command.run("worktree", "add", "--quiet", "--detach", str(tree), "HEAD")
        below = tree / here.resolve().relative_to(top)
        os.chdir(tree)
        for step in steps:
            _revert(step)
        os.chdir(below if below.is_dir() else tree)
        yield
    finally:
        os.chdir(here)
        with suppress(KafkaGitopsError):
            command.run("worktree", "remove", "--force", str(tree))
        shutil.rmtree(folder, ignore_errors=True)


def _revert(step: Step) -> None:
    words = undoing.revert(step)
    try:
        command.run("revert", "--no-commit", *words[2:])
    except UsageError as failure:
        there = command.run("diff", "--name-only", "--diff-filter=U", "-z").decode("utf-8", "replace").split("\0")
        files = [name for name in there if name]
        if not files:
            raise
        said = f"Commit {step.commit.id[:9]} cannot be reverted by itself: newer commits changed {listed(files)} too."
        help = f"Revert by hand ({shell.command('git', *words)}), solve the conflict, and open a change request."
        raise KafkaGitopsError(said, help=help) from failure


def request(given: R, top: Path) -> R:
    """A request whose files outside of git are still found from another tree; those inside are taken from that tree."""
    return changed(
        given,
        config=None if given.config is None else _placed(given.config, top),
        client_config=tuple(_placed(path, top, tracked=False) for path in given.client_config),
        policy=None if given.policy is None else _placed(given.policy, top, tracked=False),
    )


def _placed(path: str, top: Path, *, tracked: bool = True) -> str:
    whole = Path(path).resolve()
    if tracked and whole.is_relative_to(top):
        return os.path.relpath(whole)
    return str(whole)
