"""A difference is looked at a second time before anybody is told: an apply may be under way, or a broker be behind."""

from collections.abc import Callable
from time import sleep
from typing import TypeVar

from kafka_gitops.ci import Result

PAUSE = 3.0  # seconds between the looks; an apply of a usual change is over by then
_Run = TypeVar("_Run")


def looked(look: Callable[[_Run, Result], Result]) -> Callable[[_Run, Result], Result]:
    """The same step, taken once more where it finds a difference: what is gone by then is none."""

    def twice(run: _Run, before: Result) -> Result:
        first = look(run, before)
        if first.plan is None or not first.plan.differs:
            return first
        sleep(PAUSE)
        return look(run, before)

    return twice
