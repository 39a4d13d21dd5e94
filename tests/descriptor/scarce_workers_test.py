"""Processes that cannot be started, or are stopped as they begin, are as if nobody had wanted them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kafka_gitops.descriptor import workers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork all is read in one process")


def test_after_one_that_got_no_pipe_none_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, free = os.pipe, [True, False, True]

    def scarce() -> tuple[int, int]:
        if not free.pop(0):
            raise OSError(24, "Too many open files")
        return pipe()

    monkeypatch.setattr(os, "pipe", scarce)
    with workers.started([[1], [2], [3]], lambda one: bytes([one])) as others:
        others.drain()
        assert [*others.answers()] == [[b"\x01"], [], []]


def test_who_is_interrupted_as_it_begins_says_nothing(tmp_path: Path) -> None:
    text = """
import os, sys
from kafka_gitops.descriptor import workers
fork = os.fork
def interrupted():
    if process := fork():
        return process
    raise KeyboardInterrupt
os.fork = interrupted
try:
    with workers.started([[1], [2]], lambda one: b"x") as others:
        print([*others.answers()])
except KeyboardInterrupt:
    print("Stopped.")
"""
    run = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("[[], []]\n", "")
