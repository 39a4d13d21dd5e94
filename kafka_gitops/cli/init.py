"""Write a first config, topology, commit hook and pipeline into this repository; nothing that exists is changed."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kafka_gitops import scaffold, shell
from kafka_gitops.cli import found, terminal
from kafka_gitops.cli.found import Found
from kafka_gitops.cli.pipeline.request import FOLDER
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config.find import DEFAULTS, NAMES
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.scaffold.release import ADDRESS, COMMIT, Release, installed, page, parse

EXAMPLE = "kafka-gitops init --ci gitlab"
_IGNORED = f"{FOLDER}/"


class _Item(NamedTuple):
    """A file that may be written: its path from here, its text, and why it is left out (None: it is written)."""

    path: str
    text: str
    kept: str | None


class Request(Common):
    """What `init` is asked for."""

    ci: str | None = None
    origin: str | None = None


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `init`."""
    parser.add_argument("--ci", choices=tuple(scaffold.PIPELINES), help="also the pipeline for this platform")
    text = "the repository and the full commit of the release that hook and pipeline install "
    text += "(default: what this installation was made from)"
    parser.add_argument("--from", dest="origin", metavar="ADDRESS@COMMIT", help=text)


def run(request: Request) -> int:
    """Write what is missing, tell what was written and kept, end with the next command; 1 where no release is named.

    In a directory of a bigger repository config and topology are written there, hook and pipeline at the root. Raises
    KafkaGitopsError, before the first file is written, where one cannot be.
    """
    root = _root()
    release = parse(request.origin) if request.origin is not None else installed()
    there = found.look(next((path for path in DEFAULTS if Path(path).exists()), None))
    items = list(_items(request, root, release, there))
    for item in items:
        if item.kept is None:
            _writable(Path(item.path))
    for item in items:
        if item.kept is None:
            _write(Path(item.path), item.text)
        terminal.say(f"  wrote  {item.path}" if item.kept is None else f"  kept   {item.kept}")
    writes = any(item.path in NAMES and item.kept is None for item in items)
    around = found.around(root, request.ci, _hook(release), lambda path: page(path, release))
    for one in (*found.findings(there, writes=writes), *around):
        terminal.say(f"  found  {one}")
    if not there.there.whole:
        terminal.say(f"  found  more files than {found.MOST:,}: what lies in the rest was not looked for")
    if any(item.kept is not None for item in items):
        terminal.say("What was kept is as it was: move it away and run this again to see what would have been written.")
    _say_of_the_pipeline(request.ci, root, release)
    open_ = [item.path for item in items if item.kept is None and COMMIT in item.text]
    steps = list(_steps(items, root, open_))
    if steps:
        terminal.say("Next:")
    for step in steps:
        terminal.say(f"  {step}")
    terminal.write("kafka-gitops lint")
    return 1 if open_ else 0


def _root() -> Path:
    """The root of the git repository, else this directory."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def _items(request: Request, root: Path, release: Release | None, there: Found) -> Iterator[_Item]:
    named = _named(request)
    for path, text in scaffold.files(request.ci, release):
        if path.startswith("topologies/"):
            if not there.groups or named:
                kept = f"{there.own} (it exists)" if there.own is not None else named
                yield _Item(path, text, kept or _there(path))
        elif path in NAMES:
            kept = next(filter(None, map(_there, NAMES)), None)
            yield _Item(path, text if kept else found.config(there, text), kept)
        else:  # a pipeline and the hooks of a repository are looked for at its root
            at_root = os.path.relpath(root / path)
            yield _Item(at_root, text, _there(at_root))
    if not any(map(_ignores, (Path(".gitignore"), root / ".gitignore"))) and _there(".gitignore") is None:
        yield _Item(".gitignore", f"{_IGNORED}\n", None)


def _hook(release: Release | None) -> str:
    """Our hooks as an entry of `.pre-commit-config.yaml`, in one line."""
    address, commit = release or (ADDRESS, COMMIT)
    return f"{{repo: {address}, rev: {commit}, hooks: [{{id: kafka-gitops-lint}}]}}"


def _there(path: str) -> str | None:
    """What is said of a path at which something stands."""
    return f"{path} (it exists)" if Path(path).exists() or Path(path).is_symlink() else None


def _named(request: Request) -> str | None:
    """What is said where the config that is there names topologies of its own: an example elsewhere is never read."""
    config = next((name for name in NAMES if Path(name).is_file()), None)
    if config is None:
        return None
    try:
        paths = dict.fromkeys(path for one in Configured(request, MERGED).every() for path in one.topology)
    except KafkaGitopsError:  # lint will say it
        return None
    other = paths and Path(DEFAULTS[0]) not in map(Path, paths)
    return f"{listed(paths)} (named in {config})" if other else None


def _ignores(file: Path) -> bool:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.strip().strip("/").removeprefix("**/") == FOLDER for line in lines)


def _writable(path: Path) -> None:
    """Raise KafkaGitopsError where a file cannot be written."""
    above = next(folder for folder in path.absolute().parents if folder.exists() or folder.is_symlink())
    if not above.is_dir():
        why = f"{os.path.relpath(above)} is not a directory"
    elif not os.access(above, os.W_OK | os.X_OK):
        why = f"nobody may write into {os.path.relpath(above)} as this user"
    else:
        return
    raise KafkaGitopsError(f"{path} cannot be written: {why}. Nothing was written.", help=_AGAIN)


_AGAIN = "Move it away or make it writable, and run the same command again: what exists by then is kept."


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise KafkaGitopsError(f"{path} cannot be written: {error.strerror}", help=_AGAIN) from None


def _say_of_the_pipeline(platform: str | None, root: Path, release: Release | None) -> None:
    if platform is None:
        first, *others = scaffold.PIPELINES
        terminal.say(f"A pipeline too: {shell.ours('init', '--ci', first)} (or {', '.join(others)})")
        return
    terminal.say(f"What the pipeline needs (credentials, who may approve): {page(scaffold.PAGES[platform], release)}")
    if root != Path.cwd():
        here = Path.cwd().relative_to(root).as_posix()
        terminal.say(f'It runs at the root. To run it in {shell.command(here)}: "In a bigger repository" on that page')


def _steps(items: list[_Item], root: Path, open_: list[str]) -> Iterator[str]:
    """What only the user can do before the files work."""
    if open_:
        where = listed(open_) if len(open_) <= 3 else f"{open_[0]} and {len(open_) - 1} more"
        yield f"say in {where} which release to install: OWNER and 0000000... stand for its repository and commit;"
        yield "or remove what was written and run: kafka-gitops init --from ADDRESS@COMMIT"
    written = any(item.path == ".gitignore" for item in items)
    if not written and not any(map(_ignores, (Path(".gitignore"), root / ".gitignore"))):
        yield f"add the line {_IGNORED} to .gitignore: reports that `ci` writes do not belong in the repository"
