"""One file to what it contributes: by itself, or after the files before it where a bound over all files is reached."""

from kafka_gitops.descriptor import merge, platform, projects, sections, topics
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.part import Meeting, Part
from kafka_gitops.reading.plans import span_of
from kafka_gitops.redact import noted
from kafka_gitops.shape.found import missing
from kafka_gitops.text.source import Node, Source


def part(draft: Draft, source: Source) -> Part:
    """What a file contributes, with the settings, plans and roles of a draft, as if there were no other file.

    Raises ConfigError when a name format of the language cannot be used.
    """
    own = draft.for_file()
    with noted() as own.secrets:
        read(own, source, merge.Seen())
    own.read = None  # it knows the draft: a circle, and nobody collects them while files are read
    return own


def read(draft: Draft, source: Source, seen: merge.Seen) -> None:
    """Take in a file; of one that declares nothing, what that is instead. Raises ConfigError as `part`."""
    draft.next_file()
    draft.problems.extend(source.problems)
    if source.root is None:
        draft.others = ()
        if not source.problems:
            help = "write a topology, or delete the file"
            draft.error(span_of(source), "nothing-declared", "the file is empty: it declares nothing", help)
    elif merge.is_topology(source.root):
        _topology(draft, source.root, seen)
    else:
        draft.others = tuple(key for key in ("plans", "roles") if key in source.root.map)
        merge.not_one(draft, source.root)


def _topology(draft: Draft, root: Node, seen: merge.Seen) -> None:
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
    seen.meet(draft, Meeting(segments["context"], None, context.span))
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
