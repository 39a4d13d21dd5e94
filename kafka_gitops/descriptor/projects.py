"""One project: its topics, and its sections one by one, each of which JulieOps, this language or a custom role owns."""

from kafka_gitops.descriptor import grants, merge, roles_file, sections, topics
from kafka_gitops.descriptor.shapes import PROJECT
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place, place
from kafka_gitops.reading.part import Meeting
from kafka_gitops.shape.found import few, near
from kafka_gitops.text.source import Node


def read(draft: Draft, project: Node, segments: dict[str, str], seen: merge.Seen) -> None:
    """Declare all that a project says."""
    name = project.map.get("name")
    if name is None or name.raw is None or name.is_null:
        return  # the shape has said so
    text = draft.text(name)
    if draft.too_long(name, "the project's name", len(text)):
        return
    seen.meet(draft, Meeting(segments["context"], text, name.span))
    where = place(draft.language.naming, segments, text)
    names = topics.read(draft, project.map.get("topics"), where)
    where = where._replace(topics=tuple(names))
    for key, node in project.map.items():
        _section(draft, key, node, where)


def roles_of_sections(draft: Draft) -> frozenset[str]:
    """The keys of a project that are custom roles although a section has the name: what gives rights anyway is not."""
    return frozenset(draft.roles or ()) & (sections.IN_PROJECTS.keys() - grants.GIVES.keys())


def _section(draft: Draft, key: str, node: Node, where: Place) -> None:
    """Take in one key of a project."""
    section, julie = sections.IN_PROJECTS.get(key), grants.READERS.get(key)
    if key in (draft.roles or ()) and (julie is None or key in roles_of_sections(draft)):
        if section is not None:
            what = section.shape.what
            draft.notes.append(f'{node.key_span}: "{key}" is the custom role of that name here, not {what}')
        roles_file.grant(draft, key, node, where.project)
    elif julie is not None:
        theirs, mine = sections.ours(section, node) if section is not None else (node, None)
        julie(draft, theirs, where)
        if section is not None and mine is not None:
            section.read(draft, mine, where)
    elif section is not None:
        sections.read(draft, section, node, where)
    elif key not in PROJECT.keys:
        _unknown(draft, key, node)


def _unknown(draft: Draft, role: str, entries: Node) -> None:
    if (entries.is_list and not entries.items) or entries.is_null:
        said = f'"{role}" has no effect: it is empty, and no role of that name is defined'
        draft.warn(entries.key_span, "ignored-input", said, "delete it")
        return
    names = {*PROJECT.keys, *sections.IN_PROJECTS}
    known_names = (*PROJECT.keys, *sections.IN_PROJECTS, *(draft.roles or ()))
    meant = near(role, known_names) if draft.suggests() else None
    known = f"known keys: {', '.join(sorted(names))}"
    if draft.roles is not None:
        defined = f"roles defined: {few(draft.roles)}"
    else:
        defined = f'no roles file is configured: "roles: {draft.file_of("roles")}" in kafka-gitops.yaml names one'
    help = "; ".join((*((f'did you mean "{meant}"?',) if meant else ()), known, defined))
    said = f'a project has no key "{role}", and no custom role has that name'
    draft.error(entries.key_span, "unknown-key", said, help)
