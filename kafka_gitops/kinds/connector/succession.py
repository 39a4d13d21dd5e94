"""Whether a connector may take the place of the one that it replaces."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from kafka_gitops.kinds.connector import fence
from kafka_gitops.kinds.connector.declared import One
from kafka_gitops.kinds.connector.seen import Reading
from kafka_gitops.kinds.connector.spec import CLASS, NAME, parts, same_class
from kafka_gitops.model import Key

Protect = Mapping[str, Sequence[str]]


def against(one: One, reading: Reading, protect: Protect, declared: Collection[str]) -> Iterator[str]:
    """What speaks against it; `declared` are all connectors of the files, as CLUSTER/NAME."""
    old = one.spec.replaces
    if old is None:
        return
    key = Key(NAME, old)
    cluster = parts(key)[0]
    if cluster not in reading.connects:
        yield f"it replaces {old}, and no Connect cluster is called {cluster}"
        return
    if old in declared:
        yield f"it replaces {old}, which the files still declare: take one of the two out"
    live = reading.get(key)
    if live is None:
        return
    why = fence.protected(protect, key)
    if why is not None:
        yield f"it replaces {old}: {why}"
    if not same_class(live.config.get(CLASS), one.spec.config.get(CLASS)):
        yield f"{old} is a {live.config.get(CLASS)}: its offsets mean nothing to another class"
    if live.sink and reading.connects[cluster].kafka != reading.connects[one.cluster].kafka:
        yield f"{old} reads from another Kafka cluster: the offsets of its group mean other records here"
