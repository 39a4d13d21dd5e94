"""Write what is on the servers of an environment as topology files whose plan is empty."""

import argparse
from pathlib import Path
from typing import get_args

from kafka_gitops.adopt.inventory import Inventory, Left, Shape, Split
from kafka_gitops.cli import by_team, census, folded, imported, load, missing, setup, waived, written
from kafka_gitops.cli.census import Taken
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.setup import Configured
from kafka_gitops.dialects import julieops_state
from kafka_gitops.dialects.julieops_state import Owned
from kafka_gitops.errors import KafkaGitopsError, UsageError
from kafka_gitops.kinds import PLURALS
from kafka_gitops.kinds.census import Choice
from kafka_gitops.report import words

EXAMPLE = "kafka-gitops import -e prod --out topologies"
SPLITS = get_args(Split)


Request = imported.Import


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `import`."""
    parser.add_argument("paths", metavar="PATH", nargs="*", help="with --missing: files or directories to add to")
    parser.add_argument("--out", metavar="DIR", help="a new or empty folder for the files")
    text = "add what is on the servers inside `manage` and in no file to the files that exist, and change nothing else"
    parser.add_argument("--missing", action="store_true", help=text)
    parser.add_argument("--recursive", action="store_true", default=None, help="descend into sub-directories")
    parser.add_argument("--only", metavar="KINDS", help=f"only these kinds: {', '.join(PLURALS)}")
    text = "only topics of this name (a pattern ends in *), and what is about them alone; repeatable"
    parser.add_argument("--topics", metavar="PATTERN", action="append", help=text)
    text = "the context of the files (default: what most names begin with)"
    parser.add_argument("--context", metavar="NAME", help=text)
    text = "one file, one for each first part of the names, or one for each principal that alone writes there"
    parser.add_argument("--split", choices=SPLITS, default="one", help=text)
    text = "cut what is there into a folder for each team of this file, with its `manage` and a policy"
    parser.add_argument("--teams", metavar="FILE", help=text)
    text = "only what JulieOps made, by its state (.cluster-state)"
    parser.add_argument("--state", metavar="FILE", help=text)


def run(request: Request) -> int:
    """Write the files, tell what they come to and what was left on the servers, and return 0.

    Raises KafkaGitopsError where there is nothing to write, or the folder is not empty; MissingRight where something
    may not be read: then nothing is written.
    """
    choice = Choice(request.topics, setup.kinds(request.only, "--only") if request.only else None)
    if request.teams is not None and (request.missing or "," in (request.environment or "")):
        raise UsageError(
            "--teams cuts one environment into new folders.", help="Leave out --missing, and name one environment."
        )
    if request.missing:
        return missing.run(request, choice)
    if not request.out or request.paths:
        raise UsageError("Where do the files go?", help="Name a folder: --out DIR. With --missing, files that exist.")
    written.refuse_full(request.out)
    if "," in (request.environment or ""):
        return folded.run(request, choice)
    with load.without_gc():
        return _one(request, choice)


def _one(request: Request, choice: Choice) -> int:
    """The import of one environment."""
    teams = by_team.read(request.teams) if request.teams is not None else None
    configured = Configured(request, MERGED)
    settings = configured.settings()
    owned = _owned(request.state) if request.state is not None else None
    taken = census.take(request, settings, choice)
    if owned is not None:
        taken = _limited(taken, owned)
    if not taken.inventory.specs:
        imported.tell_left(taken.inventory.left)
        what = f" of {' '.join(request.topics)}" if request.topics else ""
        raise KafkaGitopsError(f"There is nothing{what} on the servers that files could declare: nothing was written.")
    if teams is not None:
        return by_team.run(request, configured, settings, taken, teams)
    with load.without_gc():
        done = waived.finished(taken.inventory, Shape(request.context, request.split), settings)
    paths = written.folder(request.out, {one.path: one.text for one in done.made})
    imported.tell(request, settings, taken, done, paths)
    return 0


def _owned(path: str) -> Owned:
    """What a state says. Raises UsageError for a file that is not there, ConfigError for what is none."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        why = failure.strerror if isinstance(failure, OSError) else "it is not UTF-8"
        raise UsageError(f"{path} cannot be read: {why}") from None
    return julieops_state.read(path, text)


def _limited(taken: Taken, owned: Owned) -> Taken:
    """What JulieOps made, and the rest as left on the servers."""
    kept, left = julieops_state.limited(owned, taken.inventory.specs)
    others = tuple(
        f"{owned.path} has {words.count(number, what)}, which this tool has no kind for"
        for what, number in owned.others
    )
    inventory = Inventory(kept, (*taken.inventory.left, *(Left(*one) for one in left)))
    return taken._replace(inventory=inventory, notes=(*taken.notes, *others))
