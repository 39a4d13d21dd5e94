"""Print the completion of commands and options for a shell: a file that is shipped with the package."""

import argparse
from pathlib import Path

from kafka_gitops.cli import terminal
from kafka_gitops.cli.request import Request as Common

EXAMPLE = "kafka-gitops completion bash"
SHELLS = ("bash", "zsh", "fish")
HERE = Path(__file__).parent.parent / "completion"


class Request(Common):
    """What `completion` is asked for."""

    shell: str


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `completion`."""
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=f"one of {', '.join(SHELLS)}")


def run(request: Request) -> int:
    """Print the file to stdout and return 0."""
    terminal.write((HERE / f"kafka-gitops.{request.shell}").read_text(encoding="utf-8").rstrip("\n"))
    return 0
