"""The one way to print: results to stdout, everything else to stderr, colour where it helps, secrets nowhere."""

import os
import sys
from dataclasses import dataclass, field
from typing import TextIO

from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.redact import redact

CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "bold": "1", "dim": "2"}


@dataclass
class _Terminal:
    quiet: bool = False
    verbose: bool = False
    colour: dict[str, bool] = field(default_factory=dict)


_NOW = _Terminal()


def setup(*, no_color: bool = False, quiet: bool = False, verbose: bool = False) -> None:
    """Decide once how this run prints."""
    _NOW.quiet, _NOW.verbose = quiet, verbose
    _NOW.colour = {"out": not no_color and _may_colour(sys.stdout), "err": not no_color and _may_colour(sys.stderr)}


def _may_colour(stream: TextIO) -> bool:
    variables = environment()
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR"):
        return True
    return stream.isatty() and variables.get("TERM") != "dumb"


def colour() -> bool:
    """Whether stdout shows colour."""
    return _NOW.colour.get("out", False)


def is_terminal() -> bool:
    """Whether somebody sits there: both stdin and stderr are a terminal, and this is no CI."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not in_ci()


def in_ci() -> bool:
    """Whether this runs in a CI job, by the `CI` variable that all of them set."""
    return environment().get("CI", "").lower() not in ("", "0", "false")


def paint(text: str, style: str, *, stream: str = "out") -> str:
    """The text in a style (`red`, `bold`, ...) where the stream shows colour."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if _NOW.colour.get(stream) else text


def _put(stream: TextIO, text: str) -> None:
    text = redact(text)
    try:
        stream.write(text)
    except UnicodeEncodeError:
        plain = text.translate({0x2026: "...", 0x2713: "ok", 0x2717: "x"})
        encoding = stream.encoding or "ascii"
        stream.write(plain.encode(encoding, "replace").decode(encoding))


def write(text: str) -> None:
    """A result, to stdout, with a line end."""
    if text:
        _put(sys.stdout, text if text.endswith("\n") else text + "\n")


def say(text: str) -> None:
    """Anything that is no result, to stderr; silent with -q."""
    if not _NOW.quiet:
        _put(sys.stderr, text + "\n")


def detail(text: str) -> None:
    """What only -v shows, to stderr."""
    if _NOW.verbose:
        _put(sys.stderr, text + "\n")


def error(failure: KafkaGitopsError) -> None:
    """An error and what to do about it, to stderr, also with -q."""
    flush()
    help_lines = [f"  {line}" for line in (failure.help or "").splitlines()]
    _put(sys.stderr, "\n".join([f"{paint('error:', 'red', stream='err')} {failure.message}", *help_lines]) + "\n")


def flush() -> None:
    """Push out what was written, so that stdout and stderr keep their order."""
    sys.stdout.flush()


def abandon_stdout() -> None:
    """Send the rest of stdout nowhere: its reader has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
