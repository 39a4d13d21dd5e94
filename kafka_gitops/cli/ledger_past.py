"""What the ledger of an environment tells of its runs, where it has one that can be read."""

from typing import NamedTuple

from kafka_gitops.cli import reaching
from kafka_gitops.cli.request import Request
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.whose import whose
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.git import Repository
from kafka_gitops.history import runs
from kafka_gitops.history.entry import Entry
from kafka_gitops.ledger import state
from kafka_gitops.ledger.log import Logs

_DECLARED = "what the files declared, not what was applied"
OFF = f"from git alone (the ledger is off): {_DECLARED}"


class Ledger(NamedTuple):
    """Its entries, newest first, and in half a sentence where the history is from."""

    entries: list[Entry]
    origin: str


def read(request: Request, config: Configured, repo: Repository) -> Ledger:
    """What the ledger tells; nothing where it is off, or not to be read and `optional`.

    Raises Unreachable, MissingRight, NoLedger where it is `required`.
    """
    try:
        found = state_of(request, config, repo)
    except KafkaGitopsError as failure:
        if config.effective(connect=False).settings.ledger.mode != "optional":
            raise
        return Ledger([], f"from git alone, as the ledger was not read ({failure.message.rstrip('.')}): {_DECLARED}")
    return Ledger([], OFF) if found is None else told(found)


def state_of(request: Request, config: Configured, repo: Repository) -> state.State | None:
    """All of the ledger, None where it is off. Raises Unreachable, MissingRight, NoLedger."""
    settings = config.effective(connect=False).settings
    if not settings.ledger.on:
        return None
    topic = whose(config, settings, repo).topic
    with reaching.connected(request, config.settings()) as systems:
        logs: Logs = systems.on_kafka("log")
        return state.read(logs.log(topic))


def told(found: state.State) -> Ledger:
    """What a ledger that was read tells."""
    return Ledger(runs.entries(found), f"from git and the ledger {found.topic}{_foreign(found)}")


def _foreign(found: state.State) -> str:
    """What is passed over, in half a sentence."""
    if not found.foreign:
        return ""
    records = "1 record" if found.foreign == 1 else f"{found.foreign:,} records"
    return f", in which {records} of another cluster ({listed(sorted(found.clusters))}) count for nothing"
