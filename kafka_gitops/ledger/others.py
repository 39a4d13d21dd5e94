"""What other owners of a cluster have applied: the ends of their ledgers, read at once."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from kafka_gitops.errors import KafkaGitopsError, MissingRight
from kafka_gitops.ledger.log import Logs, NoLedger, Record
from kafka_gitops.ledger.nouns import Owner
from kafka_gitops.ledger.state import State, folded
from kafka_gitops.model import Key

WINDOW = 40  # records from each end that are read first: names are written with the owner's record
_WANTED = ("owner", "names/")


class Claimed(NamedTuple):
    """An owner that has applied a resource, and the digest of its spec (`names.digest`)."""

    owner: str
    digest: str


def holders(logs: Logs, own: str, cluster: str, keys: Collection[Key]) -> dict[Key, list[Claimed]]:
    """Who else has applied these resources; `own` is the topic that is not asked.

    Raises KafkaGitopsError where a ledger that is there cannot be read, or one may be there unseen: then nobody knows.
    """
    if (missing := logs.unseen()) is not None:
        said = f"{missing.message}; kafka-gitops ledger check says how it does"
        raise MissingRight(said, help=missing.help)
    found: dict[Key, list[Claimed]] = {}
    for state in _states(logs, [name for name in logs.names() if name != own], cluster):
        try:
            owner, claims = state.owner, state.claims
        except KafkaGitopsError as failure:
            raise KafkaGitopsError(f"ledger {state.topic}: {failure.message}", help=failure.help) from None
        for claim in claims if owner is not None else ():
            if claim[:2] in keys:
                assert owner is not None
                found.setdefault(claim.key, []).append(Claimed(named(owner), claim.digest))
    return {key: sorted(claimed) for key, claimed in found.items()}


def named(owner: Owner) -> str:
    """An owner in a sentence."""
    return f"{owner.owner} ({owner.environment})" if owner.environment is not None else owner.owner


def _states(logs: Logs, topics: Collection[str], cluster: str, window: int = WINDOW) -> Iterator[State]:
    """The ends of ledgers, further back of those that have not enough there."""
    bounds = _bounds(logs, topics)
    while bounds:
        starts = {topic: max(first, end - window) for topic, (first, end) in bounds.items()}
        read: dict[str, list[Record]] = {topic: [] for topic in bounds}
        for topic, record in logs.read_many({topic: (starts[topic], bounds[topic][1]) for topic in bounds}):
            if record.key.startswith(_WANTED):  # the rest of hundreds of ledgers would be much to keep
                read[topic].append(record)
        short = {}
        for topic, records in read.items():
            state = folded(records, topic, cluster, whole=starts[topic] == bounds[topic][0])
            if state.whole or state.known:
                yield state
            else:
                short[topic] = bounds[topic]
        bounds, window = short, window * 16


def _bounds(logs: Logs, topics: Collection[str]) -> dict[str, tuple[int, int]]:
    """The offsets of each; one that goes away meanwhile has none."""
    try:
        return dict(logs.bounds(list(topics))) if topics else {}
    except NoLedger:
        return {} if len(topics) == 1 else {name: at for one in topics for name, at in _bounds(logs, [one]).items()}
