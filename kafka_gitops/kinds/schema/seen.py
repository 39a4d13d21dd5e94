"""Subjects as the registry has them, so that they compare with what files or a plan want."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kafka_gitops import schemas
from kafka_gitops.changes import Change
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.schema.live import Asked, Level, Registry, Version
from kafka_gitops.kinds.schema.spec import Schema, parts
from kafka_gitops.model import Key, Spec
from kafka_gitops.settings import Settings


@dataclass
class Reading:
    """What the registry tells: the subjects that are there, their newest versions, which version a text is, levels."""

    registry: Registry
    subjects: frozenset[str]
    latest: dict[str, Version]
    found: dict[str, int | None] = field(default_factory=dict)  # by subject: the version that its schema is
    levels: dict[str, Level] = field(default_factory=dict)

    def look_up(self, wanted: Mapping[str, Schema]) -> None:
        """Find which versions these are: the newest where it is the same, else what the registry says."""
        asked = []
        for subject, schema in wanted.items():
            newest = self.latest.get(subject)
            if newest is not None and same(newest, schema):
                self.found[subject] = newest.number
            elif newest is not None:
                asked.append(Asked(subject, schema))
        answers = self.registry.lookup(asked) if asked else ()
        self.found.update({one.subject: answer for one, answer in zip(asked, answers, strict=True)})

    def look_at_levels(self, subjects: Iterable[str]) -> None:
        """Read the levels of these."""
        self.levels.update(self.registry.levels(sorted(set(subjects) - self.levels.keys())))

    def spec(self, subject: str, wanted: Schema | None) -> Schema | None:
        """A subject as it is, to be compared with what is wanted: the same text where the registry has that."""
        newest = self.latest.get(subject)
        if newest is None or wanted is None:
            return newest.schema() if newest is not None else None
        level = self.levels[subject].own if wanted.compatibility is not None else None
        if self.found.get(subject) is not None:
            return wanted._replace(compatibility=level)
        return newest.schema(level)

    def behind(self, subject: str) -> bool:
        """Whether what is wanted is there, and a later version too."""
        number = self.found.get(subject)
        return number is not None and number != self.latest[subject].number


def same(version: Version, schema: Schema) -> bool:
    """Whether a version is this schema, as parsed."""
    if version.type != schema.type or set(version.references) != set(schema.references):
        return False
    return schemas.equal(schema.type, version.text, schema.text)


def read(registry: Registry, subjects: Iterable[str]) -> Reading:
    """The subjects that are there, and the newest versions of these."""
    there = registry.subjects()
    return Reading(registry, there, dict(registry.latest(sorted(there.intersection(subjects)))))


def actual(
    systems: Systems, changes: Sequence[Change], _settings: Settings, *, edited: bool = False
) -> Mapping[Key, Spec]:
    """The touched subjects and versions as they are now."""
    registry: Registry = systems.registry
    wanted = {parts(change.key)[0]: change.after for change in changes if isinstance(change.after, Schema)}
    whole = [change.key for change in changes if parts(change.key)[1] is None]
    reading = read(registry, [key.name for key in whole])
    reading.look_up(wanted)
    reading.look_at_levels(name for name, schema in wanted.items() if schema.compatibility is not None)
    found = {key: reading.spec(key.name, wanted.get(key.name)) for key in whole}
    for change in changes:
        subject, number = parts(change.key)
        if number is not None:
            there = number in registry.numbers(subject)
            version = registry.version(subject, number) if there else None
            found[change.key] = version.schema() if version is not None else None
    return {key: spec for key, spec in found.items() if spec is not None}
