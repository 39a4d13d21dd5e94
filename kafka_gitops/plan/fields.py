"""The fields of a plan file, each said once: its schema, how it is written, how it is read and held to its type."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka_gitops.changes import Change, Origin, Refused, Risk, Unsupported
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Key, Spec
from kafka_gitops.shape.exact import Json, list_of, object_of, of_type

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One field: `write` gets the record, `read` the whole entry of the file, for the attribute `into` of the record.

    Without `into` it is derived. One that is not `always` there is written where it says something.
    """

    name: str
    schema: Json
    write: Callable[[Any], Any]
    into: str = ""
    read: Callable[[Entry], Any] = lambda _entry: None
    always: bool = True


def dumped(fields: Iterable[Field], record: object) -> Json:
    """A record as an entry of the file."""
    told = ((field, field.write(record)) for field in fields)
    return {field.name: value for field, value in told if field.always or value not in (None, False, [], {})}


def loaded(fields: Iterable[Field], entry: Entry) -> dict[str, Any]:
    """The attributes of a record. Raises KeyError, TypeError or ValueError for an entry that is none."""
    return {one.into: one.read(entry) for one in fields if one.into and (one.always or one.name in entry)}


def schema_of(fields: Sequence[Field]) -> Json:
    """The schema of such an entry."""
    always = object_of(**{field.name: field.schema for field in fields if field.always})
    sometimes = {field.name: field.schema for field in fields if not field.always}
    return {**always, "properties": {**always["properties"], **sometimes}}


def short(value: object) -> str:
    """A value of a file that may hold anything, for a message."""
    return ascii(value)[:80].strip("'") if isinstance(value, str | int | float | None) else f"a {type(value).__name__}"


def exactly(value: Any, *kinds: type) -> Any:
    """The value. Raises TypeError unless it is exactly of one of the types: whoever can write the file wrote it."""
    if type(value) not in kinds:
        raise TypeError(f"{short(value)} is a {type(value).__name__}")
    return value


def line(value: Any, *more: type) -> Any:
    """A text of one line. Raises ValueError for another: after a line break, the log of a CI takes commands."""
    if any(char < " " for char in exactly(value, str, *more) or ""):
        raise ValueError(f"{short(value)} has a control character")
    return value


def plain(name: str, kinds: tuple[type, ...], says: str, *, of: str = "", **more: Any) -> Field:
    """A field that is as it is in the record, under `of` or the same name."""
    types = {str: "string", int: "integer", bool: "boolean", type(None): "null"}
    names = [types[kind] for kind in kinds]
    always = more.pop("always", True)
    schema = of_type(names if len(names) > 1 else names[0], says, **more)
    into = of or name
    return Field(
        name,
        schema,
        lambda record: getattr(record, into),
        into,
        lambda entry: exactly(entry[name], *kinds),
        always=always,
    )


def _nested(name: str, fields: Sequence[Field], record: Callable[..., Any], says: str) -> Field:
    def read(entry: Entry) -> Any:
        return tuple(record(**loaded(fields, one)) for one in entry[name])

    schema = list_of(says, schema_of(fields))
    return Field(name, schema, lambda one: [dumped(fields, item) for item in getattr(one, name)], name, read)


_TEXT, _MAYBE = (str,), (str, type(None))
_ORIGIN = (
    plain("path", _TEXT, "The path of the file."),
    plain("line", (int,), "The line, from 1.", minimum=1),
    plain("project", _MAYBE, "The project in the file."),
)
_RISK = (
    plain("name", _TEXT, "The risk's name, which --accept takes."),
    plain("sentence", _TEXT, "What may happen."),
    plain("blocks", (bool,), "Whether it refuses the plan until accepted."),
)
_PLACE = Field(
    "origin",
    {"description": "Where a file asks for it.", "anyOf": [schema_of(_ORIGIN), {"type": "null"}]},
    lambda record: dumped(_ORIGIN, record.origin) if record.origin else None,
    "origin",
    lambda entry: None if entry["origin"] is None else Origin(**loaded(_ORIGIN, entry["origin"])),
)


def _key(entry: Entry) -> Key:
    if entry["kind"] not in KINDS:
        raise ValueError("the kind")
    name = exactly(entry["name"], str)
    return Key(entry["kind"], name if KINDS[entry["kind"]].ANY_NAME else line(name))


_NAMED = (
    Field(
        "kind",
        {"enum": [*KINDS], "description": "The kind of the resource."},
        lambda record: record.key.kind,
        "key",
        _key,
    ),
    Field("name", of_type("string", "The name, an ACL binding's in a sentence."), lambda record: record.key.name),
)
REASON = (
    *_NAMED,
    plain("reason", _TEXT, "Why it is not done."),
    _PLACE,
    Field(
        "refused",
        of_type("boolean", "Whether the brokers refuse it: the run that wants it fails.", const=True),
        lambda record: isinstance(record, Refused),
        always=False,
    ),
)


def reason(entry: Entry) -> Unsupported:
    """What is not done, or refused."""
    return (Refused if entry.get("refused") is True else Unsupported)(**loaded(REASON, entry))


def spec_dict(key: Key, spec: Spec | None) -> Json | None:
    """A Spec as plain data, with the names that `render` uses."""
    return None if spec is None else KINDS[key.kind].dump(spec)


def _spec(name: str, says: str) -> Field:
    def read(entry: Entry) -> Spec | None:
        return None if entry[name] is None else KINDS[entry["kind"]].load(entry["name"], entry[name])

    schemas = [*(kind.SCHEMA for kind in KINDS.values()), {"type": "null"}]
    return Field(
        name,
        {"description": says, "anyOf": schemas},
        lambda change: spec_dict(change.key, getattr(change, name)),
        name,
        read,
    )


def _act(entry: Entry) -> str:
    if entry["act"] not in KINDS[entry["kind"]].LOOKS.acts:
        raise ValueError(f"{short(entry['act'])} is nothing that can be done")
    return str(entry["act"])


CHANGE = (
    *_NAMED,
    Field(
        "action",
        {"enum": ["create", "update", "delete"], "description": "Derived from before and after."},
        lambda change: change.action,
    ),
    _spec("before", "What is; null for a creation."),
    _spec("after", "What will be; null for a deletion."),
    _nested("risks", _RISK, Risk, "The dangers of the change."),
    _PLACE,
    Field(
        "defaults",
        of_type(
            "object",
            "What is in effect without an override, for each config that gets or loses one.",
            additionalProperties={"type": "string"},
        ),
        lambda change: dict(sorted(change.defaults.items())),
        "defaults",
        lambda entry: {name: exactly(value, str) for name, value in entry["defaults"].items()},
    ),
    plain("topic_id", _MAYBE, "The one topic, or other resource, that a deletion means.", of="pin"),
    plain("pending", (bool,), "Whether the files of the base commit wanted it already."),
    plain("because", _TEXT, "The reason that the files give, where they give one.", always=False),
    plain("known", _TEXT, "How it is known that this owner made what goes, where no file states it.", always=False),
    Field(
        "act",
        of_type("string", "What is done where before and after are equal, such as rotate."),
        lambda change: change.act,
        "act",
        _act,
        always=False,
    ),
)


def change(entry: Entry) -> Change:
    """One change."""
    return Change(**loaded(CHANGE, entry))
