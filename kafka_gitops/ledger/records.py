"""The records of a ledger as canonical JSON and back (format 1), and its JSON Schema."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger import codec
from kafka_gitops.ledger.nouns import AnyRecord, Drift, Hold, Lock, Names, Owner, Run, Step, Unlock
from kafka_gitops.shape.exact import Json

FORMAT = 1
LATEST = 253_402_300_799  # the last second of the year 9999: a time of a record is told as this at most
TYPES: Mapping[str, type[AnyRecord]] = {
    "owner": Owner,
    "names": Names,
    "run": Run,
    "step": Step,
    "lock": Lock,
    "unlock": Unlock,
    "hold": Hold,
    "drift": Drift,
}


class Damaged(KafkaGitopsError):
    """A record that is none: `message` says which and why."""


class Newer(KafkaGitopsError):
    """A record of a later format: this version must not act on what it cannot read."""


def run_id(seconds: float, token: str) -> str:
    """The name of a run that begins then: `token` is 6 random hex digits (`secrets.token_hex(3)`)."""
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y%m%d-%H%M%S}-{token}"


def began(run: str) -> int | None:
    """When a run began, by its name; None where that tells no time."""
    try:
        return int(datetime.strptime(f"{run[:15]}+0000", "%Y%m%d-%H%M%S%z").timestamp())
    except ValueError:
        return None


def body(record: AnyRecord) -> Json:
    """A record as plain data: what it is and its format, then its fields."""
    return {"format": FORMAT, "record": kind_of(record.key), **codec.dumped(record)}


def kind_of(key: str) -> str:
    """What a key of the topic is of: `run` of `run/20261128-091122-0a1b2c`."""
    return key.partition("/")[0]


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def canonical(data: object) -> bytes:
    """JSON that is the same for the same data everywhere: ASCII, sorted keys, no blanks."""
    return _CANONICAL.encode(data).encode()


def lines(data: Mapping[str, Any]) -> list[str]:
    """The outcomes of a run's record (`body`), each as canonical JSON: made once for all that takes them."""
    return [_CANONICAL.encode(one) for one in data["outcomes"]]


def joined(data: Mapping[str, Any], outcomes: Iterable[str]) -> bytes:
    """The canonical JSON of a run's record from that of its outcomes (`lines`)."""
    told = {key: _CANONICAL.encode(value) for key, value in data.items() if key != "outcomes"}
    told["outcomes"] = f"[{','.join(outcomes)}]"
    return f"{{{','.join(f'{_CANONICAL.encode(key)}:{told[key]}' for key in sorted(told))}}}".encode()


def encode(record: AnyRecord) -> bytes:
    """A record as canonical JSON. A run of very many changes is more than a broker takes: see `packed.py`."""
    return canonical(body(record))


def parsed(key: str, value: bytes) -> Json:
    """The plain data of a record. Raises Damaged, or Newer with the format's number."""
    try:
        data = json.loads(value)
    except (ValueError, RecursionError):
        raise Damaged(f"the record {key[:80]!a} is damaged: it is not JSON", help=_DAMAGED) from None
    if not isinstance(data, dict):
        raise Damaged(f"the record {key[:80]!a} is damaged: it is not a JSON object", help=_DAMAGED)
    version = data.get("format")
    if type(version) is int and version > FORMAT:
        said = f"the ledger has a record of format {version} ({key[:80]!a}), and this version knows format {FORMAT}"
        raise Newer(said, help="Use the version of kafka-gitops that wrote it, or a later one.")
    if version != FORMAT:
        said = f"the record {key[:80]!a} is damaged: its format is {str(version)[:20]!a}, expected {FORMAT}"
        raise Damaged(said, help=_DAMAGED)
    return data


def decode(key: str, value: bytes) -> AnyRecord:
    """A record. Raises Damaged, or Newer with the format's number."""
    return typed(key, parsed(key, value))


def typed(key: str, data: Mapping[str, Any]) -> AnyRecord:
    """The record of plain data. Raises Damaged."""
    kind = kind_of(key)
    if kind not in TYPES or data.get("record") != kind:
        said = f"the record {key[:80]!a} is damaged: it says that it is of {str(data.get('record'))[:20]!a}"
        raise Damaged(said, help=_DAMAGED)
    try:
        found: AnyRecord = codec.loaded(TYPES[kind], data)
    except (ValueError, RecursionError) as error:
        raise Damaged(f"the record {key[:80]!a} is damaged: {error}", help=_DAMAGED) from None
    if found.key != key:
        raise Damaged(f"the record {key[:80]!a} is damaged: it is that of {found.key[:80]!a}", help=_DAMAGED)
    return found


_DAMAGED = "kafka-gitops ledger check looks at all of it."


def document() -> Json:
    """The JSON Schema of a record, as it is in the topic, in an export and in the copy that an apply writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A record of a ledger of kafka-gitops",
        "description": "What a run did, what an owner applied, what is on hold. Secrets are never in it.",
        "oneOf": [_schema(name, kind) for name, kind in TYPES.items()],
    }


def _schema(name: str, kind: type[AnyRecord]) -> Json:
    told = codec.schema(kind)
    head = {
        "format": {"const": FORMAT, "description": "The version of this format."},
        "record": {"const": name, "description": "What it is."},
    }
    says = " ".join((kind.__doc__ or "").split())
    required = [*head, *told["required"]]
    return {
        "title": name,
        "description": says,
        **told,
        "properties": {**head, **told["properties"]},
        "required": required,
    }
