"""The steps of an apply over all kinds in their order: each change of a plan belongs to exactly one."""

from collections.abc import Sequence
from contextlib import suppress

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.parts import Requests, Step, Systems, Tried
from kafka_gitops.model import Key


def steps_of(changes: Sequence[Change]) -> list[Step]:
    """The steps of the kinds that these changes are of, in the order of an apply."""
    kinds = {change.key.kind for change in changes}
    steps = (step for name in KINDS if name in kinds for step in KINDS[name].phases())
    return sorted(steps, key=lambda step: step.stage)


def before(systems: Systems, changes: Sequence[Change]) -> dict[Key, str]:
    """What no read shows any more of these changes, once they are begun."""
    found: dict[Key, str] = {}
    for step in steps_of(changes):
        found.update(step.before(systems, list(filter(step.takes, changes))))
    return found


def tried(systems: Systems, changes: Sequence[Change]) -> dict[Key, Tried]:
    """What a try shows of acts whose answer was lost; nothing of those that cannot be tried."""
    found: dict[Key, Tried] = {}
    for step in steps_of(changes):
        with suppress(KafkaGitopsError):  # it only tells more
            found.update(step.tried(systems, list(filter(step.takes, changes))))
    return found


def needed(changes: Sequence[Change]) -> Requests:
    """The requests of Kafka's protocol that carrying out these changes takes."""
    found: Requests = {}
    for step in steps_of(changes):
        for name, least in step.requests(list(filter(step.takes, changes))).items():
            found[name] = max(least, found.get(name, 0))
    return found


def check(changes: Sequence[Change]) -> None:
    """Raise KafkaGitopsError for a change that no step or more than one would carry out, and for a second change of
    one resource: what is applied ends in exactly one outcome each."""
    seen: set[Key] = set()
    steps = steps_of(changes)
    for change in changes:
        if change.key in seen or sum(step.takes(change) for step in steps) != 1:
            why = "the plan names it twice" if change.key in seen else "there is no step for it"
            said = f"Nothing was applied: {change.key} cannot be carried out: {why}."
            raise KafkaGitopsError(said, help="Make a new plan with this version of kafka-gitops.")
        seen.add(change.key)
