"""Runs that began and never told their end: what they had done, what is open, and their records closed by the next."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from kafka_gitops.errors import listed
from kafka_gitops.ledger import packed
from kafka_gitops.ledger.lock_words import moment
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Asked, Run, RunOutcome
from kafka_gitops.ledger.state import State
from kafka_gitops.model import Key

SHOWN = ("create", "update", "delete")  # what a read shows afterwards; an act, such as a rotation, can only be tried
NO_ANSWER = "it was asked for, and the run died before an answer was written. It may or may not be done"


_STATUS = {True: "done", False: "failed", None: "unknown"}


class Look(NamedTuple):
    """What a look at a change that has no answer came to: whether it is done, None where that does not tell, and how it
    shows, in a clause."""

    done: bool | None
    said: str


class Dead(NamedTuple):
    """A run that died: its record, since when by the log's clock, what came of what was answered, and what was asked
    for and has no answer, or one that does not tell."""

    run: Run
    since: float
    told: tuple[RunOutcome, ...]
    asked: tuple[Asked, ...]
    steps: tuple[str, ...]  # the keys of its journal

    @property
    def done(self) -> tuple[RunOutcome, ...]:
        """What is done."""
        return tuple(one for one in self.told if one.status in ("done", "already"))

    @property
    def uncertain(self) -> tuple[Asked, ...]:
        """What no read shows."""
        return tuple(one for one in self.asked if one.action not in SHOWN)

    @property
    def before(self) -> dict[Key, str]:
        """What was so before the changes that have no answer, and cannot be read any more."""
        return {Key(one.kind, one.name): one.before for one in self.asked if one.before is not None}


def dead(state: State, mine: str) -> list[Dead]:
    """The runs of a ledger that did not end, but for this one, oldest first: whoever has the lock knows that none of
    them is under way. Raises Damaged, Newer."""
    found = []
    for run in sorted(state.running, key=lambda run: run.number):
        if run.run != mine:
            found.append(_of(state, run))
    return found


def _of(state: State, run: Run) -> Dead:
    told: list[RunOutcome] = []
    asked: list[Asked] = []
    steps = state.steps(run.run)
    for step in steps:
        wrong = {(one.kind, one.name): one for one in step.outcomes}
        for change in step.changes:
            answer = wrong.get((change.kind, change.name), RunOutcome(change.kind, change.name, change.action, "done"))
            if step.status == "asked" or answer.status == "unknown":
                asked.append(change)
            else:
                told.append(answer)
    return Dead(run, state.time(run.key), tuple(told), tuple(asked), tuple(step.key for step in steps))


def closed(one: Dead, mine: str, seen: Mapping[Key, Look]) -> Run:
    """Its record as `died`, by the run that found it.

    What was asked for is `done` or `failed` as this run has just `seen` it, and `unknown` where it could not tell.
    """
    settled = tuple(_settled(asked, mine, seen.get(Key(asked.kind, asked.name))) for asked in one.asked)
    note = f"it never told its end; run {mine} found it so"
    return replace(one.run, status="died", outcomes=(*one.told, *settled), notes=(*one.run.notes, note))


def _settled(asked: Asked, mine: str, look: Look | None) -> RunOutcome:
    status, why = "unknown", NO_ANSWER
    if look is not None:
        status, why = _STATUS[look.done], f"run {mine} looked: {look.said}"
    return RunOutcome(asked.kind, asked.name, asked.action, status, why)


def entries(one: Dead, run: Run) -> list[Entry]:
    """What closes it: its record, and its journal goes."""
    return [*packed.entries(run), *(Entry(key, None) for key in one.steps)]


def told(one: Dead, closing: Run, again: Collection[Key], way: Callable[[Asked], str | None]) -> Iterator[str]:
    """What the next run says of it, in lines; `again` is what it asks for, `way` the command that asks once more for
    what no read shows, None where nothing needs it."""
    by = f" by {one.run.actor.name}" if one.run.actor is not None and one.run.actor.name else ""
    yield f"Run {one.run.run}{by} died: it began at {moment(one.since)} and never told its end."
    outcomes = {(item.kind, item.name): item for item in closing.outcomes}
    shown = [item for item in one.asked if item.action in SHOWN]
    did = [item for item in shown if outcomes[item.kind, item.name].status == "done"]
    yield f"  {_many([*one.done, *did], 'change')} of it done" + (f", {_all(did)} without an answer" if did else "")
    failed = [item for item in one.told if item.status not in ("done", "already")]
    if failed:
        yield f"  {_many(failed, 'change')} of it not done: {_all(failed)}"
    left = [item for item in shown if outcomes[item.kind, item.name].status == "failed"]
    if left:
        yield f"  asked for, and not done: {_all(left)}"
    doubt = [item for item in shown if outcomes[item.kind, item.name].status == "unknown"]
    if doubt:
        yield f"  asked for, and not to be read now: {_all(doubt)}"
    for asked in one.uncertain:
        outcome, repeated = outcomes[asked.kind, asked.name], Key(asked.kind, asked.name) in again
        told = f"  {asked.kind} {asked.name}: {asked.action} was asked for, and no answer came"
        yield "; ".join([told, *_tried(outcome), *_next(outcome, way(asked), repeated=repeated)])
    yield "This run goes on with what is open."


def _tried(outcome: RunOutcome) -> Iterator[str]:
    """How it shows whether an act is done."""
    if outcome.detail not in (None, NO_ANSWER):
        yield str(outcome.detail).partition(": ")[2]


def _next(outcome: RunOutcome, command: str | None, *, repeated: bool) -> Iterator[str]:
    """What comes of an act that has no answer."""
    if repeated:
        yield "this run asks for it again"
    elif command is not None and outcome.status != "done":
        yield f"{'to be sure, ' if outcome.status == 'unknown' else ''}ask again: {command}"
    elif command is None:
        yield "nothing more is needed"


def _many(items: Sequence[object], what: str) -> str:
    return f"{len(items):,} {what}{'s' * (len(items) != 1)}"


def _all(items: Sequence[RunOutcome] | Sequence[Asked]) -> str:
    return listed([f"{one.kind} {one.name}" for one in items])
