"""Schemas without a registry: types by file ending, reading with places, equality, differences by field.

Pure. Libraries are loaded when a schema of their type is looked at.
"""

import json
from dataclasses import replace
from functools import lru_cache
from importlib import import_module

from kafka_gitops.schemas.contract import (
    AVRO,
    JSON,
    PROTOBUF,
    Alarm,
    Clash,
    Json,
    Parsed,
    Problem,
    References,
    Row,
)
from kafka_gitops.text.characters import escaped

TYPES = (AVRO, JSON, PROTOBUF)
MOST_SAID = 600  # characters of a message
_MODULES = {AVRO: "avro", JSON: "json_schema", PROTOBUF: "proto"}
ENDINGS = {".avsc": AVRO, ".json": JSON, ".proto": PROTOBUF}

__all__ = [
    "AVRO",
    "ENDINGS",
    "JSON",
    "PROTOBUF",
    "TYPES",
    "Alarm",
    "Clash",
    "Parsed",
    "Problem",
    "Row",
    "alarms",
    "difference",
    "equal",
    "parse",
    "type_of",
]


def type_of(path: str) -> str | None:
    """The type of a schema by the ending of its file, None for another ending."""
    return next((type_ for ending, type_ in ENDINGS.items() if path.lower().endswith(ending)), None)


def parse(type_: str, text: str, references: References | None = None) -> Parsed:
    """A schema as read, with what is wrong with it at places in its text; never raises for bad input.

    `references` are the texts by the names under which the schema uses them: a full name in Avro, what `$ref` or
    `import` says else; None where only the registry has it (then what hangs on it is not judged).
    """
    return _parse(type_, text, tuple(sorted((references or {}).items())))


@lru_cache(maxsize=4_096)
def _parse(type_: str, text: str, references: tuple[tuple[str, str | None], ...]) -> Parsed:
    module = import_module(f"{__name__}.{_MODULES[type_]}")
    found: Parsed = module.parse(text, dict(references))
    return replace(found, problems=tuple(map(_clipped, found.problems))) if found.problems else found


def _clipped(problem: Problem) -> Problem:
    """A problem whose texts are no longer than anybody reads: a name in it may be as long as the file."""
    help = problem.help if problem.help is None or len(problem.help) <= MOST_SAID else f"{problem.help[:MOST_SAID]}..."
    if len(problem.message) <= MOST_SAID:
        return problem._replace(help=help)
    half = MOST_SAID // 2
    return problem._replace(message=f"{problem.message[:half]} ... {problem.message[-half:]}", help=help)


def equal(type_: str, before: str, after: str) -> bool:
    """Whether two texts are the same schema, as parsed: blanks, comments of Protobuf, the order of keys do not count.

    Docs, defaults, aliases, logical types and other attributes do: a registry keeps them, and readers see them.
    """
    if before == after or (type_ != PROTOBUF and _same_json(before, after)):
        return True
    old, new = _parse(type_, before, ()).form, _parse(type_, after, ()).form
    return old is not None and new is not None and _canonical(old) == _canonical(new)


def _same_json(before: str, after: str) -> bool:
    """Whether two texts are the same JSON; 1, 1.0 and true are three things. It spares two parses of most schemas."""
    try:
        return json.dumps(json.loads(before), sort_keys=True) == json.dumps(json.loads(after), sort_keys=True)
    except (ValueError, RecursionError):
        return False


def difference(type_: str, before: str, after: str) -> list[Row]:
    """How two schemas differ, field by field; empty for equal ones, the texts themselves where one cannot be read.

    Nothing in it begins a line: a property of a JSON schema is called as its author likes.
    """
    rows = _compared(type_, before, after)[0]
    return [Row(escaped(row.field), escaped(row.what), _plain(row.before), _plain(row.after)) for row in rows]


def _plain(text: str | None) -> str | None:
    return None if text is None else escaped(text)


def alarms(type_: str, before: str, after: str) -> list[Alarm]:
    """Changes that registries let pass and that readers break on: namespace, decimal scale, unit of a time."""
    found = _compared(type_, before, after)[1]
    return [one._replace(field=escaped(one.field), message=escaped(one.message)) for one in found]


def _compared(type_: str, before: str, after: str) -> tuple[list[Row], list[Alarm]]:
    if equal(type_, before, after):
        return [], []
    old, new = _parse(type_, before, ()).form, _parse(type_, after, ()).form
    if old is None or new is None:
        from kafka_gitops.schemas.said import shown

        return [Row("", "text", shown(before), shown(after))], []
    if type_ == AVRO:
        from kafka_gitops.schemas import avro_diff

        return avro_diff.compare(before, after)
    if type_ == PROTOBUF:
        from kafka_gitops.schemas import proto_diff

        return proto_diff.compare(old, new)
    from kafka_gitops.schemas import json_diff

    return json_diff.compare(old, new), []


def _canonical(form: Json) -> str:
    """The form as a text that compares: `true` is not 1, `1.0` is."""
    return json.dumps(_numbers(form), sort_keys=True)


def _numbers(form: Json) -> Json:
    if isinstance(form, dict):
        return {key: _numbers(one) for key, one in form.items()}
    if isinstance(form, list):
        return [_numbers(one) for one in form]
    return int(form) if isinstance(form, float) and form.is_integer() and abs(form) < 1 << 53 else form
