"""What stands in which file: the entries of an estate by project and section, and the lines of each file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kafka_gitops.adopt.structure import Project
from kafka_gitops.writing import compact

Hierarchy: TypeAlias = tuple[tuple[str, str], ...]
"""The parts of names that a file begins with, context first."""
Sections: TypeAlias = dict[str, list[Mapping[str, object]]]
"""Entries by the key that they stand under."""
TOPICS, SPECIAL, ACLS = "topics", "special_topics", "acls"
_OF_PROJECTS = ("consumers", "producers", "streams", "connectors", TOPICS, "schemas", ACLS)
_AT_TOP = (SPECIAL, ACLS, "quotas", "users", "schemas", "connectors")


@dataclass
class Document:
    """A topology file."""

    hierarchy: Hierarchy
    projects: dict[Project, Sections] = field(default_factory=dict)
    top: Sections = field(default_factory=dict)

    def at(self, project: Project | None) -> Sections:
        """The sections of a project, or those at the top."""
        return self.top if project is None else self.projects.setdefault(project, {})

    @property
    def text(self) -> str:
        """What is written."""
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield from (f"{compact.flow(key)}: {compact.flow(value)}" for key, value in self.hierarchy)
        if self.projects:
            yield "projects:"
        for project, sections in sorted(self.projects.items()):
            yield f"- name: {compact.flow(project.name)}"
            for name in _OF_PROJECTS:
                if name in sections:
                    yield from compact.section(name, sections[name], "  ")
        for name in _AT_TOP:
            if name in self.top:
                yield from compact.section(name, self.top[name])
