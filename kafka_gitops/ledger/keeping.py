"""Runs whose records are older than they are to be kept: they go from the beginning of the log, where old ones are."""

from collections.abc import Iterator
from itertools import islice, takewhile

from kafka_gitops.ledger.log import Entry, Log
from kafka_gitops.ledger.records import run_id

EVERY = 10  # runs from one look to the next: it reads a part of the log that no run reads otherwise
MOST = 1_000  # records of runs that one look looks at
_DAY = 86_400


def is_due(number: int) -> bool:
    """Whether the run of that number looks."""
    return number % EVERY == 0


def outdated(log: Log, days: int, now: float) -> list[Entry]:
    """What takes the records of runs away that began more than so many days before `now` (the broker's time)."""
    return list(_outdated(log, now - days * _DAY))


def _outdated(log: Log, limit: float) -> Iterator[Entry]:
    oldest = run_id(limit, "")
    old = takewhile(lambda one: one.time < limit, log.read())
    for record in islice((one for one in old if one.key.startswith("run/")), MOST):
        if record.value is not None and record.key[4 : 4 + len(oldest)] < oldest:
            yield Entry(record.key, None)
