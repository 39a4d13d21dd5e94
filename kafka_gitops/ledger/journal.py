"""The journal of a run: before each request what is asked for, after it what came of that, at the end the whole record.

One append before a request holds the answers to the one before it, what is asked for now, and the renewal of the lock.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from kafka_gitops.changes import Change, Outcome
from kafka_gitops.errors import KafkaGitopsError, Unanswered
from kafka_gitops.ledger import packed, records
from kafka_gitops.ledger.lock_words import LockLost
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import AnyRecord, Asked, Names, Owner, Run, RunOutcome, Step
from kafka_gitops.model import Key
from kafka_gitops.shape.exact import Json

AT_ONCE = 400  # changes in the record of a step: with the longest names it is still under what a broker takes
TEXTS = 300_000  # characters of what is there and wanted in such a record: as JSON in JSON they may be twice as many
_LONGEST = 6  # characters of JSON for one of a name that is not ASCII
FULL = 900_000  # bytes of entries in one append: all of it is one message to a broker


class Writer(Protocol):
    """Where it goes, under the lock (`holding.Holding`)."""

    def append(self, entries: Sequence[Entry] = ()) -> None:
        """Append. Raises LockLost where another run has the lock, KafkaGitopsError where it is not written."""

    def release(self, entries: Sequence[Entry] = ()) -> None:
        """Append the last ones and let go. Raises as `append` does."""


def nothing_before(_changes: Sequence[Change]) -> Mapping[Key, str]:
    """Of changes whose state can be read again at any time."""
    return {}


def unstated(_change: Change) -> str | None:
    """Of changes that nobody looks at once more."""
    return None


@dataclass
class Journal:
    """What a run writes of itself. `required`: nothing is asked for that could not be written before.

    `first` is written before all else, with the first of its own: it closes the records of runs that died. `holds` are
    written with the first request, and not by a run that fails before it; `began`: both are there.
    `before` tells of changes, by key, what cannot be read any more once they are begun; `stated` puts a change into
    words by which the next run can look whether it is done. `said` hears once why a journal that is not required is not
    written any more; `lapsed` is that reason.
    """

    writer: Writer
    run: Run
    required: bool
    first: Sequence[Entry] = ()
    before: Callable[[Sequence[Change]], Mapping[Key, str]] = nothing_before
    stated: Callable[[Change], str | None] = unstated
    said: Callable[[str], None] = lambda _why: None
    lapsed: str | None = None
    holds: Sequence[Entry] = ()
    began: bool = False
    _steps: dict[int, Step] = field(default_factory=dict)  # asked, and not written yet what came of them
    _told: list[Outcome] = field(default_factory=list)
    _count: int = 0

    def __call__(self, event: str, changes: Sequence[Change]) -> str | None:
        """The journal of an apply (`plan.apply.Journal`)."""
        if event == "begin":
            return self._begin(changes)
        if event == "wait" and self.began:
            self._write(self._answered())
        return None

    def _begin(self, changes: Sequence[Change]) -> str | None:
        try:
            before = self.before(changes) if self.lapsed is None else {}
        except KafkaGitopsError as failure:
            return f"what was so before could not be read: {failure.message}"
        head = self._answered() if self.began else [*self.first, *self.holds, *packed.entries(self.run)]
        stated = self.stated if self.lapsed is None else unstated
        asked = (_asked(one, before, stated(one)) for one in changes)
        return self._write([*head, *(_entry(self._step(some)) for some in _portions(asked))])

    def told(self, outcome: Outcome) -> None:
        """What came of a change that was asked for."""
        self._told.append(outcome)

    def hold(self) -> None:
        """Write the holds of a run that found done already what it was to do. Raises as `Writer.append` does."""
        if self.holds and not self.began:
            for group in grouped([*self.first, *self.holds]):
                self.writer.append(group)
            self.began = True

    def end(
        self,
        data: Json,
        owner: Owner,
        names: Sequence[Names],
        *,
        parts_before: int = 0,
        over: Sequence[str] = (),
        outcomes: Sequence[str] | None = None,
    ) -> None:
        """Write the record of a run that ended (`records.body`), and who owns what now; its steps go.

        Raises KafkaGitopsError. `parts_before`: how many records of names there were; `over` are the keys of holds
        that are; `outcomes` are the `records.lines`, where somebody has them.
        """
        first = () if self.began else self.first
        gone = [f"names/{number}" for number in range(len(names) + 1, parts_before + 1)]
        gone += over
        gone += [f"step/{self.run.run}/{number}" for number in range(1, self._count + 1)]
        *parts, record = packed.entries_of(self.run.key, data, owner.digest, outcomes)
        *groups, last = [*grouped([*first, *parts, *map(_entry, names)])] or [[]]
        # one without the other would say what is not
        together = [record, _entry(owner), *(Entry(key, None) for key in gone)]
        if last and _size([*last, *together]) > FULL:
            groups, last = [*groups, last], []
        for group in groups:
            self.writer.append(group)
        self.writer.release([*last, *together])

    def _step(self, asked: Sequence[Asked]) -> Step:
        self._count += 1
        step = Step(self.run.cluster, self.run.run, self._count, "asked", tuple(asked))
        self._steps[step.number] = step
        return step

    def _answered(self) -> list[Entry]:
        """The steps whose answers are there."""
        told = {(one.change.key.kind, one.change.key.name): one for one in self._told}
        found = [_entry(_closed(step, told)) for step in self._steps.values()]
        self._steps.clear()
        self._told.clear()
        return found

    def _write(self, entries: Sequence[Entry]) -> str | None:
        """Why nothing more may be asked for, None to go on."""
        if self.lapsed is not None:
            lost = getattr(self.writer, "lost", None)  # found while the lease was renewed
            return lost.message if isinstance(lost, LockLost) else None
        try:
            for group in grouped(entries):
                self.writer.append(group)
            self.began = True
        except LockLost as lost:  # somebody else is at work, whatever the mode
            return lost.message
        except (KafkaGitopsError, Unanswered) as failure:
            why = getattr(failure, "message", str(failure))
            if self.required:
                return f"the ledger could not be written: {why}"
            self.lapsed = why
            self.said(why)
        return None


def grouped(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Entries in lists that a broker takes at once."""
    group: list[Entry] = []
    size = 0
    for entry in entries:
        own = _size([entry])
        if group and size + own > FULL:
            yield group
            group, size = [], 0
        group.append(entry)
        size += own
    if group:
        yield group


