"""Drift is looked for again before anybody is told: an apply may be under way, a broker behind, or just dead."""

from collections.abc import Callable
from time import sleep
from typing import TypeVar

from kafka_gitops.ci import Result
from kafka_gitops.errors import Unreachable

PAUSE = 3.0  # seconds between the looks; an apply of a usual change is over by then
# Seconds until the cluster no longer names a broker that is dead: its leaders are others after
# broker.session.timeout.ms (9 s), with ZooKeeper after zookeeper.session.timeout.ms (18 s)
AWAY = (10.0, 10.0)
_Run = TypeVar("_Run")


def looked(look: Callable[[_Run, Result], Result]) -> Callable[[_Run, Result], Result]:
    """The same step, taken once more where it finds a difference: what is gone by then is none.

    And where a broker cannot be reached, until the cluster must have seen that too.
    """

    def patient(run: _Run, before: Result) -> Result:
        for pause in AWAY:
            try:
                return look(run, before)
            except Unreachable:
                sleep(pause)
        return look(run, before)

    def twice(run: _Run, before: Result) -> Result:
        first = patient(run, before)
        if first.plan is None or not first.plan.differs:
            return first
        sleep(PAUSE)
        return patient(run, before)

    return twice
