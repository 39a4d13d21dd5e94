"""Carry out a plan: check that it still fits, write in a safe order, and tell the truth about each change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from kafka_gitops.changes import Change, Outcome, Unsupported
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds import topic
from kafka_gitops.kinds.contract import Cluster, Problem
from kafka_gitops.kinds.steps import STEPS, Step, check, needed
from kafka_gitops.model import Acl, Key
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.precondition import check_settings, split
from kafka_gitops.plan.verify import LOOK_SECONDS, actual, converge, made_by_others, reached, unread

# told "begin" before and "end" after every request, then "wait" for all that was done and "look" for what a look misses
Journal = Callable[[str, Sequence[Change]], None]


def silent(_event: str, _changes: Sequence[Change]) -> None:
    """A journal that keeps nothing."""


def run(
    plan: Plan,
    cluster: Cluster,
    *,
    context: topic.Context,
    journal: Journal = silent,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """Apply a plan and yield what became of each change, in the order of section "Removals, brakes, risks".

    Nothing is written before every touched resource was seen to be as the plan expects it. Raises Stale or
    KafkaGitopsError then; afterwards a failure is an Outcome. `stop` is asked between requests.
    """
    if plan.cluster != cluster.id:
        said = f"This plan is for cluster {plan.cluster}, this is cluster {cluster.id}."
        raise KafkaGitopsError(said, help="Check the environment, or make a new plan.")
    check(plan.changes)
    check_settings(plan, context)
    cluster.lacks(needed(plan.changes))
    live = actual(cluster, plan.changes, context)
    todo, already = split(plan, live)
    for change in already:
        yield Outcome(change, "already")
    yield from _write(todo, cluster, context, journal, stop, plan.refused)


def _write(
    todo: Sequence[Change],
    cluster: Cluster,
    context: topic.Context,
    journal: Journal,
    stop: Callable[[], bool],
    refused: Sequence[Unsupported],
) -> Iterator[Outcome]:
    # topics whose literal ACLs make no sense any more, and what became of them
    failed = {entry.key.name: "refused" for entry in refused if entry.key.kind == topic.NAME}
    trouble = bool(refused)
    over: str | None = None  # why nothing more is asked of the cluster
    for step in STEPS:
        waiting = []
        for change in filter(step.takes, todo):
            reason = _skipped(change, failed, trouble and step.removes) or over
            if reason:
                yield Outcome(change, "skipped", reason)
            else:
                waiting.append(change)
        for chunk in step.chunks(waiting):
            over = over or ("stopped" if stop() else None)
            if over:
                yield from (Outcome(change, "skipped", over) for change in chunk)
                trouble = True
                continue
            journal("begin", chunk)
            answers = _answers(step, cluster, chunk)
            journal("end", chunk)
            for outcome in _outcomes(chunk, answers, cluster, context):
                change = outcome.change
                if outcome.status in ("failed", "unknown"):
                    trouble = True
                    over = GONE if outcome.fate == "unsent" else over
                    if change.key.kind == topic.NAME:
                        failed[change.key.name] = outcome.status
                yield outcome


def _answers(step: Step, cluster: Cluster, chunk: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """The answers to a chunk; an error that is none of the broker's leaves open what was done before it."""
    try:
        return step.write(cluster, chunk)
    except KafkaGitopsError as failure:
        lost = Problem(
            "UNKNOWN_SERVER_ERROR", f"{failure.message} It may or may not be done", "lost", failure.help or ""
        )
        return {change.key: lost for change in chunk}


def _skipped(change: Change, failed: Mapping[str, str], no_removals: bool) -> str | None:
    if no_removals:
        return "nothing is removed when an addition failed"
    binding = change.after
    if isinstance(binding, Acl) and binding.resource_type == "TOPIC" and binding.pattern_type == "LITERAL":
        became = failed.get(binding.name)
        if became is not None:
            fate = {"failed": "failed", "refused": "is refused by the brokers"}.get(became, "may not be there")
            return f"topic {binding.name} {fate}"
    return None


def _outcomes(
    chunk: Sequence[Change], answers: Mapping[Key, Problem | None], cluster: Cluster, context: topic.Context
) -> Iterator[Outcome]:
    """What became of a chunk; a topic that somebody else made meanwhile counts when it is what was wanted."""
    rivals = []
    for change in chunk:
        problem = answers.get(change.key, _UNANSWERED)
        if problem is None:
            yield Outcome(change, "done")
        elif problem.code == _EXISTS:
            rivals.append(change)  # told last: they are waited for
        else:
            yield Outcome(change, _FATES[problem.fate], str(problem), problem.help or None, problem.fate)
    try:
        live = made_by_others(rivals, cluster, context)
        more = ""
    except KafkaGitopsError as failure:
        live, more = {}, f", and it could not be read: {failure.message}"
    for change in rivals:
        if reached(change, live.get(change.key)):
            yield Outcome(change, "already")
        else:
            yield Outcome(change, "failed", f"{answers[change.key]}{more}")


