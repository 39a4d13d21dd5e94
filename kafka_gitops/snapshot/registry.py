"""A schema registry in a snapshot: read once, and then in the place of the registry."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from kafka_gitops.kinds.schema.live import Asked, Level, Verdict, Version
from kafka_gitops.kinds.schema.live import Registry as Live
from kafka_gitops.kinds.schema.seen import same
from kafka_gitops.snapshot.contents import Gone, NotAsked, Registry, Subject, VersionThere

AT_ONCE = 16  # subjects that are read at the same time
ABSENT = "a subject that is nowhere"  # whose level is the general one
NOT_TESTED = "the registry was not asked, and this cannot be told without it"


def taken(registry: Live) -> Registry:
    """All subjects with all of their versions, deleted ones too where the registry tells them."""
    there = sorted(registry.subjects())
    gone = sorted(registry.deleted() - set(there))
    levels = registry.levels([*there, *gone, ABSENT])
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="registry") as several:
        try:
            versions = dict(zip(there, several.map(lambda name: tuple(_versions(registry, name)), there), strict=True))
        finally:
            several.shutdown(cancel_futures=True)
    subjects = {name: Subject(versions[name], levels[name]) for name in there}
    deleted = {name: Gone(registry.numbers(name, deleted=True), levels[name]) for name in gone}
    return Registry(subjects, deleted, levels[ABSENT].effective)


def _versions(registry: Live, subject: str) -> Iterator[VersionThere]:
    there = set(registry.numbers(subject))
    for number in registry.numbers(subject, deleted=True):
        version = registry.version(subject, number)
        if version is not None:
            referrers = registry.referrers(subject, number) if number in there else ()
            yield VersionThere(version, number not in there, tuple(sorted(referrers)))


class Past:
    """The Protocol `Registry` of kinds/schema, on a snapshot; `not_asked` gets what only a registry could say."""

    where = "the snapshot"

    def __init__(self, contents: Registry, not_asked: NotAsked) -> None:
        self._contents = contents
        self._not_asked = not_asked

    def subjects(self) -> frozenset[str]:
        """All subjects that are not deleted."""
        return frozenset(self._contents.subjects)

    def _live(self, subject: str) -> list[Version]:
        found = self._contents.subjects.get(subject)
        return [] if found is None else [one.version for one in found.versions if not one.deleted]

    def latest(self, subjects: Sequence[str]) -> Mapping[str, Version]:
        """The newest versions."""
        return {name: versions[-1] for name in subjects if (versions := self._live(name))}

    def version(self, subject: str, number: int) -> Version | None:
        """One version."""
        found = self._contents.subjects.get(subject)
        every = (one.version for one in found.versions) if found is not None else ()
        return next((one for one in every if one.number == number), None)

    def numbers(self, subject: str, *, deleted: bool = False) -> tuple[int, ...]:
        """The versions of a subject."""
        found = self._contents.subjects.get(subject)
        if found is None:
            gone = self._contents.deleted.get(subject)
            return gone.numbers if deleted and gone is not None else ()
        return tuple(one.version.number for one in found.versions if deleted or not one.deleted)

    def lookup(self, asked: Sequence[Asked]) -> Sequence[int | None]:
        """Which versions these are, by our own comparison, the newest first."""
        return [
            next((one.number for one in reversed(self._live(what.subject)) if same(one, what.schema)), None)
            for what in asked
        ]

    def levels(self, subjects: Sequence[str]) -> Mapping[str, Level]:
        """The levels."""
        known: Mapping[str, Subject | Gone] = {**self._contents.deleted, **self._contents.subjects}
        general = Level(None, self._contents.level)
        return {name: known[name].level if name in known else general for name in subjects}

    def test(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        """Nobody is asked: what can be told without a registry the kind tells itself."""
        self._not_asked["the registry: the compatibility", "subject"] |= {what.subject for what in asked}
        return [Verdict(True, (NOT_TESTED,), False) for _ in asked]

    def referrers(self, subject: str, number: int) -> tuple[str, ...]:
        """Who refers to a version."""
        found = self._contents.subjects.get(subject)
        every = found.versions if found is not None else ()
        return next((one.referrers for one in every if one.version.number == number), ())
