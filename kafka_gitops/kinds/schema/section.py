"""`schemas:` in the files: our own items, and JulieOps' `schemas` of a topic, which are the same kind."""

from collections.abc import Iterator

from kafka_gitops import holds, schemas
from kafka_gitops.kinds.schema.levels import LEVELS
from kafka_gitops.kinds.schema.spec import LATEST, NAME, Reference, Schema, key_of
from kafka_gitops.kinds.section import JULIEOPS, Named, Removable, Section
from kafka_gitops.model import Declared
from kafka_gitops.reading import artefacts
from kafka_gitops.reading.draft import Draft
from kafka_gitops.reading.naming import Place
from kafka_gitops.shape.check import AnyOf, Boolean, Integer, ListOf, Map, OneOf, Text
from kafka_gitops.text.source import Node

MARKS = ("subject",)  # what an item has that JulieOps' list of principals does not know
REFERENCE = Map(
    {
        "name": Text(),
        "subject": Text(),
        "version": AnyOf((Integer(least=1), OneOf(("latest",)))),
        "foreign": Boolean(),
    },
    ("name", "subject"),
    called="a reference of a schema",
)
ITEM = Map(
    {
        "subject": Text(),
        "file": Text(),
        "type": OneOf(schemas.TYPES),
        "compatibility": OneOf(LEVELS),
        "references": ListOf(REFERENCE, called="a list of references"),
        artefacts.VALUES: Boolean(),
        holds.KEY: holds.SHAPE,
    },
    ("subject", "file"),
    called="a schema of a subject",
)
SAYS = {
    "subject": "The subject in the registry: TOPIC-value and TOPIC-key by the usual strategy.",
    "file": "The file with the schema, relative to this file or to the topology.",
    "type": "AVRO, JSON or PROTOBUF; left out: by the ending of the file (.avsc, .json, .proto).",
    "compatibility": "The subject's own level; left out, it is never touched.",
    "references": "The schemas of other subjects that this one uses.",
    artefacts.VALUES: artefacts.SAYS_VALUES,
    f"{REFERENCE.called}.name": "What this schema calls it: a full name in Avro, what $ref or import says else.",
    f"{REFERENCE.called}.subject": "The subject that has it.",
    f"{REFERENCE.called}.version": "The version of that subject, or latest (the default).",
    f"{REFERENCE.called}.foreign": "Whether no file declares that subject, because somebody else's is meant.",
}
_STRATEGIES = {"RecordNameStrategy": "{record}", "TopicRecordNameStrategy": "{topic}-{record}"}


def read(draft: Draft, listed: Node, where: Place | None) -> None:
    """Declare the schemas of a list; an item that gives a principal rights is JulieOps' and passed over."""
    for node in listed.items:
        if not node.is_map or (subject := draft.optional(node, "subject")) is None:
            continue
        path, project = node.get("file"), where.project if where else None
        text = _text(draft, node, path)
        type_ = _type(draft, node)
        if path is None or text is None or type_ is None or not _named(draft, node.map["subject"], subject):
            continue
        level = draft.optional(node, "compatibility")
        found = Schema(type_, text, tuple(_references(draft, node)), level if level in LEVELS else None)
        draft.declare(Declared(key_of(subject), found, node, project))


def _named(draft: Draft, node: Node, subject: str) -> bool:
    if (
        subject
        and subject == subject.strip()
        and subject.isprintable()
        and subject not in (".", "..")
        and subject[0] != ":"
    ):
        return True
    said = f'no subject is called "{subject}"'
    help = "write its name without blanks around it; a context is set under schema_registry of the environment"
    draft.error(node.span, "wrong-type", said, help)
    return False


def _text(draft: Draft, node: Node, path: Node | None) -> str | None:
    """The text of a file; None where there is none, which is told unless files are not read at all."""
    if path is None or path.raw is None or draft.read is None:
        return None
    draft.named.add(artefacts.plain(path.raw))
    text, why = draft.read(path.path, path.raw, beside=True)
    if text is None:
        help = "the path is relative to this file, or to the topology directory"
        draft.error(path.span, "file-not-found", f"{path.raw}: {why}", help)
        return None
    return artefacts.filled(draft, node, path.raw, text)


def _type(draft: Draft, node: Node) -> str | None:
    """The type of an item, None after an error."""
    given, path = draft.optional(node, "type"), draft.optional(node, "file")
    if given is not None or path is None:
        return given if given in schemas.TYPES else None
    found = schemas.type_of(path)
    if found is None:
        said = f"the ending of {path} does not tell the type of the schema"
        draft.error(node.map["file"].span, "missing-key", said, f"add type: {', '.join(schemas.TYPES)}")
    return found


def _references(draft: Draft, node: Node) -> Iterator[Reference]:
    listed = node.get("references")
    for item in listed.items if listed is not None else ():
        name, subject = draft.optional(item, "name"), draft.optional(item, "subject")
        version = draft.optional(item, "version") or "latest"
        if name and subject and (version == "latest" or version.isdigit()):
            yield Reference(name, subject, LATEST if version == "latest" else int(version))


def of_topic(draft: Draft, value: Node, where: Place | None) -> None:
    """Declare the schemas of a topic, by its strategy of names; what cannot be read of them was told before."""
    if where is None or where.entry is None or draft.read is None:
        return
    strategy = draft.optional(where.entry, "subject.name.strategy") or ""
    done = set()
    for item in [value] if value.is_map else value.items:
        for side in ("key", "value") if item.is_map else ():
            path = item.get(f"{side}.schema.file")
            text = draft.read(path.path, path.raw)[0] if path is not None and path.raw is not None else None
            pattern = _STRATEGIES.get(strategy, f"{{topic}}-{side}")
            record = draft.optional(item, f"{side}.record.type")
            if text is None or ("{record}" in pattern and not _has_record(draft, item, side, record, strategy)):
                continue
            found = Schema(draft.optional(item, f"{side}.format") or schemas.AVRO, text, (), _level(draft, item, side))
            for topic in filter(draft.language.managed.has_topic, where.topics):
                key = key_of(pattern.format(topic=topic, record=record))
                if key not in done:
                    done.add(key)
                    draft.declare(Declared(key, found, item, where.project or None, frozenset({JULIEOPS})))


def _has_record(draft: Draft, item: Node, side: str, record: str | None, strategy: str) -> bool:
    if record is None and {"key.record.type", "value.record.type"} & item.map.keys():  # else it was told before
        said = f'the {side} of a schema under {strategy} needs the key "{side}.record.type"'
        draft.error(item.head, "missing-key", said, "write the record's full name, as in the schema")
    return record is not None


def _level(draft: Draft, item: Node, side: str) -> str | None:
    name = f"{side}.compatibility"
    level = draft.optional(item, name)
    if level is None or level in LEVELS:
        return level
    draft.error(item.map[name].span, "wrong-type", f'{name} is "{level}"', f"expected one of {', '.join(LEVELS)}")
    return None


SECTIONS = (
    Section(
        "schemas",
        ("file", "project"),
        ListOf(ITEM, called="a list of schemas"),
        {"schemas": "Schemas of a registry with Confluent's API.", **SAYS},
        read,
        MARKS,
        judged=True,
    ),
)
REMOVABLE = Removable(
    "The subject to delete (soft: its versions can still be read by their ids).",
    Named("version", Integer(least=1), "One version of the subject to delete (soft), and no other."),
)
FORMS = {"topic.schemas": of_topic}
__all__ = ["FORMS", "NAME", "REMOVABLE", "SECTIONS", "of_topic", "read"]
