"""The schemas that files declare, in the order in which they can be registered."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Origin
from kafka_gitops.diagnostics import Span
from kafka_gitops.kinds.schema.spec import NAME, Schema
from kafka_gitops.model import Key, Topology
from kafka_gitops.text.source import Node


class One(NamedTuple):
    """A declared schema."""

    key: Key
    spec: Schema
    node: Node
    project: str | None
    flags: frozenset[str]

    @property
    def subject(self) -> str:
        """Its subject."""
        return self.key.name

    def at(self, *path: str) -> Span:
        """The place of what stands under a key, else of the schema."""
        node = self.node.get(*path) if path else None
        return node.head if node is not None else self.node.head

    def origin(self) -> Origin:
        """The same for plans."""
        span = self.at()
        return Origin(span.path, span.line, self.project)

    def in_file(self, line: int) -> Origin:
        """A line of the file with the schema, as seen from where the run is; its item's where that names none."""
        file = self.node.get("file")
        if file is None or file.raw is None:
            return self.origin()
        beside = posixpath.join(posixpath.dirname(file.path.replace("\\", "/")), file.raw)
        return Origin(posixpath.normpath(beside), line, self.project)


def declared(topology: Topology | None) -> Iterator[One]:
    """The schemas of a topology, each subject once; of two declarations the first counts."""
    met = set()
    for one in topology.of(NAME) if topology is not None else ():
        if isinstance(one.spec, Schema) and one.key not in met:
            met.add(one.key)
            yield One(one.key, one.spec, one.node, one.project, one.flags)


class Order(NamedTuple):
    """Subjects in layers, each of which refers to earlier ones only, and those that refer to one another in a ring."""

    layers: list[list[str]]
    circle: list[str]


def order(references: Mapping[str, Iterable[str]]) -> Order:
    """The subjects by what each refers to; what is not among them is there already."""
    left = {name: {one for one in uses if one in references} for name, uses in references.items()}
    layers = []
    while ready := [name for name, uses in left.items() if not uses]:
        layers.append(ready)
        left = {name: uses - set(ready) for name, uses in left.items() if uses}
    return Order(layers, _circle(left))


def _circle(left: Mapping[str, set[str]]) -> list[str]:
    """The first circle among subjects that all refer to one of them."""
    path: list[str] = []
    name = min(left, default=None)
    while name is not None and name not in path:
        path.append(name)
        name = min(left[name])
    return path[path.index(name) :] if name is not None else []


def uses(one: Schema) -> Sequence[str]:
    """The subjects that a schema refers to."""
    return [reference.subject for reference in one.references]
