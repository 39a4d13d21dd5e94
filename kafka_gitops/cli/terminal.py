"""The one way to print: results to stdout, everything else to stderr, colour where it helps, secrets nowhere."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.redact import redact
from kafka_gitops.text import characters

CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "bold": "1", "dim": "2"}


class _Terminal:
    def __init__(self) -> None:
        self.quiet = self.verbose = False
        self.colour: dict[str, bool] = {}
        self.hearing: list[list[str]] = []


_NOW = _Terminal()


def open_all() -> None:
    """Give a stream that was closed before the start (`>&-`), of which Python has None, the place where nobody reads.

    Each takes the lowest number that is free, its own: otherwise the next file that is opened would have that.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):
        sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
        sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


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


def quiet() -> bool:
    """Whether -q asked for less."""
    return _NOW.quiet


def verbose() -> bool:
    """Whether -v asked for more."""
    return _NOW.verbose


def paint(text: str, style: str, *, stream: str = "out") -> str:
    """The text in a style (`red`, `bold`, ...) where the stream shows colour."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if _NOW.colour.get(stream) else text


_ODD = re.compile(r"\x1b\[(?:0|1|2|3[1-4])m|[^\n\t -~]")  # our styles, and what is not plain


def _seen(found: re.Match[str]) -> str:
    """What is printed of an odd character: nobody else's colours, nothing that steers a terminal or cannot be seen.

    The zero-width blank is our own: it breaks commands of a CI (`characters.no_command`), and names have none.
    """
    char = found.group()
    if len(char) > 1:
        return char if any(_NOW.colour.values()) else characters.escaped(char)
    return characters.escape(char) if characters.is_hidden(char) and char != "\u200b" else char


def _put(stream: TextIO, text: str) -> None:
    text = _ODD.sub(_seen, redact(text))
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


def columns() -> int | None:
    """How many columns the terminal has that reads stdout; None where none does."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() and not in_ci() else None
    except (OSError, ValueError):  # ValueError: what stands in for stdout has no descriptor
        return None


def tell(text: str) -> None:
    """The result of what is done and cannot be undone, to stdout: where nobody reads that any more the run goes on."""
    try:
        write(text)
        flush()
    except OSError as failure:
        abandon_stdout()
        problem(f"warning: stdout cannot be written: {failure.strerror}")


def say(text: str) -> None:
    """Anything that is no result, to stderr; silent with -q."""
    if not _NOW.quiet:
        problem(text)


def problem(text: str) -> None:
    """A finding on a line of its own, to stderr, also with -q; where nobody reads that, nothing is lost.

    What a server or a file says may have lines of its own: none is a command of the CI that reads the log.
    """
    for heard in _NOW.hearing:
        heard.append(text)
    try:
        _put(sys.stderr, "".join(f"{characters.no_command(line)}\n" for line in text.split("\n")))
    except OSError:
        with suppress(OSError):  # what stands in for stderr has no descriptor
            _abandon(sys.stderr)


@contextmanager
def heard() -> Iterator[list[str]]:
    """What is said on stderr until the end of the block."""
    said: list[str] = []
    _NOW.hearing.append(said)
    try:
        yield said
    finally:
        _NOW.hearing.remove(said)


def error(failure: KafkaGitopsError) -> None:
    """An error and what to do about it, to stderr, also with -q."""
    flush()
    help_lines = [f"  {line}" for line in (failure.help or "").splitlines()]
    problem("\n".join([f"{paint('error:', 'red', stream='err')} {failure.message}", *help_lines]))


def save(path: str, text: str, *, exact: bool = False) -> None:
    """Write a result into a file; `exact` for a plan: a digest covers it, no secret can be in it, its owner reads it.

    Raises KafkaGitopsError when it cannot be written.
    """
    from kafka_gitops.cli import saving

    saving.save(path, text if exact else redact(text), private=exact)


def ask(question: str) -> str:
    """The answer of somebody at the terminal; the end of input is a no."""
    flush()
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline()


def flush() -> None:
    """Push out what was written, so that stdout and stderr keep their order."""
    sys.stdout.flush()


def abandon_stdout() -> None:
    """Send the rest of stdout nowhere: its reader has gone."""
    _abandon(sys.stdout)


def _abandon(stream: TextIO) -> None:
    """Let Python write what it still holds of a stream, and end with our own exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
