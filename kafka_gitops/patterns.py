"""Regular expressions of a config, which may be a stranger's: tried on names of a stranger, and for 2 s at most."""

import re
import time
from types import FrameType

from kafka_gitops.errors import ConfigError

SECONDS = 2.0  # of processor time for one pattern, all its texts together


class Bounded:
    """A pattern that matches whole texts, until its time is up.

    The clock is the process's own (ITIMER_VIRTUAL): a busy machine takes nothing away from it. Python looks for signals
    within a match. Where there is no such clock, or not in the main thread, there is no bound.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled = re.compile(pattern)
        self._left = SECONDS
        import signal
        import threading

        here = threading.current_thread() is threading.main_thread()
        self._clock = hasattr(signal, "setitimer") and here

    def fullmatch(self, text: str) -> bool:
        """Whether the whole text matches. Raises ConfigError when the time of the pattern is up."""
        if not self._clock:
            return self._compiled.fullmatch(text) is not None
        import signal

        began, before = time.process_time(), signal.signal(signal.SIGVTALRM, self._up)
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, self._left)
            return self._compiled.fullmatch(text) is not None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
            self._left = max(self._left - (time.process_time() - began), 1e-6)  # 0 would be no timer

    def _up(self, _number: int, _frame: FrameType | None) -> None:
        shown = self.pattern if len(self.pattern) <= 100 else f"{self.pattern[:100]}..."
        raise ConfigError(
            f"The pattern {shown} did not end within {SECONDS:g} s.",
            help="Repetitions within repetitions, such as (a+)+, try every way: write it without.",
        )
