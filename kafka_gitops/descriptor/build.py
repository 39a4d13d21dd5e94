"""Files to a Topology: every declaration with its place, and everything that is wrong, in one run."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from kafka_gitops.descriptor import crew, joining, roles_file
from kafka_gitops.model import Topology
from kafka_gitops.reading import plans
from kafka_gitops.reading.draft import Draft, ReadArtefact
from kafka_gitops.reading.part import ARTEFACTS, Part
from kafka_gitops.settings import Language
from kafka_gitops.text.source import Source
from kafka_gitops.text.values import MARK


def topology(
    sources: Mapping[str, Source],
    language: Language,
    *,
    roles: Source | None = None,
    plans: Source | None = None,
    read: ReadArtefact | None = None,
    judge: crew.Judge | None = None,
    cores: int = 1,
    meanwhile: Callable[[], None] = lambda: None,
    now: Topology | None = None,
    keep: bool = False,
    shelf: crew.Shelf | None = None,
) -> Topology:
    """What the files declare, merged in their order; bad input becomes problems, and the rest is read on.

    `roles` and `plans` are those files, parsed; `read` fetches schema, connector and SQL files (None: they are not
    looked at). `judge` is asked what is wrong with some of the files by themselves, which is the topology's `alone`;
    many files are read on so many `cores`, those that `shelf` knows not at all, and `meanwhile` is called when no more
    processes are started. With `keep` the parts of the files stay with the topology; `now` is one that has them, of
    which those of the same files are taken. Raises ConfigError when a name format of the language cannot be used.
    """
    values = language.values
    sources = {path: source.filled(values) for path, source in sources.items()}
    roles, plans = (None if one is None else one.filled(values) for one in (roles, plans))
    draft = Draft(language, read=read)
    _side_files(draft, roles, plans)
    known = Kept({}, _but_values(language, roles, plans), *map(_text, (roles, plans)))
    same = known.same(now, sources) if now is not None else {}
    other = {path: source for path, source in sources.items() if path not in same}
    made = crew.make(draft, other, judge, cores, meanwhile, shelf)
    parts = {path: same[path] if path in same else made.parts[path] for path in sources}
    found = joining.topology(draft, sources, parts)._replace(parts=known._replace(parts=parts) if keep else None)
    return found if draft.again else found._replace(alone=made.alone)


class Kept(NamedTuple):
    """The parts of files by their paths, and what they were made with: the texts of the roles and the plans file."""

    parts: Mapping[str, Part]
    language: Language
    roles: str | None
    plans: str | None

    def same(self, now: Topology, sources: Mapping[str, Source]) -> dict[str, Part]:
        """What a topology has kept of those files that are the same now, and look at no other file."""
        kept = now.parts
        if not isinstance(kept, Kept) or kept._replace(parts=self.parts) != self:
            return {}
        return {
            path: part
            for path, source in sources.items()
            if source is now.sources.get(path) and ARTEFACTS not in (part := kept.parts[path]).asked
        }


def looks_beside(topology: Topology) -> bool:
    """Whether files beside those of a topology that was kept decide about what it declares."""
    kept = topology.parts
    return isinstance(kept, Kept) and any(ARTEFACTS in part.asked for part in kept.parts.values())


def _but_values(language: Language, *sides: Source | None) -> Language:
    """What a part was made with besides the values in its own file."""
    return language if any(one is not None and MARK in one.text for one in sides) else language._replace(values={})


def _text(source: Source | None) -> str | None:
    return None if source is None else source.text


def _side_files(draft: Draft, roles: Source | None, plans_file: Source | None) -> None:
    if plans_file is not None:
        plans.read(draft, plans_file)
    if roles is not None:
        roles_file.read(draft, roles)
