"""What an apply came to, in numbers."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kafka_gitops.changes import Outcome


class Total(NamedTuple):
    """The counts of an apply, by status; `unseen` are done and not visible yet."""

    done: int = 0
    failed: int = 0
    skipped: int = 0
    already: int = 0
    unseen: int = 0
    impossible: int = 0
    unknown: int = 0
    unverified: int = 0

    @property
    def applied(self) -> int:
        """How many the cluster said that it did, seen afterwards or not."""
        return self.done + self.unverified


def total(outcomes: Sequence[Outcome], *, unseen: int = 0, impossible: int = 0) -> Total:
    """Count what became of the changes."""
    status = Counter(outcome.status for outcome in outcomes)
    return Total(
        **{name: status[name] for name in ("done", "failed", "skipped", "already", "unknown", "unverified")},
        unseen=unseen,
        impossible=impossible,
    )
