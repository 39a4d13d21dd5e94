"""Files to a Topology: every declaration with its place, and everything that is wrong, in one run."""

from collections.abc import Callable, Mapping

from kafka_gitops.descriptor import crew, joining, roles_file
from kafka_gitops.model import Topology
from kafka_gitops.reading import plans
from kafka_gitops.reading.draft import Draft, ReadArtefact
from kafka_gitops.settings import Language
from kafka_gitops.text.source import Source


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
) -> Topology:
    """What the files declare, merged in their order; bad input becomes problems, and the rest is read on.

    `roles` and `plans` are those files, parsed; `read` fetches schema, connector and SQL files (None: they are not
    looked at). `judge` is asked what is wrong with some of the files by themselves, which is the topology's `alone`;
    many files are read on so many `cores`, and `meanwhile` is called when no more processes are started.
    Raises ConfigError when a name format of the language cannot be used.
    """
    draft = Draft(language, read=read)
    _side_files(draft, roles, plans)
    made = crew.make(draft, sources, judge, cores, meanwhile)
    found = joining.topology(draft, sources, made.parts)
    return found if draft.again else found._replace(alone=made.alone)


def _side_files(draft: Draft, roles: Source | None, plans_file: Source | None) -> None:
    if plans_file is not None:
        plans.read(draft, plans_file)
    if roles is not None:
        roles_file.read(draft, roles)
