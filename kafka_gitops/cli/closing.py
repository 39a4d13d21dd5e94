"""Runs that died, as the next one finds them: what they asked for is looked at anew, their records are closed."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from kafka_gitops import shell
from kafka_gitops.changes import Change
from kafka_gitops.cli import again
from kafka_gitops.kinds import KINDS, LOOKS
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.ledger import dead
from kafka_gitops.ledger.dead import Dead, Look
from kafka_gitops.ledger.log import Entry
from kafka_gitops.ledger.nouns import Asked, Run
from kafka_gitops.model import Key
from kafka_gitops.plan import retold
from kafka_gitops.plan.steps import tried
from kafka_gitops.plan.verify import LOOK_SECONDS, actual
from kafka_gitops.settings import Settings

Late = Mapping[tuple[Key, str], str]


class Closing(NamedTuple):
    """Records of runs that died, closed; what writes them; what is said of them.

    `late` names what they asked for and the cluster does not show yet, by key and action, with the run.
    """

    runs: Sequence[Run]
    entries: Sequence[Entry]
    lines: Sequence[str]
    late: Late


def of(died: Sequence[Dead], mine: str, systems: Systems, settings: Settings, repeated: Collection[Key]) -> Closing:
    """Close the records of runs that died, by run `mine`, which asks once more for the acts of `repeated`.

    Whatever its plan is, and of when: it looks now, under the lock, so that none of those runs is under way.
    """
    runs, lines, entries, late = [], list[str](), list[Entry](), dict[tuple[Key, str], str]()
    for one in died:
        run = dead.closed(one, mine, seen(one.asked, systems, settings))
        runs.append(run)
        entries += dead.entries(one, run)
        lines += dead.told(one, run, repeated, _way)
        late |= _late(one, run)
    return Closing(runs, entries, lines, late)


def _late(one: Dead, closed: Run) -> Iterator[tuple[tuple[Key, str], str]]:
    asked = {(item.kind, item.name) for item in one.asked}
    for item in closed.outcomes:
        if (item.kind, item.name) in asked and item.status != "done":
            yield (Key(item.kind, item.name), item.action), closed.run


def seen(asked: Sequence[Asked], systems: Systems, settings: Settings) -> dict[Key, Look]:
    """What the servers show now of what was asked for, and a try of what no read shows; what cannot be told is not in
    it."""
    changes = list(_changes(asked))
    looks = dict[Key, Look]()
    for kind in dict.fromkeys(change.key.kind for change in changes):
        own = [change for change in changes if change.key.kind == kind]
        with suppress(Exception):  # a ledger holds what others wrote, and names servers that may be gone
            looks |= _shown([change for change in own if change.act is None], systems, settings)
        with suppress(Exception):
            acts = tried(systems, [change for change in own if change.act is not None])
            looks |= {key: Look(*one) for key, one in acts.items()}
    return looks


def _shown(changes: Sequence[Change], systems: Systems, settings: Settings) -> Iterator[tuple[Key, Look]]:
    """What a read shows. Reads lag, so that what is not there is waited for, for some seconds."""
    until = time.monotonic() + LOOK_SECONDS
    while changes:
        live = actual(systems, changes, settings, edited=True)
        came = {change.key: retold.came(change, live.get(change.key)) for change in changes}
        if time.monotonic() >= until or all(came.values()):
            sure = ((key, done) for key, done in came.items() if done is not None)
            yield from ((key, Look(done, "it is done" if done else "it is not done")) for key, done in sure)
            return
        time.sleep(0.5)


def _changes(asked: Sequence[Asked]) -> Iterator[Change]:
    """What was asked for, as changes."""
    for one in asked:
        key = Key(one.kind, one.name)
        change = retold.change(key, one.action, one.change) if one.change is not None else None
        if change is not None and one.kind in KINDS:
            yield change


def _way(asked: Asked) -> str | None:
    """The command that asks once more for what no read shows."""
    if asked.action != again.ACT or asked.kind not in LOOKS or again.ACT not in LOOKS[asked.kind].acts:
        return None
    return shell.ours("apply", f"--{again.ACT}", f"{asked.kind}:{asked.name}")
