"""What a plan is asked for, and what each kind contributes to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kafka_gitops.changes import Change, Origin, Unsupported
from kafka_gitops.holds import Hold
from kafka_gitops.kinds import LINES
from kafka_gitops.model import Acl, Key, Spec, Topology


class Holder(NamedTuple):
    """Another owner of a resource, and whether it declares something else."""

    owner: str
    differs: bool = False


class Memory(NamedTuple):
    """What the ledger knows: the files that this owner has applied last, None where nothing is known to be its own.

    `says` is where that is known from, or why not. `holders` tells which other owners have applied these resources, and
    whether they are of another spec; it raises KafkaGitopsError where their ledgers cannot be read.
    """

    owned: Topology | None
    says: str
    holders: Callable[[Mapping[Key, Spec | None]], Mapping[Key, Sequence[Holder]]]


@dataclass(frozen=True)
class Wish:
    """What a plan is asked for: the files now, the files at the base commit, which kinds, and the commits' names.

    `memory` is what the ledger knows, None where there is none: then the base alone says what may be removed.
    """

    topology: Topology
    base: Topology | None = None
    kinds: frozenset[str] | None = None  # in the plural; None: all
    commit: str | None = None
    base_commit: str | None = None
    only_change: bool = False  # nothing but what differs between the base and now
    again: frozenset[Key] = frozenset()  # whose act is to be repeated, whatever the base says
    holds: Mapping[Key, Hold] = field(default_factory=dict)  # what is left as it is for now
    memory: Memory | None = None

    def __post_init__(self) -> None:
        assert not self.only_change or self.base is not None

    def declares(self, kind: str) -> bool:
        """Whether the files of now or of the base have any of this kind."""
        return any(topology is not None and topology.specs_of(kind) for topology in (self.topology, self.base))

    def names(self, kind: str) -> bool:
        """Whether the files of now or of the base say anything of this kind, be it that some of it is to go."""
        files = [files for files in (self.topology, self.base) if files is not None]
        return (
            self.declares(kind)
            or any(files.removed(kind) for files in files)
            or any(k.kind == kind for k in self.again)
        )

    def asks_of(self, key: Key) -> bool:
        """Whether the plan is to look at the kind of this one."""
        return self.asks(LINES[key.kind].plural)

    def asks(self, plural: str) -> bool:
        """Whether the plan is to look at this kind."""
        return self.kinds is None or plural in self.kinds


@dataclass
class Part:
    """One kind's share of a plan.

    `stays`: what the base declared, the files no longer do, and the cluster keeps; `held` differs and is
    left as it is for now, with the reason; `others`: the names of what is on
    the cluster and in no file; `notes` are what it could not find out.
    """

    kind: str
    changes: list[Change] = field(default_factory=list)
    unsupported: list[Unsupported] = field(default_factory=list)
    nevers: list[Unsupported] = field(default_factory=list)
    stays: list[Unsupported] = field(default_factory=list)
    held: list[Unsupported] = field(default_factory=list)
    others: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    def stay(self, key: Key, fence: str | None, origin: Origin | None) -> None:
        """Tell that what left the files stays: for the scope's reason, else because nobody says that it is to go."""
        why = fence or f"no `removed:` names it and `prune` names no {self.kind}"
        self.stays.append(Unsupported(key, why, origin))


def names(topology: Topology | None) -> set[str]:
    """The names of the topics that the files declare."""
    return {declared.name for declared in topology.topics} if topology is not None else set()


def where(topology: Topology, key: Key, binding: Acl | None = None) -> Origin | None:
    """The place in the files that asks for a resource."""
    span = topology.at(key)
    project = topology.acls[binding].project if binding in topology.acls else None
    return Origin.at(span, project) if span else None
