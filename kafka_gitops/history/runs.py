"""What a ledger tells as entries: runs with what was really done, holds, unlocks, drift, and where its chain breaks."""

import re
from collections.abc import Iterator
from datetime import datetime, timezone

from kafka_gitops.changes import Edit
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.history.entry import LEDGER, Accepted, Entry, Fact, Touch
from kafka_gitops.ledger import chain, people, records
from kafka_gitops.ledger.nouns import AnyRecord, Drift, Edited, Hold, Run, RunOutcome, Unlock
from kafka_gitops.ledger.people import GIT
from kafka_gitops.ledger.state import State
from kafka_gitops.model import Key
from kafka_gitops.shape.exact import Json

_Placed = tuple[float, Entry]  # an entry and its place in the log: within a second that tells the order
_RUN = re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{6}\b")
_ERASED = "erased"
_AFTER = 0.5  # of a place: between this record and the next one
_STATUS = {
    "running": "under way, or dead",
    "partly": "done in part",
    "stopped": "stopped by itself before all was done",
    "died": "died in the middle",
}
_WHAT = {"running": "running", "died": "died", "failed": "tried"}  # else it reached its commit: applied


def entries(state: State) -> list[Entry]:
    """All that a whole ledger tells, newest first; what cannot be read, or was changed, is an entry too."""
    found = [*_runs(state), *_others(state), *_broken(state)]
    return [entry for _, entry in sorted(found, key=lambda one: (one[1].time, one[0]), reverse=True)]


def _runs(state: State) -> Iterator[_Placed]:
    for name in state.run_ids:
        key = f"run/{name}"
        try:
            yield _place(state, key), _run(state.run(name), _time(state, key))
        except KafkaGitopsError as failure:
            yield _place(state, key), _unread(state, key, failure)


def _others(state: State) -> Iterator[_Placed]:
    for key in state.values:
        if key.startswith(("hold/", "drift/", "unlock/")):
            try:
                yield _place(state, key), _other(records.decode(key, state.values[key]), _time(state, key))
            except KafkaGitopsError as failure:
                yield _place(state, key), _unread(state, key, failure)


def _other(record: AnyRecord, time: int) -> Entry:
    if isinstance(record, Hold):
        return _hold(record, time)
    if isinstance(record, Drift):
        return _drift(record, time)
    assert isinstance(record, Unlock)
    return _unlock(record, time)


def _place(state: State, key: str) -> float:
    return state.last[key].offset


def _time(state: State, key: str) -> int:
    """When a record was written; of one that was written anew, as somebody was erased, when its run began."""
    told, value = int(state.time(key)), state.values.get(key, b"")
    if b'"name":null,"salt":null' not in value:
        return told
    named = _RUN.search(key) or _RUN.search(value.decode("ascii", "replace"))
    began = records.began(named[0]) if named is not None else None
    return told if began is None else min(told, began)


def _run(run: Run, time: int) -> Entry:
    number = len(run.outcomes)
    counted = "no change" if not number else "1 change" if number == 1 else f"{number:,} changes"
    request = run.facts.get("change_request")
    told = {"status": _STATUS.get(run.status, run.status), "base": run.base, "reason": run.reason}
    told |= {"goes on with": run.resumes, "let pass": run.diverged}
    told |= {name.replace("_", " "): fact.value for name, fact in run.facts.items() if name != "change_request"}
    return Entry(
        time,
        _WHAT.get(run.status, "undone" if run.command == "undo" else "applied"),
        f"{run.command}: {counted}",
        run.commit,
        _fact(request) if request is not None else None,
        _people(run.actor),
        approved=tuple(fact for one in run.approvers for fact in _people(one)),
        accepted=tuple(dict.fromkeys(_accepted(run))),
        run=Fact(run.run, LEDGER),
        touches=tuple(map(_touch, run.outcomes)),
        notes=run.notes,
        more={label: text for label, text in told.items() if text},
    )


def _touch(outcome: RunOutcome) -> Touch:
    key = Key(outcome.kind, outcome.name)
    return Touch(key, outcome.action, _edits(outcome.edits), outcome.because, outcome.status, outcome.detail)


def _edits(edits: tuple[Edited, ...]) -> tuple[Edit, ...]:
    return tuple(Edit(one.field, one.before, one.after) for one in edits)


def _accepted(run: Run) -> Iterator[Accepted]:
    for outcome in run.outcomes:
        for risk in outcome.risks:
            if risk.by is not None:
                yield Accepted(risk.name, outcome.name, somebody(risk.by))
            elif risk.how is not None:
                source = GIT if risk.how.startswith("commit ") else LEDGER
                yield Accepted(risk.name, outcome.name, Fact(risk.how, source))
            elif risk.blocks:
                yield Accepted(risk.name, outcome.name, Fact("somebody who is not known", LEDGER))


def _hold(hold: Hold, time: int) -> Entry:
    key = Key(hold.kind, hold.name)
    title = f"{key} is left as it is until {_minute(hold.until)}"
    more = {"reason": hold.reason} if hold.reason else {}
    run = Fact(hold.run, LEDGER)
    return Entry(time, "hold", title, by=_people(hold.by), run=run, touches=(Touch(key, "hold"),), more=more)


def _drift(drift: Drift, time: int) -> Entry:
    key = Key(drift.kind, drift.name)
    title = f"{key} differs from the files (first seen {_minute(drift.since)})"
    if drift.status == "gone":
        title = f"{key} matches the files again (it differed since {_minute(drift.since)})"
    return Entry(time, "drift", title, touches=(Touch(key, "drift", _edits(drift.edits)),))


def _unlock(unlock: Unlock, time: int) -> Entry:
    more = {"reason": unlock.reason, **({"run url": unlock.url} if unlock.url else {})}
    title = f"the lock of run {unlock.run} was taken away"
    return Entry(time, "unlock", title, by=_people(unlock.by), run=Fact(unlock.run, LEDGER), more=more)


def _broken(state: State) -> Iterator[_Placed]:
    """What the hashes show, each at the run that it names first; what is only to be known as a note of no run."""
    whole = [data for name in state.run_ids if (data := _data(state, name)) is not None]
    last = (state.owner.number, state.owner.digest) if state.owner is not None else None
    for finding in chain.verify(whole, last):
        named = [name for name in _RUN.findall(finding.sentence) if f"run/{name}" in state.last]
        key = f"run/{named[0]}" if named else "owner"
        known = key in state.last
        entry = Entry(_time(state, key) if known else 0, "broken" if finding.wrong else "begins", finding.sentence)
        yield (_place(state, key) if known else 0) + _AFTER, entry


def _data(state: State, name: str) -> Json | None:
    try:
        return state.run_data(name)
    except KafkaGitopsError:  # told where the run is
        return None


def _unread(state: State, key: str, failure: KafkaGitopsError) -> Entry:
    return Entry(_time(state, key), "broken", failure.message)


def somebody(person: people.Person) -> Fact:
    """A person by login or id, or that this was erased."""
    return Fact(person.name or _ERASED, person.source)


def _people(person: people.Person | None) -> tuple[Fact, ...]:
    return () if person is None else (somebody(person),)


def _fact(fact: people.Fact) -> Fact:
    return Fact(fact.value, fact.source)


def _minute(time: int) -> str:
    return datetime.fromtimestamp(min(time, records.LATEST), timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
