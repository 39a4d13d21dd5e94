"""How a kind stands in reports: its words, what is read as one line, what reaches furthest, what a picture links.

Reports ask these questions and know no kind. Each has a safe answer: a line for every change, by its name, in the
order of the plan, and nothing in the picture.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from kafka_gitops.catalog import humanize
from kafka_gitops.changes import Change, Edit, Origin
from kafka_gitops.model import Spec

Rank = tuple[int, int]  # what reaches furthest sorts first
ADMIN, FAR, NEAR = 0, 4, 8  # tiers: rule of the cluster; the last that always stands above; one named resource
MIDDLE: Rank = (FAR + 1, 0)  # after the far-reaching rights, before those on one named resource


class Row(NamedTuple):
    """What a person reads as one line, of one change or of several: `who` gains or loses (`verb`) `what`.

    Without `who` it is one change, and `what` its resource.
    """

    changes: tuple[Change, ...]
    what: str
    origin: Origin | None
    rank: Rank = MIDDLE
    who: str = ""
    verb: str = ""


class Link(NamedTuple):
    """That `actor` writes to or reads from a topic, or with `prefixed` from all that begin so.

    `beyond` is what an actor connects topics with, None for a principal.
    """

    actor: str
    topic: str
    writes: bool
    prefixed: bool = False
    beyond: str | None = None


def a_row_each(changes: Iterable[Change]) -> Iterator[Row]:
    """Every change on a line of its own."""
    for change in changes:
        yield Row((change,), str(change.key), change.origin)


def middle(_change: Change) -> Rank:
    """A change of what is no right."""
    return MIDDLE


def never(_change: Change) -> bool:
    """A change that gives nobody a right."""
    return False


def in_full(_edit: Edit) -> str | None:
    """An edit is told as `old -> new`."""
    return None


def unlinked(_name: str, _spec: Spec) -> Sequence[Link]:
    """A resource that uses no topic."""
    return ()


class Looks(NamedTuple):
    """`noun` and `nouns` are the words for one and for many, `left` the word for what leaves the files and stays.

    `grants`: its resources are rights of principals, of which a line of a file makes many: told by principal and
    resource and not by project, never one by one where a sentence says the same of all. `gives` says whether a change
    lets somebody do more, or denies something. `drawn`: its resources are what links lead to. `links` are those of a
    resource by its name and spec. `acts` are sentences of what changes no field, by its name (`rotate`). `reads`
    is what a person reads beside the value of a field: `10 MiB/s per broker`. `columns` are fields with a column of
    their own where `render` lists resources, `others` heads the column of the rest. `opened` is who decides about a
    field that a creation leaves open. `unset` stands for the old or new value of a field that has none (nothing: only
    the other one is told), `dropped` is the remark on a field that goes, `where` the
    place of its resources. `tells` says what an edit does where `old -> new` does not.
    """

    noun: str
    nouns: str
    left: str = ""
    grants: bool = False
    drawn: bool = False
    rank: Callable[[Change], Rank] = middle
    gives: Callable[[Change], bool] = never
    rows: Callable[[Iterable[Change]], Iterable[Row]] = a_row_each
    links: Callable[[str, Spec], Iterable[Link]] = unlinked
    acts: Mapping[str, str | Callable[[Change], str]] = MappingProxyType({})
    reads: Callable[[str, str], str | None] = humanize
    columns: Sequence[str] = ()
    others: str = "settings"
    opened: str = "the broker's default"
    unset: str = "none"
    dropped: str = "not in the file"
    where: str = "on the cluster"
    tells: Callable[[Edit], str | None] = in_full
