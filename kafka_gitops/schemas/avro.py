"""Avro schemas: read, checked by rules of our own and by both libraries, placed."""

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from kafka_gitops.schemas import json_text
from kafka_gitops.schemas.avro_default import Fit
from kafka_gitops.schemas.avro_form import Walk
from kafka_gitops.schemas.avro_whole import whole
from kafka_gitops.schemas.contract import AVRO, MAX_PROBLEMS, Fault, Json, Parsed, Path, Problem, References


def parse(text: str, references: References) -> Parsed:
    """An Avro schema with what is wrong with it; `references` are the texts of the schemas whose types it uses."""
    try:
        value = json_text.read(text)
    except json_text.Unread as unread:
        return Parsed(AVRO, text, None, (unread.problem,))
    walk = Walk()
    form = walk.schema(value)
    known, foreign = _types(references)
    walk.resolve({*known, *foreign})
    walk.faults += [
        Fault("name", (*walk.where[name], "name"), f'"{name}" is also a type of a reference', "keep one of the two")
        for name in walk.defined
        if name in known
    ]
    types = {**known, **walk.defined}
    fit = Fit(types)
    faults = walk.faults + [
        Fault("default", path, f"the default does not fit: {why}")
        for path, type_, default in walk.defaults
        if (why := fit.misfit(type_, default)) is not None
    ]
    hard = any(fault.kind != "logical-type" for fault in faults)
    unseen = fit.tired or bool(foreign)
    if not hard and not unseen:
        try:
            library(form, types, second=True)
        except Refused as refused:
            faults.append(Fault("syntax", (), f"Avro's libraries do not take it: {refused}"))
        except ImportError:
            unseen = True
    return Parsed(AVRO, text, form, _placed(text, faults), tuple(walk.defined), unseen, types)


class Refused(Exception):
    """Apache's library takes a schema for none, and says why."""


def library(form: Json, types: Mapping[str, Json], *, second: bool = False) -> Any:
    """A schema of the package `avro`; with `second`, fastavro has to take it too.

    Raises ImportError where they are not installed, Unknown for a name without a type, Refused.
    """
    import avro.errors
    import avro.schema
    import fastavro
    from fastavro.schema import SchemaParseException, UnknownType

    alone = whole(form, types)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = avro.schema.make_avsc_object(alone)
            if second:
                fastavro.parse_schema(alone)
        except (avro.errors.AvroException, SchemaParseException, UnknownType, ValueError, TypeError, KeyError) as error:
            said = " ".join(str(error).split())
            raise Refused(said if len(said) <= 200 else f"{said[:197]}...") from None
        except RecursionError:
            raise Refused("nested too deep") from None
    return made


def _types(references: References) -> tuple[dict[str, Json], set[str]]:
    """The types of the references by name, and the names that no file explains."""
    found: dict[str, Json] = {}
    foreign: set[str] = set()
    for name, text in references.items():
        walk = Walk()
        try:
            if text is not None:
                walk.schema(json_text.read(text))
        except json_text.Unread:
            text = None  # told where that schema is declared
        if text is None:
            foreign.add(name)
        found.update(walk.defined)
    return found, foreign


def _placed(text: str, faults: list[Fault]) -> tuple[Problem, ...]:
    return tuple(_problems(text, faults[:MAX_PROBLEMS]))


def _problems(text: str, faults: list[Fault]) -> Iterator[Problem]:
    places: Mapping[Path, tuple[int, int]] = json_text.places(text, {fault.path for fault in faults})
    for fault in faults:
        yield Problem(fault.kind, *places[fault.path], fault.message, fault.help)
