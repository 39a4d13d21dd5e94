"""`removed:`: topics that are to be deleted or released, and bindings that are to be taken away."""

from kafka_gitops.descriptor import bindings
from kafka_gitops.descriptor.shapes import TEXT
from kafka_gitops.model import Acl, AclRemoval, Grant, Removal, topic_key
from kafka_gitops.reading.draft import Draft
from kafka_gitops.shape.check import Boolean, ListOf, Map
from kafka_gitops.text.source import Node

ACL = "an acl to remove"
REMOVED = ListOf(
    Map(
        {"topic": TEXT, "acl": bindings.shape(ACL), "release": Boolean(), "because": TEXT},
        called="an item of removed",
        first="topic",
    ),
    called="a list of removals",
)


def read(draft: Draft, items: Node) -> None:
    """Take in the statements of one `removed:`."""
    draft.look(items, REMOVED)
    for node in items.items:
        if not node.is_map:
            continue
        named = [key for key in ("topic", "acl") if key in node.map]
        if len(named) != 1:
            said = 'an item of removed needs one of "topic" and "acl"' + (", found both" if named else "")
            help = 'for example: {topic: acme.pay.old, because: "replaced, OPS-112"}'
            draft.error(node.head, "missing-key", said, "write an item for each" if named else help)
        elif named == ["topic"]:
            _topic(draft, node)
        else:
            _acl(draft, node)


def _topic(draft: Draft, node: Node) -> None:
    topic = draft.optional(node, "topic")
    if topic is not None:
        release = node.get("release")
        because = draft.optional(node, "because")
        draft.removals.append(Removal(topic_key(topic), release is not None and release.text == "true", because, node))


def _acl(draft: Draft, node: Node) -> None:
    release = node.get("release")
    if release is not None:
        said = 'the key "release" is for topics: a right that no file gives is left alone anyway'
        draft.error(release.key_span, "unknown-key", said, "delete it; to keep the right, delete the whole item")
    named = node.map["acl"]
    if named.is_map:
        found = tuple(acl for _, acls in bindings.product(draft, named, ACL) for acl in acls)
        draft.acl_removals.append(AclRemoval(found, draft.optional(node, "because"), node))


def contradictions(draft: Draft) -> None:
    """Note what is both declared and removed, with both places."""
    _topics(draft)
    _acls(draft)


def _topics(draft: Draft) -> None:
    if not draft.removals:
        return
    declared = {topic.name: topic.node for topic in draft.topics}
    for removal in draft.removals:
        node = declared.get(removal.key.name)
        if node is not None:
            span, related = removal.node.at("topic"), ((node.at("name"), "declared here"),)
            said = f'the topic "{removal.key.name}" is both declared and removed, declared in {related[0][0]}'
            draft.error(span, "topic-duplicate", said, "delete one of the two", related=related)


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
