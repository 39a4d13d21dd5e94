"""What a plan is made of: a change is a before and an after, with its risks; the rest is derived."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kafka_gitops.diagnostics import Span
from kafka_gitops.model import Key, Spec


class Risk(NamedTuple):
    """A danger of a change: its name (what `--accept` takes), a sentence, whether it blocks until accepted."""

    name: str
    sentence: str
    blocks: bool


class Danger(NamedTuple):
    """A risk that changes of a kind can have: its name, whether it blocks until accepted, and when it is told.

    The kinds list theirs, and nothing else decides what blocks.
    """

    name: str
    blocks: bool
    says: str

    def __call__(self, sentence: str) -> Risk:
        """This risk of one change, in words of that change."""
        return Risk(self.name, sentence, self.blocks)

    def told(self, sentence: str) -> Risk:
        """The same where a file says so itself: told, and never blocking."""
        return Risk(self.name, sentence, False)


class Origin(NamedTuple):
    """Where a file asks for a change; `project` groups long plans.

    `values` tells of fields, by name, from which `${values.NAME}` they come; a saved plan is without.
    """

    path: str
    line: int
    project: str | None = None
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def at(cls, span: Span, project: str | None = None) -> "Origin":
        """The place of a span."""
        return cls(span.path, span.line, project)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Edit(NamedTuple):
    """One changed field: `before` or `after` None where it is (or will be) unset."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """One resource from `before` (None: create) to `after` (None: delete).

    `defaults` holds what is in effect without an override for each config that gets or loses one; `pin` is the one
    resource that a deletion means, such as a topic's id, whatever is made anew under its name. `pending` says that the
    files wanted it at the base commit already: drift, or an earlier change that was not applied. `because` is the
    reason that the files give. `act` names what is to be done where before and after are equal, such as `rotate`: it is
    part of what is approved, repeatable, and never there already. `known` tells of a removal that no file states how it
    is known that this owner made what goes.
    """

    key: Key
    before: Spec | None
    after: Spec | None
    risks: tuple[Risk, ...] = ()
    origin: Origin | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    pin: str | None = None
    pending: bool = False
    because: str | None = None
    act: str | None = None
    known: str | None = None

    @property
    def action(self) -> str:
        """`create`, `update` or `delete`."""
        return "create" if self.before is None else "delete" if self.after is None else "update"

    def edits(self) -> Iterator[Edit]:
        """The fields in which before and after differ, in their order, as texts.

        A spec with `edits` tells itself how another one differs: what is in one long text.
        """
        told = getattr(self.before, "edits", None)
        if told is not None and self.after is not None:
            yield from told(self.after)
            return
        before = self.before.fields() if self.before is not None else {}
        after = self.after.fields() if self.after is not None else {}
        for name in _in_order([*before], [*after]):
            if before.get(name) != after.get(name):
                yield Edit(name, before.get(name), after.get(name))


def _in_order(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """The names of both, each in its order; where nothing tells which comes first, by name."""
    if one == other:
        yield from one
        return
    both = {*one} & {*other}
    left, right = [*reversed(one)], [*reversed(other)]
    while left and right:
        if left[-1] == right[-1]:
            right.pop()
            yield left.pop()
        elif left[-1] in both and right[-1] in both:  # in another order there
            right.remove(left[-1])
            yield left.pop()
        elif right[-1] in both or (left[-1] not in both and left[-1] < right[-1]):
            yield left.pop()
        else:
            yield right.pop()
    yield from reversed(left or right)


class Unsupported(NamedTuple):
    """A difference that no apply can remove, with the reason."""

    key: Key
    reason: str
    origin: Origin | None = None


class Refused(Unsupported):
    """A change that the brokers would refuse: nothing of it is tried, and the run that wants it fails."""

    __slots__ = ()


class Outcome(NamedTuple):
    """What became of a change, why (`detail`), and what to do about it (`help`).

    `status` is `done`, `already` (it was so), `failed`, `skipped`, `unknown` (it was asked for and the answer was lost)
    or `unverified` (done, and it could not be read afterwards). `fate` is that of the Problem behind it, if any;
    `stopped` where it was skipped only because somebody, or a time, ended the apply.
    """

    change: Change
    status: str
    detail: str | None = None
    help: str | None = None
    fate: str = ""

    @property
    def wrote(self) -> bool:
        """Whether something of it was written, or may have been."""
        return self.status in ("done", "unknown", "unverified") or self.fate == "partly"
