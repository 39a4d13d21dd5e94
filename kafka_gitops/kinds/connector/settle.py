"""Waits until connectors are what they should be: the connector and all of its tasks, or a failure of one of them."""

import time
from collections.abc import Mapping
from typing import NamedTuple

from kafka_gitops.errors import KafkaGitopsError, MissingRight
from kafka_gitops.kinds.connector.live import FAILED, Connect, Live
from kafka_gitops.kinds.connector.words import told
from kafka_gitops.kinds.parts import Problem

NO_TASKS = 10.0  # seconds after which a connector that has been given no task is taken to need none
DEADLINE = 90.0
_PAUSE = 0.4
_STATES = {"running": "RUNNING", "paused": "PAUSED", "stopped": "STOPPED"}


class Expected(NamedTuple):
    """What a connector is to become."""

    state: str


def settle(
    connect: Connect, waiting: Mapping[str, Expected], *, deadline: float = DEADLINE
) -> dict[str, Problem | None]:
    """What became of connectors by name: None where they are as expected (so far), a Problem with the trace's first
    line where something failed, or what is still not there at the deadline. All are read with one request a look."""
    began, left = time.monotonic(), dict(waiting)
    answers: dict[str, Problem | None] = {}
    while left:
        since = time.monotonic() - began
        try:
            live = connect.connectors()
        except KafkaGitopsError as error:
            if since > deadline or isinstance(error, MissingRight):
                lost = Problem("NOT_SEEN", f"it was sent, and its state cannot be read: {error.message}", "lost")
                return answers | dict.fromkeys(left, lost)
            live = {}
        for name, expected in list(left.items()) if since >= connect.settles else ():
            found = live.get(name)
            if found is not None and found.failures and expected.state == "running":
                answers[name] = failed(found)
            elif found is not None and is_so(found, expected.state, patient=since < NO_TASKS):
                answers[name] = None
            elif since > deadline:
                answers[name] = _late(found, expected.state, deadline)
            if name in answers:
                del left[name]
        if left:
            time.sleep(_PAUSE)
    return answers


def is_so(live: Live, state: str, *, patient: bool = False) -> bool:
    """Whether a connector is in a state, and all tasks that it was given too; `patient`: a running one without any task
    is not trusted yet."""
    if live.state != _STATES[state]:
        return False
    if state == "stopped":
        return not live.tasks
    running = len(live.tasks) == live.expected and all(task.state == _STATES[state] for task in live.tasks)
    return running and not (patient and state == "running" and not live.tasks)


def failed(live: Live) -> Problem:
    """The failures of a connector: the first line of the first trace, without secrets."""
    what, trace = live.failures[0]
    line = told(next(iter(trace.strip().splitlines()), "no reason given"), live.config)
    more = f" (and {len(live.failures) - 1} more)" if len(live.failures) > 1 else ""
    code = "CONNECTOR_FAILED" if live.state == FAILED else "TASK_FAILED"
    help = "Correct the config, or what it connects to; `restart: failed` then restarts what has failed."
    return Problem(code, f"{what} has failed{more}: {line}", "partly", help)


def _late(live: Live | None, state: str, deadline: float) -> Problem:
    if live is None:
        shown = "no worker shows it"
    else:
        tasks = ", ".join(f"task {task.number} {task.state}" for task in live.tasks) or "no tasks"
        shown = f"it is {live.state}, {tasks}"
    return Problem("NOT_YET", f"it was sent, and after {deadline:g} s it is not {state}: {shown}", "partly")
