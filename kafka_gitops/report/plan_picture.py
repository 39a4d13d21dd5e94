"""A picture of a plan for Mermaid: who begins or ceases to write to and read from which topics."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.model import Acl
from kafka_gitops.report.findings import clipped, inert

TOPICS, EDGES = 12, 20  # with more it is no longer readable
_LABEL = 60  # characters


class Edge(NamedTuple):
    """A right to write or to read that comes (or goes)."""

    principal: str
    topic: str
    writes: bool
    comes: bool


def render(changes: Iterable[Change]) -> str:
    """A flowchart in a block of code; nothing where no such right changes, or too many do."""
    edges = list(dict.fromkeys(_edges(changes)))
    topics = list(dict.fromkeys(edge.topic for edge in edges))
    if not edges or len(topics) > TOPICS or len(edges) > EDGES:
        return ""
    principals = list(dict.fromkeys(edge.principal for edge in edges))
    lines = [f'  p{number}(["{label(name)}"])' for number, name in enumerate(principals)]
    lines += [f'  t{number}["{label(name)}"]' for number, name in enumerate(topics)]
    lines += [_arrow(edge, principals.index(edge.principal), topics.index(edge.topic)) for edge in edges]
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```"])


def label(raw: str) -> str:
    """Text for a quoted label: all that could be Mermaid, Markdown or HTML there is written as an entity code."""
    shown = inert(clipped(" ".join(raw.split()), _LABEL))
    return "".join(char if char.isalnum() or char in " .:-" else f"#{ord(char)};" for char in shown)


def _edges(changes: Iterable[Change]) -> Iterator[Edge]:
    for change in changes:
        acl = change.after or change.before
        if not isinstance(acl, Acl) or (acl.permission, acl.resource_type) != ("ALLOW", "TOPIC"):
            continue
        name = f"{acl.name}*" if acl.pattern_type == "PREFIXED" else acl.name
        for operation, writes in (("WRITE", True), ("READ", False)):
            if acl.operation in (operation, "ALL"):
                yield Edge(acl.principal, name, writes, change.after is not None)


def _arrow(edge: Edge, principal: int, topic: int) -> str:
    line, no_longer = ("-->", "") if edge.comes else ("-.->", "no longer ")
    if edge.writes:
        return f"  p{principal} {line}|{no_longer}writes| t{topic}"
    return f"  t{topic} {line}|{no_longer}read by| p{principal}"
