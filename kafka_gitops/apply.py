"""Carry out a plan: check that it still fits, write in a safe order, wait until all is visible, tell the truth."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.errors import KafkaGitopsError, Stale
from kafka_gitops.kinds import acl, topic
from kafka_gitops.kinds.contract import Cluster, LiveConfig, Problem
from kafka_gitops.kinds.steps import STEPS, check
from kafka_gitops.model import Acl, Key, Spec, Topic
from kafka_gitops.plan import Plan

Journal = Callable[[str, Sequence[Change]], None]  # told "begin" before and "end" after every request


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
    _check_ignored(plan, context)
    live = actual(cluster, plan.changes, context)
    todo, already = split(plan, live)
    for change in already:
        yield Outcome(change, "already")
    yield from _write(todo, cluster, context, journal, stop)


def _check_ignored(plan: Plan, context: topic.Context) -> None:
    """Raise Stale for a plan that edits configs which the settings of now leave alone."""
    lines = [
        f"{change.key}  {key}: planned to change, and `ignore_configs` names it now"
        for change in plan.changes
        for key in topic.ignored_now(change, context)
    ]
    if lines:
        raise Stale("This plan is stale: the settings have changed since it was made.", help=_listing(lines))


def actual(
    cluster: Cluster, changes: Iterable[Change], context: topic.Context, *, edited: bool = False
) -> dict[Key, Spec]:
    """The touched resources as they are now, as Specs of the same kind as the changes'.

    With `edited` only the configs that the changes name are looked at: enough to see whether they came through.
    """
    live: dict[Key, Spec] = {}
    topics = [change for change in changes if change.key.kind == topic.NAME]
    if topics:
        specs = [spec for change in topics for spec in (change.before, change.after) if isinstance(spec, Topic)]
        keys = sorted({key for spec in specs for key in spec.config}) if edited else ()
        reading = topic.read(cluster, [change.key.name for change in topics], keys, only=edited)
        for change in topics:
            found = reading.live.get(change.key.name)
            if found is not None:
                named = [spec.config for spec in (change.before, change.after) if isinstance(spec, Topic)]
                config = reading.configs.get(change.key.name, LiveConfig({}, {}))
                live[change.key] = topic.spec(found, config, topic.considered(context, *named))
                if change.topic_id not in (None, found.topic_id):
                    live[change.key] = Topic(None, None, {})  # made anew under the name: not what was planned for
    bindings = {change.key for change in changes if change.key.kind == acl.NAME}
    if bindings:
        wanted = {change.after or change.before: change.key for change in changes if change.key in bindings}
        live.update((wanted[binding], binding) for binding in cluster.list_acls() if binding in wanted)
    return live


def split(plan: Plan, live: Mapping[Key, Spec]) -> tuple[list[Change], list[Change]]:
    """The changes that are still to do, and those that are done already. Raises Stale for anything else."""
    todo, already, stale = [], [], []
    for change in plan.changes:
        now = live.get(change.key)
        if reached(change, now):
            already.append(change)
        elif _as_planned(change, now):
            todo.append(change)
        else:
            stale.append((change, now))
    if stale:
        raise _stale(stale, len(plan.changes))
    return todo, already


def reached(change: Change, now: Spec | None) -> bool:
    """Whether the cluster is what the change wants it to be."""
    if now is None or change.after is None:
        return now is None and change.after is None
    if isinstance(now, Topic) and isinstance(change.after, Topic):
        made = change.before is None  # else the replicas are none of our doing: a move may end meanwhile
        return topic.same(now, change.after if made else change.after._replace(replication=None))
    return now == change.after


def _as_planned(change: Change, now: Spec | None) -> bool:
    return now == change.before


def _stale(found: Sequence[tuple[Change, Spec | None]], total: int) -> Stale:
    lines = [line for change, now in found for line in _differences(change, now)]
    count = len(found)
    resources = "resource has" if total == 1 else "resources has" if count == 1 else "resources have"
    said = f"This plan is stale: {count} of the {total} {resources} changed since it was made."
    return Stale(said, help=_listing(lines))


def _listing(lines: Sequence[str]) -> str:
    shown = lines if len(lines) <= 20 else [*lines[:20], f"... and {len(lines) - 20} more"]
    return "\n".join([*shown, "Make a new plan."])


def _differences(change: Change, now: Spec | None) -> Iterator[str]:
    if now is None:
        yield f"{change.key}  was there when the plan was made, now it is gone"
    elif change.before is None:
        yield f"{change.key}  was not there when the plan was made, now it is, and differs from the plan"
    else:
        for edit in Change(change.key, change.before, now).edits():
            was, now_is = ("unset" if text is None else text or '""' for text in (edit.before, edit.after))
            yield f"{change.key}  {edit.field}: planned from {was}, now {now_is}"


def _write(
    todo: Sequence[Change], cluster: Cluster, context: topic.Context, journal: Journal, stop: Callable[[], bool]
) -> Iterator[Outcome]:
    failed: set[str] = set()  # topics whose literal ACLs make no sense any more
    trouble = False
    for step in STEPS:
        waiting = []
        for change in filter(step.takes, todo):
            reason = _skipped(change, failed, trouble and step.removes)
            if reason:
                yield Outcome(change, "skipped", reason)
            else:
                waiting.append(change)
        for chunk in step.chunks(waiting):
            if stop():
                yield from (Outcome(change, "skipped", "stopped") for change in chunk)
                trouble = True
                continue
            journal("begin", chunk)
            answers = step.write(cluster, chunk)
            journal("end", chunk)
            for outcome in _outcomes(chunk, answers, cluster, context):
                change = outcome.change
                if outcome.status == "failed":
                    trouble = True
                    if change.key.kind == topic.NAME:
                        failed.add(change.key.name)
                yield outcome


def _skipped(change: Change, failed: set[str], no_removals: bool) -> str | None:
    if no_removals:
        return "nothing is removed when an addition failed"
    binding = change.after
    if isinstance(binding, Acl) and binding.resource_type == "TOPIC" and binding.pattern_type == "LITERAL":
        return f"topic {binding.name} failed" if binding.name in failed else None
    return None


def _outcomes(
    chunk: Sequence[Change], answers: Mapping[Key, Problem | None], cluster: Cluster, context: topic.Context
) -> Iterator[Outcome]:
    """What became of a chunk; a topic that somebody else made meanwhile counts when it is what was wanted."""
    rivals = [change for change in chunk if (problem := answers.get(change.key)) and problem.code == _EXISTS]
    live = _made_by_others(rivals, cluster, context)
    for change in chunk:
        problem = answers.get(change.key, _UNANSWERED)
        if problem is None:
            yield Outcome(change, "done")
        elif change in rivals and reached(change, live.get(change.key)):
            yield Outcome(change, "already")
        else:
            yield Outcome(change, "failed", str(problem))


def _made_by_others(changes: Sequence[Change], cluster: Cluster, context: topic.Context) -> Mapping[Key, Spec]:
    """Topics that the controller has already, once they can be read: a killed run's last request may have made them."""
    until = time.monotonic() + RIVAL_SECONDS
    live: Mapping[Key, Spec] = {}
    while changes:
        live = actual(cluster, changes, context)
        if len(live) == len(changes) or time.monotonic() >= until:
            break
        time.sleep(0.5)
    return live


RIVAL_SECONDS = 60.0  # reads lag writes
_EXISTS = "TOPIC_ALREADY_EXISTS"
_UNANSWERED = Problem("UNKNOWN_SERVER_ERROR", "the broker's answer does not mention it")


def converge(
    done: Sequence[Change],
    cluster: Cluster,
    context: topic.Context,
    *,
    deadline: float,
    sleep: Callable[[float], None] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
) -> list[Change]:
    """Wait until everything done is visible; return what is not `deadline` seconds after the last that is.

    `stop` is asked before each further read.
    Kafka's reads lag its writes: 10,000 new topics were seen to need 38 s, 15,000 partitions on a busy machine 150 s.
    """
    end = time.monotonic() + deadline
    pause = 0.05
    missing = list(done)
    while missing:
        begun, before = time.monotonic(), len(missing)
        live = actual(cluster, missing, context, edited=True)
        missing = [change for change in missing if not reached(change, live.get(change.key))]
        now = time.monotonic()
        end = now + deadline if len(missing) < before else end
        if not missing or now >= end or stop():
            break
        sleep(min(max(pause, now - begun), end - now))  # the broker that is at work is asked half of the time at most
        pause = min(pause * 2, 2.0)
    return missing
