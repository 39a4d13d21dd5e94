"""Several files as one topology: contexts, each file's own hierarchy, projects that stand in two files."""

from kafka_gitops.descriptor import others, sections, shapes
from kafka_gitops.descriptor.segments import is_anchors, look, too_many
from kafka_gitops.diagnostics import Span
from kafka_gitops.reading.bounds import MOST_SEGMENTS
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.part import Meeting
from kafka_gitops.shape.found import near, wrong
from kafka_gitops.text.source import Node

JULIEOPS = tuple(name for name in shapes.FILE.keys if name != "context")
RESOURCES = (*JULIEOPS, *sections.OWN)


def is_topology(root: Node) -> bool:
    """Whether a file declares anything that belongs to a topology."""
    return root.is_map and any(key in JULIEOPS or sections.is_section(key, node) for key, node in root.map.items())


def not_one(draft: Draft, root: Node) -> None:
    """Note that a file is no topology, and what it may be instead; what is clearly something else is passed over."""
    if root.is_list and (theirs := others.foreign(root)) is not None:
        draft.error(root.head, "nothing-declared", f"this is {theirs[0]}, and no topology", theirs[1])
        return
    if not root.is_map:
        help = "it begins with context: and projects:"
        draft.problems.append(wrong(root, "a mapping (a topology file)", help))
        return
    keys = root.map
    meant = next((f'"{key}" may be meant as "{found}"' for key in keys if (found := near(key, RESOURCES))), None)
    what = others.kind(root) if "context" not in keys and meant is None else None
    if what is not None:
        draft.passed.append(f"{root.path} ({what})")
        return
    said = "this file declares nothing: it has no projects, platform or special_topics"
    help = "add one of them, or move the file out of the topology's directory"
    for other in ("plans", "roles"):
        if other in keys:
            said = f"this is a {other} file, and no topology"
            help = f'write "{other}: {root.path}" in kafka-gitops.yaml'
            meant = None
    if (theirs := others.foreign(root)) is not None:
        said, help, meant = f"this is {theirs[0]}, and no topology", theirs[1], None
    draft.error(root.head, "nothing-declared", said, meant or help)


def hierarchy(draft: Draft, root: Node) -> dict[str, str]:
    """The segments of a file's names, context first, then every further key in the file's order."""
    segments = {"context": draft.text(root.map["context"])}
    for name, node in root.map.items():
        if name in shapes.FILE.keys or sections.is_section(name, node) or is_anchors(name, node):
            continue
        look(draft, root, name, node)
        segments[name] = draft.text(node)
        if len(segments) > MOST_SEGMENTS:
            too_many(draft, node)
            break
    return segments


class Seen:
    """The contexts and projects met so far, by file: finds what the reference refuses to merge."""

    def __init__(self) -> None:
        self.contexts: dict[str, Span] = {}
        self.projects: dict[tuple[str, str], Span] = {}

    def meet(self, draft: Draft, one: Meeting) -> None:
        """Judge what a file names by the files before it; of a file that is read by itself, remember it for then."""
        if draft.alone:
            draft.met.append(one)
        elif one.project is None:
            self._context(draft, one.context, one.span)
        else:
            self._project(draft, one.context, one.project, one.span)

    def _context(self, draft: Draft, text: str, span: Span) -> None:
        """Note a second context, unless several are allowed."""
        if text not in self.contexts and self.contexts and not draft.language.many_contexts:
            first_text, first = next(iter(self.contexts.items()))
            said = f'the context "{text}" differs from "{first_text}" in {first}'
            help = 'keep one context for a directory, or set "contexts: many" in kafka-gitops.yaml'
            draft.error(span, "context-conflict", said, help, related=((first, "first context"),))
        self.contexts.setdefault(text, span)

    def _project(self, draft: Draft, context: str, text: str, span: Span) -> None:
        """Note a project that another file of the same context has too (inside one file it may stand twice)."""
        first = self.projects.setdefault((context, text.lower()), span)
        if first.path != span.path:
            said = f'the project "{text}" of context "{context}" is also in {first}'
            related = ((first, "first here"),)
            draft.error(span, "context-conflict", said, "put it into one file", related=related)
