"""The steps of a command one after the other, taken once more where another run has applied meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from kafka_gitops.ci import Result
from kafka_gitops.cli.locking import Overtaken
from kafka_gitops.cli.read import Read
from kafka_gitops.cli.turns import Turn


class Running(Protocol):
    """What steps share, as far as it matters here: the turn of the run, and the files that it has read."""

    turn: Turn
    read: Read | None


_R = TypeVar("_R", bound=Running)


def reached(steps: Sequence[Callable[[_R, Result], Result]], run: _R, first: Result) -> Iterator[Result]:
    """The result after each step. Raises what they do.

    Where another run of the owner applied since the plan was made, all steps are taken once more, with its lock held.
    """
    result = first
    try:
        for step in steps:
            result = step(run, result)
            yield result
        return
    except Overtaken as overtaken:
        assert result.plan is not None
        said = run.turn.again(overtaken, result.plan, run.read)
    result = replace(first, remarks=(*first.remarks, f"{said[0].upper()}{said[1:]}."))
    yield result  # nobody is shown the first plan any more
    for step in steps:
        result = step(run, result)
        yield result
