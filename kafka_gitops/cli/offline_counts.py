"""How much a plan against a snapshot would change, kind by kind, for the many repositories of a fleet."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Topology
from kafka_gitops.plan import make as planner
from kafka_gitops.settings import Settings
from kafka_gitops.snapshot.contents import Snapshot
from kafka_gitops.snapshot.systems import Past


class Counts(NamedTuple):
    """Changes by what they do (`create`, `update`, `delete`, `refused`), and why something could not be planned."""

    changes: Mapping[str, int]
    notes: tuple[str, ...]


def counts(topology: Topology, settings: Settings, snapshot: Snapshot) -> Counts:
    """What a plan of these files would come to; a kind that cannot be planned is a note."""
    found: Counter[str] = Counter()
    notes = []
    for kind in KINDS.values():
        if not topology.specs_of(kind.NAME):
            continue
        why = kind.barred(settings)
        if why is not None:
            notes.append(f"{kind.PLURAL} are not planned: {why}")
            continue
        try:
            plan = planner.make(Wish(topology, kinds=frozenset({kind.PLURAL})), settings, Past(snapshot))
        except KafkaGitopsError as error:
            notes.append(f"{kind.PLURAL} are not planned: {error.message}")
            continue
        found.update(change.action for change in plan.changes)
        found["refused"] += len(plan.unsupported)
    return Counts(found, tuple(notes))
