"""`--stop-after 50m`: from then on an apply begins no further request, and tells what it did."""

import argparse
import re
import time
from collections.abc import Callable
from typing import NamedTuple

OPTION = "--stop-after"
_FORM = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?")


class Lasting(NamedTuple):
    """A length of time: as it was written, and in seconds."""

    text: str
    seconds: int


def lasting(text: str) -> Lasting:
    """Read `50m`, `1h`, `90s` or `1h30m`. Raises ArgumentTypeError for anything else, and for no time at all."""
    found = _FORM.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found is not None else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if total == 0:
        raise argparse.ArgumentTypeError(f'"{text}" is not a length of time such as 50m, 1h, 90s or 1h30m')
    return Lasting(text, total)


def add(parser: argparse.ArgumentParser, *, of: str = "") -> None:
    """The option; `of` names the command that has it, where the parser is of several."""
    help = f"{of}begin no further request after this time (50m, 1h, 90s), tell what is open, and end"
    parser.add_argument(OPTION, metavar="TIME", type=lasting, help=help)


def limit(given: Lasting | None, *, clock: Callable[[], float] = time.monotonic) -> Callable[[], str | None]:
    """Why nothing more is begun, None until then; the time runs from this call on."""
    until = clock() + given.seconds if given is not None else None

    def over() -> str | None:
        return f"{said(given)} is over" if given is not None and until is not None and clock() >= until else None

    return over


def said(given: Lasting) -> str:
    """As it stands on a command line."""
    return f"{OPTION} {given.text}"
