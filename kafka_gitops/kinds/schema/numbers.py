"""Versions as numbers: `latest` of a subject in the same change means the version that this change makes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops.changes import Refused
from kafka_gitops.kinds.schema.declared import One, order, uses
from kafka_gitops.kinds.schema.seen import Reading
from kafka_gitops.kinds.schema.spec import Reference, Schema


class Wanted(NamedTuple):
    """A declared schema whose references have numbers, as the registry has it now, and as the file says it."""

    one: One
    before: Schema | None
    written: Schema

    @property
    def subject(self) -> str:
        """Its subject."""
        return self.one.subject

    @property
    def new_version(self) -> bool:
        """Whether a version is to be registered."""
        return self.before is None or self.before._replace(compatibility=None) != bare(self.one.spec)


def bare(schema: Schema) -> Schema:
    """A schema without its subject's level."""
    return schema._replace(compatibility=None)


class Numbered(NamedTuple):
    """All that is wanted, beside what the registry has, and what cannot be done because of its references."""

    wanted: list[Wanted]
    refused: list[Refused]


def numbered(reading: Reading, declared: Sequence[One]) -> Numbered:
    """Give references their numbers, what is referred to first, and find what the registry has already."""
    own = {one.subject: one for one in declared}
    found = order({name: uses(one.spec) for name, one in own.items()})
    result, makes = Numbered([], []), dict[str, int]()
    for layer in found.layers:
        ready = []
        for one in (own[name] for name in layer):
            references = [_number(use, reading, makes) for use in one.spec.references]
            lacking = [use for use in references if use.version <= 0]
            result.refused.extend(_absent(one, use) for use in lacking)
            if not lacking:
                ready.append((one._replace(spec=one.spec._replace(references=tuple(references))), one.spec))
        reading.look_up({one.subject: one.spec for one, _ in ready})
        reading.look_at_levels(one.subject for one, _ in ready if one.spec.compatibility is not None)
        for one, written in ready:
            result.wanted.append(Wanted(one, reading.spec(one.subject, one.spec), written))
        makes.update(_made(reading, result.wanted[-len(ready) :] if ready else (), _needed(declared)))
    result.refused.extend(_circle(own, found.circle))
    result.refused.extend(_behind_a_circle(own, found.layers, found.circle))
    return result


def _needed(declared: Iterable[One]) -> set[str]:
    """The subjects whose newest version somebody refers to."""
    return {use.subject for one in declared for use in one.spec.references if not use.version}


def _number(use: Reference, reading: Reading, makes: Mapping[str, int]) -> Reference:
    if use.version:
        return use
    newest = reading.latest.get(use.subject)
    return use._replace(version=makes.get(use.subject, newest.number if newest is not None else -1))


def _made(reading: Reading, wanted: Iterable[Wanted], needed: set[str]) -> Iterator[tuple[str, int]]:
    """The numbers of the versions that are to be registered, of those that somebody refers to."""
    for one in wanted:
        if one.subject in needed and one.new_version:
            yield one.subject, max(reading.registry.numbers(one.subject, deleted=True), default=0) + 1
        elif one.subject in needed and (number := reading.found.get(one.subject)) is not None:
            yield one.subject, number


def _absent(one: One, use: Reference) -> Refused:
    said = f"it refers to {use.subject}, which is neither in the registry nor in the files"
    return Refused(one.key, said, one.origin())


def _circle(own: Mapping[str, One], circle: Sequence[str]) -> Iterator[Refused]:
    for name in circle:
        steps = ", ".join(f"{other} ({own[other].at('references')})" for other in circle)
        yield Refused(own[name].key, f"these refer to one another in a circle: {steps}", own[name].origin())


def _behind_a_circle(
    own: Mapping[str, One], layers: Sequence[Sequence[str]], circle: Sequence[str]
) -> Iterator[Refused]:
    done = {name for layer in layers for name in layer} | {*circle}
    for name in own.keys() - done:
        yield Refused(own[name].key, "it refers to schemas that refer to one another in a circle", own[name].origin())
