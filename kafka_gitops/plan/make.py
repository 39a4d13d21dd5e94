"""A plan: the desired state against the cluster, within scope, with its removals; each kind adds its share."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from kafka_gitops.changes import Change, Refused, Unsupported
from kafka_gitops.errors import listed
from kafka_gitops.kinds import KINDS, LINES, valued
from kafka_gitops.kinds.contract import Kind
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Key
from kafka_gitops.plan import holding, letting, memory, preview
from kafka_gitops.settings import Settings


class Past(NamedTuple):
    """The snapshot that a plan was made against in the place of a cluster: when it was made, whether it is of topics
    only, what only servers could say; `age` is for people and not part of what is saved."""

    made: str
    topics_only: bool
    not_asked: tuple[str, ...]
    age: str = ""


class Ahead(NamedTuple):
    """What a look for drift found to be merged and not applied since a commit; `every` are all changes of the plan."""

    changes: tuple[Change, ...]
    since: str
    every: tuple[Change, ...]


@dataclass(frozen=True)
class Plan:
    """What an apply would do and what it would not; comparable, and without anything secret.

    `left_alone` counts what is on the cluster and in no file, `others` are the names of it (the first ones where the
    plan was saved); `stays` is what this change takes out of the files and the cluster keeps, `released` what of it the
    files let go of, with the reason that they give, `held` differs and is left as it is for now, `waits` are
    the removals among what stays or is held that an apply has to remember, `nevers` are
    removals that nothing can allow, each a sentence; `declared` counts by kind what percentages are taken of, `notes`
    what the plan could not find out; `next_run` is the number of the run that comes after what the ledger said when a
    plan of all files was made, None where that is not known.
    """

    environment: str | None
    cluster: str
    commit: str | None = None
    base: str | None = None
    changes: tuple[Change, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    nevers: tuple[Unsupported, ...] = ()
    stays: tuple[Unsupported, ...] = ()
    released: tuple[Unsupported, ...] = ()
    held: tuple[Unsupported, ...] = ()
    waits: tuple[Unsupported, ...] = ()
    left_alone: Mapping[str, int] = field(default_factory=dict)
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    declared: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    next_run: int | None = None
    past: Past | None = None  # it cannot be applied then
    ahead: Ahead | None = None  # of a look for drift: what is no drift, and not among its changes

    def of(self, kind: str, *actions: str) -> list[Change]:
        """The changes of a kind with one of these actions."""
        return [change for change in self.changes if change.key.kind == kind and change.action in actions]

    @property
    def differs(self) -> bool:
        """Whether the cluster is not what the files say, be it that an apply could do nothing about it."""
        return bool(self.changes or self.unsupported)

    @property
    def refused(self) -> list[Unsupported]:
        """What the brokers would refuse of it."""
        return [entry for entry in self.unsupported if isinstance(entry, Refused)]

    @property
    def whole(self) -> bool:
        """Whether all that the files declare was compared: with `--only-change` nobody counted what is left alone."""
        return bool(self.left_alone)

    def entire(self) -> "Plan":
        """The plan with what waits to be applied among its changes, as an apply takes it."""
        return self if self.ahead is None else replace(self, changes=self.ahead.every, ahead=None)

    def own(self) -> "Plan":
        """The plan without what was pending before the change that it is for."""
        return replace(self, changes=tuple(change for change in self.changes if not change.pending))


def make(wish: Wish, settings: Settings, systems: Systems) -> Plan:
    """The plan that brings the cluster and what is around it to the files.

    Raises MissingRight, NoAuthorizer, Unreachable from the reads.
    """
    gone = letting.taken(wish)
    kept = memory.held(gone.wish, settings)
    wish = kept.wish
    looked = [KINDS[name].plan(wish, settings, systems) for name in KINDS if _asked(name, wish)]
    parts = holding.without_held([part for part in looked if part is not None], wish.holds)
    asked = preview.ask([change for part in parts for change in part.changes], systems)
    unsupported = (*(entry for part in parts for entry in part.unsupported), *asked.refused)
    changes = memory.known(valued.placed(asked.changes, wish.topology), wish)
    refused, said = memory.contested(changes, wish)
    held = tuple(entry for part in parts for entry in part.held)
    stays = memory.stays(kept, parts)
    return Plan(
        environment=settings.environment,
        cluster=systems.kafka.id,
        commit=wish.commit,
        base=wish.base_commit,
        changes=tuple(changes),
        unsupported=unsupported,
        nevers=(*gone.nevers, *kept.nevers, *refused, *(entry for part in parts for entry in part.nevers)),
        stays=(*(entry for part in parts for entry in part.stays), *stays),
        released=gone.released,
        held=held,
        waits=memory.waits(kept, (*held, *stays)),
        left_alone={} if wish.only_change else {part.kind: len(part.others) for part in parts},
        others={} if wish.only_change else {part.kind: part.others for part in parts if part.others},
        declared=dict(_declared(wish)),
        notes=(
            *gone.notes,
            *memory.notes(changes, wish, settings),
            *memory.unknown(changes, wish),
            *said,
            *asked.notes,
            *_skipped(asked.changes, unsupported),
            *(note for part in parts for note in part.notes),
        ),
    )


def _asked(name: str, wish: Wish) -> bool:
    """Whether a plan looks at a kind: one that no file names is not contacted, but for what every cluster has."""
    return wish.asks(LINES[name].plural) and (LINES[name].always or wish.names(name))


def _declared(wish: Wish) -> Iterator[tuple[str, int]]:
    """How many of each kind the files declare, now or at the base."""
    for name, line in LINES.items():
        base = wish.base.specs_of(name) if wish.base is not None else {}
        specs = {**base, **wish.topology.specs_of(name)}
        number = KINDS[name].units(specs.values()) if specs else 0
        if number or line.always:
            yield line.plural, number


def _skipped(changes: Sequence[Change], unsupported: Iterable[Unsupported]) -> Iterator[str]:
    """Notes on what is in the plan and an apply does not try, because a server refuses another part of it."""
    refused = {entry.key for entry in unsupported if isinstance(entry, Refused)}
    if not refused:
        return
    for kind in KINDS.values():
        needed = [refused.intersection(kind.needs(change)) for change in changes if change.key.kind == kind.NAME]
        if any(needed):
            yield _left_out(kind, [keys for keys in needed if keys])
    if any(change.after is None for change in changes):
        yield "an apply removes nothing while the brokers refuse a part of the plan"


def _left_out(kind: Kind, needed: Sequence[Collection[Key]]) -> str:
    of = listed(dict.fromkeys(KINDS[key.kind].PLURAL for keys in needed for key in sorted(keys)))
    what = kind.LOOKS.noun if len(needed) == 1 else kind.LOOKS.nouns
    return f"{len(needed):,} {what} of refused {of}: an apply leaves them out"
