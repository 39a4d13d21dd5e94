"""A picture of a plan for Mermaid: who writes to and reads from the touched topics, and what of that changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from kafka_gitops.changes import Change
from kafka_gitops.kinds import LOOKS
from kafka_gitops.kinds.looks import Link
from kafka_gitops.model import Key, Spec
from kafka_gitops.report.findings import clipped, inert, one_line

TOPICS, EDGES = 12, 20  # with more it is no longer readable
_LABEL = 60  # characters
_ARROWS = {"comes": ("==>", "new: "), "stays": ("-->", ""), "goes": ("-.->", "no longer ")}
_MARKS = {"create": " (new)", "update": "", "delete": " (deleted)"}
_NOTHING: Mapping[Key, Spec] = {}


class Edge(NamedTuple):
    """A link to a topic (or, with `*` at its end, all that begin so) that comes, stays or goes."""

    actor: str
    topic: str
    writes: bool
    beyond: str | None
    what: str


def render(changes: Iterable[Change], declared: Mapping[Key, Spec] = _NOTHING) -> str:
    """A flowchart in a block of code; nothing where no topic of it has a writer or reader, or too many have.

    `declared` is what the files declare: who uses the touched topics is drawn too, unless that gets too much to read.
    """
    touched = list(changes)
    moved = list(dict.fromkeys(_moved(touched)))
    marks = {one.key.name: _MARKS[one.action] for one in touched if LOOKS[one.key.kind].drawn}
    own = [*marks, *(edge.topic for edge in moved)]
    stays = list(islice(_once(_stays(own, declared, moved)), EDGES + 1))  # with more they are not drawn
    for edges in ([*moved, *stays], moved):
        if not 0 < len(edges) <= EDGES:
            continue
        topics = list(dict.fromkeys(name for name in own if any(edge.topic == name for edge in edges)))
        if len(topics) <= TOPICS:
            return _flowchart(edges, topics, marks)
    return ""


def label(raw: str) -> str:
    """Text for a quoted label: all that could be Mermaid, Markdown or HTML there is written as an entity code."""
    shown = inert(clipped(one_line(raw), _LABEL))
    return "".join(char if char.isalnum() or char in " .:-" else f"#{ord(char)};" for char in shown)


def _flowchart(edges: Sequence[Edge], topics: Sequence[str], marks: dict[str, str]) -> str:
    actors = list(dict.fromkeys((edge.actor, edge.beyond) for edge in edges))
    lines = [line for number, (name, beyond) in enumerate(actors) for line in _actor(number, name, beyond)]
    lines += [f'  t{number}["{label(name)}{marks.get(name, "")}"]' for number, name in enumerate(topics)]
    lines += [_arrow(edge, actors.index((edge.actor, edge.beyond)), topics.index(edge.topic)) for edge in edges]
    for number, (name, beyond) in enumerate(actors):
        if beyond is not None:
            lines.append(_outward(number, [edge for edge in edges if edge[:1] + edge[3:4] == (name, beyond)]))
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```"])


def _actor(number: int, name: str, beyond: str | None) -> Iterator[str]:
    """A principal, or what connects topics with something beyond, and that."""
    if beyond is None:
        yield f'  p{number}(["{label(name)}"])'
    else:
        yield f'  p{number}{{{{"{label(name)}"}}}}'
        yield f'  o{number}[("{label(beyond)}")]'


def _outward(number: int, mine: Sequence[Edge]) -> str:
    """The arrow between a connector and the outside: out of Kafka where it reads topics, else into it."""
    line = _ARROWS[min((edge.what for edge in mine), key=list(_ARROWS).index)][0]
    ends = (f"p{number}", f"o{number}") if any(not edge.writes for edge in mine) else (f"o{number}", f"p{number}")
    return f"  {ends[0]} {line} {ends[1]}"


def _moved(changes: Iterable[Change]) -> Iterator[Edge]:
    """The links that a change makes and takes away, then those of it that stay."""
    for change in changes:
        before, after = (_links(change.key, spec) for spec in (change.before, change.after))
        yield from (_edge(link, "comes" if link not in before else "stays") for link in after)
        yield from (_edge(link, "goes") for link in before if link not in after)


def _links(key: Key, spec: Spec | None) -> list[Link]:
    return list(LOOKS[key.kind].links(key.name, spec)) if spec is not None else []


def _edge(link: Link, what: str) -> Edge:
    return Edge(link.actor, f"{link.topic}*" if link.prefixed else link.topic, link.writes, link.beyond, what)


def _stays(topics: Iterable[str], declared: Mapping[Key, Spec], moved: Iterable[Edge]) -> Iterator[Edge]:
    """The links to these topics that the files declare and that do not change themselves."""
    names = {name: place for place, name in enumerate(dict.fromkeys(topics))}
    known = {edge[:4] for edge in moved if edge.what != "goes"}
    for key, spec in declared.items():
        for name, link in sorted(_reached(names, _links(key, spec)), key=lambda pair: names[pair[0]]):
            itself = _edge(link, "stays")
            edge = itself._replace(topic=name)
            if edge[:4] not in known and itself[:4] not in known:
                yield edge


def _once(edges: Iterable[Edge]) -> Iterator[Edge]:
    seen: set[Edge] = set()
    for edge in edges:
        if edge not in seen:
            seen.add(edge)
            yield edge


def _reached(names: Mapping[str, int], links: Iterable[Link]) -> Iterator[tuple[str, Link]]:
    """Each of these topics with the links to it; a link to one topic looks at no other."""
    for link in links:
        if link.prefixed:
            yield from ((name, link) for name in names if name.startswith(link.topic))
        elif link.topic == "*":
            yield from ((name, link) for name in names)
        elif link.topic in names:
            yield link.topic, link


def _arrow(edge: Edge, actor: int, topic: int) -> str:
    line, said = _ARROWS[edge.what]
    if edge.writes:
        return f"  p{actor} {line}|{said}writes| t{topic}"
    return f"  t{topic} {line}|{said}read by| p{actor}"
