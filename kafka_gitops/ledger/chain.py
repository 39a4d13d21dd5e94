"""The chain of runs: each holds the hash of the one before, so that a change of the past shows."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from kafka_gitops.ledger import people, records
from kafka_gitops.ledger.nouns import Run
from kafka_gitops.shape.exact import Json

_PERSON = '"commitment":'


class Finding(NamedTuple):
    """What a look at the hashes found, in a sentence; `wrong` is False where it is only to be known."""

    sentence: str
    wrong: bool = True


def digest(run: Run | Mapping[str, Any], outcomes: Sequence[str] | None = None) -> str:
    """The hash of a run's record; of people it takes only the commitments, so that erasing them changes nothing.

    `outcomes` are its `records.lines`, where somebody has them.
    """
    data = records.body(run) if isinstance(run, Run) else run
    if outcomes is None:
        told = records.canonical(_without_people(data))
    else:
        told = records.joined(_without_people({**data, "outcomes": []}), map(_nameless, outcomes))
    return "sha256:" + hashlib.sha256(told).hexdigest()


def _nameless(outcome: str) -> str:
    """Canonical JSON without people, in which there are few."""
    return records.canonical(_without_people(json.loads(outcome))).decode() if _PERSON in outcome else outcome


def erased(data: Any, name: str) -> Any:
    """Plain data of a record without the name and salt of one person; the same where that one is not in it."""
    if isinstance(data, Mapping):
        found = {key: erased(value, name) for key, value in data.items()}
        return {**found, "name": None, "salt": None} if "commitment" in data and data.get("name") == name else found
    return [erased(item, name) for item in data] if isinstance(data, list) else data


def verify(runs: Iterable[Json], last: tuple[int, str | None] | None = None) -> list[Finding]:
    """What is wrong with a chain, and where it begins; `last` is the number and hash that the owner's record names.

    The records are plain data (`records.parsed`), in any order. What `ledger.keep` or compaction took away from the
    beginning is said and not wrong; a run that is missing in between is.
    """
    chain = sorted(runs, key=lambda run: (_number(run), str(run.get("run"))))
    return [*_beginning(chain), *_links(chain), *_people(chain), *_end(chain, last)]


def _number(run: Mapping[str, Any]) -> int:
    number = run.get("number")
    return number if type(number) is int else 0


def _beginning(chain: Sequence[Json]) -> Iterator[Finding]:
    if chain and (first := _number(chain[0])) > 1:
        before = "the run before it is" if first == 2 else f"{first - 1:,} earlier runs are"
        yield Finding(f"the record begins with run {chain[0].get('run')}: {before} gone", wrong=False)


def _links(chain: Sequence[Json]) -> Iterator[Finding]:
    if chain and _number(chain[0]) == 1 and chain[0].get("previous") is not None:
        yield Finding(f"run {chain[0].get('run')} is the first and names one before it")
    for before, run in pairwise(chain):
        gap = _number(run) - _number(before)
        if gap == 0:
            yield Finding(f"runs {before.get('run')} and {run.get('run')} have the same number, {_number(run):,}")
        elif gap > 1:
            missing = "1 run is" if gap == 2 else f"{gap - 1:,} runs are"
            yield Finding(f"{missing} missing between {before.get('run')} and {run.get('run')}")
        elif run.get("previous") != digest(before):
            said = (
                f"run {before.get('run')} is not as it was when run {run.get('run')} was written: its hash is another"
            )
            yield Finding(said)


def _people(chain: Iterable[Json]) -> Iterator[Finding]:
    for run in chain:
        for one in _persons(run):
            name, salt = one.get("name"), one.get("salt")
            if isinstance(name, str) and people.committed(str(salt), name) != one.get("commitment"):
                yield Finding(f"run {run.get('run')} names somebody else than when it was written")


def _end(chain: Sequence[Json], last: tuple[int, str | None] | None) -> Iterator[Finding]:
    if last is None:
        return
    number, told = last
    named = [run for run in chain if _number(run) == number]
    if number and not named:
        yield Finding(f"run number {number:,}, which the owner's record names as the last, is missing")
    elif named and digest(named[0]) != told:
        yield Finding(f"run {named[0].get('run')} is not as the owner's record has it: its hash is another")


def _persons(data: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, Mapping):
        if "commitment" in data:
            yield data
        for value in data.values():
            yield from _persons(value)
    elif isinstance(data, list):
        for item in data:
            yield from _persons(item)


def _without_people(data: Any) -> Any:
    if isinstance(data, Mapping):
        people = ("name", "salt") if "commitment" in data else ()
        return {key: _without_people(value) for key, value in data.items() if key not in people}
    return [_without_people(item) for item in data] if isinstance(data, list) else data
