"""What a kind adds to the topology language: its sections, how `removed:` names it, and JulieOps' own forms of it."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

from kafka_gitops.model import Removal
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import Shape
from kafka_gitops.shape.json_schema import Json
from kafka_gitops.text.source import Node

At: TypeAlias = Literal["file", "project"]
Read: TypeAlias = Callable[[Draft, Node, Place | None], None]
"""Declares what a value says by `draft.declare`. Its shape was looked at, and what is wrong with it noted, before: here
it may still be of any shape, and what is not as it should be is passed over. The place is None at the top of a file."""


def nothing(_defs: dict[str, Json]) -> None:
    """A section's table says all that its JSON Schema should."""


class Section(NamedTuple):
    """One key of the topology language.

    `at` says where it may stand. At the top of a file another value than one of its shape's type (a list, say) is a
    part of names, as in the reference. `says` describes the key by its own name, and each key below it: by `key`, or by
    `called.key` ("a schema.type") where it means something else in another mapping. `marks` are keys of an item of
    which JulieOps' list of the same name knows none: an item with one is ours, any other keeps JulieOps' meaning.
    `judged` says that a spec has all that an item says, so that what may be merged by itself is known by the specs.
    `refine` gets the definitions of the JSON Schema by name ("a schema" is under `schema`) and adds what a table cannot
    say.
    """

    name: str
    at: tuple[At, ...]
    shape: Shape
    says: Mapping[str, str]
    read: Read
    marks: tuple[str, ...] = ()
    judged: bool = False
    refine: Callable[[dict[str, Json]], None] = nothing


class Named(NamedTuple):
    """A further key of an item of `removed:`, which narrows the removal to a part of the resource."""

    key: str
    shape: Shape
    says: str


class Removable(NamedTuple):
    """How `removed:` names a resource of a kind, under the kind's name: `{user: orders, mechanism: SCRAM-SHA-256}`.

    `says` describes that key; `part` is the key beside it, if there is one, whose text is the Removal's `part`. `name`
    makes the Key's name of what is written (None: it is no name, which was noted). `holds` tells whether what files
    declare has what the statement removes: one of the two is wrong then, which is told as `rule`.
    """

    says: str
    part: Named | None = None
    name: Callable[[Draft, Node], str | None] = Draft.text
    holds: Callable[[Any, Removal], bool] = lambda _spec, removal: removal.part is None
    rule: str = "resource-duplicate"


JULIEOPS = "julieops"  # the flag of what JulieOps' own forms declare
Forms: TypeAlias = Mapping[str, Read]
"""JulieOps' own forms of a kind's declarations, by where they stand, with their readers:

* `topic.schemas`: the value of a topic's `schemas:`; the place names the topics that it is for (`topics`, dead letter
  ones included) and has the topic's own entry (`entry`).
* `connectors.artefacts`: the list under `artefacts` (or `artifacts`) of a project's `connectors:`.
* `platform.kafka.quotas`: that list.
"""
