"""A plan: the desired state against the cluster, within scope, with its removals; each kind adds its share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kafka_gitops.changes import Change, Refused, Unsupported
from kafka_gitops.kinds import acl_plan, preview, topic_plan
from kafka_gitops.kinds.contract import Cluster
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.model import Acl, Key
from kafka_gitops.settings import Settings

PLANNERS = (topic_plan, acl_plan)  # in the order in which a plan lists them


@dataclass(frozen=True)
class Counts:
    """How many of each the files declare, before (at the base) or now: what a percentage is taken of."""

    topics: int = 0
    acls: int = 0


@dataclass(frozen=True)
class Plan:
    """What an apply would do and what it would not; comparable, and without anything secret.

    `left_alone` counts what is on the cluster and in no file, `others` are the names of it (the first ones where the
    plan was saved); `stays` is what this change takes out of the files and the cluster keeps, `nevers` are removals
    that nothing can allow, each a sentence; `declared` is what percentages are taken of, `notes` what the plan could
    not find out.
    """

    environment: str | None
    cluster: str
    commit: str | None = None
    base: str | None = None
    changes: tuple[Change, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    nevers: tuple[Unsupported, ...] = ()
    stays: tuple[Unsupported, ...] = ()
    left_alone: Mapping[str, int] = field(default_factory=dict)
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    declared: Counts = Counts()
    notes: tuple[str, ...] = ()

    def of(self, kind: str, *actions: str) -> list[Change]:
        """The changes of a kind (`topic`, `acl`) with one of these actions."""
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

    def own(self) -> "Plan":
        """The plan without what was pending before the change that it is for."""
        return replace(self, changes=tuple(change for change in self.changes if not change.pending))


def make(wish: Wish, settings: Settings, cluster: Cluster) -> Plan:
    """The plan that brings the cluster to the files.

    Raises MissingRight, NoAuthorizer, Unreachable from the reads.
    """
    looked = [kind.plan(wish, settings, cluster) for kind in PLANNERS if kind.KIND in wish.kinds]
    parts = [part for part in looked if part is not None]
    asked = preview.ask([change for part in parts for change in part.changes], cluster)
    unsupported = (*(entry for part in parts for entry in part.unsupported), *asked.refused)
    return Plan(
        environment=settings.environment,
        cluster=cluster.id,
        commit=wish.commit,
        base=wish.base_commit,
        changes=asked.changes,
        unsupported=unsupported,
        nevers=tuple(entry for part in parts for entry in part.nevers),
        stays=tuple(entry for part in parts for entry in part.stays),
        left_alone={} if wish.only_change else {part.kind: len(part.others) for part in parts},
        others={} if wish.only_change else {part.kind: part.others for part in parts if part.others},
        declared=Counts(**{kind.KIND: kind.count(wish) for kind in PLANNERS}),
        notes=(*asked.notes, *_skipped(asked.changes, unsupported), *_nameless(asked.changes, cluster)),
    )


def _skipped(changes: Sequence[Change], unsupported: Iterable[Unsupported]) -> Iterator[str]:
    """A note on what is in the plan and an apply does not try, because the brokers refuse another part of it."""
    refused = {entry.key for entry in unsupported if isinstance(entry, Refused)}
    if not refused:
        return
    rights = sum(
        isinstance(acl := change.after, Acl)
        and (acl.resource_type, acl.pattern_type) == ("TOPIC", "LITERAL")
        and Key("topic", acl.name) in refused
        for change in changes
    )
    if rights:
        yield f"{rights:,} ACL{'s' * (rights > 1)} of refused topics: an apply does not grant them"
    if any(change.after is None for change in changes):
        yield "an apply removes nothing while the brokers refuse a part of the plan"


def _nameless(changes: Iterable[Change], cluster: Cluster) -> Iterator[str]:
    """A note where rights change and nobody knows whether they are the run's own: a certificate may log it in."""
    if cluster.principal is None and any(isinstance(change.after or change.before, Acl) for change in changes):
        yield (
            "it is not known who the brokers take this run for, so `self-lockout` is not judged: "
            "set `principal` of the environment (`kafka-gitops doctor` says more)"
        )
