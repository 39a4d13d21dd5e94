"""`lint` as a commit hook runs it: what git tracks, one line a finding, silent when there is nothing to say."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from kafka_gitops.cli.request import Lint, changed
from kafka_gitops.config import environment
from kafka_gitops.config.find import NAMES
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.errors import UsageError
from kafka_gitops.settings import Settings

if TYPE_CHECKING:
    from kafka_gitops.cli.warm import Kept
    from kafka_gitops.git import Repository

# What another file may hold decides these, so one file alone cannot be judged by them.
NEED_ALL = frozenset(
    ("access-test", "acl-deny", "acl-idempotent", "acl-unknown-topic", "topic-unused", "waiver-unused")
)
NEED_ALL |= {"schema-reference", "schema-subject-orphan"}


class _Quietly(argparse.Action):
    """Changes the defaults for a hook at its place in the command line: what the user adds after it still wins."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Remember the flag; the format for hooks, no notes."""
        vars(namespace).update({self.dest: True, "format": "hook", "quiet": True})


def add(parser: argparse.ArgumentParser) -> None:
    """The flags of the two hooks."""
    hooks = parser.add_argument_group("options of commit hooks (--format hook, quiet; PRE_COMMIT=1: only files of git)")
    alone = hooks.add_mutually_exclusive_group()
    text = "the whole topology, also below a sub-directory with a kafka-gitops.yaml"
    alone.add_argument("--hook", action=_Quietly, nargs=0, default=False, help=text)
    text = "each PATH by itself, without the rules that need the other files"
    alone.add_argument("--files-only", action=_Quietly, nargs=0, default=False, help=text)
    text = "what the commit changes (default: --base HEAD); the last PATH is its message, which may accept it"
    alone.add_argument("--commit-msg", action=_Quietly, nargs=0, default=False, help=text)


def run(request: Lint, *, nothing_to_do: bool) -> int:
    """Lint as the hook that was asked for; the exit code of `lint`. `nothing_to_do`: nobody names a topology here."""
    if nothing_to_do and request.files_only:
        return 0
    from kafka_gitops.git import Repository

    with Repository() as repo:
        return _lint(request, repo, nothing_to_do=nothing_to_do)


def _lint(request: Lint, repo: "Repository", *, nothing_to_do: bool) -> int:
    keep = None
    if request.commit_msg:
        if request.base is None and not repo.knows("HEAD"):
            return 0  # the first commit changes nothing that was there
        request, keep = changed(request, base=request.base or "HEAD"), _of_change
    configs = _configs_below(repo) if nothing_to_do else [request.config]
    if not configs:
        return 0
    from kafka_gitops.cli import warm

    if environment().get("PRE_COMMIT") == "1":
        request = changed(request, tracked=repo.tracked())
    if request.files_only:
        return warm.check(request, partial(_each, request))
    every = (changed(request, config=config) for config in configs)
    return max(warm.check(one, partial(_whole, one, repo, keep)) for one in every)


def _whole(request: Lint, repo: "Repository", keep: Callable[[Diagnostic], bool] | None, kept: "Kept | None") -> int:
    from kafka_gitops.cli import linting

    return linting.check(request, repo, keep=keep, kept=kept)


def take_message(request: Lint) -> Lint:
    """Of the PATHs the last one is the commit's message. Raises UsageError without any."""
    if not request.paths:
        help = "pre-commit gives it to a hook of the stage commit-msg; by hand: .git/COMMIT_EDITMSG"
        raise UsageError("--commit-msg needs the file with the commit's message", help=help)
    *paths, message = request.paths
    return changed(request, paths=tuple(paths), message=message)


def _of_change(one: Diagnostic) -> bool:
    """All else was said before the message was written."""
    return one.rule.startswith("change-")


def _configs_below(repo: "Repository") -> list[str]:
    """The config files that git tracks in sub-directories: where there is none at the root, each is a root."""
    return sorted(repo.tracked(*(f"*/{name}" for name in NAMES)) or ())


def _each(request: Lint, kept: "Kept | None") -> int:
    """Each file by itself, so that it does not matter in which company a hook's runner hands it over."""
    import time

    from kafka_gitops.cli import linting, load
    from kafka_gitops.cli.pipeline.trusted import MERGED
    from kafka_gitops.cli.setup import Configured

    started = time.perf_counter()
    config = Configured(request, MERGED)
    every = config.every()
    runs = [
        (
            settings,
            load.load_topology(changed(request, paths=(path,)), settings, kept.shelf if kept is not None else None),
        )
        for path in sorted(set(request.paths))
        for settings in _settings_of(path, every)
    ]
    return linting.report(request, config, runs, started, without=NEED_ALL, kept=kept)


def _settings_of(path: str, every: Sequence[Settings]) -> Iterator[Settings]:
    """The environments that read a file; all, where the config does not say what it reads; none for a side file."""
    place = PurePath(path)
    for settings in every:
        side = {PurePath(name) for name in (settings.language.roles, settings.language.plans) if name is not None}
        named = [PurePath(name) for name in settings.topology]
        if place.name not in NAMES and place not in side and (not named or _within(place, named)):
            yield settings


def _within(place: PurePath, named: Sequence[PurePath]) -> bool:
    return any(place.is_relative_to(name) for name in named)
