"""Carry out a plan: check that it still fits, write in a safe order, and tell the truth about each change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from kafka_gitops.changes import Change, Outcome, Unsupported
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.parts import Problem, Stage, Step, Systems
from kafka_gitops.model import Key
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.precondition import check_settings, split
from kafka_gitops.plan.steps import check, needed, steps_of
from kafka_gitops.plan.verify import LOOK_SECONDS, actual, converge, made_by_others, reached, unread
from kafka_gitops.settings import Settings

# told "begin" before and "end" after every request, then "wait" for all that was done and "look" for what a look
# misses; its answer to "begin" is why these must not be asked for, and nothing after them, or None
Journal = Callable[[str, Sequence[Change]], str | None]
Brake = Callable[[], str | None]  # asked before each request: why nothing more is begun, or None
Told = Callable[[Outcome], None]  # hears each outcome as it comes, before anything is looked at afterwards


def silent(_event: str, _changes: Sequence[Change]) -> None:
    """A journal that keeps nothing."""


def run(
    plan: Plan,
    systems: Systems,
    *,
    settings: Settings,
    journal: Journal = silent,
    stop: Callable[[], bool] = lambda: False,
    brake: Brake = lambda: None,
) -> Iterator[Outcome]:
    """Apply a plan and yield what became of each change, in the order of section "Removals, brakes, risks".

    Nothing is written before every touched resource was seen to be as the plan expects it. Raises Stale or
    KafkaGitopsError then; afterwards a failure is an Outcome. `stop` and `brake` are asked between requests.
    """
    if plan.cluster != systems.kafka.id:
        said = f"This plan is for cluster {plan.cluster}, this is cluster {systems.kafka.id}."
        raise KafkaGitopsError(said, help="Check the environment, or make a new plan.")
    check(plan.changes)
    check_settings(plan, settings)
    systems.kafka.lacks(needed(plan.changes))
    live = actual(systems, plan.changes, settings)
    todo, already = split(plan, live)
    for step in steps_of(todo):
        step.ready(systems, list(filter(step.takes, todo)))
    for change in already:
        yield Outcome(change, "already")
    yield from _write(todo, systems, settings, journal, lambda: "stopped" if stop() else brake(), plan.refused)


def _write(
    todo: Sequence[Change],
    systems: Systems,
    settings: Settings,
    journal: Journal,
    brake: Brake,
    refused: Sequence[Unsupported],
) -> Iterator[Outcome]:
    failed = {entry.key: "refused" for entry in refused}  # what became of what others may need
    trouble = bool(refused)
    shut = False  # a new denial failed
    over: str | None = None  # why nothing more is asked of the cluster
    fate = ""
    for step in steps_of(todo):
        for chunk in step.chunks(list(filter(step.takes, todo))):
            if over is None and (over := brake()) is not None:
                fate = "stopped"
            waiting = []
            for change in chunk:
                reason = _skipped(change, failed, _barred(step.stage, trouble=trouble, shut=shut))
                if reason or over:
                    failed |= {change.key: "skipped"} if reason else {}
                    yield Outcome(change, "skipped", reason or over, fate="" if reason else fate)
                else:
                    waiting.append(change)
            over = over or (journal("begin", waiting) if waiting else None)
            if over or not waiting:
                yield from (Outcome(change, "skipped", over) for change in waiting)
                continue
            answers = _answers(step, systems, waiting)
            journal("end", waiting)
            for outcome in _outcomes(waiting, answers, systems, settings):
                if outcome.status in ("failed", "unknown"):
                    trouble, shut = True, shut or step.stage is Stage.CLOSE
                    over = GONE if outcome.fate == "unsent" else over
                    failed[outcome.change.key] = outcome.status
                yield outcome


def _answers(step: Step, systems: Systems, chunk: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """The answers to a chunk; an error that is none of the broker's leaves open what was done before it."""
    try:
        return step.write(systems, chunk)
    except KafkaGitopsError as failure:
        lost = Problem(
            "UNKNOWN_SERVER_ERROR", f"{failure.message} It may or may not be done", "lost", failure.help or ""
        )
        return {change.key: lost for change in chunk}


