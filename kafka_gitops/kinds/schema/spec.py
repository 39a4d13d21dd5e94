"""A schema of a subject as the files want it or as the registry has it: its text, what it refers to, the level."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kafka_gitops import schemas
from kafka_gitops.changes import Edit
from kafka_gitops.kinds.schema.levels import LEVELS
from kafka_gitops.model import Key, Spec
from kafka_gitops.text.characters import escaped

NAME = "schema"
LATEST = 0  # the version of a reference that files leave to the plan
_VERSION = re.compile(r"(.+) version (\d+)", re.DOTALL)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"description": "The type of the schema.", "enum": list(schemas.TYPES)},
        "schema": {"description": "The text of the schema.", "type": "string"},
        "references": {
            "description": "The schemas of other subjects that this one uses.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"description": "What this schema calls it.", "type": "string"},
                    "subject": {"description": "The subject that has it.", "type": "string"},
                    "version": {
                        "description": "Which version of it: a number, or latest.",
                        "type": ["integer", "string"],
                    },
                },
                "required": ["name", "subject", "version"],
                "additionalProperties": False,
            },
        },
        "compatibility": {"description": "The subject's own level of compatibility.", "enum": list(LEVELS)},
    },
    "required": ["type", "schema"],
    "additionalProperties": False,
}


class Reference(NamedTuple):
    """A use of a schema of another subject: under this name, and which version of it (LATEST: the newest)."""

    name: str
    subject: str
    version: int = LATEST

    def __str__(self) -> str:
        return f"{self.name} = {self.subject} version {self.version or 'latest'}"


class Schema(NamedTuple):
    """A schema; `compatibility` is the subject's own level, None where the files leave it alone or none is set.

    Two texts that are one schema are made one text before they are compared (`seen`).
    """

    type: str
    text: str
    references: tuple[Reference, ...] = ()
    compatibility: str | None = None

    def fields(self) -> dict[str, str | None]:
        """What a person reads: the type, what it defines, what it refers to, the level."""
        names = schemas.parse(self.type, self.text).names
        own = {
            "type": self.type,
            "defines": ", ".join(names) or None,
            "references": ", ".join(map(str, self.references)) or None,
            "compatibility": self.compatibility,
        }
        return {name: escaped(text) for name, text in own.items() if text is not None}

    def edits(self, after: Spec) -> Iterator[Edit]:
        """How another schema of the subject differs, by field."""
        assert isinstance(after, Schema)
        if self.type != after.type:
            yield Edit("type", self.type, after.type)
        elif self.text != after.text:
            rows = schemas.difference(self.type, self.text, after.text)
            yield from (Edit(" ".join(filter(None, (row.field, row.what))), row.before, row.after) for row in rows)
        for name in ("references", "compatibility"):
            before, now = self.fields().get(name), after.fields().get(name)
            if before != now:
                yield Edit(name, before, now)


def key_of(subject: str, version: str | None = None) -> Key:
    """The key of a subject, or of one of its versions, which only a removal is about."""
    return Key(NAME, subject if version is None else f"{subject} version {version}")


def parts(key: Key) -> tuple[str, int | None]:
    """The subject of a key, and the version where it is about one."""
    found = _VERSION.fullmatch(key.name)
    return (found[1], int(found[2])) if found else (key.name, None)


def dump(spec: Schema) -> dict[str, object]:
    """A schema as plain data, for plan files and `render`."""
    found: dict[str, object] = {"type": spec.type, "schema": spec.text}
    if spec.references:
        found["references"] = [
            {"name": one.name, "subject": one.subject, "version": one.version or "latest"} for one in spec.references
        ]
    if spec.compatibility is not None:
        found["compatibility"] = spec.compatibility
    return found


def load(_name: str, data: Mapping[str, Any]) -> Schema:
    """The schema of plain data. Raises KeyError, TypeError or ValueError for what is none."""
    type_, text, level = data["type"], data["schema"], data.get("compatibility")
    if type_ not in schemas.TYPES or not isinstance(text, str) or level not in (None, *LEVELS):
        raise TypeError("a schema has a type, a text and a level of compatibility")
    references = data.get("references", [])
    if not isinstance(references, list):
        raise TypeError("references are a list")
    return Schema(type_, text, tuple(map(_reference, references)), level)


def _reference(data: Any) -> Reference:
    name, subject, version = data["name"], data["subject"], data["version"]
    number = LATEST if version == "latest" else version
    if not isinstance(name, str) or not isinstance(subject, str) or type(number) is not int or number < 0:
        raise TypeError("a reference has a name, a subject and a version")
    return Reference(name, subject, number)


def export(key: Key, spec: Schema, file: str) -> tuple[str, dict[str, object]]:
    """The entry of `schemas:` that declares what is there, with its text in a file."""
    entry: dict[str, object] = {"subject": key.name, "file": file, "type": spec.type}
    if spec.compatibility is not None:
        entry["compatibility"] = spec.compatibility
    if spec.references:
        entry["references"] = [one._asdict() for one in spec.references]
    return "schemas", entry


def subjects_of(specs: Sequence[Spec | None]) -> set[str]:
    """The subjects that schemas refer to."""
    return {one.subject for spec in specs if isinstance(spec, Schema) for one in spec.references}
