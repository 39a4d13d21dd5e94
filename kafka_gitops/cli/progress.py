"""How far a long step is: its phase by name, a clock that goes on; a bar on a terminal, elsewhere a line in 10 s."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from kafka_gitops.cli import terminal

SECONDS_PER_LINE = 10.0  # how often a long step speaks in CI
TICK = 1.0  # seconds after which the clock of a bar is drawn again, whatever the cluster does
_BAR = "{desc}: {n_fmt} of {total_fmt} |{bar}| {elapsed}"  # no rate: what is done in portions has none


class Progress(Protocol):
    """What a long step tells: a phase that begins, with its name and how many there are, and how many more are done."""

    def phase(self, what: str, total: int) -> None:
        """Begin a phase; the one before it is over."""

    def advance(self, done: int) -> None:
        """So many more are done."""

    def waits(self, said: str) -> None:
        """Why nothing goes on now; told each second."""


class Quiet:
    """Nothing of how far it is: there is one, or nobody counts. It may have to wait."""

    def __init__(self) -> None:
        self.told = -SECONDS_PER_LINE

    def phase(self, what: str, total: int) -> None:
        """Nothing."""

    def advance(self, done: int) -> None:
        """Nothing."""

    def waits(self, said: str) -> None:
        """Say it, and again every so often."""
        if time.monotonic() - self.told >= SECONDS_PER_LINE:
            self.told = time.monotonic()
            terminal.say(said)


class _Lines:
    """A line every so often."""

    def __init__(self) -> None:
        self.what, self.total, self.done, self.told = "", 0, 0, time.monotonic()

    def phase(self, what: str, total: int) -> None:
        """A phase is told with its first line, if it takes so long."""
        self.what, self.total, self.done = what, total, 0

    def advance(self, done: int) -> None:
        """Say how far it is when the last line is old enough."""
        self.done += done
        if time.monotonic() - self.told >= SECONDS_PER_LINE:
            self.told = time.monotonic()
            terminal.say(f"{self.what}: {self.done:,} of {self.total:,}")

    def waits(self, said: str) -> None:
        """Say it with how far it is when the last line is old enough."""
        if time.monotonic() - self.told >= SECONDS_PER_LINE:
            self.told = time.monotonic()
            terminal.say(f"{self.what}: {self.done:,} of {self.total:,}; {said}")


class _Bar:
    """A bar of tqdm for each phase; a thread draws its clock while the cluster is waited for."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.what = ""
        self.over = threading.Event()
        threading.Thread(target=self._tick, daemon=True).start()

    def phase(self, what: str, total: int) -> None:
        """The bar of the phase before goes, a new one comes."""
        from tqdm import tqdm

        before, self.bar, self.what = self.bar, None, what
        if before is not None:
            before.close()
        self.bar = tqdm(total=total, desc=what, unit="", leave=False, file=sys.stderr, bar_format=_BAR)

    def advance(self, done: int) -> None:
        """Draw the bar further."""
        if self.bar is not None:
            self.bar.set_description_str(self.what, refresh=False)
            self.bar.update(done)
            self.bar.refresh()

    def waits(self, said: str) -> None:
        """Write it into the bar's line until it goes on."""
        if self.bar is not None:
            self.bar.set_description_str(f"{self.what} ({said})")

    def close(self) -> None:
        """Take the bar away."""
        self.over.set()
        if self.bar is not None:
            self.bar.close()

    def _tick(self) -> None:
        while not self.over.wait(TICK):
            bar = self.bar
            if bar is not None:
                bar.refresh()


@contextmanager
def progress(total: int) -> Iterator[Progress]:
    """What a step over so many is told by; silent with -q, and for a single one."""
    if terminal.quiet() or total < 2:
        yield Quiet()
        return
    if not sys.stderr.isatty() or terminal.in_ci():
        yield _Lines()
        return
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()
