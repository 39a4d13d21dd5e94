"""The schemas that files declare, in the order in which they can be registered."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Origin
from kafka_gitops.diagnostics import Span
from kafka_gitops.kinds.schema.spec import NAME, Schema
from kafka_gitops.model import Declared, Key, Topology
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
        return Origin.at(self.at(), self.project)

    @property
    def path(self) -> str:
        """The file with the schema as seen from where the run is; of JulieOps' forms as they name it."""
        own = self.node.get("file")
        if own is not None and own.raw is not None:  # relative to the file that says it
            beside = posixpath.join(posixpath.dirname(own.path.replace("\\", "/")), own.raw)
            return posixpath.normpath(beside)
        sides = ("key.schema.file", "value.schema.file")  # JulieOps' schemas of a topic have one for each
        order = sides if self.subject.endswith("-key") else sides[::-1]
        file = next((found for name in order if (found := self.node.get(name)) is not None), None)
        return posixpath.normpath(file.text) if file is not None else self.node.path

    def span(self, line: int, column: int) -> Span:
        """A place in that file."""
        return Span(self.path, line, column, line, column + 1)

    def in_file(self, line: int) -> Origin:
        """A line of that file for plans; its item's place where that names none."""
        return Origin(self.path, line, self.project) if self.node.get("file") is not None else self.origin()

    def reference(self, name: str) -> Node | None:
        """The item of `references` for a name."""
        listed = self.node.get("references")
        items = listed.items if listed is not None else []
        return next((item for item in items if (said := item.get("name")) is not None and said.text == name), None)


def every(found: Iterable[Declared]) -> Iterator[One]:
    """The schemas among declarations."""
    for one in found:
        if isinstance(one.spec, Schema):
            yield One(one.key, one.spec, one.node, one.project, one.flags)


def declared(topology: Topology | None) -> Iterator[One]:
    """The schemas of a topology, each subject once; of two declarations the first counts."""
    return every(topology.of(NAME) if topology is not None else ())


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
