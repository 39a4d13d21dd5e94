"""What rules about connectors share."""

from collections.abc import Callable, Iterable, Iterator

from kafka_gitops.diagnostics import Note
from kafka_gitops.kinds.connector.checks import Wrong
from kafka_gitops.kinds.connector.declared import connectors
from kafka_gitops.model import Topology


def wrongs(topology: Topology, look: Callable[[dict[str, str]], Iterable[Wrong]]) -> Iterator[Note]:
    """What a look at each config finds, at the key that it is about."""
    for one in connectors(topology):
        for wrong in look(dict(one.spec.config)):
            yield Note(one.at(wrong.key), wrong.said, wrong.help)
