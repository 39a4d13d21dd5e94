"""The schemas that the files declare, as the rules about them look at each: its text, its place, what it refers to."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol, cast

from kafka_gitops import schemas
from kafka_gitops.diagnostics import Note, Span
from kafka_gitops.model import Declared, Topology
from kafka_gitops.text.source import Node

KIND = "schema"


class _Reference(Protocol):
    """A use of another subject's schema: under which name, and which version of it (0: the latest)."""

    @property
    def name(self) -> str: ...
    @property
    def subject(self) -> str: ...


class _Schema(Protocol):
    """What the rules read of a schema's spec."""

    @property
    def type(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def references(self) -> tuple[_Reference, ...]: ...
    @property
    def compatibility(self) -> str | None: ...


class Entry(NamedTuple):
    """One declaration of a schema; `path` is its file as findings name it."""

    subject: str
    spec: _Schema
    node: Node
    path: str

    def at(self, *keys: str) -> Span:
        """Where the declaration says something, else where it stands."""
        return self.node.at(*keys)

    def span(self, line: int, column: int) -> Span:
        """A place in the schema's own file."""
        return Span(self.path, line, column, line, column + 1)

    def reference(self, name: str) -> Node | None:
        """The item of `references` for a name."""
        listed = self.node.get("references")
        items = listed.items if listed is not None else []
        return next((item for item in items if (said := item.get("name")) is not None and said.text == name), None)


def entries(topology: Topology) -> list[Entry]:
    """Every declaration, also a second one of a subject, in the order of the files."""
    return [_entry(one) for one in topology.declared if one.key.kind == KIND]


def by_subject(topology: Topology) -> dict[str, Entry]:
    """The first declaration of each subject, which is the one that counts."""
    found: dict[str, Entry] = {}
    for entry in entries(topology):
        found.setdefault(entry.subject, entry)
    return found


def _entry(declared: Declared) -> Entry:
    node = declared.node
    sides = ("key.schema.file", "value.schema.file")  # JulieOps' schemas of a topic have one for each
    order = sides if declared.key.name.endswith("-key") else sides[::-1]
    own, file = node.get("file"), next((found for name in order if (found := node.get(name)) is not None), None)
    path = posixpath.normpath(file.text) if file is not None else node.path
    if own is not None:  # relative to the file that says it
        path = posixpath.normpath(posixpath.join(posixpath.dirname(node.path), own.text))
    return Entry(declared.key.name, cast(_Schema, declared.spec), node, path)


def references(entry: Entry, known: Mapping[str, Entry]) -> dict[str, str | None]:
    """The texts of what a schema refers to, and of what that refers to in turn, by the names that are used."""
    found: dict[str, str | None] = {}
    left, seen = [entry], {entry.subject}
    while left:
        for one in left.pop().spec.references:
            if one.subject == entry.subject:
                continue  # a circle, which a rule of its own tells
            other = known.get(one.subject)
            found.setdefault(one.name, other.spec.text if other is not None else None)
            if other is not None and other.subject not in seen:
                seen.add(other.subject)
                left.append(other)
    return found


def problems(topology: Topology, kind: str) -> Iterator[Note]:
    """What is wrong with the schemas themselves, at its places in their files, each once: the problems of one kind."""
    known = by_subject(topology)
    told: set[tuple[str, schemas.Problem]] = set()
    for entry in entries(topology):
        for one in schemas.parse(entry.spec.type, entry.spec.text, references(entry, known)).problems:
            if one.kind == kind and (entry.path, one) not in told:
                told.add((entry.path, one))
                declared = (entry.at("subject"), f"declared for {entry.subject}")
                yield Note(entry.span(one.line, one.column), one.message, one.help, (declared,))


def alarms(before: Topology, after: Topology, helps: Mapping[str, str]) -> Iterator[Note]:
    """What a change of schemas does that no compatibility check sees: of the kinds in `helps`, with what to do."""
    old = by_subject(before)
    for subject, now in by_subject(after).items():
        was = old.get(subject)
        if was is None or was.spec.type != now.spec.type or was.spec.text == now.spec.text:
            continue
        for one in schemas.alarms(now.spec.type, was.spec.text, now.spec.text):
            if one.kind in helps:
                said = f"{one.field}: {one.message}" if one.field else one.message
                declared = (now.at("subject"), f"declared for {subject}")
                yield Note(now.span(one.line, one.column), said, helps[one.kind], (declared,), subject)
