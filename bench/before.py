"""The processor time of an empty plan of topics and ACLs, now and at a commit before: what all others pay for a change.

    python bench/before.py [--rounds N] [--commit C]

Both run on one broker with the same Python and libraries, alternately; each is a whole process.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import estate
from common import Run, alternate, head, run

from kafka_gitops.sandbox import running

ROOT = Path(__file__).parent.parent
COMMIT = "15c7473"  # the last one that knew topics and ACLs alone
GOAL = 1.05


def plan(tree: Path, folder: Path) -> Run:
    """An empty plan by the package in a tree. Ends the program when the plan is not empty."""
    found = run([*_command(tree), "plan", "topologies", "-e", "bench"], folder)
    if not found.said.startswith("No changes"):
        sys.exit(f"The plan should have been empty:\n{found.said[:2000]}")
    return found


def _command(tree: Path) -> list[str]:
    return ["env", f"PYTHONPATH={tree}", sys.executable, "-m", "kafka_gitops.cli.main"]


def main() -> None:
    """Make an estate, plan it by both, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--commit", default=COMMIT)
    given = parser.parse_args()
    print(*list(head(given.rounds, "confluent-kafka", "kafka-python"))[:2], sep="\n", flush=True)
    with running() as kafka, tempfile.TemporaryDirectory() as place:
        folder, before = Path(place, "estate"), Path(place, "before")
        before.mkdir()
        files = subprocess.run(
            ["git", "archive", given.commit, "kafka_gitops"], cwd=ROOT, capture_output=True, check=True
        )
        subprocess.run(["tar", "-x", "-C", before], input=files.stdout, check=True)
        estate.write(folder, kafka.bootstrap, topics=1000, partitions=1, acls=True)
        run([*_command(ROOT), "apply", "topologies", "-e", "bench", "--yes", "--accept", "first-acl"], folder)
        for tree in (ROOT, before):  # once each for the byte code
            plan(tree, folder)
        _tell(alternate(partial(plan, ROOT, folder), partial(plan, before, folder), given.rounds))


def _tell(pairs: list[tuple[Run, Run]]) -> None:
    now, then = (statistics.median(one.cpu for one in runs) for runs in zip(*pairs, strict=True))
    each = sorted(one.cpu / two.cpu for one, two in pairs)
    met = "yes" if now <= GOAL * then else "NO"
    print(
        f"empty plan of 1,000 topics, 4,000 ACLs: {now:.3f} s of processor time, before {then:.3f} s: {now / then:.3f}x"
    )
    print(
        f"    at most {GOAL}x: {met}; pairs {each[0]:.2f}-{each[-1]:.2f}x, their median {statistics.median(each):.3f}x"
    )


if __name__ == "__main__":
    main()