def _size(entries: Iterable[Entry]) -> int:
    return sum(len(entry.key) + len(entry.value or b"") + 100 for entry in entries)


def _portions(asked: Iterable[Asked]) -> Iterator[list[Asked]]:
    """What is asked for, in lists of which each has room in one record."""
    portion: list[Asked] = []
    size = 0
    for one in asked:
        own = len(one.change or "") + len(one.before or "") + _LONGEST * len(one.name)
        if portion and (len(portion) == AT_ONCE or size + own > TEXTS):
            yield portion
            portion, size = [], 0
        portion.append(one)
        size += own
    if portion:
        yield portion


def _asked(change: Change, before: Mapping[Key, str], stated: str | None) -> Asked:
    action = change.act or change.action
    text = stated if stated is not None and len(stated) <= TEXTS else None  # else the next run cannot look
    return Asked(change.key.kind, change.key.name, action, before.get(change.key), text)


def _closed(step: Step, told: Mapping[tuple[str, str], Outcome]) -> Step:
    """A step with what came of it; of what was done nothing more is said, and only what nobody knows is looked at."""
    found = [(one, told.get((one.kind, one.name))) for one in step.changes]
    left = tuple(
        one
        if outcome is not None and outcome.status == "unknown"
        else Asked(one.kind, one.name, one.action, one.before)
        for one, outcome in found
    )
    wrong = tuple(
        RunOutcome(one.kind, one.name, one.action, outcome.status, outcome.detail)
        for one, outcome in found
        if outcome is not None and outcome.status != "done"
    )
    return replace(step, status="answered", changes=left, outcomes=wrong)


def _entry(record: AnyRecord) -> Entry:
    return Entry(record.key, records.encode(record))
