"""Other tools' files as topology files: one module for each tool, from its documents to entries of our sections.

A module has `TOOL`, its name for people, `SUFFIXES`, the names of its files in a directory, `take`, which puts what
the texts of files say into an `Estate`, and `NEXT`, what to do with the other tool before the first apply.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from kafka_gitops.dialects.estate import Estate

DIALECTS = ("strimzi", "jikkou", "topicctl", "kdef", "devshawn", "terraform", "list")


class Dialect(Protocol):
    """What a module of this room answers."""

    TOOL: str
    SUFFIXES: tuple[str, ...]
    NEXT: str

    def take(self, estate: "Estate", texts: Mapping[str, str], /) -> None:
        """Put into the estate what the files say, by path; bad input becomes problems."""


def dialect(name: str) -> Dialect:
    """The module of a dialect."""
    return cast(Dialect, import_module(f"kafka_gitops.dialects.{name}"))
