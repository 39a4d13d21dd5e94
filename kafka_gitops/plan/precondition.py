"""Whether a plan still fits the settings and the cluster: what is to do, what is done already, what is stale."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kafka_gitops.changes import Change
from kafka_gitops.errors import Stale
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key, Spec
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.verify import reached
from kafka_gitops.settings import Settings


def check_settings(plan: Plan, settings: Settings) -> None:
    """Raise Stale for a plan that edits configs which the settings of now leave alone."""
    lines = [
        f"{change.key}  {key}: planned to change, and `ignore_configs` names it now"
        for change in plan.changes
        for key in KINDS[change.key.kind].ignored(change, settings)
    ]
    if lines:
        raise Stale("This plan is stale: the settings have changed since it was made.", help=_listing(lines))


def split(plan: Plan, live: Mapping[Key, Spec]) -> tuple[list[Change], list[Change]]:
    """The changes that are still to do, and those that are done already. Raises Stale for anything else."""
    todo, already, stale = [], [], []
    for change in plan.changes:
        now = live.get(change.key)
        if change.act is None and reached(change, now):
            already.append(change)
        elif now == change.before:
            todo.append(change)
        elif KINDS[change.key.kind].resumes(change, now):
            todo.append(replace(change, before=now))
        else:
            stale.append((change, now))
    if stale:
        raise _stale(stale, len(plan.changes))
    return todo, already


def _stale(found: Sequence[tuple[Change, Spec | None]], total: int) -> Stale:
    lines = [line for change, now in found for line in _differences(change, now)]
    count = len(found)
    which = f"{count} of the {total} resources {'has' if count == 1 else 'have'}"
    which = which if total > 1 else "its only resource has"
    said = f"This plan is stale: {which} changed since it was made."
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
