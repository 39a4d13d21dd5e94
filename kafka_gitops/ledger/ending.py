"""What a run leaves when it ends: its record with the outcomes, the owner's record, the names of what is owned."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from kafka_gitops.changes import Outcome
from kafka_gitops.ledger import chain
from kafka_gitops.ledger.names import Claim
from kafka_gitops.ledger.nouns import Hold, Open, Owner, Run, RunOutcome
from kafka_gitops.ledger.owner import Identity
from kafka_gitops.model import Key
from kafka_gitops.redact import redact

MOST_OPEN = 1_000  # that an owner's record names: the run's own record has all
_REASON = 300  # characters of why one is open: the record has to stay under what a broker takes
SETTLED = ("done", "already")


class Place(NamedTuple):
    """Where the next run stands in the chain: its number, and the hash of the one before."""

    number: int = 1
    previous: str | None = None


def after(last: Owner | None, died: Iterable[Run]) -> Place:
    """The place behind the last run that ended, and behind those that died since, whose records are closed: by this run
    now, or by one that died with no record of its own."""
    place = Place() if last is None else Place(last.number + 1, last.digest)
    for run in sorted(died, key=lambda run: run.number):
        if run.number >= place.number:
            place = Place(run.number + 1, chain.digest(run))
    return place


def ended(run: Run, outcomes: Iterable[RunOutcome], *, code: int, stopped: bool, notes: Iterable[str] = ()) -> Run:
    """The record of a run that ended with an exit code; `stopped`: what is open was only not begun."""
    found = tuple(outcomes)
    return replace(run, status=_status(found, code, stopped), outcomes=found, notes=(*run.notes, *notes))


def _status(outcomes: Sequence[RunOutcome], code: int, stopped: bool) -> Literal["done", "stopped", "partly", "failed"]:
    if code == 0:
        return "done"
    if stopped:
        return "stopped"
    wrote = any(one.status in ("done", "unknown", "unverified") for one in outcomes)
    return "partly" if wrote or code == 6 else "failed"


class Applied(NamedTuple):
    """What an apply means for its owner: the commit of the files (None where git does not have them so), whether all
    that they say was looked at, and what is not done of it."""

    commit: str | None
    whole: bool
    open: tuple[Open, ...]


def open_of(
    outcomes: Iterable[Outcome],
    refused: Mapping[Key, str],
    before: Owner | None,
    waits: Mapping[Key, str] = MappingProxyType({}),
) -> tuple[Open, ...]:
    """What is not done: changes that did not come through, what the brokers refuse, removals that wait, with reasons.

    A removal that comes of what was applied before keeps the commit that declared it last: the owner's own moves on.
    """
    last = {Key(one.kind, one.name): one.commit for one in before.open} if before is not None else {}
    usual = before.commit if before is not None else None
    told = [
        Open(one.change.key.kind, one.change.key.name, _briefly(_why(one)), _declared(one, last, usual))
        for one in outcomes
        if one.status not in SETTLED
    ]
    told += [Open(key.kind, key.name, _briefly(why), last.get(key) or usual) for key, why in waits.items()]
    told += [Open(key.kind, key.name, _briefly(f"refused: {why}")) for key, why in refused.items()]
    return _most(told)


def _most(found: Iterable[Open]) -> tuple[Open, ...]:
    """What a record names: all removals, for nothing else remembers them, and of the rest what there is room for."""
    told = sorted(found, key=lambda one: one.commit is None)
    return tuple(told[: max(MOST_OPEN, _removals(told))])


def _removals(found: Iterable[Open]) -> int:
    return sum(one.commit is not None for one in found)


def with_earlier(found: Sequence[Open], outcomes: Iterable[Outcome], before: Owner | None) -> tuple[Open, ...]:
    """What is not done after an apply that compared a part only: what was open before and was not asked for stays."""
    told = {Key(one.kind, one.name) for one in found} | {one.change.key for one in outcomes}
    earlier = before.open if before is not None else ()
    return _most((*found, *(one for one in earlier if Key(one.kind, one.name) not in told)))


def _briefly(why: str) -> str:
    """A reason without any known secret, which is looked for first: the beginning of one is not known for one."""
    why = redact(why)
    return why if len(why) <= _REASON else f"{why[: _REASON - 3]}..."


def _why(outcome: Outcome) -> str:
    return f"{outcome.status}: {outcome.detail}" if outcome.detail else outcome.status


def _declared(outcome: Outcome, last: Mapping[Key, str | None], usual: str | None) -> str | None:
    """The commit that declared what a removal is about."""
    change = outcome.change
    return (last.get(change.key) or usual) if change.after is None and change.known is not None else None


def owner(
    who: Identity,
    before: Owner | None,
    run: Run,
    applied: Applied,
    parts: int,
    holds: tuple[Hold, ...],
    *,
    at: int,
    digest: str,
) -> Owner:
    """The owner's record after a run, whose hash is `digest`; `at` is an offset of the log that is near.

    The commit moves only with a run that did all it wanted, or a part of it, and never away from more removals than a
    record names.
    """
    few = _removals(applied.open) <= MOST_OPEN
    moves = applied.commit is not None and applied.whole and run.status != "failed" and few
    return Owner(
        cluster=run.cluster,
        owner=who.owner,
        environment=who.environment,
        repository=who.repository,
        config=who.config,
        commit=applied.commit if moves else before.commit if before is not None else None,
        parts=parts,
        run=run.run,
        number=run.number,
        digest=digest,
        open=applied.open if moves or before is None else before.open,
        holds=holds,
        at=at,
    )


def claimed(
    before: Sequence[Claim],
    declared: Sequence[Claim] | None,
    outcomes: Iterable[Outcome],
    changed: Mapping[Key, Claim],
    waits: Collection[Key] = (),
) -> list[Claim]:
    """All that the owner has applied by now: what the files declare, and what they no longer do and is still there.

    `declared` is None where not all files were looked at: then what was owned before stays. `changed` are the claims of
    what the changes make, or would take away; `waits` are removals that nobody asked for yet.
    """
    earlier = {one.key: one for one in before}
    kept = {key: earlier[key] for key in waits if key in earlier}
    found = earlier if declared is None else {**kept, **{one.key: one for one in declared}}
    for outcome in outcomes:
        key, gone = outcome.change.key, outcome.change.after is None
        if gone and outcome.status in SETTLED:
            found.pop(key, None)
        elif key in changed and (gone or declared is None) and (gone or outcome.status in SETTLED):
            found[key] = changed[key]
        elif declared is not None and key not in earlier and _never_made(outcome):
            found.pop(key, None)
    return sorted(found.values())


def _never_made(outcome: Outcome) -> bool:
    """Whether what a change would create is not there, or is not this owner's."""
    creates = outcome.change.before is None and outcome.change.act is None
    return creates and outcome.status in ("skipped", "failed") and outcome.fate != "partly"
