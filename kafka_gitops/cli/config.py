"""Show the effective settings and where each came from; secrets stay hidden. Also translates a JulieOps client file."""

import argparse

from kafka_gitops.cli import terminal
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config import show

EXAMPLE = "kafka-gitops config -e prod"


class Request(Common):
    """What `config` is asked for."""

    format: str = "text"


def add(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is YAML that can be pasted")


def run(request: Request) -> int:
    """Print the settings to stdout, notes to stderr."""
    found = Configured(request, MERGED).shown()
    terminal.write(show.as_json(found) if request.format == "json" else show.as_yaml(found))
    if request.format == "text":
        for note in (*found.settings.notes, *found.layered):
            terminal.say(f"note: {note}")
    return 0
