"""Whole processes, run alternately on one machine: their wall time, processor time and memory; medians and ratios."""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

OURS = [sys.executable, "-m", "kafka_gitops.cli.main"]


class Run(NamedTuple):
    """One process: seconds on the wall, seconds of processor time (its own, no broker's), MB at its peak, stdout."""

    wall: float
    cpu: float
    peak: float
    said: str = ""


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a process in a folder, byte code caches allowed. Raises CalledProcessError when it fails."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def alternate(first: Callable[[], Run], second: Callable[[], Run], rounds: int) -> list[tuple[Run, Run]]:
    """Pairs of runs, one after the other, now the one and now the other first."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            later = second()
            pairs.append((first(), later))
        else:
            pairs.append((first(), second()))
    return pairs


def table(name: str, pairs: Sequence[tuple[Run, Run]], *, ratio: float | None, more: float | None) -> Iterator[str]:
    """A case in two lines: medians on the wall and of processor time, each with its ratio; then range and goal."""
    ours, bare = zip(*pairs, strict=True)
    wall, other = (statistics.median(run.wall for run in runs) for runs in (ours, bare))
    cpu, cpu_other = (statistics.median(run.cpu for run in runs) for runs in (ours, bare))
    each = sorted(one.wall / two.wall for one, two in pairs)
    met = (ratio is None or wall <= ratio * other) and (more is None or wall <= other + more)
    goal = f"at most {ratio}x" if ratio is not None else f"at most bare + {more} s"
    yield (
        f"{name:44} {wall:7.2f} s {other:7.2f} s {wall / other:6.2f}x   "
        f"{cpu:6.2f} s {cpu_other:6.2f} s {cpu / cpu_other:6.2f}x"
    )
    yield (
        f"{'':4}{goal}: {'yes' if met else 'NO'}; pairs {each[0]:.2f}-{each[-1]:.2f}x; at its peak "
        f"{max(run.peak for run in ours):.0f} MB (bare {max(run.peak for run in bare):.0f} MB)"
    )


def head(rounds: int, *packages: str) -> Iterator[str]:
    """The machine, the versions, the load, and the columns."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs"
    yield f"{machine}; Python {platform.python_version()}, {versions}"
    yield f"{rounds} rounds; load average at the start {load}"
    columns = (f"{'ours':>9} {'bare':>9}  {'ratio':>6}", f"{'ours':>8} {'bare':>8}  {'ratio':>6}")
    yield f"{'medians: wall time, then processor time':44}{columns[0]}   {columns[1]}"