GONE = "the cluster cannot be reached any more"
_EXISTS = "TOPIC_ALREADY_EXISTS"
_FATES = {"refused": "failed", "unsent": "failed", "partly": "failed", "lost": "unknown"}
_UNANSWERED = Problem(
    "UNKNOWN_SERVER_ERROR", "the broker's answer does not mention it. It may or may not be done", "lost"
)


class Applied(NamedTuple):
    """How an apply ended: one outcome for each change of the plan, those done that did not become visible, and the
    fault of our own that cut it short, if one did."""

    outcomes: list[Outcome]
    unseen: list[Change]
    fault: Exception | None = None


def carry_out(
    plan: Plan,
    cluster: Cluster,
    *,
    context: topic.Context,
    deadline: float,
    journal: Journal = silent,
    stop: Callable[[], bool] = lambda: False,
) -> Applied:
    """Apply a plan, look at what became of it, and tell the truth about each change, whatever happens meanwhile.

    Raises what `run` raises before anything was written, KeyboardInterrupt then too. Afterwards nothing is raised: what
    was under way is `unknown`, what was not begun is `skipped`, what was done and cannot be read is `unverified`.
    """
    outcomes: list[Outcome] = []
    under_way: list[Change] = []
    fault: Exception | None = None

    def noted(event: str, changes: Sequence[Change]) -> None:
        if event == "begin":
            under_way[:] = changes
        journal(event, changes)

    try:
        for outcome in run(plan, cluster, context=context, journal=noted, stop=stop):
            outcomes.append(outcome)
        told, unseen = _looked_at(outcomes, cluster, context, deadline, stop, journal=journal)
    except (Exception, KeyboardInterrupt) as failure:
        if not under_way:
            raise
        fault = failure if isinstance(failure, Exception) else None
        outcomes += _cut_short(plan, outcomes, under_way, "stopped" if fault is None else "a fault of kafka-gitops")
        told, unseen = _looked_at(outcomes, cluster, context, 0.0, stop, at_all=fault is not None)
    return Applied(told, unseen, fault)


def _cut_short(plan: Plan, told: Sequence[Outcome], under_way: Sequence[Change], why: str) -> Iterator[Outcome]:
    """The outcomes of the changes that have none yet when something ends the writing."""
    known = {outcome.change.key for outcome in told}
    asked = {change.key for change in under_way}
    for change in plan.changes:
        if change.key in asked - known:
            yield Outcome(change, "unknown", f"{why} before its answer came. It may or may not be done", None, "lost")
        elif change.key not in known:
            yield Outcome(change, "skipped", why)


def _looked_at(
    outcomes: Sequence[Outcome],
    cluster: Cluster,
    context: topic.Context,
    deadline: float,
    stop: Callable[[], bool],
    *,
    at_all: bool = True,
    journal: Journal = silent,
) -> tuple[list[Outcome], list[Change]]:
    """The outcomes with what the cluster shows of them, and what was done and is not visible."""
    written = [outcome.change for outcome in outcomes if outcome.status == "done"]
    lost = [outcome.change for outcome in outcomes if outcome.status == "unknown"]
    if written and at_all:
        journal("wait", written)
    looks = partial(journal, "look")
    seen = converge(written, cluster, context, deadline=deadline, stop=stop, told=looks) if at_all else unread(written)
    away = not at_all or any(isinstance(why, Unreachable) for why in seen.unread.values())
    brief = min(deadline, LOOK_SECONDS)
    looked = unread(lost) if away else converge(lost, cluster, context, deadline=brief, stop=stop)
    missing = {change.key for change in looked.missing}

    def told(outcome: Outcome) -> Outcome:
        key, change = outcome.change.key, outcome.change
        if outcome.status == "done" and (why := seen.unread.get(key)):
            return Outcome(change, "unverified", why.message, why.help)
        if outcome.status == "unknown" and key not in looked.unread:
            shown = "does not show it" if key in missing else "shows it"
            return outcome._replace(detail=f"{outcome.detail}: the cluster {shown} now")
        return outcome

    return [told(outcome) for outcome in outcomes], seen.missing
