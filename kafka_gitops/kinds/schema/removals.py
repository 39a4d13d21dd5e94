"""Subjects and versions that are to go: by a statement, or because files no longer declare them."""

from collections.abc import Iterator, Mapping

from kafka_gitops.changes import Change, Unsupported
from kafka_gitops.errors import listed
from kafka_gitops.kinds.contract import by_name, within
from kafka_gitops.kinds.declared import Going, dropped, stated
from kafka_gitops.kinds.schema import risks
from kafka_gitops.kinds.schema.seen import Reading
from kafka_gitops.kinds.schema.spec import NAME, Schema, key_of, parts
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Key
from kafka_gitops.settings import Settings

PLURAL = "schemas"


def going(wish: Wish, settings: Settings) -> dict[Key, Going]:
    """What is to be deleted, by its key: by a statement, or declared at the base and no longer, with prune."""
    found = {one.key: one for one in stated(wish, NAME, lambda removal: key_of(removal.key.name, removal.part))}
    return found | ({one.key: one for one in dropped(wish, NAME)} if PLURAL in settings.prune else {})


def plan(part: Part, settings: Settings, reading: Reading, wanted: Mapping[Key, Going]) -> None:
    """Add the deletions of what is there, and tell what is never deleted."""
    for key, one in sorted(wanted.items()):
        subject, version = parts(key)
        numbers = _there(reading, subject, version)
        if not numbers:
            continue
        why = _never(settings, reading, subject, version)
        users = list(_users(reading, subject, numbers)) if why is None else []
        live = [name for name in users if _lives(reading, name, wanted)]
        if live:
            why = f"others refer to it: {listed(live, most=5)}"
        if why is not None:
            part.nevers.append(Unsupported(key, why, one.origin))
            continue
        gone = tuple(name for name in users if name not in live)
        found = risks.of_deletion(subject, version, numbers, gone)
        before = _before(reading, subject, version)
        change = Change(key, before, None, (found,), one.origin, pending=one.pending, because=one.because)
        part.changes.append(change)


def _there(reading: Reading, subject: str, version: int | None) -> tuple[int, ...]:
    """The versions that are to go and are there."""
    if subject not in reading.latest:
        return ()
    numbers = reading.registry.numbers(subject)
    return numbers if version is None else tuple(number for number in numbers if number == version)


def _before(reading: Reading, subject: str, version: int | None) -> Schema | None:
    if version is None:
        return reading.spec(subject, None)
    found = reading.registry.version(subject, version)
    return found.schema() if found is not None else None


def _never(settings: Settings, reading: Reading, subject: str, version: int | None) -> str | None:
    """Why nothing may delete it, in a clause."""
    key = key_of(subject)
    why = within("subjects")(settings.scopes, key, None) or by_name("subjects")(settings.protect, key)
    if why is None and version is not None and reading.found.get(subject) == version:
        return "it is the schema that the files declare: declare another one first"
    return why


def _users(reading: Reading, subject: str, numbers: tuple[int, ...]) -> Iterator[str]:
    for number in numbers:
        yield from reading.registry.referrers(subject, number)


def _lives(reading: Reading, user: str, wanted: Mapping[Key, Going]) -> bool:
    """Whether what refers to it (`SUBJECT version N`) stays: it is there, and not to be deleted as well."""
    subject, number = parts(Key(NAME, user))
    if key_of(subject) in wanted or Key(NAME, user) in wanted:
        return False
    return subject in reading.subjects and number in reading.registry.numbers(subject)
