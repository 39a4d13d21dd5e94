"""`release:` of an item of `removed:`: one resource, all of a project, or what some patterns have, is let go of."""

from collections.abc import Iterator, Sequence

from kafka_gitops.catalog.acls import operations
from kafka_gitops.descriptor.shapes import TEXT
from kafka_gitops.diagnostics import Span
from kafka_gitops.kinds import KINDS, released
from kafka_gitops.model import Release, acl_key
from kafka_gitops.reading.draft import Draft
from kafka_gitops.shape.check import ListOf, Map, OneOf, Shape
from kafka_gitops.shape.json_schema import Json, name_of, one_of
from kafka_gitops.text.source import Node

KEY = "release"
_NO_NAMES = ("connector_classes", "connector_overrides", "secrets")  # lists of `manage` that are about no resource
LISTS = {name: says for kind in KINDS.values() for name, says in kind.MANAGE.items() if name not in _NO_NAMES}
_NAMES: Shape = ListOf(TEXT, least=1)
_OPERATIONS: Shape = ListOf(OneOf(operations("CLUSTER"), fold=True), least=1, called="a list of operations")
SHAPE = Map(
    {
        "project": TEXT,
        "context": TEXT,
        **{name: _OPERATIONS if name == "cluster" else _NAMES for name in LISTS},
    },
    called="a release",
    first="project",
)
SAYS = {
    KEY: "Whether to leave it on the cluster, and only stop managing it; or what is let go of: a project, or patterns.",
    f"{SHAPE.called}.project": "A project: all that it declared before this change, its rights too, and the rights of "
    "others on its topics that leave the files with it.",
    f"{SHAPE.called}.context": "The context of the project, where several have one of this name.",
    **{f"{SHAPE.called}.{name}": f"As in `manage`, of what leaves the files. {says}" for name, says in LISTS.items()},
}


def is_a(schema: Json) -> Json:
    """The JSON Schema of an item whose `release` is of this one."""
    return {"properties": {KEY: {"description": SAYS[KEY], **schema}}}


def choices(defs: dict[str, Json]) -> None:
    """Add to the JSON Schema of a release which of its keys go together."""
    project: Json = {"required": ["project"], "not": one_of(LISTS, "anyOf")}
    lists: Json = {**one_of(LISTS, "anyOf"), "not": one_of(("project", "context"), "anyOf")}
    defs[name_of(SHAPE.called)]["oneOf"] = [project, lists]


def is_of_many(node: Node) -> bool:
    """Whether an item of `removed:` lets go of a project or of patterns."""
    release = node.get(KEY)
    return release is not None and release.is_map


def is_stated(node: Node) -> bool:
    """Whether an item says of the one resource that it names that it is let go of."""
    release = node.get(KEY)
    return release is not None and release.raw is not None and release.text == "true"


def read(draft: Draft, node: Node, others: Sequence[str]) -> None:
    """Take in an item that lets go of many; `others` are keys in it that name one resource."""
    release = node.map[KEY]
    lists = {name: _texts(draft, release, name) for name in LISTS if name in release.map}
    project = draft.optional(release, "project")
    if others:
        said = f'"{others[0]}" names one resource, and "{KEY}" with a mapping names many'
        draft.error(node.map[others[0]].key_span, "unknown-key", said, "write an item for each")
    elif (project is None) == (not lists):
        both = "one of the two" if lists else "a project or patterns"
        said = f"a release needs {both}" + (", found both a project and patterns" if lists else "")
        example = 'for example: {project: pay}, or {topics: ["acme.pay.*"], groups: ["pay-*"]}'
        draft.error(release.head, "missing-key", said, "write an item for each" if lists else example)
    elif lists and "context" in release.map:
        said = '"context" is for a project, and this release names patterns'
        draft.error(release.map["context"].key_span, "unknown-key", said, "delete it")
    else:
        because, context = draft.optional(node, "because"), draft.optional(release, "context")
        draft.releases.append(Release(because, node, project, context, lists))


def _texts(draft: Draft, release: Node, name: str) -> tuple[str, ...]:
    texts = draft.names(release, name)
    return tuple(text.upper() for text in texts) if name == "cluster" else tuple(texts)


def contradictions(draft: Draft) -> None:
    """Note what is both let go of and declared, or let go of and deleted, with both places."""
    files = released.Files(draft.topics, draft.grants, draft.declared, draft.segments)
    for release in draft.releases:
        found = released.having(release, files, own=True)
        keys = list(found.keys())
        if keys:
            place = next(found.places()).node.head
            _error(draft, release, f"{_some(keys)} both let go of and declared", ("declared", place))
        for key, place in _deleted(draft, release):
            _error(draft, release, f"{_some([key])} both let go of and deleted", ("deleted", place))


def _deleted(draft: Draft, release: Release) -> Iterator[tuple[object, Span]]:
    """What other statements delete of what patterns have."""
    for removal in draft.removals:
        if not removal.release and released.has_removed(release, removal):
            yield removal.key, removal.node.head
    for stated in draft.acl_removals:
        if release.project is None and (mine := released.rights(release, stated.acls)):
            yield acl_key(mine[0]), stated.node.head


def _some(keys: Sequence[object]) -> str:
    more = f" (and {len(keys) - 1:,} more)" if len(keys) > 1 else ""
    return f'"{keys[0]}"{more} {"are" if more else "is"}'


def _error(draft: Draft, release: Release, said: str, other: tuple[str, Span]) -> None:
    verb, place = other
    span = release.node.at(KEY)
    related = ((place, f"{verb} here"),)
    draft.error(span, "resource-duplicate", f"{said}, {verb} in {place}", "delete one of the two", related=related)
