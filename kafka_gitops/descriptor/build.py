"""Parsed files to a Topology: every declaration with its place, and everything that is wrong, in one run."""

from collections.abc import Mapping

from kafka_gitops.descriptor import (
    managed,
    merge,
    platform,
    projects,
    removed,
    roles_file,
    sections,
    topics,
    unmanaged,
)
from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.errors import listed
from kafka_gitops.model import Topology
from kafka_gitops.reading import artefacts, plans
from kafka_gitops.reading.draft import Draft, ReadArtefact
from kafka_gitops.reading.plans import span_of
from kafka_gitops.settings import Language
from kafka_gitops.shape.found import missing
from kafka_gitops.text.source import Node, Source


def topology(
    sources: Mapping[str, Source],
    language: Language,
    *,
    roles: Source | None = None,
    plans: Source | None = None,
    read: ReadArtefact | None = None,
) -> Topology:
    """What the files declare, merged in their order; bad input becomes problems, and the rest is read on.

    `roles` and `plans` are those files, parsed; `read` fetches schema, connector and SQL files (None: they are not
    looked at). Raises ConfigError when a name format of the language cannot be used.
    """
    draft = Draft(language, read=read)
    _side_files(draft, roles, plans)
    seen = merge.Seen()
    rest = [source for source in sources.values() if source.root is None or not merge.is_topology(source.root)]
    draft.beside = {key: one.path for one in rest if one.root for key in ("plans", "roles") if key in one.root.map}
    for source in sources.values():
        if source.root is not None and merge.is_topology(source.root):
            draft.problems.extend(source.problems)
            _file(draft, source.root, seen)
    for source in rest:
        if artefacts.is_named(artefacts.plain(source.path), draft.named):
            continue
        draft.problems.extend(source.problems)
        if source.root is not None:
            merge.not_one(draft, source.root)
        elif not source.problems:
            help = "write a topology, or delete the file"
            draft.error(span_of(source), "nothing-declared", "the file is empty: it declares nothing", help)
    removed.contradictions(draft)
    managed.apply(draft)
    draft.problems.extend(unmanaged.findings(draft))
    return Topology(
        tuple(draft.topics),
        tuple(draft.grants),
        tuple(draft.removals),
        sources,
        tuple(sorted(dict.fromkeys(draft.problems), key=_place)),
        (*dict.fromkeys(draft.notes), *_unread(draft)),
        tuple(draft.access),
        acl_removals=tuple(draft.acl_removals),
        segments=draft.segments,
        declared=tuple(draft.declared),
    )


def _place(problem: Diagnostic) -> tuple[Span, str, str]:
    return problem.span, problem.rule, problem.message


def _unread(draft: Draft) -> tuple[str, ...]:
    unread: tuple[str, ...] = ()
    if draft.passed:
        unread += (f"No topologies, so not read: {listed(draft.passed)}",)
    if draft.elsewhere:
        many = draft.elsewhere > 1
        what = f"{draft.elsewhere:,} schemas and connectors" if many else "1 schema or connector"
        unread += (f"Not looked at: {what} with an absolute path that is not here",)
    return unread


def _side_files(draft: Draft, roles: Source | None, plans_file: Source | None) -> None:
    if plans_file is not None:
        plans.read(draft, plans_file)
    if roles is not None:
        roles_file.read(draft, roles)


def _file(draft: Draft, root: Node, seen: merge.Seen) -> None:
    if root.map.keys() <= sections.WITHOUT_CONTEXT:
        for name, node in root.map.items():
            sections.read(draft, sections.AT_TOP[name], node, None)
        return
    draft.look(root, sections.file(projects.roles_of_sections(draft)))
    context = root.map.get("context")
    if context is None:
        old = root.map.get("team")
        help = "it begins the name of every topic"
        if old is not None and old.raw:
            help = f'it was called "team" before JulieOps 1.0: write context: {old.raw}'
        draft.problems.append(missing(root, "context", of=sections.file().called, help=help))
        return
    segments = draft.segments[root.path] = merge.hierarchy(draft, root)
    seen.context(draft, segments["context"], context)
    if draft.too_long(context, "the context with the further parts of names", sum(map(len, segments.values()))):
        return
    found = root.get("projects")
    for project in found.items if found is not None else ():
        projects.read(draft, project, segments, seen)
    topics.read(draft, root.get("special_topics"), None)
    if "platform" in root.map:
        platform.read(draft, root.map["platform"])
    for name, node in root.map.items():
        if sections.is_section(name, node):
            sections.read(draft, sections.AT_TOP[name], node, None)
