"""The nouns of a history: an entry, what it touched, and facts with the source that each has."""

from collections.abc import Mapping
from typing import NamedTuple

from kafka_gitops.changes import Edit
from kafka_gitops.model import Key

LEDGER = "ledger"


class Fact(NamedTuple):
    """What is known, and from where: the platform's API, the job's environment, git (which whoever pushes decides)."""

    value: str
    source: str


class Accepted(NamedTuple):
    """A risk that somebody accepted, of one resource or (None) of all that have it."""

    risk: str
    name: str | None
    by: Fact


class Touch(NamedTuple):
    """What became of one resource: `create`, `update`, `delete`, `release` (left as it is, and on its own), an act.

    `status` is that of an apply's outcome, None where only files are told; `because` the reason that the files give.
    """

    key: Key
    action: str
    edits: tuple[Edit, ...] = ()
    because: str | None = None
    status: str | None = None
    detail: str | None = None


class Entry(NamedTuple):
    """One thing that happened, `time` in seconds since 1970.

    `what` is `merged` for a commit, `applied` for a run that reached its commit (else `tried`, `died`, `running`), and
    otherwise `undone` or what the ledger calls it: `drift`, `hold`, `unlock`, `broken` (its chain), `begins`. An empty
    tuple of facts and None mean "not known", but for `merged`: None where nothing was merged.
    """

    time: int
    what: str
    title: str
    commit: str | None = None
    request: Fact | None = None
    by: tuple[Fact, ...] = ()
    merged: Fact | None = None
    approved: tuple[Fact, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    run: Fact | None = None
    touches: tuple[Touch, ...] = ()
    notes: tuple[str, ...] = ()
    more: Mapping[str, str] = {}
