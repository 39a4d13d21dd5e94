"""The share of schemas in a plan: which versions and levels are new, what the registry says of them, what is to go."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from kafka_gitops import schemas
from kafka_gitops.changes import Change, Unsupported
from kafka_gitops.errors import ConfigError, listed
from kafka_gitops.kinds import holding
from kafka_gitops.kinds.contract import within
from kafka_gitops.kinds.declared import Going, dropped, taken_over
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.kinds.schema import removals, risks, seen
from kafka_gitops.kinds.schema.declared import One, declared, uses
from kafka_gitops.kinds.schema.judge import judge
from kafka_gitops.kinds.schema.numbers import Wanted, numbered
from kafka_gitops.kinds.schema.seen import Reading
from kafka_gitops.kinds.schema.spec import NAME, key_of, parts
from kafka_gitops.kinds.section import JULIEOPS
from kafka_gitops.kinds.wish import Part, Wish
from kafka_gitops.model import Key
from kafka_gitops.settings import Settings

PLURAL = "schemas"
outside = within("subjects")


def plan(wish: Wish, settings: Settings, systems: Systems) -> Part | None:
    """The changes of subjects. Raises ConfigError where a file declares one and no registry is configured."""
    part, wanted = Part(PLURAL), list(declared(wish.topology))
    going = removals.going(wish, settings)
    left = [one for one in dropped(wish, NAME) if one.key not in going]
    if not wanted and not going and not left:
        return None
    if not systems.has("registry"):
        _without(wanted, settings, part)
        return part if part.notes else None
    asked = {one.subject for one in wanted} | {name for one in wanted for name in uses(one.spec)}
    gone = {parts(key)[0] for key in going} | {one.key.name for one in left}
    reading = seen.read(systems.registry, asked | gone)
    _declared(part, wish, settings, reading, wanted)
    removals.plan(part, settings, reading, going)
    _rest(part, settings, reading, {one.key for one in wanted} | going.keys(), left)
    return part


def _without(wanted: Sequence[One], settings: Settings, part: Part) -> None:
    """What is said where no registry is configured: an error about our own section, a note about JulieOps' form."""
    key = f"environments.{settings.environment or 'NAME'}.schema_registry: {{url: http://HOST:8081}}"
    own = next((one for one in wanted if JULIEOPS not in one.flags), None)
    if own is not None:
        said = f"{own.at()}: {own.key} is declared, and the environment has no `schema_registry`."
        raise ConfigError(said, help=f"Write {key}")
    if wanted:
        place = wanted[0].at()
        part.notes.append(
            f"schemas are not planned: {place} declares one, and the environment has no `schema_registry`; write {key}"
        )


def _declared(part: Part, wish: Wish, settings: Settings, reading: Reading, files: Sequence[One]) -> None:
    """The changes that bring what the files declare, with what speaks against them."""
    inside = list(_inside(part, settings, files))
    levels = _held(inside, wish, reading)
    part.held += (entry for entries in levels.values() for entry in entries)
    base = {one.key: _leveled(one, levels).spec for one in declared(wish.base)}
    found = numbered(reading, [_leveled(one, levels) for one in inside])
    part.unsupported += found.refused
    todo = [one for one in found.wanted if one.before != one.one.spec]
    if wish.only_change:
        todo = [one for one in todo if base.get(one.one.key) != one.written]
    reading.look_at_levels(one.subject for one in todo)
    new = [one.one for one in todo if one.new_version]
    judged = judge(reading, new, {one.subject: one.spec for one in new})
    part.notes += judged.notes
    for wanted in todo:
        against = judged.against.get(wanted.subject, [])
        part.unsupported += against
        if not against:
            part.changes.append(_change(wanted, wish, reading, base))
    _satisfied(part, settings, reading, [one for one in found.wanted if not one.new_version])


def _held(files: Sequence[One], wish: Wish, reading: Reading) -> dict[Key, list[Unsupported]]:
    """The subjects whose level is held, with how it differs; of those that the registry has."""
    held = [one for one in files if (hold := wish.holds.get(one.key)) is not None and hold.fields]
    held = [one for one in held if one.subject in reading.latest]
    reading.look_at_levels(one.subject for one in held)
    found = {}
    for one in held:
        now = one.spec._replace(compatibility=reading.levels[one.subject].own)
        change = Change(one.key, now, one.spec) if one.spec.compatibility is not None else None
        told = holding.told(one.key, change, None, wish.holds[one.key])
        found[one.key] = [entry._replace(origin=one.origin()) for entry in told]
    return found


def _leveled(one: One, held: Collection[Key]) -> One:
    """A schema without its subject's level where that is held."""
    return one._replace(spec=one.spec._replace(compatibility=None)) if one.key in held else one


def _inside(part: Part, settings: Settings, wanted: Sequence[One]) -> Iterator[One]:
    for one in wanted:
        why = outside(settings.scopes, one.key, one.spec)
        if why is None:
            yield one
        else:
            part.nevers.append(Unsupported(one.key, why, one.origin()))


def _change(wanted: Wanted, wish: Wish, reading: Reading, base: Mapping[Key, object]) -> Change:
    one, before, level = wanted.one, wanted.before, reading.levels[wanted.subject]
    over = taken_over(wish, one.key, "the subject is there already") if before is not None else ()
    found = (*over, *risks.of_change(before, one.spec, level))
    change = Change(one.key, before, one.spec, found, one.origin(), pending=base.get(one.key) == wanted.written)
    if one.spec.compatibility is not None and (before is None or before.compatibility is None):
        return replace(change, defaults={"compatibility": level.effective})
    return change


def _satisfied(part: Part, settings: Settings, reading: Reading, wanted: Sequence[Wanted]) -> None:
    """What is to be told of what needs no change: later versions of others, and what the registry did not take."""
    behind = [one for one in wanted if reading.behind(one.subject)]
    for one in behind:
        number, newest = reading.found[one.subject], reading.latest[one.subject].number
        said = f"its schema is version {number}, and the newest is version {newest}"
        if settings.foreign_versions == "drift":
            part.unsupported.append(Unsupported(one.one.key, f"{said}, which no file has", one.one.origin()))
    if behind and settings.foreign_versions != "drift":
        names = [f"{one.subject} (version {reading.found[one.subject]})" for one in behind]
        part.notes.append(f"registered already, behind a newer version that no file has: {listed(names, most=5)}")
    for one in wanted:
        if not reading.behind(one.subject) and (lost := _not_taken(reading, one.one)):
            same = f"the registry takes the file for version {reading.latest[one.subject].number}"
            part.notes.append(f"{one.one.key}: {same} and does not hold {lost}")


def _not_taken(reading: Reading, one: One) -> str:
    """What the file says and the registry does not hold, although it takes the two for the same."""
    held = reading.latest[one.subject]
    if held.type != one.spec.type or schemas.equal(held.type, held.text, one.spec.text):
        return ""
    rows = schemas.difference(held.type, held.text, one.spec.text)
    return listed([" ".join(filter(None, (row.field, row.what, row.after))) for row in rows], most=5)


def _rest(part: Part, settings: Settings, reading: Reading, known: Collection[Key], left: Collection[Going]) -> None:
    """What stays although the files no longer declare it, and what is there and in no file."""
    there = {key_of(name) for name in reading.subjects} - set(known)
    for one in left:
        if one.key in there:
            part.stay(one.key, outside(settings.scopes, one.key, None), one.origin)
    part.others = tuple(sorted(key.name for key in there if outside(settings.scopes, key, None) is None))
