"""How often one run does what it should do once: counted by the code that is called, under whatever name."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from kafka_gitops.config import load, resolve
from kafka_gitops.descriptor import build
from kafka_gitops.lint import run as lint
from kafka_gitops.text import source

GIT = "git processes"
WATCHED: dict[str, Callable[..., Any]] = {
    "config read": load.read,
    "resolved": resolve.resolve,
    "files parsed": source.parse,
    "topology built": build.topology,
    "linted": lint.look,
}


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """The calls of `WATCHED`, and the processes of git, from here to the end of the block; of parsed files the YAML."""
    found: Counter[str] = Counter()
    named: dict[CodeType, str] = {call.__code__: name for name, call in WATCHED.items()}
    started = subprocess.Popen.__init__.__code__

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in named:
            topology = frame.f_code is not source.parse.__code__ or str(frame.f_locals["path"]).startswith(
                "topologies/"
            )
            found[named[frame.f_code]] += topology
        elif event == "call" and frame.f_code is started:
            found[GIT] += frame.f_locals["args"][0] == "git"

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        yield found
    finally:
        sys.setprofile(before)
