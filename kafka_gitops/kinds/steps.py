"""The steps of an apply in their order, never more open in between: each change of a plan belongs to exactly one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds import acl, topic
from kafka_gitops.kinds.contract import Cluster, Problem
from kafka_gitops.model import Acl, Key


class Step(NamedTuple):
    """Which changes it takes, in which portions, how they are written, and whether it removes."""

    takes: Callable[[Change], bool]
    chunks: Callable[[Sequence[Change]], Iterator[list[Change]]]
    write: Callable[[Cluster, Sequence[Change]], Mapping[Key, Problem | None]]
    removes: bool = False


def check(changes: Sequence[Change]) -> None:
    """Raise KafkaGitopsError for a change that no step or more than one would carry out, and for a second change of
    one resource: what is applied ends in exactly one outcome each."""
    seen: set[Key] = set()
    for change in changes:
        if change.key in seen or sum(step.takes(change) for step in STEPS) != 1:
            why = "the plan names it twice" if change.key in seen else "there is no step for it"
            said = f"Nothing was applied: {change.key} cannot be carried out: {why}."
            raise KafkaGitopsError(said, help="Make a new plan with this version of kafka-gitops.")
        seen.add(change.key)


def _of(kind: str, action: str, permission: str | None = None) -> Callable[[Change], bool]:
    def takes(change: Change) -> bool:
        return (change.key.kind, change.action) == (kind, action) and permission in (None, _permission(change))

    return takes


def _permission(change: Change) -> str | None:
    binding = change.after or change.before
    return binding.permission if isinstance(binding, Acl) else None


STEPS = (
    Step(_of("acl", "create", "DENY"), acl.chunks, acl.create),
    Step(_of("topic", "create"), topic.chunks, topic.create),
    Step(_of("topic", "update"), topic.chunks, topic.update),
    Step(_of("acl", "create", "ALLOW"), acl.chunks, acl.create),
    Step(_of("acl", "delete", "ALLOW"), acl.chunks, acl.delete, removes=True),
    Step(_of("acl", "delete", "DENY"), acl.chunks, acl.delete, removes=True),
    Step(_of("topic", "delete"), topic.chunks, topic.delete, removes=True),
)
