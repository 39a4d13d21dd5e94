"""What the formats of `diff` are given: two environments, what differs between them, and what only one declares."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kafka_gitops.changes import Change, Edit, Origin
from kafka_gitops.kinds import LOOKS, valued
from kafka_gitops.model import Key, Topology
from kafka_gitops.pairing import Pair, Thing, pair
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped, inert, one_line
from kafka_gitops.report.views import Paint, plain

FEW = 50  # rows of one kind in a section


class Side(NamedTuple):
    """An environment and what its files declare."""

    name: str
    topology: Topology


class Row(NamedTuple):
    """A resource with the fields that differ, each with the values that it comes from; none where one side lacks it."""

    pair: Pair
    edits: tuple[tuple[Edit, str, str], ...] = ()

    @property
    def key(self) -> Key:
        """Its name, that of the left environment first."""
        return self.pair.key

    @property
    def place(self) -> Origin | None:
        """Where the first of both declares it."""
        return next((_place(one) for one in self.pair if one is not None), None)

    @property
    def places(self) -> tuple[Origin | None, Origin | None]:
        """Where each declares it."""
        left, right = (_place(one) if one is not None else None for one in self.pair)
        return left, right


def _place(one: Thing) -> Origin:
    return Origin.at(one.place)


@dataclass(frozen=True)
class DiffView:
    """Two environments side by side; `same` are resources without a difference, of which `renamed` have two names."""

    left: str
    right: str
    different: tuple[Row, ...]
    only_left: tuple[Row, ...]
    only_right: tuple[Row, ...]
    same: int
    renamed: int
    paint: Paint = plain

    @property
    def differs(self) -> bool:
        """Whether there is any difference but names."""
        return bool(self.different or self.only_left or self.only_right)

    @property
    def sections(self) -> Iterator[tuple[str, tuple[Row, ...]]]:
        """What differs and what only one has, each with its heading, where there is any."""
        titled = (("Different", self.different), *((f"Only in {name}", rows) for name, rows in self.lacking))
        return ((title, rows) for title, rows in titled if rows)

    @property
    def lacking(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """What only one has, by its name."""
        return (self.left, self.only_left), (self.right, self.only_right)


def view(left: Side, right: Side, paint: Paint = plain) -> DiffView:
    """The desired states of two environments side by side."""
    paired = pair(left.topology, right.topology)
    rows: list[Row] = []
    renamed = same = 0
    for one in paired.pairs:
        edits = tuple(_with_values(one, paired.edits(one), left.topology, right.topology))
        if one.left is None or one.right is None or edits:
            rows.append(Row(one, edits))
        else:
            same += 1
            renamed += one.left.key != one.right.key
    order = {kind: number for number, kind in enumerate(LOOKS)}
    rows.sort(key=lambda row: order.get(row.key.kind, len(order)))
    return DiffView(
        left.name,
        right.name,
        tuple(row for row in rows if row.edits),
        tuple(row for row in rows if row.pair.right is None),
        tuple(row for row in rows if row.pair.left is None),
        same,
        renamed,
        paint,
    )


def _with_values(one: Pair, edits: Iterator[Edit], left: Topology, right: Topology) -> Iterator[tuple[Edit, str, str]]:
    if one.left is not None and one.right is not None:
        mine: dict[str, str] | None = None
        theirs: dict[str, str] = {}
        for edit in edits:
            if mine is None:
                mine, theirs = valued.fields(left, one.left.key), valued.fields(right, one.right.key)
            yield edit, mine.get(edit.field, ""), theirs.get(edit.field, "")


def head(shown: DiffView) -> str:
    """The counts, in a sentence."""
    names = f", {shown.renamed:,} of them under another name" if shown.renamed else ""
    equal = f"{words.count(shown.same, 'resource is', 'resources are')} the same{names}"
    if not shown.differs:
        return f"{shown.left} and {shown.right} declare the same: {equal}."
    differ = f"{_counted(shown.different)} {'differs' if len(shown.different) == 1 else 'differ'}"
    only = [f"{_counted(rows)} only in {name}" for name, rows in shown.lacking if rows]
    return f"{shown.left} and {shown.right}: {'; '.join([*([differ] if shown.different else []), *only, equal])}."


def _counted(rows: tuple[Row, ...]) -> str:
    kinds = [row.key.kind for row in rows]
    return words.joined([words.many(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)])


def sides(row: Row, edit: Edit) -> tuple[str, str]:
    """What each environment has of a field."""
    assert row.pair.left is not None and row.pair.right is not None
    key, looks = row.pair.right.key, LOOKS[row.key.kind]
    change = Change(key, row.pair.left.spec, row.pair.right.spec)
    if told := looks.tells(edit):
        return "", inert(clipped(one_line(told), words.LONGEST))
    unset = looks.unset or "(not set)"
    left, right = (
        unset if text is None else words.value(change, edit.field, text) for text in (edit.before, edit.after)
    )
    return left, right


def named(row: Row) -> str:
    """`topic dev.orders | test.orders`, or one name where both have the same."""
    left, right = row.pair
    shown = words.noun(row.key)
    if left is None or right is None or left.key == right.key:
        return shown
    return f"{shown} | {inert(right.key.name)}"
