"""What a plan file holds (the table), and its JSON Schema (draft 2020-12): what a program may rely on."""

from collections.abc import Mapping
from typing import Any

from kafka_gitops import __version__
from kafka_gitops.kinds import KINDS
from kafka_gitops.plan.fields import (
    CHANGE,
    REASON,
    Entry,
    Field,
    change,
    dumped,
    exactly,
    line,
    loaded,
    plain,
    reason,
    schema_of,
)
from kafka_gitops.plan.make import Past
from kafka_gitops.shape.exact import Json, list_of, object_of, of_type

FORMAT = 1
NAMED = 1_000  # names of each kind that a saved plan holds of what is left alone; the counts tell of more


def document() -> Json:
    """The schema as JSON-able data."""
    always = {**schema_of(PLAN)}
    digests = object_of(
        approval=of_type("string", "The digest of environment, cluster and changes.", pattern=_DIGEST),
        digest=of_type("string", "The digest of everything else.", pattern=_DIGEST),
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A plan of kafka-gitops",
        "description": "What an apply would change. The same input gives the same bytes; secrets are never in it.",
        **always,
        "required": [*always["required"], *digests["required"]],
        "properties": {**always["properties"], **digests["properties"]},
    }


_DIGEST = "^sha256:[0-9a-f]{64}$"


def _line(name: str, says: str, into: str, *more: type) -> Field:
    schema = of_type(["string", "null"] if more else "string", says)
    return Field(name, schema, lambda plan: getattr(plan, into), into, lambda entry: line(entry[name], *more))


def _reasons(name: str, says: str, *, always: bool = True) -> Field:
    def write(plan: Any) -> list[Json]:
        told = getattr(plan, name)
        return [dumped(REASON, one) for one in (told if always else told[:NAMED])]

    read = {"read": lambda entry: tuple(map(reason, entry[name]))}
    return Field(name, list_of(says, schema_of(REASON)), write, name, always=always, **read)


def _by_kind(says: str, item: Mapping[str, Json], required: list[str]) -> Json:
    return {"description": says, **object_of(**item), "required": required}


def _counts(name: str, says: str, required: list[str]) -> Field:
    def read(entry: Entry) -> dict[str, int]:
        return {kind: exactly(number, int) for kind, number in entry[name].items()}

    def write(plan: Any) -> dict[str, int]:
        return {**dict.fromkeys(required, 0), **getattr(plan, name)}

    counts = {kind.PLURAL: of_type("integer", f"How many {kind.LOOKS.nouns}.") for kind in KINDS.values()}
    return Field(name, _by_kind(says, counts, required), write, name, read)


_NAMES = {kind.PLURAL: list_of(f"Names of {kind.LOOKS.nouns}.", {"type": "string"}) for kind in KINDS.values()}
_PAST = (
    plain("made", (str,), "When the snapshot was made: UTC, ISO 8601."),
    plain("topics_only", (bool,), "Whether it holds nothing but the declared topics."),
    Field(
        "not_asked",
        list_of("What only servers could say, with how many resources it is about.", {"type": "string"}),
        lambda past: list(past.not_asked),
        "not_asked",
        lambda entry: tuple(exactly(one, str) for one in entry["not_asked"]),
    ),
)
PLAN = (
    Field("format", of_type("integer", "The version of this format.", const=FORMAT), lambda _plan: FORMAT),
    Field("tool", of_type("string", "The version of kafka-gitops that made the plan."), lambda _plan: __version__),
    _line("environment", "The environment, null where none is selected.", "environment", type(None)),
    _line("cluster_id", "The cluster that the plan is for.", "cluster"),
    _line("commit", "The commit of the files, with -dirty for local edits; null outside git.", "commit", type(None)),
    _line(
        "base", "The commit before the change: of --base, or what the ledger says was applied last.", "base", type(None)
    ),
    Field(
        "changes",
        list_of("What an apply does.", schema_of(CHANGE)),
        lambda plan: [dumped(CHANGE, one) for one in plan.changes],
        "changes",
        lambda entry: tuple(map(change, entry["changes"])),
    ),
    _reasons("unsupported", "Differences that no apply removes."),
    _reasons("nevers", "Removals that nothing allows; they refuse the plan."),
    _counts("left_alone", "On the cluster and in no file, by kind.", []),
    _counts(
        "declared",
        "How many the files declare (or declared at the base), by kind.",
        [kind.PLURAL for kind in KINDS.values() if kind.ALWAYS],
    ),
    _reasons("stays", "What this change takes out of the files and the cluster keeps; the first ones.", always=False),
    _reasons("waits", "Of those the removals that an apply has to remember.", always=False),
    _reasons("held", "What differs and is left as it is for now: until when, and why.", always=False),
    _reasons("released", "What this change lets go of, with the reason that the files give.", always=False),
    Field(
        "others",
        _by_kind("The names of what is left alone, by kind; the first ones.", _NAMES, []),
        lambda plan: {kind: list(names[:NAMED]) for kind, names in plan.others.items()},
        "others",
        lambda entry: {kind: tuple(exactly(name, str) for name in names) for kind, names in entry["others"].items()},
        always=False,
    ),
    plain(
        "next_run",
        (int,),
        "Of a plan of all files, with a ledger: the number of the next run in it. After another run it is not whole.",
        always=False,
    ),
    Field(
        "snapshot",
        {"description": "The snapshot that it was made against: it cannot be applied.", **schema_of(_PAST)},
        lambda plan: None if plan.past is None else dumped(_PAST, plan.past),
        "past",
        lambda entry: Past(**loaded(_PAST, entry["snapshot"])),
        always=False,
    ),
)
