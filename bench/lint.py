"""Whole processes, alternately: `kafka-gitops lint` and an ordinary YAML load of the same files."""

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path

from common import OURS, alternate, head, run, table

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


def main() -> None:
    """Make the files, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    lint = [*OURS, "lint"]
    print(*head(rounds, "PyYAML"), sep="\n")
    with tempfile.TemporaryDirectory() as place:
        many, one, empty = (Path(place) / name for name in ("many", "one", "empty"))
        for folder, make in ((many, make_files), (one, make_one)):
            (folder / "topologies").mkdir(parents=True)
            make(folder / "topologies")
        empty.mkdir()
        load = [sys.executable, "-c", LOAD, "topologies"]
        bare = [sys.executable, "-c", "import yaml"]
        for name, command, theirs, folder, ratio in (
            (f"{TOPICS:,} topics in {FILES:,} files", [*lint, "topologies"], load, many, 1.5),
            (f"{TOPICS:,} topics in one file", [*lint, "topologies"], load, one, 1.5),
            ("nothing to do; bare: import yaml", lint, bare, empty, 3.0),
        ):
            run(command, folder), run(theirs, folder)  # warms the caches of files and byte code
            pairs = alternate(partial(run, command, folder), partial(run, theirs, folder), rounds)
            print(*table(name, pairs, ratio=ratio, more=None), sep="\n", flush=True)


if __name__ == "__main__":
    main()
