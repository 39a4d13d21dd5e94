"""Runs that began and never told their end: what they had done, what is open, and their records closed by the next."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kafka_gitops.errors import listed
from kafka_gitops.ledger import packed
from kafka_gitops.ledger.lock_words import moment
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Asked, Run, RunOutcome
from kafka_gitops.ledger.state import State
from kafka_gitops.model import Key

SHOWN = ("create", "update", "delete")  # what a read shows afterwards; an act, such as a rotation, leaves no trace
NO_ANSWER = "it was asked for, and the run died before an answer was written. It may or may not be done"


class Dead(NamedTuple):
    """A run that died: its record, since when by the log's clock, what came of what was answered, and what was asked
    for and has no answer."""

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
        """What no read can show."""
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
        if step.status == "asked":
            asked += step.changes
        else:
            told += (wrong.get((one.kind, one.name), RunOutcome(*one[:3], "done")) for one in map(_named, step.changes))
    return Dead(run, state.time(run.key), tuple(told), tuple(asked), tuple(step.key for step in steps))


class _Named(NamedTuple):
    kind: str
    name: str
    action: str


def _named(asked: Asked) -> _Named:
    return _Named(asked.kind, asked.name, asked.action)


def closed(one: Dead, mine: str, open_now: Collection[Key], looked: Collection[str]) -> Run:
    """Its record as `died`, by the run that found it.

    What was asked for is `done` where this run's plan looked at its kind (`looked`) and does not ask for it again
    (`open_now`), and `unknown` where no read can tell.
    """
    settled = tuple(_settled(asked, mine, open_now, looked) for asked in one.asked)
    note = f"it never told its end; run {mine} found it so"
    return replace(one.run, status="died", outcomes=(*one.told, *settled), notes=(*one.run.notes, note))


def _settled(asked: Asked, mine: str, open_now: Collection[Key], looked: Collection[str]) -> RunOutcome:
    key = Key(asked.kind, asked.name)
    if asked.action not in SHOWN or asked.kind not in looked:
        return RunOutcome(asked.kind, asked.name, asked.action, "unknown", NO_ANSWER)
    if key in open_now:
        return RunOutcome(asked.kind, asked.name, asked.action, "failed", f"run {mine} saw that it was not done")
    return RunOutcome(asked.kind, asked.name, asked.action, "done", f"run {mine} saw it")


def entries(one: Dead, run: Run) -> list[Entry]:
    """What closes it: its record, and its journal goes."""
    return [*packed.entries(run), *(Entry(key, None) for key in one.steps)]


def told(one: Dead, closing: Run, again: Collection[Key], ways: Sequence[tuple[Asked, str]]) -> Iterator[str]:
    """What the next run says of it, in lines; `again` is what it asks for, `ways` how to ask once more for what no read
    shows."""
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
        yield f"  asked for, and not looked at now: {_all(doubt)}"
    for asked in one.uncertain:
        way = next((said for item, said in ways if item == asked), "")
        sure = "this run asks for it again" if Key(asked.kind, asked.name) in again else way
        yield f"  {asked.kind} {asked.name}: {asked.action} was asked for, and no answer came; {sure}"
    yield "This run goes on with what is open."


def _many(items: Sequence[object], what: str) -> str:
    return f"{len(items):,} {what}{'s' * (len(items) != 1)}"


def _all(items: Sequence[RunOutcome] | Sequence[Asked]) -> str:
    return listed([f"{one.kind} {one.name}" for one in items])
