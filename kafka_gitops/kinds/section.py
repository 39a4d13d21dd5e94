"""What a kind adds to the topology language: its sections, how `removed:` names it, and JulieOps' own forms of it."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from kafka_gitops.model import Removal, Spec
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import Shape
from kafka_gitops.text.source import Node

At: TypeAlias = Literal["file", "project"]
Read: TypeAlias = Callable[[Draft, Node, Place | None], None]
"""Declares what a value says by `draft.declare`. Its shape was looked at, and what is wrong with it noted, before: here
it may still be of any shape, and what is not as it should be is passed over. The place is None at the top of a file."""


def nothing(_body: dict[str, object]) -> None:
    """A section's table says all that its JSON Schema should."""


class Section(NamedTuple):
    """One key of the topology language.

    `at` says where it may stand. At the top of a file another value than one of its shape's type (a list, say) is a
    part of names, as in the reference. `says` describes the key by its own name, and each key below it: by `key`, or by
    `called.key` ("a schema.type") where it means something else in another mapping. `marks` are keys of an item of
    which JulieOps' list of the same name knows none: an item with one is ours, any other keeps JulieOps' meaning.
    `refine` changes the section's JSON Schema where a table cannot say it.
    """

    name: str
    at: tuple[At, ...]
    shape: Shape
    says: Mapping[str, str]
    read: Read
    marks: tuple[str, ...] = ()
    refine: Callable[[dict[str, object]], None] = nothing


class Removable(NamedTuple):
    """How an item of `removed:` names a resource of a kind: `{user: orders, mechanism: SCRAM-SHA-256}`.

    The first of `keys` is the kind's own; a further one narrows the removal to a part of the resource, and its text is
    the Removal's `part`. `says` describes each. `name` makes the key's name of what is written (None: it is no name,
    which was noted). `holds` tells whether what files declare is what the statement removes: that contradicts it.
    """

    keys: Mapping[str, Shape]
    says: Mapping[str, str]
    name: Callable[[Draft, Node], str | None] = Draft.text
    holds: Callable[[Spec, Removal], bool] = lambda _spec, removal: removal.part is None


Forms: TypeAlias = Mapping[str, Read]
"""JulieOps' own forms of a kind's declarations, by where they stand, with their readers:

* `topic.schemas`: the value of a topic's `schemas:`; the place names the topics that it is for (`topics`, dead letter
  ones included) and has the topic's own entry (`entry`).
* `connectors.artefacts`: the list under `artefacts` (or `artifacts`) of a project's `connectors:`.
* `platform.kafka.quotas`: that list.
"""
