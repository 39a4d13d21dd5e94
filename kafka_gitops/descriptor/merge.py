"""Several files as one topology: contexts, each file's own hierarchy, projects that stand in two files."""

from kafka_gitops.descriptor import additions
from kafka_gitops.descriptor.bounds import MOST_SEGMENTS
from kafka_gitops.descriptor.draft import Draft
from kafka_gitops.descriptor.shapes import FILE
from kafka_gitops.shape import near
from kafka_gitops.source import Node

_OURS = ("acls", "removed", "access")
RESOURCES = ("projects", "platform", "special_topics", *_OURS)


def is_topology(draft: Draft, path_head: Node) -> bool:
    """Whether a file's root is a topology at all; what it is instead is noted."""
    keys = path_head.map
    if not path_head.is_map or any(key in keys for key in RESOURCES):
        return path_head.is_map
    said = "this file declares nothing: it has no projects, platform or special_topics"
    help = "add one of them, or move the file out of the topology's directory"
    for other in ("plans", "roles"):
        if other in keys:
            help = f'it looks like a {other} file: name it in kafka-gitops.yaml, "{other}: FILE"'
    meant = next((f'"{key}" may be meant as "{found}"' for key in keys if (found := near(key, RESOURCES))), None)
    draft.error(path_head.head, "nothing-declared", said, meant or help)
    return False


def hierarchy(draft: Draft, root: Node) -> dict[str, str]:
    """The segments of a file's names, context first, then every further key in the file's order."""
    segments = {"context": draft.text(root.map["context"])}
    for name, node in root.map.items():
        if name in FILE.keys or additions.is_addition(name, node):
            continue
        if node.children is not None:
            _no_segment(draft, name, node)
        segments[name] = draft.text(node)
        if len(segments) > MOST_SEGMENTS:
            said = f"this file has more than {MOST_SEGMENTS} keys that are parts of names; the others are not read"
            draft.error(node.key_span, "segment-misplaced", said, "a topology file has one or two, such as region: eu")
            break
    return segments


def _no_segment(draft: Draft, name: str, node: Node) -> None:
    meant = near(name, (*FILE.keys, *_OURS))
    if meant:
        draft.error(node.key_span, "unknown-key", f'a topology file has no key "{name}"', f'did you mean "{meant}"?')
    else:
        said = f'{node.what} under "{name}" adds an empty segment to every name of this file'
        draft.warn(node.key_span, "ignored-input", said, "write a text, or delete the key")


class Seen:
    """The contexts and projects met so far, by file: finds what the reference refuses to merge."""

    def __init__(self) -> None:
        self.contexts: dict[str, Node] = {}
        self.projects: dict[tuple[str, str], Node] = {}

    def context(self, draft: Draft, text: str, node: Node) -> None:
        """Note a second context, unless several are allowed."""
        if text not in self.contexts and self.contexts and not draft.language.many_contexts:
            first_text, first = next(iter(self.contexts.items()))
            said = f'the context "{text}" differs from "{first_text}" in {first.span}'
            help = 'keep one context for a directory, or set "contexts: many" in kafka-gitops.yaml'
            draft.error(node.span, "context-conflict", said, help, related=((first.span, "first context"),))
        self.contexts.setdefault(text, node)

    def project(self, draft: Draft, context: str, text: str, node: Node) -> None:
        """Note a project that another file of the same context has too (inside one file it may stand twice)."""
        first = self.projects.setdefault((context, text.lower()), node)
        if first.path != node.path:
            said = f'the project "{text}" of context "{context}" also stands in {first.span}'
            related = ((first.span, "first here"),)
            draft.error(node.span, "context-conflict", said, "put it into one file", related=related)