def _barred(stage: Stage, *, trouble: bool, shut: bool) -> str | None:
    """Why nothing of a stage is done: what was taken away is gone for good, and without its denial a right opens more
    than both what was there and what the files want."""
    if trouble and stage.removes:
        return "nothing is removed when an addition failed"
    return "nothing is allowed when a new denial failed" if shut and stage is Stage.OPEN else None


def _skipped(change: Change, failed: Mapping[Key, str], barred: str | None) -> str | None:
    if barred is not None:
        return barred
    missing = next((key for key in KINDS[change.key.kind].needs(change) if key in failed), None) if failed else None
    if missing is None:
        return None
    fates = {"failed": "failed", "refused": "is refused by the brokers", "skipped": "was skipped"}
    return f"{missing} {fates.get(failed[missing], 'may not be there')}"


def _outcomes(
    chunk: Sequence[Change], answers: Mapping[Key, Problem | None], systems: Systems, settings: Settings
) -> Iterator[Outcome]:
    """What became of a chunk; what somebody else made meanwhile counts when it is what was wanted."""
    rivals = []
    for change in chunk:
        problem = answers.get(change.key, _UNANSWERED)
        if problem is None:
            yield Outcome(change, "done")
        elif problem.code in KINDS[change.key.kind].EXISTS:
            rivals.append(change)  # told last: they are waited for
        else:
            yield Outcome(change, _FATES[problem.fate], str(problem), problem.help or None, problem.fate)
    try:
        live = made_by_others(rivals, systems, settings)
        more = ""
    except KafkaGitopsError as failure:
        live, more = {}, f", and it could not be read: {failure.message}"
    for change in rivals:
        if reached(change, live.get(change.key)):
            yield Outcome(change, "already")
        else:
            yield Outcome(change, "failed", f"{answers[change.key]}{more}")


GONE = "the cluster cannot be reached any more"
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
    systems: Systems,
    *,
    settings: Settings,
    deadline: float,
    journal: Journal = silent,
    stop: Callable[[], bool] = lambda: False,
    brake: Brake = lambda: None,
    told: Told = lambda _outcome: None,
) -> Applied:
    """Apply a plan, look at what became of it, and tell the truth about each change, whatever happens meanwhile.

    Raises what `run` raises before anything was written, KeyboardInterrupt then too. Afterwards nothing is raised: what
    was under way is `unknown`, what was not begun is `skipped`, what was done and cannot be read is `unverified`.
    """
    outcomes: list[Outcome] = []
    under_way: list[Change] = []
    fault: Exception | None = None

    def noted(event: str, changes: Sequence[Change]) -> str | None:
        answer = journal(event, changes)
        if event == "begin" and answer is None:
            under_way[:] = changes
        return answer

    try:
        for outcome in run(plan, systems, settings=settings, journal=noted, stop=stop, brake=brake):
            outcomes.append(outcome)
            told(outcome)
        seen, unseen = _looked_at(outcomes, systems, settings, deadline, stop, journal=journal)
    except (Exception, KeyboardInterrupt) as failure:
        if not under_way:
            raise
        fault = failure if isinstance(failure, Exception) else None
        outcomes += _cut_short(plan, outcomes, under_way, "stopped" if fault is None else "a fault of kafka-gitops")
        seen, unseen = _looked_at(outcomes, systems, settings, 0.0, stop, at_all=fault is not None)
    return Applied(seen, unseen, fault)


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
    systems: Systems,
    settings: Settings,
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
    seen = converge(written, systems, settings, deadline=deadline, stop=stop, told=looks) if at_all else unread(written)
    away = not at_all or any(isinstance(why, Unreachable) for why in seen.unread.values())
    brief = min(deadline, LOOK_SECONDS)
    looked = unread(lost) if away else converge(lost, systems, settings, deadline=brief, stop=stop)
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
