"""Consumers and producers by their rights: of all topics of a project where they have all, else topic by topic."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from kafka_gitops.adopt.holder import Given, Holder
from kafka_gitops.adopt.structure import Project, Structure
from kafka_gitops.descriptor import roles
from kafka_gitops.model import Acl, Topic
from kafka_gitops.reading.naming import written
from kafka_gitops.settings import Language

_IDEMPOTENT = "IDEMPOTENT_WRITE"


def find(holder: Holder, structure: Structure, topics: Mapping[str, Topic], language: Language) -> Iterator[Given]:
    """The entries of a principal; its rights are taken."""
    find = _Find(holder, structure, topics, optimized=language.optimized_acls)
    yield from _consumers(find)
    yield from _producers(find)


def _consumers(find: "_Find") -> Iterator[Given]:
    found = find.holder.only("GROUP", "READ")
    group = _text(found)
    if found is None or group is None:
        return

    def gives(names: Sequence[str], prefix: str | None) -> tuple[Acl, ...]:
        return roles.consumer(find.holder.principal, names, group, prefix=prefix)

    yield from find.entries("consumers", "READ", {} if group == "*" else {"group": group}, gives)


def _producers(find: "_Find") -> Iterator[Given]:
    idempotent = find.holder.may("CLUSTER", roles.CLUSTER, _IDEMPOTENT)
    transaction = _text(find.holder.only("TRANSACTIONAL_ID", "DESCRIBE", "WRITE")) if idempotent else None
    own: dict[str, object] = {}
    if idempotent:
        own = {"idempotence": True} if transaction is None else {"transactionId": transaction}

    def gives(names: Sequence[str], prefix: str | None) -> tuple[Acl, ...]:
        return roles.producer(find.holder.principal, names, transaction, idempotent=idempotent, prefix=prefix)

    yield from find.entries("producers", "WRITE", own, gives)


def _text(found: tuple[str, str] | None) -> str | None:
    """A group or transactional id as a role names it, where it can."""
    text = None if found is None else written(*found)
    return text if isinstance(text, str) else None


class _Find:
    """A principal among the topics: where an entry of its stands, if it has what the entry gives."""

    def __init__(self, holder: Holder, structure: Structure, topics: Mapping[str, Topic], *, optimized: bool) -> None:
        self.holder = holder
        self._structure, self._topics, self._optimized = structure, topics, optimized

    def entries(
        self,
        section: str,
        operation: str,
        own: Mapping[str, object],
        gives: Callable[[Sequence[str], str | None], tuple[Acl, ...]],
    ) -> Iterator[Given]:
        """The entries of a section for all topics that it may describe and do this with."""
        entry = {"principal": self.holder.principal, **own}
        if self._optimized:
            for prefix in self.holder.names("TOPIC", "PREFIXED", "DESCRIBE", operation):
                project = self._structure.prefixes.get(prefix)
                if project is not None and self.holder.take(gives((), prefix)):
                    yield Given(section, None, project, entry)
        names = [one for one in self.holder.names("TOPIC", "LITERAL", "DESCRIBE", operation) if one in self._topics]
        done: set[str] = set()
        for project in self._whole(names):
            every = self._structure.topics[project]
            if self.holder.take(gives(every, None)):
                done.update(every)
                yield Given(section, None, project, entry)
        for name in names:
            if name not in done and name not in self._structure.dead:
                dead = self._structure.brings.get(name)
                if self.holder.take(gives((name, dead) if dead else (name,), None)):
                    yield Given(section, name, None, entry)

    def _whole(self, names: Sequence[str]) -> list[Project]:
        """The projects all whose topics are among these; not where a project has one alone, and not with prefixes."""
        if self._optimized:
            return []
        counted: dict[Project, int] = {}
        for name in names:
            project = self._structure.project_of(name)
            if project is not None:
                counted[project] = counted.get(project, 0) + 1
        return [one for one, count in counted.items() if 1 < count == len(self._structure.topics[one])]
