"""A picture of a plan for Mermaid: who writes to and reads from the touched topics, and what of that changes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.model import Acl
from kafka_gitops.report import words
from kafka_gitops.report.findings import clipped, inert, one_line

TOPICS, EDGES = 12, 20  # with more it is no longer readable
_LABEL = 60  # characters
_ARROWS = {"comes": ("==>", "new: "), "stays": ("-->", ""), "goes": ("-.->", "no longer ")}
_MARKS = {"create": " (new)", "update": "", "delete": " (deleted)"}


class Edge(NamedTuple):
    """A right to write to or to read a topic (or, with `*` at its end, all that begin so) that comes, stays or goes."""

    principal: str
    topic: str
    writes: bool
    what: str


def render(changes: Iterable[Change], rights: Iterable[Acl] = ()) -> str:
    """A flowchart in a block of code; nothing where no topic of it has a writer or reader, or too many have.

    `rights` are what the files grant: those on the touched topics are drawn too, unless that gets too much to read.
    """
    touched = list(changes)
    moved = list(dict.fromkeys(_moved(touched)))
    marks = {change.key.name: _MARKS[change.action] for change in touched if not words.is_acl(change)}
    own = [*marks, *(edge.topic for edge in moved)]
    stays = list(dict.fromkeys(_stays(dict.fromkeys(own), rights, moved)))
    for edges in ([*moved, *stays], moved):
        topics = list(dict.fromkeys([name for name in own if any(edge.topic == name for edge in edges)]))
        if edges and len(topics) <= TOPICS and len(edges) <= EDGES:
            return _flowchart(edges, topics, marks)
    return ""


def label(raw: str) -> str:
    """Text for a quoted label: all that could be Mermaid, Markdown or HTML there is written as an entity code."""
    shown = inert(clipped(one_line(raw), _LABEL))
    return "".join(char if char.isalnum() or char in " .:-" else f"#{ord(char)};" for char in shown)


def _flowchart(edges: Sequence[Edge], topics: Sequence[str], marks: dict[str, str]) -> str:
    principals = list(dict.fromkeys(edge.principal for edge in edges))
    lines = [f'  p{number}(["{label(name)}"])' for number, name in enumerate(principals)]
    lines += [f'  t{number}["{label(name)}{marks.get(name, "")}"]' for number, name in enumerate(topics)]
    lines += [_arrow(edge, principals.index(edge.principal), topics.index(edge.topic)) for edge in edges]
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```"])


def _moved(changes: Iterable[Change]) -> Iterator[Edge]:
    for change in changes:
        acl = change.after or change.before
        if isinstance(acl, Acl):
            name = f"{acl.name}*" if acl.pattern_type == "PREFIXED" else acl.name
            yield from _edges(acl, name, "comes" if change.after is not None else "goes")


def _stays(topics: Iterable[str], rights: Iterable[Acl], moved: Iterable[Edge]) -> Iterator[Edge]:
    """The rights on these topics that the files grant and that do not change themselves."""
    names = list(topics)
    known = {edge[:3] for edge in moved if edge.what == "comes"}
    for acl in rights:
        itself = f"{acl.name}*" if acl.pattern_type == "PREFIXED" else acl.name
        for name in names:
            for edge in _edges(acl, name, "stays") if _covers(acl, name) else ():
                if edge[:3] not in known and (edge.principal, itself, edge.writes) not in known:
                    yield edge


def _covers(acl: Acl, topic: str) -> bool:
    if acl.pattern_type == "PREFIXED":
        return topic.startswith(acl.name)
    return acl.name in (topic, "*")


def _edges(acl: Acl, topic: str, what: str) -> Iterator[Edge]:
    if (acl.permission, acl.resource_type) == ("ALLOW", "TOPIC"):
        for operation, writes in (("WRITE", True), ("READ", False)):
            if acl.operation in (operation, "ALL"):
                yield Edge(acl.principal, topic, writes, what)


def _arrow(edge: Edge, principal: int, topic: int) -> str:
    line, said = _ARROWS[edge.what]
    if edge.writes:
        return f"  p{principal} {line}|{said}writes| t{topic}"
    return f"  t{topic} {line}|{said}read by| p{principal}"
