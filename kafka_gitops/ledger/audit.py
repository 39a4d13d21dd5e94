"""What an auditor asks of a ledger as a whole: is it what was written, all of it as lines, and all of it without one
person."""

from collections.abc import Iterator, Sized
from typing import NamedTuple

from kafka_gitops.errors import Blocked, listed
from kafka_gitops.ledger import chain, packed, records
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.owner import Identity, stop_on_another
from kafka_gitops.ledger.state import State


class Looked(NamedTuple):
    """What one look found: `status` is ok, note or FAIL."""

    status: str
    step: str
    found: str


def examine(state: State, identity: Identity) -> Iterator[Looked]:
    """Whether the records can be read, are this owner's and this cluster's, and whether the hashes hold."""
    yield _whose(state, identity)
    damaged = list(state.damaged())
    if damaged:
        yield Looked("FAIL", "records", listed(damaged, most=3))
        return
    yield from _names(state)
    yield _all(state)
    yield from _hashes(state)


def _whose(state: State, identity: Identity) -> Looked:
    try:
        stop_on_another(identity, state.owner, identity.topic)
    except Blocked as another:
        return Looked("FAIL", "owner", another.message)
    except (records.Damaged, records.Newer) as odd:
        return Looked("FAIL", "owner", odd.message)
    if state.owner is None:
        return Looked("note", "owner", f"{identity.owner}; nothing was applied yet")
    return Looked("ok", "owner", f"{identity.owner}, commit {(state.owner.commit or 'not known')[:12]}")


def _names(state: State) -> Iterator[Looked]:
    """What is wrong with the names for others: what is in them stays until an apply writes them anew."""
    try:
        len(state.claims)
    except records.Damaged as damaged:
        yield Looked("note", "names", damaged.message)


def _all(state: State) -> Looked:
    runs = state.run_ids
    said = f"{_count(state.values, 'record')}, {_count(runs, 'run')}" + (f" since {runs[-1]}" if runs else "")
    if state.foreign:
        others = listed(sorted(state.clusters), most=2)
        return Looked("note", "records", f"{said}; of another cluster, and of no account: {state.foreign:,} ({others})")
    return Looked("ok", "records", said)


def _hashes(state: State) -> Iterator[Looked]:
    last = (state.owner.number, state.owner.digest) if state.owner is not None else None
    found = chain.verify((state.run_data(run) for run in state.run_ids), last)
    for finding in found:
        yield Looked("FAIL" if finding.wrong else "note", "hashes", finding.sentence)
    if not any(finding.wrong for finding in found):
        yield Looked("ok", "hashes", f"{_count(state.run_ids, 'run')} in one chain")


def _count(items: Sized, word: str) -> str:
    return f"{len(items):,} {word}{'s' * (len(items) != 1)}"


def lines(state: State) -> Iterator[str]:
    """Each record as JSON, in the order of the log; a long run's parts as one. Raises Damaged, Newer."""
    for key in sorted(state.values, key=lambda key: state.last[key].offset):
        if not _is_part(key):
            yield records.canonical(_data(state, key)).decode()


def without(state: State, name: str) -> list[list[Entry]]:
    """What takes a person out of all records, what has to be appended together in a list. Raises Blocked during a run.

    The chain of hashes holds as before: it commits to people by a salted hash, and the salt goes too.
    """
    if state.running:
        said = f"Run {state.running[0].run} did not end, so its records may change while they are rewritten."
        raise Blocked(said, help="Wait for its end; where it is dead, the next apply ends its record.")
    found = []
    for key in state.values:
        if not _is_part(key):
            data = _data(state, key)
            left = chain.erased(data, name)
            if left != data:
                run = key.startswith("run/")
                found.append(list(packed.entries_of(key, left)) if run else [Entry(key, records.canonical(left))])
    return found


def _is_part(key: str) -> bool:
    return key.startswith("run/") and key.count("/") > 1


def _data(state: State, key: str) -> dict[str, object]:
    return state.run_data(key[4:]) if key.startswith("run/") else records.parsed(key, state.values[key])
