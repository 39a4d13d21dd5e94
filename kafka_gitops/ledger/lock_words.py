"""What is said about the lock: who has it, how a run lost it, what does not answer."""

import time

from kafka_gitops import shell
from kafka_gitops.errors import Blocked, KafkaGitopsError, Unreachable
from kafka_gitops.ledger.lock import LEASE, Holder, State


class LockLost(KafkaGitopsError):
    """This run held the lock and does not any more: it asks for nothing more."""


def moment(seconds: float) -> str:
    """A time of the log for people: `2026-11-28 09:12:04 UTC`."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def whose(holder: Holder) -> str:
    """`run 20261128-091204-0a1b2c of anna (https://ci/7)`, without what is not known."""
    of = f" of {holder.who}" if holder.who else ""
    at = f" ({holder.url})" if holder.url else ""
    return f"run {holder.run}{of}{at}"


def waits(topic: str, holder: Holder) -> str:
    """What a run says when it begins to wait."""
    return f"waiting for the lock of {topic}: {whose(holder)} has it since {moment(holder.since)}"


def taken(topic: str, holder: Holder, *, waited: float) -> Blocked:
    """Another run has it, and this one does not wait, or not any longer."""
    after = f", also after {waited:.0f} s of waiting" if waited else ""
    said = f"The lock of {topic} is held by {whose(holder)} since {moment(holder.since)}{after}. Nothing was applied."
    help = (
        f"Wait for it: --lock-timeout 10m. The lock of a run that died ends {LEASE} s after its last word; at once: "
        f"{shell.ours('unlock', holder.run, '--reason', 'TEXT')}"
    )
    return Blocked(said, help=help)


def lost(topic: str, state: State) -> LockLost:
    """Why a run that held the lock asks for nothing more."""
    holder, unlock = state.holder, state.unlock
    if unlock is not None and state.key == unlock.key:
        by = f" by {unlock.by.name}" if unlock.by is not None and unlock.by.name else ""
        why = f"it was unlocked{by}: {unlock.reason}"
    elif holder is not None:
        why = f"{whose(holder)} has it since {moment(holder.since)}, as this run was not heard for {LEASE} s"
    else:
        other = f"run {state.key[5:]}" if state.key.startswith("lock/") else "another run"
        why = f"{other} had it meanwhile, as this run was not heard for {LEASE} s"
    return LockLost(f"this run lost the lock of {topic}: {why}", help="Run it again: it goes on with what is open.")


_SLOW = """\
kafka-gitops ledger check looks at the topic's replicas.
A quota of this login (producer_byte_rate, consumer_byte_rate) slows it too."""


def unanswered(topic: str) -> Unreachable:
    """The log does not answer: whether this run holds the lock is not known, so it asks for nothing."""
    said = f"The ledger {topic} does not answer when it is written, so this run does not know whether it has the lock."
    return Unreachable(said, help=_SLOW)


def gone_back(topic: str, expected: int, found: int) -> KafkaGitopsError:
    """The log lost what this run has read: an unclean election, or the topic was made anew."""
    said = f"The ledger {topic} lost records: it was read up to {expected}, and a new record is {found}."
    return KafkaGitopsError(said, help="Was the topic made anew, or restored, or a leader elected that was behind?")


def not_held(topic: str, run: str, holder: Holder | None) -> KafkaGitopsError:
    """There is nothing to unlock."""
    now = "nobody does" if holder is None else f"{whose(holder)} does, since {moment(holder.since)}"
    return KafkaGitopsError(f"Run {run} does not hold the lock of {topic}: {now}. Nothing was unlocked.")


def unlocked(topic: str, was: Holder) -> str:
    """What `unlock` did."""
    heard = f"since {moment(was.since)}, and was heard last at {moment(was.heard)}"
    return f"Unlocked {topic}: {whose(was)} had it {heard}. If it still runs, it stops before its next request."
