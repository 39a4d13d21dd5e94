"""`removed:`: what is to be deleted or let go of: resources by kind, bindings, all of a project or of some patterns."""

from collections.abc import Mapping

from kafka_gitops.descriptor import bindings, releases
from kafka_gitops.descriptor.shapes import TEXT
from kafka_gitops.kinds import KINDS
from kafka_gitops.kinds.section import Removable, Section
from kafka_gitops.model import Acl, AclRemoval, Grant, Key, Release, Removal, Spec, topic_key
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import AnyOf, Boolean, ListOf, Map
from kafka_gitops.shape.json_schema import Json, name_of, one_of
from kafka_gitops.text.source import Node

ACL = "an acl to remove"
RIGHTS = "acl"
REMOVABLE: Mapping[str, Removable] = {name: kind.REMOVED for name, kind in KINDS.items() if kind.REMOVED is not None}
NAMES = (*REMOVABLE, RIGHTS)
PARTS = {one.part.key: name for name, one in REMOVABLE.items() if one.part is not None}
ITEM = Map(
    {
        **dict.fromkeys(REMOVABLE, TEXT),
        RIGHTS: bindings.shape(ACL),
        **{one.part.key: one.part.shape for one in REMOVABLE.values() if one.part is not None},
        releases.KEY: AnyOf((Boolean(), releases.SHAPE)),
        "because": TEXT,
    },
    called="an item of removed",
    first=NAMES[0],
)
REMOVED = ListOf(ITEM, called="a list of removals")


def read(draft: Draft, items: Node, _place: Place | None) -> None:
    """Take in the statements of one `removed:`."""
    for node in items.items:
        if not node.is_map:
            continue
        named = [name for name in NAMES if name in node.map]
        if releases.is_of_many(node):
            releases.read(draft, node, [*named, *(key for key in PARTS if key in node.map)])
        elif len(named) != 1:
            names = ", ".join(f'"{name}"' for name in NAMES[:-1]) + f' and "{NAMES[-1]}"'
            said = f"an item of removed needs one of {names}" + (", found both" if named else "")
            help = 'for example: {topic: acme.pay.old, because: "replaced, OPS-112"}, or {release: {project: pay}}'
            draft.error(node.head, "missing-key", said, "write an item for each" if named else help)
        elif named == [RIGHTS]:
            _acl(draft, node)
        elif _fits(draft, named[0], node):
            _one(draft, named[0], node)


def _fits(draft: Draft, kind: str, node: Node) -> bool:
    """Whether no key is there that only belongs to a removal of another kind."""
    strange = [key for key, owner in PARTS.items() if key in node.map and owner != kind]
    for key in strange:
        said = f'the key "{key}" is for a {PARTS[key]}, and this removes a {kind}'
        draft.error(node.map[key].key_span, "unknown-key", said, "delete it")
    return not strange


def _one(draft: Draft, kind: str, node: Node) -> None:
    removable, written = REMOVABLE[kind], node.map[kind]
    name = removable.name(draft, written) if written.raw is not None and not written.is_null else None
    if name is not None:
        narrowed = draft.optional(node, removable.part.key) if removable.part is not None else None
        because = draft.optional(node, "because")
        draft.removals.append(Removal(Key(kind, name), releases.is_stated(node), because, node, narrowed))


def _acl(draft: Draft, node: Node) -> None:
    named = node.map["acl"]
    if not named.is_map:
        return
    found = tuple(acl for _, acls in bindings.product(draft, named, ACL) for acl in acls)
    because = draft.optional(node, "because")
    if releases.is_stated(node):
        draft.releases.append(Release(because, node, acls=found))
    else:
        draft.acl_removals.append(AclRemoval(found, because, node))


def contradictions(draft: Draft) -> None:
    """Note what is both declared and removed, or let go of, or both deleted and let go of: with both places."""
    _resources(draft)
    _acls(draft)
    releases.contradictions(draft)


def _resources(draft: Draft) -> None:
    if not draft.removals:
        return
    declared: dict[Key, tuple[Spec, Node]] = {
        topic_key(topic.name): (topic.spec, topic.node) for topic in reversed(draft.topics)
    }
    declared |= {one.key: (one.spec, one.node) for one in reversed(draft.declared)}
    for removal in draft.removals:
        if removal.key not in declared:
            continue
        spec, node = declared[removal.key]
        kind, name = removal.key
        if REMOVABLE[kind].holds(spec, removal):
            place = node.at("name")
            said = f'the {kind} "{name}" is both declared and removed, declared in {place}'
            related = ((place, "declared here"),)
            draft.error(removal.node.at(kind), REMOVABLE[kind].rule, said, "delete one of the two", related=related)


def _acls(draft: Draft) -> None:
    removed = {acl for removal in draft.acl_removals for acl in removal.acls}
    if not removed:
        return
    given: dict[Acl, Grant] = {}
    for grant in draft.grants:
        for acl in removed.intersection(grant.acls):
            given.setdefault(acl, grant)
    for removal in draft.acl_removals:
        still = [acl for acl in removal.acls if acl in given]
        if still:
            grant = given[still[0]]
            place = grant.node.head
            more = f" (and {len(still) - 1} more)" if len(still) > 1 else ""
            said = f'"{still[0]}"{more} is both given and removed, given by the {grant.role} entry in {place}'
            span = removal.node.at("acl")
            draft.error(span, "acl-still-given", said, "delete one of the two", related=((place, "given here"),))


def _choices(defs: dict[str, Json]) -> None:
    """Which keys of an item go together: one names the resource, a part's goes with its own kind."""
    bindings.choices(defs[name_of(ACL)])
    choices: list[Json] = []
    for name in NAMES:
        strange = [key for key, owner in PARTS.items() if owner != name]
        never: Json = {"not": one_of(strange, "anyOf")} if strange else {}
        choices.append({"required": [name], **releases.is_a({"not": {"type": "object"}}), **never})
    many: Json = {"required": [releases.KEY], **releases.is_a({"type": "object"})}
    defs[name_of(ITEM.called)]["oneOf"] = [*choices, {**many, "not": one_of([*NAMES, *PARTS], "anyOf")}]
    releases.choices(defs)


SECTION = Section(
    "removed",
    ("file",),
    REMOVED,
    {
        "removed": "What is to be deleted, or left alone from now on, and rights that are to be taken away.",
        **{name: one.says for name, one in REMOVABLE.items()},
        **{one.part.key: one.part.says for one in REMOVABLE.values() if one.part is not None},
        "acl": "The bindings that are to be taken away, whoever made them.",
        **releases.SAYS,
        "because": "Why, for whoever reads the plan.",
        f"{ACL}.principals": "Whose rights they are, such as User:NAME.",
        f"{ACL}.allow": "The operations that are allowed, such as READ.",
        f"{ACL}.deny": "The operations that are denied.",
        f"{ACL}.topics": "Full names of topics; a * at the end makes a prefix.",
        f"{ACL}.groups": "Consumer groups; a * at the end makes a prefix.",
        f"{ACL}.transactional_ids": "Transactional ids; a * at the end makes a prefix.",
        f"{ACL}.delegation_tokens": "Ids of delegation tokens.",
        f"{ACL}.users": "Users on whose tokens it is about, such as User:NAME.",
        f"{ACL}.hosts": "Hosts that the requests come from; without it: every host.",
    },
    read,
    refine=_choices,
)
