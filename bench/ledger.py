"""What a ledger costs: bytes on the broker, and the cold reads of a plan, on a sandbox that has years of runs.

python bench/ledger.py [--runs 22000] [--owners 200] [--names 250000]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from common import run

from kafka_gitops.clients import log as logs
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.translate import login
from kafka_gitops.clients.writes import create_topics
from kafka_gitops.ledger import chain, names, packed, people, records, topic
from kafka_gitops.ledger.log import Entry, Log
from kafka_gitops.ledger.names import Claim
from kafka_gitops.ledger.nouns import Edited, Owner, Run, RunOutcome
from kafka_gitops.ledger.owner import topic_name
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import running

COMMIT = "3f2c1d9" * 5
RUNS, OWNERS, NAMES = 22_000, 200, 250_000  # of three years of 20 a day, and of all owners
PORTION = 20  # runs in one append of the other owners; the owner that is read wrote each by itself, as runs do
READS = {
    "the end of one owner's (a plan)": "state = bounded(log); said = [len(state.last), len(state.claims)]",
    "all of one owner's (history, check)": "state = read(log); said = [len(state.last), len(state.run_ids)]",
    "the names of all other owners (a plan that revokes)": "said = [len(holders(logs, log.topic, log.cluster, KEYS))]",
}
CODE = """\
import sys
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.translate import login
from kafka_gitops.clients.log import on
from kafka_gitops.ledger.others import holders
from kafka_gitops.ledger.state import bounded, read
from kafka_gitops.model import Key
logs = on(Link(login({"bootstrap.servers": sys.argv[1]}), timeout=10))
log = logs.log(sys.argv[2])
KEYS = {Key("acl", "User:team-007-app-00001 may READ topic acme.team-007.orders.v00001")}
DO
print(*said)
"""


def fill(log: Log, owner: str, runs: int, count: int, portion: int) -> None:
    """A ledger with so many runs of a few changes each, and names of bindings."""
    number, before = 0, None
    while number < runs:
        entries: list[Entry] = []
        for _ in range(min(portion, runs - number)):
            number += 1
            one = ran(log.cluster, owner, number, before)
            before = chain.digest(one)
            entries += packed.entries(one)
        log.append(entries)
    said = (f"User:{owner}-app-{at:05} may READ topic acme.{owner}.orders.v{at:05}" for at in range(count))
    parts = names.parts((Claim("acl", name) for name in said), log.cluster)
    log.append([Entry(one.key, records.encode(one)) for one in parts])
    where = (f"github.com/acme/{owner}", "kafka-gitops.yaml")
    last = Owner(log.cluster, owner, "prod", *where, commit=COMMIT, parts=len(parts))
    log.append([Entry(last.key, records.encode(last))])


def ran(cluster: str, owner: str, number: int, before: str | None) -> Run:
    """A run of three changes, as a merge in the middle of the week makes it."""
    edits = (Edited("retention.ms", "604800000", "86400000"), Edited("partitions", "3", "6"))
    changed = [f"acme.{owner}.orders.v{at}" for at in range(3)]
    outcomes = tuple(RunOutcome("topic", name, "update", "done", None, edits) for name in changed)
    person = people.person("octocat", "environment", f"{number:032x}")
    return Run(
        f"20261128-{number:06}-0a1b2c", number, before, cluster, owner, "prod", "done",
        commit=COMMIT, base=COMMIT[::-1], actor=person, approvers=(person,), outcomes=outcomes,
    )  # fmt: skip


def filled(bootstrap: str, runs: int, owners: int, bindings: int) -> Iterator[str]:
    """Make the ledgers: one with all these runs, the others with few; every one with its share of the bindings."""
    link = Link(login({"bootstrap.servers": bootstrap}), timeout=10)
    every = [f"team-{number:03}" for number in range(owners)]
    copies, configs = topic.wanted(len(link.brokers))
    wanted = {topic_name(owner, "prod"): Topic(1, copies, configs) for owner in every}
    assert not any(create_topics(link, wanted, validate_only=False).values())
    for at, owner in enumerate(every):
        log = logs.on(link).log(topic_name(owner, "prod"))
        fill(log, owner, runs // owners if at else runs, bindings // owners, PORTION if at else 1)
        yield owner
    link.close()


def words(bootstrap: str, code: str) -> list[str]:
    """The process of one of `READS`."""
    return [sys.executable, "-c", CODE.replace("DO", code), bootstrap, topic_name("team-000", "prod")]


def size(folder: Path) -> tuple[int, int]:
    """The bytes of the first owner's log on the disk, and of all ledgers'."""
    found = {
        place: sum(one.stat().st_size for one in place.glob("*.log")) for place in folder.rglob("_kafka_gitops.*-0")
    }
    return next(number for place, number in found.items() if "team-000" in place.name), sum(found.values())


def main() -> None:
    """Fill, and print a line for each read: seconds of the whole process, MB."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, number in (("runs", RUNS), ("owners", OWNERS), ("names", NAMES)):
        parser.add_argument(f"--{name}", type=int, default=number)
    given = parser.parse_args()
    with running() as kafka, tempfile.TemporaryDirectory() as place:
        for _ in filled(kafka.bootstrap, given.runs, given.owners, given.names):
            pass
        one, every = size(Path(kafka.data_dir))
        print(f"on the broker: {one / 1e6:.1f} MB of the owner with {given.runs:,} runs, {every / 1e6:.1f} MB of all")
        for title, code in READS.items():
            asked = words(kafka.bootstrap, code)
            runs = sorted(run(asked, Path(place)) for _ in range(5))
            looked = run(asked, Path(place), look=True)
            wall, cpu, found = runs[2].wall, runs[2].cpu, looked.said.strip()
            print(f"{title}: {wall:.2f} s ({cpu:.2f} s of processor), {looked.mb:.0f} MB (found {found})", flush=True)


if __name__ == "__main__":
    main()
