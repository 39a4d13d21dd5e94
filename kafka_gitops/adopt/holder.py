"""What one principal may do from everywhere, by what the roles of the language ask."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from kafka_gitops.adopt.structure import Project
from kafka_gitops.model import Acl
from kafka_gitops.scope import managed_inside
from kafka_gitops.settings import Language, ManagedPrefixes

_PATTERNS = ("LITERAL", "PREFIXED")


class Given(NamedTuple):
    """An entry that gives rights: its section, and the topic at which it stands, else the project, None for any."""

    section: str
    topic: str | None
    project: Project | None
    entry: dict[str, object]


class Holder:
    """The bindings of a principal that allow from every host; `left` are those that no entry gives so far."""

    def __init__(self, principal: str, acls: Collection[Acl], language: Language) -> None:
        self.principal, self.acls = principal, frozenset(acls)
        self.left = set(self.acls)
        self._managed = language.managed
        self._done: dict[tuple[str, str], dict[str, set[str]]] = {}
        for _, _, operation, _, kind, pattern, name in acls:
            self._done.setdefault((kind, pattern), {}).setdefault(name, set()).add(operation)

    def names(self, kind: str, pattern: str, *operations: str, but: str = "") -> list[str]:
        """The names on which it may do all of some operations, and not the one of `but`; in order."""
        wanted = set(operations)
        known = self._done.get((kind, pattern), {})
        return sorted([name for name, done in known.items() if wanted <= done and but not in done])

    def only(self, kind: str, *operations: str) -> tuple[str, str] | None:
        """The pattern and name of the one resource on which it may do these, as far as no entry gives that already.

        Where entries give all, the only one of these; None where there are several, or none.
        """
        every = [(pattern, name) for pattern in _PATTERNS for name in self.names(kind, pattern, *operations)]
        free = [one for one in every if self._acl(kind, *one, operations[0]) in self.left]
        found = free or every
        return found[0] if len(found) == 1 else None

    def may(self, kind: str, name: str, operation: str) -> bool:
        """Whether it has this binding on a whole name."""
        return self._acl(kind, "LITERAL", name, operation) in self.acls

    def _acl(self, kind: str, pattern: str, name: str, operation: str) -> Acl:
        return Acl(self.principal, "*", operation, "ALLOW", kind, pattern, name)

    def take(self, acls: Sequence[Acl]) -> bool:
        """Whether it has all that an entry would give; then these are given. What the settings filter out is not."""
        if self._managed != ManagedPrefixes():
            acls = [acl for acl in acls if managed_inside(self._managed, acl)]
        if not acls or not self.acls.issuperset(acls):
            return False
        self.left.difference_update(acls)
        return True
