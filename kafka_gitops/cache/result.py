"""The result of a lint as an entry: what it saw, what it said, what it found."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kafka_gitops import seen
from kafka_gitops.cache import key
from kafka_gitops.diagnostics import Diagnostic, a_text, of_plain, plain


class Result(NamedTuple):
    """What a lint told: its sentences for stderr, its findings, the files by path with their bytes, how many topics."""

    said: Sequence[str]
    diagnostics: Sequence[Diagnostic]
    files: Mapping[str, bytes] = {}
    topics: int = 0
    environment: str | None = None


def dump(result: Result, record: seen.Record) -> bytes | None:
    """An entry; None where the record does not hold all that the result depends on."""
    if not record.whole or any(("contents", path) not in record.answers for path in result.files):
        return None
    data = {
        "salt": record.salt.hex(),
        "looks": [[*look, answer] for look, answer in record.answers.items()],
        "code": key.loaded(),
        "said": [*result.said],
        "findings": plain(result.diagnostics),
        "files": [*result.files],
        "declared": result.topics,
        "environment": result.environment,
    }
    return json.dumps(data, separators=(",", ":")).encode()


def load(data: bytes) -> Result | None:
    """The result of an entry, if all is as it was; None where anything is not, or it is no entry."""
    try:
        found = json.loads(data)
        if not key.unchanged(found["code"]):
            return None
        read = _as_it_was(bytes.fromhex(found["salt"]), found["looks"])
        return None if read is None else _result(found, read)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _result(found: Mapping[str, Any], read: Mapping[str, bytes]) -> Result:
    match found["declared"], found["environment"]:
        case int(topics), str() | None as environment:
            files = {path: read[path] for path in found["files"]}
            said = [*map(a_text, found["said"])]
            return Result(said, of_plain(found["findings"]), files, topics, environment)
    raise TypeError


def _as_it_was(salt: bytes, looks: Sequence[tuple[str, str, seen.Answer]]) -> dict[str, bytes] | None:
    """The files that were read, where every look has the answer that it had; else None."""
    read: dict[str, bytes] = {}
    for kind, of, answer in looks:
        now = seen.again((kind, of))
        if seen.fingerprint(now, salt) != answer:
            return None
        if kind == "contents" and isinstance(now, bytes):
            read[of] = now
    return read
