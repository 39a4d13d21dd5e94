"""An estate as topology files: one for each file that it comes from, and read back as `lint` would read them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.dialects import emit, grouping
from kafka_gitops.dialects.estate import Entry, Estate
from kafka_gitops.model import Acl, Topology
from kafka_gitops.settings import Language
from kafka_gitops.text import characters
from kafka_gitops.text.source import Node, parse

SECTIONS = ("special_topics", "acls", "quotas", "users", "schemas", "connectors", "removed")


class Made(NamedTuple):
    """A file to write: its path below the folder, and its lines with where they come from."""

    path: str
    lines: Sequence[emit.Line]

    @property
    def text(self) -> str:
        """What is written."""
        return emit.joined(self.lines)


def files(estate: Estate, dialect: str, context: str) -> list[Made]:
    """The topology files of an estate, in the order of the files that they come from."""
    found: dict[str, list[Entry]] = {}
    for entry in (*estate.entries, *_rights(estate)):
        found.setdefault(entry.node.path, []).append(entry)
    names = _names(list(found))
    return [Made(names[path], list(_lines(entries, path, dialect, context))) for path, entries in found.items()]


def _rights(estate: Estate) -> Iterator[Entry]:
    """The bindings as items, those of each file by themselves."""
    for item, node in _grouped(estate.acls):
        yield Entry("acls", item, node)
    for item, node in _grouped(estate.revoked):
        yield Entry("removed", {"acl": item, "because": "stated as deleted in the file that this was made from"}, node)


def _grouped(acls: Mapping[Acl, Node]) -> Iterator[tuple[dict[str, object], Node]]:
    by_file: dict[str, dict[Acl, Node]] = {}
    for acl, node in acls.items():
        by_file.setdefault(node.path, {})[acl] = node
    for one in by_file.values():
        yield from grouping.items(one)


def _names(paths: Sequence[str]) -> dict[str, str]:
    """A file name for each path: its own, with a number where another has it."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path in paths:
        stem = re.sub(r"[^A-Za-z0-9._-]+", "-", PurePath(path).name.partition(".")[0]).strip("-.") or "topology"
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.lower())
        names[path] = f"{name}.yaml"
    return names


def _lines(entries: Sequence[Entry], path: str, dialect: str, context: str) -> Iterator[emit.Line]:
    yield emit.Line(f"# migrated from {characters.escaped(path)} ({dialect})")
    yield emit.Line(f"context: {emit.scalar(context)}")
    for name in SECTIONS:
        own = [entry for entry in entries if entry.section == name]
        if own:
            yield from emit.section(name, own)


def read_back(made: Sequence[Made], texts: Mapping[str, str], language: Language) -> Topology:
    """What these files say by our own reader; each error is at the place in the file that it comes from."""

    def read(_topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        return (texts[path], None) if path in texts else (None, "there is no such file")

    return build.topology({one.path: parse(one.path, one.text) for one in made}, language, read=read)


def errors(topology: Topology, made: Sequence[Made]) -> list[Diagnostic]:
    """The errors that our reader finds in files, with their places in the files that these come from."""
    lines = {one.path: one.lines for one in made}
    found = []
    for problem in topology.problems:
        if problem.severity is Severity.error:
            own = lines.get(problem.span.path, ())
            node = own[problem.span.line - 1].node if 0 < problem.span.line <= len(own) else None
            found.append(problem._replace(span=node.head, related=()) if node is not None else problem)
    return found
