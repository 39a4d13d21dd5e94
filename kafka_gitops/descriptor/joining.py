"""The parts of several files to one topology, and what only several files show: contexts, bounds, contradictions."""

from collections.abc import Mapping

from kafka_gitops.descriptor import managed, merge, parts, roles_file, unmanaged
from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.errors import listed
from kafka_gitops.model import Topology
from kafka_gitops.reading import artefacts
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.part import Part
from kafka_gitops.text.source import Source


def topology(draft: Draft, sources: Mapping[str, Source], found: Mapping[str, Part]) -> Topology:
    """What the files declare together, merged in their order; `draft` has the settings and what the side files said."""
    joined(draft, sources, found)
    if draft.removals or draft.acl_removals or draft.releases:
        from kafka_gitops.descriptor import removed

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
        releases=tuple(draft.releases),
        segments=draft.segments,
        declared=tuple(draft.declared),
    )


def joined(draft: Draft, sources: Mapping[str, Source], found: Mapping[str, Part]) -> None:
    """Add up what each file contributes, those that declare something first, and judge what only several files show."""
    rest = {path: part.others for path, part in found.items() if part.others is not None}
    draft.beside = {key: path for path, others in rest.items() for key in others}
    seen = merge.Seen()
    for path, part in found.items():
        if path not in rest:
            _join(draft, sources[path], part, seen)
    for path in rest:
        if not artefacts.is_named(artefacts.plain(path), draft.named):
            draft.add(found[path])


def _join(draft: Draft, source: Source, part: Part, seen: merge.Seen) -> None:
    first = [roles_file.role(draft, name).problems for name in part.used if name not in draft.used]
    broken = {key: found for key, found in part.checked.items() if key not in draft.checked}
    if part.depends(draft, draft.beside, sum(map(len, (*first, *broken.values())))):
        draft.again = True
        parts.read(draft, source, seen)
        return
    for one in part.met:
        seen.meet(draft, one)
    for name in part.used:
        draft.use(name)
    for (kind, text), problems in broken.items():
        draft.check(kind, text, problems)
    draft.add(part)


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
