"""Topics: full names, settings, dead letter topics, and the grants that stand at a topic."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from kafka_gitops.descriptor import roles, sections
from kafka_gitops.descriptor.shapes import SCHEMA, USER_HINTS
from kafka_gitops.model import Topic, TopicDecl
from kafka_gitops.reading import artefacts
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place, dead_letter_name, topic_name, wants_dead_letters
from kafka_gitops.reading.plans import planned, settings
from kafka_gitops.shape.found import wrong
from kafka_gitops.text.source import Node

Names: TypeAlias = Sequence[str]
_NOWHERE = Place({}, "", "")
_FEWER = "use acls: {optimized: true}, a prefix under acls, or fewer topics and users"
STRATEGIES = ("TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy")


def read(draft: Draft, topics: Node | None, where: Place | None) -> list[str]:
    """Declare the topics of a list (`where` None: special topics, which keep their bare names).

    Returns the full names, dead letter topics included, each right after its topic.
    """
    if topics is None:
        return []
    names: list[str] = []
    for node in topics.items:
        named = node.map.get("name")
        if named is not None and named.raw is not None and not (named.plain and named.is_null):
            text = draft.text(named)
            if draft.too_long(named, "the topic's name", len(text)):
                continue
            own = _declare(draft, node, text, where)
            _sections(draft, node, own, where)
            names += own
    return names


def _declare(draft: Draft, node: Node, name: str, where: Place | None) -> list[str]:
    children = node.map
    own, plan = planned(draft, node, settings(draft, children.get("config")))
    spec = Topic(own.partitions, own.replication, own.config)
    protected, keyed = _flag(children.get("protected")), _flag(children.get("keyed"))
    if where is None:
        draft.topics.append(TopicDecl(name, spec, node, None, plan, False, protected, keyed))
        return [name]
    naming = draft.language.naming
    data_type = draft.text(children["dataType"]) if "dataType" in children else None
    if data_type is not None and draft.too_long(children["dataType"], "the topic's dataType", len(data_type)):
        return []
    full = topic_name(naming, where, name, data_type)
    draft.topics.append(TopicDecl(full, spec, node, where.project, plan, False, protected, keyed))
    if not wants_dead_letters(naming, full):
        return [full]
    dead = dead_letter_name(naming, where, name, data_type)
    draft.topics.append(TopicDecl(dead, spec, node, where.project, plan, True, protected, keyed))
    return [full, dead]


def _flag(node: Node | None) -> bool:
    return node is not None and node.text == "true"


def _sections(draft: Draft, node: Node, names: list[str], where: Place | None) -> None:
    """Take in what stands at a topic beside its settings, for these full names."""
    children, place, at = node.map, None, where or _NOWHERE
    for key, read_one in READERS.items():
        if key in children:
            place = place or Place(at.hierarchy, at.project, at.prefix, tuple(names), node)
            read_one(draft, children[key], place)


def _consumers(draft: Draft, users: Node, place: Place) -> None:
    consumers(draft, users, place.topics, place.project or None)


def _producers(draft: Draft, users: Node, place: Place) -> None:
    producers(draft, users, place.topics, place.project or None)


def principal(draft: Draft, node: Node) -> str | None:
    """The principal of an entry, which may also be the bare text; None where it is missing."""
    found = node if node.raw is not None else node.map.get("principal")
    if found is None or found.raw is None or found.is_null:
        return None
    if not found.raw.strip():
        draft.error(found.span, "missing-key", "the principal is empty", USER_HINTS["principal"])
        return None
    return draft.text(found)


def consumers(draft: Draft, users: Node, names: Names, project: str | None, *, prefix: str | None = None) -> None:
    """Grant each consumer of a list its rights on the topics, or on all under a prefix."""
    count = _each(names, prefix)
    for node in users.items:
        who = principal(draft, node)
        if who is not None and draft.fits(node, count, _FEWER):
            acls = roles.consumer(who, names, draft.optional(node, "group"), prefix=prefix)
            draft.grant("consumer", who, node, project, acls)


def _each(names: Names, prefix: str | None) -> int:
    """How many bindings an entry has at most, a transactional producer's own among them."""
    return 2 * (len(names) if prefix is None else 1) + 3


def producers(draft: Draft, users: Node, names: Names, project: str | None, *, prefix: str | None = None) -> None:
    """Grant each producer of a list its rights; an `idempotence` that is there counts, whatever it says."""
    count = _each(names, prefix)
    for node in users.items:
        who = principal(draft, node)
        if who is None or not draft.fits(node, count, _FEWER):
            continue
        idempotence = node.map.get("idempotence")
        idempotent = idempotence is not None and not idempotence.is_null
        if idempotence is not None and idempotence.text == "false":
            said = '"idempotence: false" grants IDEMPOTENT_WRITE all the same: its presence counts'
            draft.warn(idempotence.key_span, "ignored-input", said, "delete the key if it is not idempotent")
        if "idempotent" in node.map:
            span = node.map["idempotent"].key_span
            draft.warn(span, "ignored-input", '"idempotent" has no effect', 'did you mean "idempotence"?')
        transaction = draft.optional(node, "transactionId")
        acls = roles.producer(who, names, transaction, idempotent=idempotent, prefix=prefix)
        draft.grant("producer", who, node, project, acls)


def _schemas(draft: Draft, schemas: Node, place: Place) -> None:
    """Check what a topic says about its schemas: shape, strategy, files; the kind declares them."""
    topic = place.entry
    if schemas.is_null or topic is None:
        return
    items = [schemas] if schemas.is_map else schemas.items
    if not schemas.is_map and not schemas.is_list:
        draft.problems.append(wrong(schemas, "a mapping or a list of mappings with value.schema.file"))
    strategy = _strategy(draft, topic)
    if strategy == STRATEGIES[0] and len(items) > 1:
        said = f"found {len(items)} schemas, expected one: {strategy} has one subject for a topic's values"
        draft.error(items[1].head, "wrong-type", said, "set subject.name.strategy: TopicRecordNameStrategy")
    for item in items:
        draft.look(item, SCHEMA)
        if item.is_map and strategy != STRATEGIES[0] and not {"key.record.type", "value.record.type"} & item.map.keys():
            said = f'a schema under {strategy} needs the key "value.record.type" (or "key.record.type")'
            draft.error(item.head, "missing-key", said, "write the record's full name, as in the schema")
        for side in ("key", "value"):
            kind = item.get(f"{side}.format")
            artefacts.check(draft, item.get(f"{side}.schema.file"), "AVRO" if kind is None else kind.text)
    sections.read_form(draft, "topic.schemas", schemas, place)


def _strategy(draft: Draft, topic: Node) -> str:
    node = topic.map.get("subject.name.strategy")
    if node is None or node.text in STRATEGIES:
        return STRATEGIES[0] if node is None else node.text
    said = f'there is no strategy "{node.text}", TopicNameStrategy counts'
    draft.warn(node.span, "ignored-input", said, f"the strategies are {', '.join(STRATEGIES)}")
    return STRATEGIES[0]


READERS: Mapping[str, Callable[[Draft, Node, Place], None]] = {
    "schemas": _schemas,
    "consumers": _consumers,
    "producers": _producers,
}
