"""Signals while an apply writes: the first ends it after the request under way, the second at once, always told."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from kafka_gitops.cli import terminal

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Stopping:
    """Whether somebody asked to stop; signals are caught from `begin` on, and raise nothing more after `report`."""

    def __init__(self) -> None:
        self._asked = 0
        self._reporting = False
        self._before: dict[int, Any] = {}

    def __call__(self) -> bool:
        return self._asked > 0

    def begin(self) -> None:
        """From now on Ctrl-C, a CI's SIGTERM and a terminal that is closed ask to stop."""
        for number in _SIGNALS:
            if number == getattr(signal, "SIGHUP", None) and signal.getsignal(number) is signal.SIG_IGN:
                continue  # nohup
            self._before.setdefault(number, signal.signal(number, self._note))

    def report(self) -> None:
        """What follows tells what was done, and is not to be cut off."""
        self._reporting = True

    def end(self) -> None:
        """Give the signals back; after the second nothing ends the process, whose exit code tells what was done."""
        for number, handler in self._before.items():
            signal.signal(number, handler if self._asked < 2 else signal.SIG_IGN)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1
        if self._reporting or self._asked > 2:
            return
        if self._asked == 2:
            self._reporting = True
            raise KeyboardInterrupt
        terminal.say("Stopping after the current request (Ctrl-C again to stop now) ...")


@contextmanager
def watched() -> Iterator[Stopping]:
    """Somebody who can be asked whether to stop, until the end of the block."""
    stopping = Stopping()
    try:
        yield stopping
    finally:
        stopping.end()
