"""Write what is on the servers of an environment as topology files whose plan is empty."""

import argparse
from typing import get_args

from kafka_gitops.adopt import files
from kafka_gitops.adopt.inventory import Shape, Split
from kafka_gitops.cli import census, imported, setup, written
from kafka_gitops.cli import request as requests
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds import PLURALS
from kafka_gitops.kinds.census import Choice

EXAMPLE = "kafka-gitops import -e prod --out topologies"
SPLITS = get_args(Split)


class Request(requests.Request):
    """What `import` is asked for."""

    out: str
    only: str | None = None
    topics: tuple[str, ...] = ()
    context: str | None = None
    split: Split = "one"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `import`."""
    parser.add_argument("--out", metavar="DIR", required=True, help="a new or empty folder for the files")
    parser.add_argument("--only", metavar="KINDS", help=f"only these kinds: {', '.join(PLURALS)}")
    text = "only topics of this name (a pattern ends in *), and what is about them alone; repeatable"
    parser.add_argument("--topics", metavar="PATTERN", action="append", help=text)
    text = "the context of the files (default: what most names begin with)"
    parser.add_argument("--context", metavar="NAME", help=text)
    text = "one file, one for each first part of the names, or one for each principal that alone writes there"
    parser.add_argument("--split", choices=SPLITS, default="one", help=text)


def run(request: Request) -> int:
    """Write the files, tell what they come to and what was left on the servers, and return 0.

    Raises KafkaGitopsError where there is nothing to write, or the folder is not empty; MissingRight where something
    may not be read: then nothing is written.
    """
    choice = Choice(request.topics, setup.kinds(request.only, "--only") if request.only else None)
    written.refuse_full(request.out)
    settings = Configured(request, MERGED).settings()
    taken = census.take(request, settings, choice)
    if not taken.inventory.specs:
        imported.tell_left(taken.inventory.left)
        raise KafkaGitopsError("There is nothing on the servers that files could declare, so nothing was written.")
    made = files.made(taken.inventory, Shape(request.context, request.split), settings.language)
    paths = written.folder(request.out, {one.path: one.text for one in made})
    imported.tell(request, settings, taken, request.out, paths)
    return 0
