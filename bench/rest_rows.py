"""Rows about plans of 1,000 subjects and 300 connectors that change nothing, against the same reads in a row.

First every answer takes 10 ms (a server on loopback that replays real ones), then on the real servers.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import stock
from common import Goal, Row, Side
from plan_rows import PLAN, checked
from replay import recording
from trees import call, other, ours

from kafka_gitops.sandbox import connect, registry, running
from kafka_gitops.sandbox.rest import Server

HERE = Path(__file__).parent
READS = "the same reads"


def fill(schemas: Server, worker: Server) -> None:
    """Register every subject and make every connector, stopped, past our own apply."""

    def make(server: Server, path: str, method: str, body: dict[str, object]) -> None:
        status = server.ask(path, method=method, body=body)
        if status not in (200, 201):
            sys.exit(f"{method} {path}: {status}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda request: make(schemas, *request), stock.registrations()))
        list(pool.map(lambda request: make(schemas, *request), stock.levels()))
    for request in stock.creations():
        make(worker, *request)
    time.sleep(3)  # a connector without a status yet is missing in the listing of all


@contextmanager
def late(file: Path, seconds: float) -> Iterator[str]:
    """The URL of a process that replays the answers in a file."""
    command = [sys.executable, str(HERE / "replay.py"), str(file), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


def record(folder: Path, urls: Sequence[str], files: Sequence[Path]) -> None:
    """Plan once through recorders, and keep what each server was asked and said."""
    with ExitStack() as stack:
        recorders = [stack.enter_context(recording(url)) for url in urls]
        stock.configure(folder, recorders[0].url + registry.API, recorders[1].url)
        call("", folder, PLAN)
    for recorder, file in zip(recorders, files, strict=True):
        file.write_text(json.dumps(recorder.reads), encoding="utf-8")


def _pair(folder: Path, urls: Sequence[str], files: Sequence[Path]) -> list[Side]:
    stock.configure(folder, urls[0] + registry.API, urls[1])
    checked(folder, PLAN, "No changes")
    reads = [str(word) for pair in zip(files, urls, strict=True) for word in pair]
    return [ours(folder, PLAN), other(READS, folder, sys.executable, str(HERE / "reads.py"), *reads)]


@contextmanager
def _servers(folder: Path, *, slow: bool) -> Iterator[list[Side]]:
    files = [folder / name for name in ("registry.json", "connect.json")]
    with ExitStack() as stack:
        kafka = stack.enter_context(running())
        schemas = stack.enter_context(registry.running())
        worker = stack.enter_context(connect.running(kafka.bootstrap))
        stock.write(folder, kafka.bootstrap)
        fill(schemas, worker)
        urls = [schemas.url.removesuffix(registry.API), worker.url]
        record(folder, urls, files)
        yield _pair(folder, [stack.enter_context(late(file, 0.01)) for file in files] if slow else urls, files)


ESTATE = f"{stock.SUBJECTS:,} subjects and {stock.CONNECTORS} connectors"
ROWS = (
    Row(
        "rest",
        f"empty plan, {ESTATE}, each answer takes 10 ms",
        [Goal("wall", 0.15, READS), Goal("mb", 120)],
        partial(_servers, slow=True),
    ),
    Row(
        "rest-real",
        f"empty plan, {ESTATE}, on the real servers",
        [Goal("wall", 0.6, READS), Goal("mb", 120)],
        partial(_servers, slow=False),
    ),
)
