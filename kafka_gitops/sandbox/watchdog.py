"""The small process that ends a sandbox when its parent is gone, however the parent ended.

It reads one JSON list a line on stdin: `["stop", PID]` (a process group), `["run", ARG...]` (a command for the end),
`["remove", DIR]`, `["keep"]` (outlive the parent). When stdin ends, or on SIGTERM, it stops, runs and removes all of
that. It needs only the standard library and runs as a file.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable


def alive(group: int) -> bool:
    """Whether a process of the group is still there."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop(groups: Iterable[int], *, grace: float) -> None:
    """End all process groups at once: SIGTERM, `grace` seconds, SIGKILL."""
    left = list(groups)
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 2.0)):
        for group in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
        until = time.monotonic() + seconds
        while (left := [group for group in left if alive(group)]) and time.monotonic() < until:
            time.sleep(0.02)


def clean(orders: list[list[str]]) -> None:
    """Carry out what was ordered for the end: processes first, then commands, then directories."""
    thrown_away = any(order[0] == "remove" for order in orders)  # then nobody misses what a broker had yet to write
    stop((int(order[1]) for order in orders if order[0] == "stop"), grace=0.0 if thrown_away else 8.0)
    for order in orders:
        if order[0] == "run":
            subprocess.run(order[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for order in orders:
        if order[0] == "remove":
            shutil.rmtree(order[1], ignore_errors=True)


def main() -> None:
    """Read orders until the parent ends; then clean up, or wait for SIGTERM where told to keep."""
    orders: list[list[str]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        for line in sys.stdin:
            orders.append(json.loads(line))
            if orders[-1] == ["keep"]:
                sys.stdout.write("kept\n")
                sys.stdout.flush()
        while ["keep"] in orders and any(alive(int(order[1])) for order in orders if order[0] == "stop"):
            time.sleep(1)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        clean(orders)


if __name__ == "__main__":
    main()
