"""An empty plan against the bare confluent-kafka calls for the same reads; a small change alone against the whole plan.

Whole processes on the same broker.
"""

import argparse
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import estate
from common import OURS, alternate, head, run, table

from kafka_gitops.sandbox import running

BARE = [sys.executable, str(Path(__file__).with_name("bare.py"))]


def measure(name: str, rounds: int, *, topics: int, acls: bool, ratio: float | None, more: float | None) -> None:
    """Make an estate with our own apply, then plan it again and again; print the case."""
    with running() as kafka, tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        estate.write(folder, kafka.bootstrap, topics=topics, partitions=1, acls=acls)
        run([*OURS, "apply", "topologies", "-e", "bench", "--yes", "--accept", "first-acl"], folder)
        ours = [*OURS, "plan", "topologies", "-e", "bench"]
        bare = [*BARE, kafka.bootstrap, "plan", str(int(acls))]
        said = run(ours, folder).said
        if not said.startswith("No changes"):
            sys.exit(f"The plan should have been empty:\n{said[:2000]}")
        run(bare, folder)
        pairs = alternate(partial(run, ours, folder), partial(run, bare, folder), rounds)
        print(*table(name, pairs, ratio=ratio, more=more), sep="\n", flush=True)


def measure_change(rounds: int, *, topics: int, changed: int) -> None:
    """Make an estate, commit a change of a few topics, plan it with `--only-change` and as a whole; print the case."""
    with running() as kafka, tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        estate.write(folder, kafka.bootstrap, topics=topics, partitions=1, acls=False)
        run([*OURS, "apply", "topologies", "-e", "bench", "--yes"], folder)
        _commit(folder, "init", "-q")
        for file in sorted((folder / "topologies").iterdir())[:changed]:
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace('"86400000"', '"172800000"', 1), encoding="utf-8")
        _commit(folder, "status", "-s")
        whole = [*OURS, "plan", "topologies", "-e", "bench", "--base", "HEAD~1"]
        alone = [*whole, "--only-change"]
        said = run(alone, folder).said
        if f"0 to create, {changed} topics to update, 0 to delete" not in said:
            sys.exit(f"The plan should have had {changed} changes:\n{said[:2000]}")
        pairs = alternate(partial(run, alone, folder), partial(run, whole, folder), rounds)
        print(
            *table(f"{changed} of {topics:,} topics, alone / whole plan", pairs, ratio=1.0, more=None),
            sep="\n",
            flush=True,
        )


def _commit(folder: Path, *first: str) -> None:
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for words in (first, ("add", "-A"), ("commit", "-q", "-m", "bench")):
        subprocess.run(["git", *who, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Run the cases, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(*head(rounds, "confluent-kafka", "kafka-python"), sep="\n", flush=True)
    measure("empty plan of 1,000 topics", rounds, topics=1000, acls=False, ratio=None, more=0.6)
    measure("empty plan of 5,000 topics, 20,000 ACLs", rounds, topics=5000, acls=True, ratio=0.8, more=None)
    measure_change(rounds, topics=10_000, changed=3)


if __name__ == "__main__":
    main()
