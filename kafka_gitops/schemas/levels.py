"""Levels of compatibility: who must be able to read whose data, and whether an Avro change keeps to that."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kafka_gitops.schemas import AVRO, avro, json_text, parse
from kafka_gitops.schemas.avro_place import paths_of
from kafka_gitops.schemas.avro_whole import Unknown
from kafka_gitops.schemas.contract import LEVELS, MAX_PROBLEMS, Clash, References

__all__ = ["LEVELS", "Version", "clashes"]


class Version(NamedTuple):
    """A schema that was, with the texts of its references, and what messages call it: `the old schema`, `version 3`."""

    text: str
    references: References
    called: str = "the old schema"


def clashes(level: str, text: str, references: References, versions: Sequence[Version]) -> list[Clash] | None:
    """Why an Avro schema does not keep to a level against older versions, the latest first; None: cannot be judged.

    A level that ends in _TRANSITIVE is held against each version, the others against the first one. It cannot be judged
    where a schema does not parse, a reference is not there, the extra `schemas` is not installed, or it takes too long.
    """
    if level == "NONE":
        return []
    found: list[Clash] = []
    for version in versions if level.endswith("_TRANSITIVE") else versions[:1]:
        try:
            found.extend(_against(level, text, references, version))
        except _Unjudged:
            return None
    return found


class _Unjudged(Exception):
    """There is no verdict."""


def _against(level: str, text: str, references: References, version: Version) -> Iterator[Clash]:
    try:
        from kafka_gitops.schemas.avro_compat import TooMany, reasons
    except ImportError:
        raise _Unjudged from None
    new, old = _library(text, references), _library(version.text, version.references)
    ways = []
    if level.startswith(("BACKWARD", "FULL")):
        ways.append((new, old, "the new schema", version.called))
    if level.startswith(("FORWARD", "FULL")):
        ways.append((old, new, version.called, "the new schema"))
    for reader, writer, reads, writes in ways:
        try:
            why = reasons(reader, writer)[:MAX_PROBLEMS]
        except (TooMany, RecursionError):
            raise _Unjudged from None
        paths = paths_of(text, [reason.steps for reason in why]) if why else []
        places = json_text.places(text, set(paths))
        for reason, path in zip(why, paths, strict=True):
            said = reason.message.format(reader=reads, writer=writes)
            yield Clash(".".join(reason.steps), said, *places[path], reason.help)


def _library(text: str, references: References) -> Any:
    parsed = parse(AVRO, text, references)
    if parsed.form is None or any(problem.kind in ("syntax", "reference") for problem in parsed.problems):
        raise _Unjudged
    try:
        return avro.library(parsed.form, parsed.types)
    except (ImportError, Unknown, avro.Refused):
        raise _Unjudged from None
