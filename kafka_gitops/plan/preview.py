"""The servers are asked before anything is written: what it would refuse of a plan, and what it could not be asked."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change, Refused
from kafka_gitops.errors import listed
from kafka_gitops.kinds.parts import NOT_ASKED, Problem, Systems
from kafka_gitops.model import Key
from kafka_gitops.plan.steps import steps_of

RIGHTS = ("TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED")
# No word about the change itself: another try, another broker, or what the listing did not show yet
PASSING = frozenset(
    (
        "BROKER_NOT_AVAILABLE",
        "COORDINATOR_NOT_AVAILABLE",
        "LEADER_NOT_AVAILABLE",
        "NETWORK_EXCEPTION",
        "NOT_CONTROLLER",
        "REQUEST_TIMED_OUT",
        "THROTTLING_QUOTA_EXCEEDED",
        "TOPIC_ALREADY_EXISTS",
        "UNKNOWN",
        "UNKNOWN_SERVER_ERROR",
        "UNKNOWN_TOPIC_OR_PARTITION",
        "UNSUPPORTED_VERSION",
    )
)


class Asked(NamedTuple):
    """The changes that stay, those that the brokers refuse, and a note on those that they could not be asked about."""

    changes: tuple[Change, ...]
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()


def ask(changes: Sequence[Change], systems: Systems) -> Asked:
    """Ask the brokers about changes without doing them (`validate_only`): a request per step and portion, none for a
    plan without changes. Without the right to a change its answer is unknown, never a refusal."""
    answers: list[tuple[Key, Problem]] = []
    for step in steps_of(changes):
        if step.preview is not None:
            for chunk in step.chunks(list(filter(step.takes, changes))):
                answers += step.preview(systems, chunk)
    reasons = dict(_reasons(answers))
    left = tuple(change for change in changes if change.key not in reasons)
    refused = (Refused(change.key, reasons[change.key], change.origin) for change in changes if change.key in reasons)
    silent = [(key, problem) for key, problem in answers if key not in reasons and problem.code != NOT_ASKED]
    return Asked(left, tuple(refused), tuple(_notes(silent)))


def _reasons(answers: Sequence[tuple[Key, Problem]]) -> Iterator[tuple[Key, str]]:
    """Why changes cannot be done: a refusal, whatever else was answered; else what the kind sees for itself."""
    yield from ((key, problem.message) for key, problem in answers if not problem.code)
    refusals = [(key, problem) for key, problem in answers if problem.code not in ("", NOT_ASKED, *RIGHTS, *PASSING)]
    for key, problem in reversed(refusals):  # the first one counts
        yield key, f"the brokers refuse it: {problem}"


def _notes(silent: Sequence[tuple[Key, Problem]]) -> Iterator[str]:
    """What the brokers were not asked about, with the rights that it takes; and what they gave no clear answer to."""
    lacking = [(key, problem) for key, problem in silent if problem.code in RIGHTS]
    unclear = [(key, problem) for key, problem in silent if problem.code not in RIGHTS]
    for problems, said, why in (
        (lacking, "could not be asked about", dict.fromkeys(str(problem) for _, problem in lacking)),
        (unclear, "gave no clear answer about", dict.fromkeys(problem.code for _, problem in unclear)),
    ):
        if problems:
            names = listed(dict.fromkeys(key for key, _ in problems), most=3)
            about = f"The brokers {said} {names} ({listed(why, most=3)}): "
            helps = dict.fromkeys(problem.help for _, problem in problems if problem.help)
            yield "\n".join([f"{about}what they refuse shows only when it is applied.", *helps])
