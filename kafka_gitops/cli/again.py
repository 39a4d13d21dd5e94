"""`--rotate KIND:NAME`: what changes no field, as a password that is written once more, whatever the base says."""

import argparse
from collections.abc import Iterator

from kafka_gitops.cli.request import Plans
from kafka_gitops.errors import UsageError, listed
from kafka_gitops.kinds import LOOKS
from kafka_gitops.model import Key, Topology

ACT = "rotate"


def add(parser: argparse.ArgumentParser) -> None:
    """The option."""
    help = "write the secret of a resource that the files declare once more"
    parser.add_argument(f"--{ACT}", metavar="KIND:NAME", action="append", default=[], help=help)


def keys(request: Plans, topology: Topology) -> Iterator[Key]:
    """The resources that are named. Raises UsageError for a kind without secrets, and for what no file declares."""
    for text in request.rotate:
        kind, _, name = text.partition(":")
        able = [one for one, looks in LOOKS.items() if ACT in looks.acts]
        if kind not in able:
            said = f"--{ACT} {text}: expected KIND:NAME"
            raise UsageError(said, help=f"KIND is one of {listed(able)}.")
        if Key(kind, name) not in topology.state:
            raise UsageError(f"--{ACT} {text}: no file declares the {kind} {name}")
        yield Key(kind, name)
