"""The dangers of a change of a subject."""

from collections.abc import Iterator

from kafka_gitops import schemas
from kafka_gitops.changes import Danger, Risk
from kafka_gitops.errors import listed
from kafka_gitops.kinds.contract import TAKEN_OVER
from kafka_gitops.kinds.schema.levels import loosens
from kafka_gitops.kinds.schema.live import Level
from kafka_gitops.kinds.schema.spec import Schema

LOOSENED = Danger("compatibility-loosened", True, "a subject gets a level that lets more changes pass than before")
TYPE = Danger("schema-type", True, "a subject gets a schema of another type: nobody reads both with one reader")
NAMESPACE = Danger("schema-namespace", True, "a type gets another full name, which no level of compatibility looks at")
MEANING = Danger("schema-meaning", False, "the same bytes mean something else: a decimal's scale, a time's unit")
DELETE = Danger("subject-delete", True, "a subject or one of its versions is deleted (soft)")
DANGERS = (LOOSENED, TYPE, NAMESPACE, MEANING, DELETE, TAKEN_OVER)


def of_change(before: Schema | None, after: Schema, level: Level) -> Iterator[Risk]:
    """The risks of registering a version and of a new level."""
    wanted, had = after.compatibility, before.compatibility if before is not None else None
    if before is not None and wanted is not None and wanted != had and loosens(level.effective, wanted):
        yield LOOSENED(f"{level.effective} -> {wanted}: versions pass that were refused before")
    if before is None or before.text == after.text:
        return
    if before.type != after.type:
        yield TYPE(f"{before.type} -> {after.type}: who reads the old versions does not read the new one")
        return
    for alarm in schemas.alarms(after.type, before.text, after.text):
        said = f"{alarm.field + ': ' if alarm.field else ''}{alarm.message}"
        yield NAMESPACE(said) if alarm.kind == "namespace" else MEANING(said)


def of_deletion(subject: str, number: int | None, versions: tuple[int, ...], gone: tuple[str, ...]) -> Risk:
    """The risk of a soft deletion; `gone` are deleted schemas that still refer to it."""
    many = "1 version" if len(versions) == 1 else f"{len(versions)} versions"
    what = f"version {number}" if number is not None else many
    more = f"; deleted schemas refer to it ({listed(gone, most=3)}), for which some registries refuse" if gone else ""
    who = f"who asks for {subject} by name finds {'it' if number is not None else 'none'} no more"
    return DELETE(f"{what}: {who}; by its id it is still read{more}")
