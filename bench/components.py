"""A plan of 1,000 subjects and 300 connectors that changes nothing, against the same reads one after the other.

Whole processes. First every answer takes 10 ms (a server on loopback that replays real ones), then on the real servers.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import stock
from common import OURS, alternate, head, run, table
from replay import recording

from kafka_gitops.sandbox import connect, registry, running
from kafka_gitops.sandbox.rest import Server

HERE = Path(__file__).parent
PLAN = [*OURS, "plan", "topologies", "-e", "bench"]
PEAK = 120.0  # MB


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


def compare(name: str, folder: Path, urls: Sequence[str], files: Sequence[Path], rounds: int, ratio: float) -> None:
    """Plan against these URLs, then make the same reads of the same URLs; print the case."""
    stock.configure(folder, urls[0] + registry.API, urls[1])
    bare = [sys.executable, str(HERE / "reads.py")]
    for file, url in zip(files, urls, strict=True):
        bare += [str(file), url]
    said = run(PLAN, folder).said
    if not said.startswith("No changes"):
        sys.exit(f"The plan should have been empty:\n{said[:2000]}")
    run(bare, folder)
    pairs = alternate(partial(run, PLAN, folder), partial(run, bare, folder), rounds)
    print(*table(name, pairs, ratio=ratio, more=None), sep="\n")
    peak = max(ours.peak for ours, _ in pairs)
    print(f"{'':4}at most {PEAK:.0f} MB: {'yes' if peak <= PEAK else 'NO'}", flush=True)


def record(folder: Path, urls: Sequence[str], files: Sequence[Path]) -> None:
    """Plan once through recorders, and keep what each server was asked and said."""
    with ExitStack() as stack:
        recorders = [stack.enter_context(recording(url)) for url in urls]
        stock.configure(folder, recorders[0].url + registry.API, recorders[1].url)
        run(PLAN, folder)
    for recorder, file in zip(recorders, files, strict=True):
        file.write_text(json.dumps(recorder.reads), encoding="utf-8")
    print(f"reads of a plan: {len(recorders[0].reads)} of the registry, {len(recorders[1].reads)} of the worker")


def main() -> None:
    """Fill the servers, record, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(*head(rounds, "urllib3", "requests"), sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as place, running() as kafka, registry.running() as schemas:
        folder, files = Path(place), [Path(place, name) for name in ("registry.json", "connect.json")]
        stock.write(folder, kafka.bootstrap)
        with connect.running(kafka.bootstrap) as worker:
            fill(schemas, worker)
            urls = [schemas.url.removesuffix(registry.API), worker.url]
            record(folder, urls, files)
            with late(files[0], 0.01) as first, late(files[1], 0.01) as second:
                compare("each answer takes 10 ms", folder, [first, second], files, rounds, 0.15)
            compare("on the real servers", folder, urls, files, rounds, 0.6)


if __name__ == "__main__":
    main()
