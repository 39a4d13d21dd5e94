"""Look at many repositories at once: what loads, what is found, what two of them declare. Nothing is changed."""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from kafka_gitops.cli import checkout, terminal
from kafka_gitops.cli.checkout import Checkout
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.errors import UsageError
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key
from kafka_gitops.report.fleet import FORMATS, Fleet, Overlap
from kafka_gitops.snapshot.file import read as opened

EXAMPLE = "kafka-gitops fleet checkouts/ --format markdown"


class Request(Common):
    """What `fleet` is asked for."""

    folder: str
    format: str = "text"
    against: str | None = None


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `fleet`."""
    parser.add_argument("folder", metavar="DIR", help="a folder whose folders are checkouts of repositories")
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="default: text")
    text = "also what a plan against this snapshot would change"
    parser.add_argument("--against", metavar="FILE", help=text)


def run(request: Request) -> int:
    """Print the table and return 0, also where checkouts cannot be read: each is a row that says why.

    Raises UsageError for a folder that is not there, or has none in it, KafkaGitopsError for a snapshot that is none.
    """
    root = Path(request.folder)
    if not root.is_dir():
        raise UsageError(f"There is no folder {request.folder}.", help="Name the folder that the checkouts are in.")
    names = sorted(one.name for one in root.iterdir() if one.is_dir() and not one.name.startswith("."))
    if not names:
        said = f"{request.folder} has no folders in it, and each is to be a checkout."
        raise UsageError(said, help="git clone the repositories into it, or name the folder that they are in.")
    snapshot = None if request.against is None else opened(request.against)
    read = [checkout.read(os.path.normpath(root / name), name, snapshot) for name in names]
    fleet = Fleet(request.folder, [one.row for one in read], [*_overlaps(read)])
    terminal.write(FORMATS[request.format](fleet))
    return 0


def _overlaps(read: Sequence[Checkout]) -> Iterator[Overlap]:
    """What more than one checkout declares, by kind and name; on clusters that may be the same one."""
    owners: dict[Key, list[Checkout]] = {}
    for one in read:
        for key in one.places:
            owners.setdefault(key, []).append(one)
    order = {kind: number for number, kind in enumerate(KINDS)}
    for key in sorted(owners, key=lambda key: (order[key.kind], key.name)):
        some = owners[key]
        shared = [one for one in some if any(other is not one and _may_meet(one, other) for other in some)]
        if shared:
            yield Overlap(key.kind, key.name, tuple((one.row.name, one.places[key]) for one in shared))


def _may_meet(one: Checkout, other: Checkout) -> bool:
    """Whether two checkouts may be about one cluster: not where the addresses of both are known and differ."""
    return not (one.clusters and other.clusters) or bool(one.clusters & other.clusters)
