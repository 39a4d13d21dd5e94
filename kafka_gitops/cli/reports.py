"""`--report FORMAT=FILE`: further formats of a result, into files."""

import argparse
from collections.abc import Callable, Sequence

from kafka_gitops.cli import terminal
from kafka_gitops.errors import UsageError


def add_reports(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Add the option `--report`."""
    text = f"also write FORMAT ({', '.join(formats)}) to FILE, repeatable"
    parser.add_argument("--report", metavar="FORMAT=FILE", action="append", default=[], help=text)


def write_reports(asked: Sequence[str], formats: Sequence[str], render: Callable[[str], str]) -> None:
    """Write every report that was asked for. Raises UsageError for an unknown format."""
    for text in asked:
        form, _, path = text.partition("=")
        if form not in formats or not path:
            raise UsageError(f"--report {text}: expected FORMAT=FILE", help=f"FORMAT is one of {', '.join(formats)}.")
        terminal.save(path, render(form))
