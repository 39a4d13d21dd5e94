"""What the cluster shows of the changes of a plan: as planned before, and as written afterwards."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.model import Key, Spec
from kafka_gitops.settings import Settings

RIVAL_SECONDS = 60.0  # reads lag writes
LOOK_SECONDS = 3.0  # for what nobody knows whether it was done


class Seen(NamedTuple):
    """What a look after the writes came to: changes that did not become visible, and why others could not be read."""

    missing: list[Change]
    unread: dict[Key, KafkaGitopsError]


def unread(changes: Sequence[Change]) -> Seen:
    """What comes of no look at all: somebody stopped it."""
    stopped = KafkaGitopsError("stopped before it was looked at.", help="A plan shows what is there.")
    return Seen([], {change.key: stopped for change in changes})


def actual(systems: Systems, changes: Iterable[Change], settings: Settings, *, edited: bool = False) -> dict[Key, Spec]:
    """The touched resources as they are now, as Specs of the same kinds as the changes'.

    With `edited` only what the changes name of them is looked at: enough to see whether it came through.
    """
    kinds: dict[str, list[Change]] = {}
    for change in changes:
        kinds.setdefault(change.key.kind, []).append(change)
    live: dict[Key, Spec] = {}
    for name, own in kinds.items():
        live.update(KINDS[name].actual(systems, own, settings, edited=edited))
    return live


def reached(change: Change, now: Spec | None) -> bool:
    """Whether what is there is what the change wants it to be."""
    return KINDS[change.key.kind].reached(change, now)


def made_by_others(changes: Sequence[Change], systems: Systems, settings: Settings) -> Mapping[Key, Spec]:
    """What somebody else made or took away, once it can be read: a killed run's last request may have done it."""
    until = time.monotonic() + RIVAL_SECONDS
    live: Mapping[Key, Spec] = {}
    while changes:
        live = actual(systems, changes, settings)
        if all((one.key in live) != (one.after is None) for one in changes) or time.monotonic() >= until:
            break
        time.sleep(0.5)
    return live


def converge(
    done: Sequence[Change],
    systems: Systems,
    settings: Settings,
    *,
    deadline: float,
    sleep: Callable[[float], None] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    told: Callable[[Sequence[Change]], object] = lambda _missing: None,
) -> Seen:
    """Wait until everything done is visible, or until `deadline` seconds after the last that is.

    `told` hears after each read what is still missing.

    `stop` is asked before each further read. Raises nothing: a kind that cannot be read is told, the others go on.
    Kafka's reads lag its writes: 10,000 new topics were seen to need 38 s, 15,000 partitions on a busy machine 150 s.
    """
    end = time.monotonic() + deadline
    pause = 0.05
    seen = Seen(list(done), {})
    try:
        while seen.missing:
            begun, before = time.monotonic(), len(seen.missing)
            seen = _look(seen, systems, settings)
            told(seen.missing)
            now = time.monotonic()
            end = now + deadline if len(seen.missing) < before else end
            if not seen.missing or now >= end or stop():
                break
            sleep(min(max(pause, now - begun), end - now))  # the broker that is at work is asked half the time at most
            pause = min(pause * 2, 2.0)
    except KeyboardInterrupt:
        return Seen([], {**seen.unread, **unread(seen.missing).unread})
    return seen


def _look(seen: Seen, systems: Systems, settings: Settings) -> Seen:
    """One more look at what is missing, kind by kind."""
    missing, failed = [], dict(seen.unread)
    gone: Unreachable | None = None
    for kind in dict.fromkeys(change.key.kind for change in seen.missing):
        of_kind = [change for change in seen.missing if change.key.kind == kind]
        try:
            if gone is not None:  # the other kinds have not to wait for it as well
                raise gone
            live = actual(systems, of_kind, settings, edited=True)
        except KafkaGitopsError as failure:
            gone = failure if isinstance(failure, Unreachable) else None
            failed.update((change.key, failure) for change in of_kind)
        else:
            missing += [change for change in of_kind if not reached(change, live.get(change.key))]
    return Seen(missing, failed)
