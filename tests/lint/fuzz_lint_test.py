"""Whatever 1 MB says, `lint` ends within 10 s and 500 MB: inputs of every kind, generated, each in a process of its own.

FUZZ says how many (default 300, small ones with a limit that shrinks with them); `make fuzz` tries 5,000 up to 1 MB.
"""

import contextlib
import io
import os
import random
import resource
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from costly import Files, inputs

from kafka_gitops.cli.main import main

COUNT = int(os.environ.get("FUZZ", "300"))
SIZES = (15_000, 45_000) if COUNT <= 300 else (1_000_000, 100_000, 300_000)
SECONDS, BYTES = 10, 500 * 1024 * 1024  # for 1 MB; the seconds shrink with the input, down to 2
BATCHES = 10


def generated(batch: int) -> Iterator[tuple[int, Files]]:
    """The inputs of one batch, the same in every run, with the size that they were made for."""
    number = 0
    while True:
        size = SIZES[number % len(SIZES)]
        for one in inputs(size, random.Random(f"{batch} {number}")):
            yield size, one
        number += 1


def cost(place: Path, files: Files) -> tuple[float, int, str]:
    """Seconds of processor time, the most memory in bytes that came to that of this process, which the child begins
    with, and the end of what `lint` of the files left on stderr."""
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    log = place / "log"
    before = _resident()
    child = os.fork()
    if child == 0:
        _lint(place, log, [] if "kafka-gitops.yaml" in files else ["t.yaml"])
    _, status, used = os.wait4(child, 0)
    said = "" if status in (0, 256) else f"status {status}: {log.read_text()[-1000:]}"
    most = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return used.ru_utime + used.ru_stime, max(0, most - before), said


def _resident() -> int:
    """The bytes of this process that are in memory; 0 where no file tells."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * resource.getpagesize() if told.exists() else 0


def _lint(place: Path, log: Path, paths: list[str]) -> None:
    """What the child does, and nothing after it."""
    code = 70
    try:
        os.chdir(place)
        resource.setrlimit(resource.RLIMIT_CPU, (3 * SECONDS, 3 * SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (4 * BYTES, 4 * BYTES))
        with log.open("w") as out, contextlib.redirect_stderr(out), contextlib.redirect_stdout(io.StringIO()):
            try:
                code = main(["lint", *paths])
            except BaseException:  # noqa: BLE001 - a traceback is what is looked for
                traceback.print_exc()
    finally:
        os._exit(code)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_lint_ends_soon_and_small(batch: int, tmp_path: Path) -> None:
    for number, (size, files) in zip(range(max(1, COUNT // BATCHES)), generated(batch), strict=False):
        place = tmp_path / str(number)
        place.mkdir()
        seconds, memory, said = cost(place, files)
        limit = max(3.0, SECONDS * size / 1_000_000)  # a busy machine takes half as much again as a quiet one
        first = {name: text[:300] for name, text in sorted(files.items())[:3]}
        assert not said, (said, first)
        assert seconds < limit, (seconds, size, first)
        assert memory < BYTES, (memory, size, first)
