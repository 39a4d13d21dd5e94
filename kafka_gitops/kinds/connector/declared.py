"""The connectors that files declare, and where their keys stand."""

from collections.abc import Iterator
from typing import NamedTuple

from kafka_gitops.changes import Origin
from kafka_gitops.diagnostics import Span
from kafka_gitops.kinds.connector.spec import NAME, Connector, parts
from kafka_gitops.model import Key, Topology
from kafka_gitops.text.source import Node


class One(NamedTuple):
    """A declared connector."""

    key: Key
    spec: Connector
    node: Node
    project: str | None
    flags: frozenset[str]

    @property
    def cluster(self) -> str:
        """The label of its cluster, empty where nobody names one."""
        return parts(self.key)[0]

    @property
    def name(self) -> str:
        """Its name, without the cluster."""
        return parts(self.key)[1]

    def at(self, key: str | None = None) -> Span:
        """The place of a config key, else of the connector."""
        node = self.node.get("config", key) if key is not None else None
        return node.head if node is not None else self.node.head

    def origin(self, key: str | None = None) -> Origin:
        """The same for plans."""
        return Origin.at(self.at(key), self.project)


def connectors(topology: Topology | None) -> Iterator[One]:
    """The connectors of a topology, each once; of two declarations the first counts."""
    for one in topology.of(NAME) if topology is not None else ():
        if isinstance(one.spec, Connector):
            yield One(one.key, one.spec, one.node, one.project, one.flags)
