"""The steps of an apply in their order, never more open in between: each change of a plan belongs to exactly one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds import acl, topic
from kafka_gitops.kinds.contract import Cluster, Problem
from kafka_gitops.kinds.needs import Requests, of_acls, of_topics
from kafka_gitops.model import Acl, Key


class Step(NamedTuple):
    """Which changes it takes, in which portions, how they are written, by which requests, whether it removes, and
    how the brokers are asked about them before."""

    takes: Callable[[Change], bool]
    chunks: Callable[[Sequence[Change]], Iterator[list[Change]]]
    write: Callable[[Cluster, Sequence[Change]], Mapping[Key, Problem | None]]
    needs: Callable[[Sequence[Change]], Requests]
    removes: bool = False
    preview: Callable[[Cluster, Sequence[Change]], Iterator[tuple[Key, Problem]]] | None = None  # asked, not done


def needed(changes: Sequence[Change]) -> Requests:
    """The requests that carrying out these changes takes."""
    found: Requests = {}
    for step in STEPS:
        for name, least in step.needs(list(filter(step.takes, changes))).items():
            found[name] = max(least, found.get(name, 0))
    return found


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
    Step(_of("acl", "create", "DENY"), acl.chunks, acl.create, of_acls),
    Step(_of("topic", "create"), topic.chunks, topic.create, of_topics, preview=topic.preview_create),
    Step(_of("topic", "update"), topic.chunks, topic.update, of_topics, preview=topic.preview_update),
    Step(_of("acl", "create", "ALLOW"), acl.chunks, acl.create, of_acls),
    Step(_of("acl", "delete", "ALLOW"), acl.chunks, acl.delete, of_acls, removes=True),
    Step(_of("acl", "delete", "DENY"), acl.chunks, acl.delete, of_acls, removes=True),
    Step(_of("topic", "delete"), topic.chunks, topic.delete, of_topics, removes=True),
)
