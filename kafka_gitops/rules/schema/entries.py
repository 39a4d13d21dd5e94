"""The schemas that the files declare, as the rules about them look at each: its text, its place, what it refers to."""

from collections.abc import Iterator, Mapping

from kafka_gitops import schemas
from kafka_gitops.diagnostics import Note
from kafka_gitops.kinds.schema.declared import One, declared, every
from kafka_gitops.model import Topology


def entries(topology: Topology) -> list[One]:
    """Every declaration, also a second one of a subject, in the order of the files."""
    return list(every(topology.declared))


def by_subject(topology: Topology) -> dict[str, One]:
    """The first declaration of each subject, which is the one that counts."""
    return {one.subject: one for one in declared(topology)}


def references(entry: One, known: Mapping[str, One]) -> dict[str, str | None]:
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
                place = (entry.at("subject"), f"declared for {entry.subject}")
                yield Note(entry.span(one.line, one.column), one.message, one.help, (place,))


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
                place = (now.at("subject"), f"declared for {subject}")
                yield Note(now.span(one.line, one.column), said, helps[one.kind], (place,), subject)
