"""An estate as topology files: one for each file that it comes from, and read back as `lint` would read them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.model import Acl, Topology
from kafka_gitops.settings import Language
from kafka_gitops.text import characters
from kafka_gitops.text.source import Node, parse
from kafka_gitops.writing import emit, grouping
from kafka_gitops.writing.entries import Entry

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
    for entry in (*estate.entries, *given(estate.acls), *taken(estate.revoked)):
        found.setdefault(entry.node.path, []).append(entry)
    return named(
        (PurePath(path).name.partition(".")[0], list(lines(entries, f"{path} ({dialect})", context)))
        for path, entries in found.items()
    )


def given(acls: Mapping[Acl, Node]) -> Iterator[Entry]:
    """Bindings as items of `acls`, those of each file by themselves."""
    return (Entry("acls", item, node) for item, node in _grouped(acls))


def taken(acls: Mapping[Acl, Node]) -> Iterator[Entry]:
    """Bindings as items of `removed`."""
    because = "stated as deleted in the file that this was made from"
    return (Entry("removed", {"acl": item, "because": because}, node) for item, node in _grouped(acls))


def _grouped(acls: Mapping[Acl, Node]) -> Iterator[tuple[dict[str, object], Node]]:
    by_file: dict[str, dict[Acl, Node]] = {}
    for acl, node in acls.items():
        by_file.setdefault(node.path, {})[acl] = node
    for one in by_file.values():
        yield from grouping.items(one)


def named(made: Iterable[tuple[str, Sequence[emit.Line]]]) -> list[Made]:
    """Files by the names that they would have; where another has it, with a number."""
    found: dict[str, Made] = {}
    for wanted, own in made:
        stem = re.sub(r"[^A-Za-z0-9._-]+", "-", wanted).strip("-.") or "topology"
        name, number = stem, 1
        while name.lower() in found:
            number += 1
            name = f"{stem}-{number}"
        found[name.lower()] = Made(f"{name}.yaml", own)
    return list(found.values())


def head(source: str, context: str) -> Iterator[emit.Line]:
    """How a file begins: where it comes from, and its context."""
    yield emit.Line(f"# migrated from {characters.escaped(source)}")
    yield emit.Line(f"context: {emit.scalar(context)}")


def lines(entries: Sequence[Entry], source: str, context: str) -> Iterator[emit.Line]:
    """A file of sections at its top."""
    yield from head(source, context)
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
