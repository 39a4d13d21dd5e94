"""An estate as a file for each project, where the names of all topics have the structure CONTEXT.PROJECT.TOPIC."""

from collections.abc import Iterable, Iterator, Mapping

from kafka_gitops.dialects import layout
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.model import Acl
from kafka_gitops.settings import Naming
from kafka_gitops.text.source import Node
from kafka_gitops.writing import emit, grouping
from kafka_gitops.writing.entries import Entry, Leaf, plain

_TOPICS = "special_topics"


def files(estate: Estate, dialect: str, naming: Naming) -> list[layout.Made]:
    """A file for each project with its topics and the rights on these alone, and one for the context with the rest.

    A name without that structure is noted as an error.
    """
    topics = estate.of(_TOPICS)
    parts = {_name(entry): _name(entry).split(naming.separator, 2) for entry in topics}
    context = next(iter(parts.values()))[0] if parts else ""
    for entry in topics:
        found = parts[_name(entry)]
        if len(found) < 3 or not all(found) or found[0] != context:
            like = naming.separator.join((context, "PROJECT", "TOPIC"))
            said = f'found the topic "{_name(entry)}", expected a name such as {like}'
            estate.error(entry.node.head, said, "leave --projects out: then every name is kept whole")
    if estate.problems or not topics:
        return []
    projects: dict[str, dict[str, list[Entry]]] = {}  # by the name that tells files apart, then by their own
    for entry in topics:
        project = parts[_name(entry)][1]
        projects.setdefault(project.lower(), {}).setdefault(project, []).append(entry)
    own, rest = _shared(estate.acls, f"{context}{naming.separator}", naming.separator, {*_all(projects)})
    made = [(next(iter(names)), list(_file(context, dialect, naming, names, own))) for names in projects.values()]
    entries = [entry for entry in estate.entries if entry.section != _TOPICS]
    entries += [*layout.given(rest), *layout.taken(estate.revoked)]
    if entries:
        made.append((f"{context}-rest", list(layout.lines(entries, f"files of {dialect}", context))))
    return layout.named(made)


def _name(entry: Entry) -> str:
    return str(plain(entry.value["name"]))


def _all(projects: Mapping[str, Mapping[str, object]]) -> Iterable[str]:
    return (name for names in projects.values() for name in names)


def _shared(
    acls: Mapping[Acl, Node], above: str, separator: str, projects: set[str]
) -> tuple[dict[str, dict[Acl, Node]], dict[Acl, Node]]:
    """The rights on topics of one project by its name, and all other rights."""
    own: dict[str, dict[Acl, Node]] = {}
    rest: dict[Acl, Node] = {}
    for acl, node in acls.items():
        project, found, _ = acl.name.removeprefix(above).partition(separator)
        inside = acl.resource_type == "TOPIC" and acl.name.startswith(above) and found and project in projects
        (own.setdefault(project, {}) if inside else rest)[acl] = node
    return own, rest


def _file(
    context: str, dialect: str, naming: Naming, projects: Mapping[str, list[Entry]], acls: Mapping[str, dict[Acl, Node]]
) -> Iterator[emit.Line]:
    yield from layout.head(f"files of {dialect}", context)
    yield emit.Line("projects:")
    for project, topics in projects.items():
        yield emit.Line(f"- name: {emit.scalar(project)}")
        above = naming.separator.join((context, project, ""))
        named = [entry._replace(section="topics", value=_short(entry, above)) for entry in topics]
        rights = [Entry("acls", item, node) for item, node in grouping.items(acls.get(project, {}))]
        for name, entries in (("topics", named), ("acls", rights)):
            if entries:
                yield from (line._replace(text=f"  {line.text}") for line in emit.section(name, entries))


def _short(entry: Entry, above: str) -> dict[str, object]:
    """The entry of a topic with its name as a project has it."""
    name = entry.value["name"]
    short = _name(entry).removeprefix(above)
    return {**entry.value, "name": Leaf(short, name.node) if isinstance(name, Leaf) else short}
