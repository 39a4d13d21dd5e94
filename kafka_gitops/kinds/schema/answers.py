"""What everything else asks of a schema: what it needs, what may be merged by itself, how an export names its file."""

from collections.abc import Iterator

from kafka_gitops import schemas
from kafka_gitops.changes import Change, Edit
from kafka_gitops.kinds.contract import Json, within
from kafka_gitops.kinds.looks import Looks
from kafka_gitops.kinds.schema import spec as specs
from kafka_gitops.kinds.schema.declared import uses
from kafka_gitops.kinds.schema.spec import Schema, key_of
from kafka_gitops.model import Key
from kafka_gitops.scope import stated
from kafka_gitops.settings import Settings

_SUBJECTS = within("subjects")
_ENDINGS = {type_: ending for ending, type_ in schemas.ENDINGS.items()}


def tells(edit: Edit) -> str | None:
    """A field that comes or goes is told by what it is, as nothing stood or stands in its place."""
    alone = edit.before is None or edit.after is None
    return (edit.after or edit.before) if alone and edit.field.endswith((" added", " removed")) else None


LOOKS = Looks("schema", "schemas", dropped="", where="in the registry", tells=tells)


def needs(change: Change) -> Iterator[Key]:
    """The subjects that a schema refers to."""
    if isinstance(change.after, Schema):
        yield from (key_of(subject) for subject in uses(change.after))


def by_itself(key: Key, before: Schema | None, after: Schema | None, settings: Settings) -> Iterator[str]:
    """A new subject of the repository's own, without references and without a level, needs nobody."""
    if before == after:
        return
    if after is None:
        yield f"{key} is taken away"
    elif not stated(settings.scopes, "subjects") or _SUBJECTS(settings.scopes, key, None) is not None:
        yield f"{key} is outside the repository's own subjects (`manage.subjects`)"
    elif before is not None:
        yield f"{key} is changed"
    elif after.references:
        yield f"the new {key} refers to other subjects"
    elif after.compatibility is not None:
        yield f"the new {key} sets a level of compatibility"


def claims(key: Key, _spec: object) -> Iterator[tuple[str, str]]:
    """Its subject."""
    yield "subjects", key.name


def export(key: Key, spec: Schema) -> tuple[str, Json]:
    """The entry of `schemas` that declares it; its text is in the file that it names."""
    return specs.export(key, spec, f"schemas/{key.name.replace('/', '_')}{_ENDINGS[spec.type]}")
