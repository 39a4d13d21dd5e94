"""JSON Schemas: read, held to the meta-schema of their draft, and their `$ref`s followed."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from kafka_gitops.schemas import json_text
from kafka_gitops.schemas.contract import JSON, MAX_PROBLEMS, Fault, Json, Parsed, Path, Problem, References

_VALUES = ("enum", "const", "default", "examples")  # what stands there is data, not a schema
_OWN = ("http://json-schema.org/", "https://json-schema.org/")


def parse(text: str, references: References) -> Parsed:
    """A JSON Schema with what is wrong with it; `references` are the texts by the names that `$ref` uses."""
    try:
        value = json_text.read(text)
    except json_text.Unread as unread:
        return Parsed(JSON, text, None, (unread.problem,))
    if not isinstance(value, dict | bool):
        problem = Problem("syntax", 1, 1, "a JSON Schema is a mapping, or true or false")
        return Parsed(JSON, text, None, (problem,))
    draft = value.get("$schema", "") if isinstance(value, dict) else ""
    if not isinstance(draft, str):
        problem = Problem("syntax", *json_text.places(text, [("$schema",)])[("$schema",)], "$schema is a text: a URI")
        return Parsed(JSON, text, value, (problem,))
    faults = list(islice(chain(_by_draft(value), _references(value, references)), MAX_PROBLEMS))
    places = json_text.places(text, {fault.path for fault in faults})
    problems = tuple(Problem(fault.kind, *places[fault.path], fault.message, fault.help) for fault in faults)
    return Parsed(JSON, text, value, problems, unseen=None in references.values())


def _by_draft(value: Json) -> Iterator[Fault]:
    """What the meta-schema refuses: of the draft that `$schema` names, else draft-07, a registry's default."""
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import best_match
    from jsonschema.validators import validator_for

    judge: Any = validator_for(value, default=Draft7Validator)
    try:
        for error in judge(judge.META_SCHEMA).iter_errors(value):
            inner: Any = best_match([error])
            path = tuple(inner.absolute_path)
            said = inner.message if len(inner.message) <= 200 else f"{inner.message[:197]}..."
            if path[-1:] == ("type",):
                said = f"{inner.instance!r} is none of array, boolean, integer, null, number, object and string"
            yield Fault("syntax", path, f"this is no JSON Schema: {said}")
    except RecursionError:
        yield Fault("syntax", (), "this JSON Schema is nested too deep to be judged")


def _references(root: Json, references: References) -> Iterator[Fault]:
    """A `$ref` to a place that is not there, or to a document that no reference gives."""
    nodes = list(_nodes(root, ()))
    named = any(key in node for node, _ in nodes for key in ("$anchor", "$dynamicAnchor", "id"))
    ids = [str(node["$id"]) for node, _ in nodes if "$id" in node]
    for node, path in nodes:
        ref = node.get("$ref")
        if not isinstance(ref, str):
            continue
        document, _, fragment = ref.partition("#")
        here = (*path, "$ref")
        if not document:
            if (fragment.startswith("/") or not named) and len(ids) <= 1 and not _there(root, fragment):
                yield Fault("reference", here, f'"{ref}" leads nowhere: the schema has no such place')
        elif not _given(document, references, ids):
            help = "declare the schema that it means, and name it under `references`"
            yield Fault("reference", here, f'"{document}" is none of the references', help)


def _given(document: str, references: References, ids: list[str]) -> bool:
    if document.startswith(_OWN) or document in references:
        return True
    return any(one.split("#")[0].endswith(document) for one in (*ids, *references))


def _nodes(value: Json, path: Path) -> Iterator[tuple[dict[str, Json], Path]]:
    if isinstance(value, dict):
        yield value, path
        for key, one in value.items():
            if key not in _VALUES or path[-1:] == ("properties",):
                yield from _nodes(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _nodes(one, (*path, index))


def _there(root: Json, pointer: str) -> bool:
    from urllib.parse import unquote

    value = root
    for step in unquote(pointer).split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and len(step) < 9 and int(step) < len(value):
            value = value[int(step)]
        else:
            return False
    return not pointer or pointer.startswith("/")
