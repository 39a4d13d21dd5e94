"""Ledgers in memory, with runs as an apply records them."""

from dataclasses import replace

from memory_log import CLUSTER, MemoryLog
from merging import ORDERS, Repo

from kafka_gitops.ledger import chain, packed, records
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Accepted, AnyRecord, Drift, Edited, Hold, Owner, Run, RunOutcome, Unlock
from kafka_gitops.ledger.people import Fact, person

OWNER = Owner(CLUSTER, "acme", "prod", "github.com/acme/kafka", "kafka-gitops.yaml", None)
TOPIC = "_kafka_gitops.acme.prod"
SALT = "0" * 32


class Kept:
    """A log, and the chain of the runs in it so far."""

    def __init__(self) -> None:
        self.log = MemoryLog(topic=TOPIC)
        self.owner = OWNER

    def run(self, when: float, commit: str, *outcomes: RunOutcome, **more: object) -> Run:
        """Record a run that ended at a time."""
        self.log.partition.now = when
        number = self.owner.number + 1
        name = f"20260101-000000-{number:06x}"
        made = Run(name, number, self.owner.digest, CLUSTER, "acme", "prod", "done", commit=commit, outcomes=outcomes)
        made = replace(made, **more)  # type: ignore[arg-type]
        self.owner = replace(self.owner, commit=commit, run=name, number=number, digest=chain.digest(made))
        self.log.append([*packed.entries(made), _entry(self.owner)])
        return made

    def add(self, when: float, record: AnyRecord) -> None:
        """Append a record at a time."""
        self.log.partition.now = when
        self.log.append([_entry(record)])


def _entry(record: AnyRecord) -> Entry:
    return Entry(record.key, records.encode(record))


def shortened(name: str) -> RunOutcome:
    """A retention that was shortened, which somebody accepted."""
    risk = Accepted("retention-shrink", "records go", True, None, "commit 1234567")
    edits = (Edited("retention.ms", "604800000", "259200000"),)
    return RunOutcome("topic", name, "update", "done", edits=edits, risks=(risk,))


def known() -> dict[str, object]:
    """What a pipeline records of people and places."""
    return {
        "actor": person("ann", "environment", SALT),
        "approvers": (person("cleo", "platform API", SALT),),
        "facts": {"change_request": Fact("#12", "platform API"), "run_url": Fact("https://ci/1", "environment")},
    }


def of_acme(acme: Repo) -> Kept:
    """Four runs of the commits of `merging.acme`, of which the newest is not applied; what else a ledger has."""
    made = Kept()
    commits = acme.git("log", "--first-parent", "--format=%H %ct", "main").splitlines()
    (_, _), (reader, t1), _, (shorter, t2), (begin, t3) = (line.split() for line in commits)
    made.run(int(t3) + 60, begin, RunOutcome("topic", ORDERS, "create", "done"), notes=("a note of the run",))
    refused = RunOutcome("topic", ORDERS, "update", "failed", "POLICY_VIOLATION: retention is too short")
    made.run(int(t2) + 60, shorter, refused, status="failed")
    made.run(int(t2) + 120, shorter, shortened(ORDERS), **known())
    cleo = person("cleo", "environment", SALT)
    made.add(int(t2) + 200, Unlock(CLUSTER, "20260101-000000-000003", 5, "its machine is gone", cleo))
    drift = Drift(CLUSTER, "topic", ORDERS, "open", int(t2) + 300, (Edited("retention.ms", "259200000", "1000"),))
    made.add(int(t2) + 400, drift)
    made.add(int(t2) + 500, Hold(CLUSTER, "topic", ORDERS, int(t2) + 86900, "incident", "20260101-000000-000003", cleo))
    made.run(int(t1) + 60, reader, status="partly")
    return made
