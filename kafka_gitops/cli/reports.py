"""`--report FORMAT=FILE`: further formats of a result, into files."""

import argparse
from collections.abc import Callable, Sequence

from kafka_gitops.cli import terminal
from kafka_gitops.errors import KafkaGitopsError, UsageError


def add_reports(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Add the option `--report`."""
    text = f"also write FORMAT ({', '.join(formats)}) to FILE, repeatable"
    parser.add_argument("--report", metavar="FORMAT=FILE", action="append", default=[], help=text)


def check_reports(asked: Sequence[str], formats: Sequence[str]) -> None:
    """Raise UsageError for a report of an unknown format, before anything is done."""
    for text in asked:
        form, _, path = text.partition("=")
        if form not in formats or not path:
            raise UsageError(f"--report {text}: expected FORMAT=FILE", help=f"FORMAT is one of {', '.join(formats)}.")


def write_reports(asked: Sequence[str], formats: Sequence[str], render: Callable[[str], str]) -> None:
    """Write every report that was asked for. Raises UsageError for an unknown format."""
    check_reports(asked, formats)
    for text in asked:
        form, _, path = text.partition("=")
        terminal.save(path, render(form))


def write_what_can_be(asked: Sequence[str], formats: Sequence[str], render: Callable[[str], str]) -> None:
    """The same where the work is done: a report that cannot be written is told on stderr, the others are written."""
    for text in asked:
        try:
            write_reports([text], formats, render)
        except KafkaGitopsError as failure:
            terminal.error(failure)
