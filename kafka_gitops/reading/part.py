"""The part of a topology that one file contributes, made without the other files; parts add up to the whole."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.model import Access, AclRemoval, Declared, Grant, Release, Removal, TopicDecl
from kafka_gitops.reading.bounds import MOST, MOST_PLANNED, MOST_SUGGESTED, Bindings
from kafka_gitops.shape.found import Found

NAMES = "names"  # it was asked what an unknown name may be
ARTEFACTS = "artefacts"  # files beside the topology were looked at


class Meeting(NamedTuple):
    """A context (`project` None) or a project of one, as written in a file: what two files may not both have."""

    context: str
    project: str | None
    span: Span


class Part:
    """What one file contributes, or several that are joined."""

    def __init__(self) -> None:
        self.topics: list[TopicDecl] = []
        self.grants: list[Grant] = []
        self.declared: list[Declared] = []
        self.removals: list[Removal] = []
        self.acl_removals: list[AclRemoval] = []
        self.releases: list[Release] = []
        self.access: list[Access] = []
        self.problems = Found()
        self.notes: list[str] = []
        self.unmanaged: dict[str, list[Span]] = {}  # where stands what no run makes
        self.segments: dict[str, Mapping[str, str]] = {}  # of each file
        self.bindings = Bindings()
        self.planned = 0  # configs that plans give to topics
        self.passed: list[str] = []  # files that are no topologies
        self.named: set[str] = set()  # paths of artefacts
        self.elsewhere = 0  # artefacts by absolute paths that are not here
        self.checked: dict[tuple[str, str], list[Diagnostic]] = {}  # artefacts by kind and text
        self.met: list[Meeting] = []
        self.used: dict[str, None] = {}  # custom roles
        self.asked: set[str] = set()  # what of other files it depends on: see `depends`
        self.secrets: list[str] = []  # literals that no report may show
        self.others: tuple[str, ...] | None = (
            None  # of a file that declares nothing: `plans`, `roles` where it has such a key
        )

    def depends(self, before: "Part", beside: Collection[str], more: int) -> bool:
        """Whether reading this file after those `before` gives something else: a bound over all files is reached.

        `beside` says whether files of plans or roles are among the topologies, which a message names; `more` counts the
        problems of artefacts and custom roles that are told for the first file.
        """
        if before.bindings.full or (self.bindings.most and before.bindings.multiplied + self.bindings.most > MOST):
            return True
        if self.planned and before.planned + self.planned > MOST_PLANNED:
            return True
        if not self.asked:
            return False
        problems = len(before.problems) + len(self.problems) + more
        return not self.asked.isdisjoint(beside) or (NAMES in self.asked and problems >= MOST_SUGGESTED)

    def add(self, part: "Part") -> None:
        """Join what another file contributes; what is judged across files (`met`, `used`, `checked`) is not."""
        self.topics += part.topics
        self.grants += part.grants
        self.declared += part.declared
        self.removals += part.removals
        self.acl_removals += part.acl_removals
        self.releases += part.releases
        self.access += part.access
        self.problems.extend(part.problems)
        self.notes += part.notes
        self.passed += part.passed
        for what, places in part.unmanaged.items():
            self.unmanaged.setdefault(what, []).extend(places)
        self.segments.update(part.segments)
        self.bindings.multiplied += part.bindings.multiplied
        self.bindings.full = self.bindings.full or part.bindings.full
        self.planned += part.planned
        self.named |= part.named
        self.elsewhere += part.elsewhere
