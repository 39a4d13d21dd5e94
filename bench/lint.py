"""Whole processes, alternately: `kafka-gitops lint` and an ordinary YAML load of the same files; medians and ratios."""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

TOPICS, FILES = 10_000, 1_000
LOAD = """
import sys, os, yaml
for folder in sys.argv[1:]:
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            yaml.load(file.read(), yaml.CSafeLoader)
"""
TOPIC = """\
  - name: topic-{number}
    config:
      num.partitions: "6"
      replication.factor: "3"
      min.insync.replicas: "2"
      retention.ms: "{retention}"
      cleanup.policy: delete
      compression.type: zstd
"""
ROLES = """\
  consumers:
  - principal: User:consumer-{project}
    group: consumer-{project}-*
  - principal: User:audit
    group: audit
  producers:
  - principal: User:producer-{project}
    transactionId: producer-{project}-*
  streams:
  - principal: User:streams-{project}
    applicationId: streams-{project}-
    topics:
      read: [acme.p{project}.topic-0]
      write: [acme.p{project}.topic-1]
"""


def project(number: int, topics: int) -> str:
    """A project with its roles and topics."""
    each = (TOPIC.format(number=n, retention=86_400_000 + n) for n in range(topics))
    return f"- name: p{number}\n{ROLES.format(project=number)}  topics:\n{''.join(each)}"


def make_files(folder: Path) -> None:
    """10,000 topics in 1,000 files."""
    for number in range(FILES):
        text = f"context: acme\nprojects:\n{project(number, TOPICS // FILES)}"
        (folder / f"{number:04}.yaml").write_text(text, encoding="utf-8")


def make_one(folder: Path) -> None:
    """10,000 topics in one file of 95,000 lines."""
    projects = "".join(project(number, TOPICS // FILES) for number in range(FILES))
    (folder / "all.yaml").write_text(f"context: acme\nprojects:\n{projects}", encoding="utf-8")


def seconds(command: list[str], folder: Path) -> float:
    """How long a process takes in a folder. Raises CalledProcessError when it fails."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def compare(name: str, ours: list[str], theirs: list[str], folder: Path, rounds: int) -> Iterator[str]:
    """The medians of alternate runs and their ratio."""
    pairs = [(seconds(ours, folder), seconds(theirs, folder)) for _ in range(rounds + 1)][1:]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratios = sorted(one / two for one, two in pairs)
    yield f"{name:34} {mine:7.3f} s {other:7.3f} s   {mine / other:5.2f}x  ({ratios[0]:.2f} - {ratios[-1]:.2f})"


def machine() -> str:
    """The machine and the versions, for the record."""
    cpus = os.cpu_count()
    kafka_gitops = f"Python {platform.python_version()}, PyYAML {yaml.__version__}"
    return f"{platform.system()} {platform.machine()}, {cpus} CPUs; {kafka_gitops}"


def main() -> None:
    """Make the files, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    lint = [sys.executable, "-m", "kafka_gitops.cli.main", "lint"]
    print(machine())
    print(f"{'':34} {'lint':>9} {'bare':>9}   ratio  (lowest - highest of {rounds} pairs)")
    with tempfile.TemporaryDirectory() as place:
        many, one, empty = (Path(place) / name for name in ("many", "one", "empty"))
        for folder, make in ((many, make_files), (one, make_one)):
            (folder / "topologies").mkdir(parents=True)
            make(folder / "topologies")
        empty.mkdir()
        load = [sys.executable, "-c", LOAD, "topologies"]
        bare = [sys.executable, "-c", "import yaml"]
        for name, command, theirs, folder in (
            (f"{TOPICS:,} topics in {FILES:,} files", [*lint, "topologies"], load, many),
            (f"{TOPICS:,} topics in one file", [*lint, "topologies"], load, one),
            ("nothing to do, bare: import yaml", lint, bare, empty),
        ):
            print(*compare(name, command, theirs, folder, rounds))


if __name__ == "__main__":
    main()
