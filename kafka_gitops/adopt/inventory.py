"""What is on the servers of an environment, as the specs of the kinds, and what of it was not taken over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from kafka_gitops.model import Key, Spec

Split: TypeAlias = Literal["one", "prefix", "owner"]


class Left(NamedTuple):
    """Something on the servers that was not taken over, such as `topic __consumer_offsets`, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Inventory:
    """Everything that is taken over, by the keys that files give it, and what is not.

    A user has no variables of passwords, a connector's literal secrets are masked: as the plan of a kind sees them.
    """

    specs: Mapping[Key, Spec]
    left: tuple[Left, ...] = ()

    def of(self, kind: str) -> dict[Key, Spec]:
        """What is there of one kind, by name."""
        return {key: spec for key, spec in sorted(self.specs.items()) if key.kind == kind}


class Shape(NamedTuple):
    """How the files are to be cut: the context (None: the one that most names begin with, else `main`), and into what.

    `one` file; one for each first part of the names or project (`prefix`); one for each principal that alone writes
    what is in it (`owner`).
    """

    context: str | None = None
    split: Split = "one"


class Made(NamedTuple):
    """A file to write: its path below the folder, and its text."""

    path: str
    text: str
