"""Whole processes, run in turns on one machine: their wall time, processor time and memory; rows with goals."""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import DEVNULL, PIPE
from types import MappingProxyType
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
OURS = [sys.executable, "-m", "kafka_gitops.cli.main"]
NONE: Mapping[str, str] = MappingProxyType({})
OFTEN = 0.005  # seconds between two looks at a process's memory


class Run(NamedTuple):
    """One process with its children: seconds on the wall, seconds of processor time (no broker's), MB, stdout.

    `mb` is the highest sum of their PSS that was seen, or nothing where nobody looked.
    """

    wall: float
    cpu: float
    mb: float
    said: str = ""


def run(command: Sequence[str], folder: Path, variables: Mapping[str, str] = NONE, *, look: bool = False) -> Run:
    """Run a process in a folder, byte code caches allowed; `look` at its memory, which costs it time.

    Raises CalledProcessError when it fails.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env={**kept, **variables}, stdout=PIPE, stderr=DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        memory = Memory(process.pid)
        if look:
            memory.start()
        said = process.stdout.read()
        memory.done = True
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    return Run(wall, used.ru_utime + used.ru_stime, memory.most / 1024, said)


class Memory(threading.Thread):
    """Looks again and again at the PSS of a process and of all below it: pages that several share count once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.most = 0  # KB
        self.done = False
        self._pid = pid

    def run(self) -> None:
        """Look until somebody says that it is done."""
        while not self.done:
            began = time.perf_counter()
            self.most = max(self.most, sum(pss for _, pss in set(map(_sizes, _tree(self._pid)))))
            time.sleep(max(OFTEN, 5 * (time.perf_counter() - began)))  # a look at much memory is long


def _sizes(pid: int) -> tuple[int, int]:
    """Its RSS and PSS in KB: a child between vfork and exec *is* its parent's memory, and has both of it to the KB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended
        return 0, 0
    sizes = {line.split()[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    return sizes.get("Rss:", 0), sizes.get("Pss:", 0)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (thread / "children").read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from _tree(int(child))


class Side(NamedTuple):
    """One of the processes of a row: what it is called, what runs it (with or without a look at its memory), and
    whether it is told beside only, from one run."""

    name: str
    run: Callable[[bool], Run]
    once: bool = False


class Goal(NamedTuple):
    """At most `most` times the `of` (wall, cpu, mb) of another side, or `most` seconds or MB where there is none.

    An `aim` is told beside. `over`: at most so many seconds or MB more than the other side.
    """

    of: str
    most: float
    against: str = ""
    aim: bool = False
    over: bool = False


class Row(NamedTuple):
    """A line of the table: its name on the command line, its title, its goals, and what prepares its sides.

    The first side is ours; in the block of `sides` all servers run and all files are there.
    """

    name: str
    title: str
    goals: Sequence[Goal]
    sides: Callable[[Path], AbstractContextManager[Sequence[Side]]]


def measure(sides: Sequence[Side], rounds: int) -> Mapping[str, Run]:
    """The medians of each side over rounds in which all run, each time in another order; memory from a run before."""
    found: dict[str, list[Run]] = {side.name: [] for side in sides}
    memory = {side.name: side.run(True).mb for side in sides}  # this also warms the caches of files and byte code
    for number in range(rounds):
        due = [side for side in sides if not (side.once and number)]
        at = number % len(due)
        for side in (*due[at:], *due[:at]):
            found[side.name].append(side.run(False))
    return {
        name: Run(statistics.median(run.wall for run in runs), statistics.median(run.cpu for run in runs), memory[name])
        for name, runs in found.items()
    }


def judged(goal: Goal, runs: Mapping[str, Run]) -> str:
    """The goal in words, whether it is met, and what was reached."""
    reached: float | None = getattr(next(iter(runs.values())), goal.of)
    unit, against = " MB" if goal.of == "mb" else " s", ""
    if goal.against:
        theirs = getattr(runs[goal.against], goal.of) if goal.against in runs else None
        unit, against = (unit, f" over {goal.against}") if goal.over else ("x", f" of {goal.against}")
        reached = None if theirs is None or reached is None else reached - theirs if goal.over else reached / theirs
    kind = " (processor time)" if goal.of == "cpu" else ""
    words = f"{'aim' if goal.aim else 'at most'} {goal.most:g}{unit}{against}{kind}"
    if reached is None:
        return f"{words}: not measured"
    return f"{words}: {'yes' if reached <= goal.most else 'NO'} ({reached:.2f}{unit})"


HEAD = (
    "| | ours | processor time | memory | others; ours as a part of theirs: wall, processor time, memory | goals |\n"
    "|---|---|---|---|---|---|"
)


def line(row: Row, runs: Mapping[str, Run]) -> str:
    """The row in Markdown."""
    ours, *others = runs.items()
    mine = ours[1]
    beside = "; ".join(
        f"{name} {one.wall:.2f} s, {one.mb:.0f} MB: "
        f"{mine.wall / one.wall:.2f}x, {mine.cpu / one.cpu:.2f}x, {mine.mb / one.mb:.2f}x"
        for name, one in others
    )
    goals = "; ".join(judged(goal, runs) for goal in row.goals)
    return f"| {row.title} | {mine.wall:.2f} s | {mine.cpu:.2f} s | {mine.mb:.0f} MB | {beside} | {goals} |"
