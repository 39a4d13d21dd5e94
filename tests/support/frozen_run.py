"""A command line with a short lease that freezes itself (SIGSTOP) at its N-th append under the lock.

python tests/support/frozen_run.py LEASE N before|after WORD...    # N 0: never
"""

import os
import signal
import sys
from collections.abc import Sequence

from kafka_gitops.cli import main
from kafka_gitops.ledger import holding, lock
from kafka_gitops.ledger.log import Entry


def run(lease: float, last: int, when: str, words: Sequence[str]) -> int:
    """Run it; its exit code."""
    shorten(lease)
    real, count = holding.Holding.append, 0

    def append(self: holding.Holding, entries: Sequence[Entry] = ()) -> None:
        nonlocal count
        count += bool(entries)
        stops = count == last and bool(entries)
        if stops and when == "before":
            os.kill(os.getpid(), signal.SIGSTOP)
        real(self, entries)
        if stops and when == "after":
            os.kill(os.getpid(), signal.SIGSTOP)

    holding.Holding.append = append  # type: ignore[method-assign]
    return main.main(words)


def shorten(lease: float) -> None:
    """Everywhere the same lease."""
    for module in (lock, holding):
        vars(module)["LEASE"] = int(lease)
    holding.MARGIN, holding.RENEWAL, holding.POLL = lease / 6, lease / 3, 0.2


if __name__ == "__main__":
    sys.exit(run(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
