"""Subjects and versions that are to go: by a statement, or because files no longer declare them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kafka_gitops.changes import Change, Origin, Unsupported
from kafka_gitops.errors import listed
from kafka_gitops.kinds.contract import by_name, within
from kafka_gitops.kinds.schema import risks
from kafka_gitops.kinds.schema.declared import declared
from kafka_gitops.kinds.schema.seen import Reading
from kafka_gitops.kinds.schema.spec import NAME, Schema, key_of, parts
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Key, Removal
from kafka_gitops.settings import Settings

PLURAL = "schemas"


class Going(NamedTuple):
    """A subject, or a version of it, that is to be deleted: who says so, whether the base did already, and why."""

    subject: str
    version: int | None
    origin: Origin | None
    pending: bool = False
    because: str | None = None


def going(wish: Wish, settings: Settings) -> dict[Key, Going]:
    """What is to be deleted, by its key: by a statement, or declared at the base and no longer, with prune."""
    wanted = {one.key for one in declared(wish.topology)}
    earlier = {_key(one) for one in (wish.base.removed(NAME) if wish.base else ()) if not one.release}
    found, stated = {}, set()
    for removal in wish.topology.removed(NAME):
        key = _key(removal)
        stated.add(removal.key)
        if not removal.release and key not in wanted and not (wish.only_change and key in earlier):
            span = removal.node.head
            subject, version = parts(key)
            found[key] = Going(subject, version, Origin(span.path, span.line), key in earlier, removal.because)
    if wish.base is not None and PLURAL in settings.prune:
        for one in declared(wish.base):
            if one.key not in wanted | stated:
                found[one.key] = Going(one.subject, None, one.origin())
    return found


def _key(removal: Removal) -> Key:
    return key_of(removal.key.name, removal.part)


def plan(part: Part, settings: Settings, reading: Reading, wanted: Mapping[Key, Going]) -> None:
    """Add the deletions of what is there, and tell what is never deleted."""
    for key, one in sorted(wanted.items()):
        numbers = _there(reading, one)
        if not numbers:
            continue
        why = _never(settings, reading, key, one)
        users = list(_users(reading, one, numbers)) if why is None else []
        live = [name for name in users if _lives(reading, name, wanted)]
        if live:
            why = f"others refer to it: {listed(live, most=5)}"
        if why is not None:
            part.nevers.append(Unsupported(key, why, one.origin))
            continue
        gone = tuple(name for name in users if name not in live)
        found = risks.of_deletion(one.subject, one.version, numbers, gone)
        before = _before(reading, one)
        change = Change(key, before, None, (found,), one.origin, pending=one.pending, because=one.because)
        part.changes.append(change)


def _there(reading: Reading, one: Going) -> tuple[int, ...]:
    """The versions that are to go and are there."""
    if one.subject not in reading.latest:
        return ()
    numbers = reading.registry.numbers(one.subject)
    return numbers if one.version is None else tuple(number for number in numbers if number == one.version)


def _before(reading: Reading, one: Going) -> Schema | None:
    if one.version is None:
        return reading.spec(one.subject, None)
    version = reading.registry.version(one.subject, one.version)
    return version.schema() if version is not None else None


def _never(settings: Settings, reading: Reading, key: Key, one: Going) -> str | None:
    """Why nothing may delete it, in a clause."""
    subject = key_of(one.subject)
    why = within("subjects")(settings.scopes, subject, None) or by_name("subjects")(settings.protect, subject)
    if why is None and one.version is not None and reading.found.get(one.subject) == one.version:
        return "it is the schema that the files declare: declare another one first"
    return why


def _users(reading: Reading, one: Going, numbers: tuple[int, ...]) -> Iterator[str]:
    for number in numbers:
        yield from reading.registry.referrers(one.subject, number)


def _lives(reading: Reading, user: str, wanted: Mapping[Key, Going]) -> bool:
    """Whether what refers to it (`SUBJECT version N`) stays: it is there, and not to be deleted as well."""
    subject, number = parts(Key(NAME, user))
    if key_of(subject) in wanted or Key(NAME, user) in wanted:
        return False
    return subject in reading.subjects and number in reading.registry.numbers(subject)
