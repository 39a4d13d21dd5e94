"""Creating topics and ACLs, each in an empty broker of its own, against the bare confluent-kafka calls; both wait until
reads show what was written."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import estate
from common import OURS, Run, alternate, head, run, table

from kafka_gitops.sandbox import running

BARE = [sys.executable, str(Path(__file__).with_name("bare.py"))]


def fresh(command: Callable[[str], list[str]], topics: int, *, acls: bool) -> Run:
    """One process against a broker that has nothing yet; `said` becomes the seconds until the last acknowledgement."""
    with running() as kafka, tempfile.TemporaryDirectory() as place:
        estate.write(Path(place), kafka.bootstrap, topics=topics, partitions=3, acls=acls)
        began = time.time()
        done = run(command(kafka.bootstrap), Path(place))
        first = done.said.split("\n", 1)[0]
        return done._replace(said=str(float(first) - began) if first.replace(".", "").isdigit() else done.said)


def measure(name: str, rounds: int, count: int, kind: str, *, ratio: float | None, more: float | None) -> None:
    """Create that many topics or ACLs with ours and with bare calls; print the case."""
    acls = kind == "acls"
    topics = count // estate.PER_TOPIC if acls else count
    apply = [*OURS, "apply", "topologies", "-e", "bench", "--yes", "--only", kind, "--accept", "first-acl"]
    ours = partial(fresh, lambda _: apply, topics, acls=acls)
    bare = partial(fresh, lambda bootstrap: [*BARE, bootstrap, kind, str(count)], topics, acls=acls)
    pairs = alternate(ours, bare, rounds)
    for one, _ in pairs:
        if f"{count} applied and verified" not in one.said.replace(",", ""):
            sys.exit(f"Not all was applied:\n{one.said[-500:]}")
    print(*table(name, pairs, ratio=ratio, more=more), sep="\n")
    acknowledged = statistics.median(float(two.said) for _, two in pairs)
    print(f"    the bare calls without waiting for what they wrote: {acknowledged:.2f} s", flush=True)


def main() -> None:
    """Run the cases, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", type=int, help="only this one, from 1 to 4")
    args = parser.parse_args()
    rounds = args.rounds
    print(*head(rounds, "confluent-kafka", "kafka-python"), sep="\n", flush=True)
    cases = (
        ("create 1,000 topics", 1000, "topics", None, 0.6),
        ("create 1,000 ACLs", 1000, "acls", None, 0.6),
        ("create 5,000 topics", 5000, "topics", 1.5, None),
        ("create 10,000 ACLs", 10_000, "acls", 1.5, None),
    )
    for number, (name, count, kind, ratio, more) in enumerate(cases, 1):
        if args.case in (None, number):
            measure(name, rounds, count, kind, ratio=ratio, more=more)


if __name__ == "__main__":
    main()
