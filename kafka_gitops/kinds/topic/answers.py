"""What the plan file, the settings and the brakes ask of a topic, without any cluster."""

from collections.abc import Iterator, Mapping, Sequence

from kafka_gitops import catalog
from kafka_gitops.changes import Change
from kafka_gitops.errors import listed
from kafka_gitops.kinds.contract import Json
from kafka_gitops.kinds.holding import Single
from kafka_gitops.model import Key, Topic
from kafka_gitops.scope import stated, topic_fence
from kafka_gitops.settings import Scope, Settings
from kafka_gitops.shape.exact import object_of, of_type

NEW_TOPIC = ("cleanup.policy", "compression.type", "delete.retention.ms", "message.timestamp.type",
             "min.insync.replicas", "retention.bytes", "retention.ms")  # fmt: skip
LONGER = ("retention.bytes", "retention.ms")
_NUMBER = {"type": ["integer", "null"], "description": "Null: the broker decides."}
SCHEMA = object_of(
    partitions=_NUMBER,
    replication_factor=_NUMBER,
    config=of_type("object", "Topic configs, as texts.", additionalProperties={"type": "string"}),
)
FIELDS = {"num.partitions": "partitions", "replication.factor": "replication"}  # as files call them, and plans do


def field(spec: Topic, name: str) -> str | None:
    """What plans call what a file calls so."""
    known = name in FIELDS or name in spec.config or catalog.status(name) != "unknown"
    return FIELDS.get(name, name) if known else None


SINGLE = Single(
    field,
    lambda spec: [*FIELDS, *spec.config],
    "write it as in `config`: retention.ms, num.partitions",
    catalog.suggest,
)


def dump(spec: Topic) -> Json:
    """As `render` and a plan file have it."""
    config = dict(sorted(spec.config.items()))
    return {"partitions": spec.partitions, "replication_factor": spec.replication, "config": config}


def load(_name: str, data: Mapping[str, object]) -> Topic:
    """The topic again. Raises KeyError or TypeError."""
    partitions, replication, config = data["partitions"], data["replication_factor"], data["config"]
    numbers = all(type(number) in (int, type(None)) for number in (partitions, replication))
    if not numbers or not isinstance(config, dict) or not all(type(value) is str for value in config.values()):
        raise TypeError("a topic's fields")
    return Topic(partitions, replication, config)  # type: ignore[arg-type]  # looked at above


def outside(scopes: Sequence[Scope], key: Key, _spec: object) -> str | None:
    """Why `manage.topics` keeps it outside."""
    fence = topic_fence(scopes, key.name)
    return fence.reason() if fence is not None else None


def claims(key: Key, _spec: object) -> Iterator[tuple[str, str]]:
    """Its name."""
    yield "topics", key.name


def by_itself(key: Key, before: Topic | None, after: Topic | None, settings: Settings) -> Iterator[str]:
    """A new topic with harmless configs and longer retention need nobody."""
    if after is None:
        yield f"{key} is taken away"
    elif not stated(settings.scopes, "topics") or topic_fence(settings.scopes, key.name) is not None:
        yield f"{key} is outside the repository's own topics (`manage.topics`)"
    elif before is None:
        extra = sorted(set(after.config) - set(NEW_TOPIC))
        if extra:
            yield f"the new {key} sets {listed(extra)}"
    else:
        for edit in Change(key, before, after).edits():
            if edit.field not in LONGER or not _longer(edit.before, edit.after):
                yield f"{key} changes {edit.field} from {edit.before or 'unset'} to {edit.after or 'unset'}"


def _longer(before: str | None, after: str | None) -> bool:
    """Whether a limit of retention grows; -1 is none. What is unset has a value that the files do not tell."""
    old, new = before or "", after or ""
    if not (old.isascii() and old.isdigit() and new.isascii()) or max(len(old), len(new)) > len(str(2**63)):
        return False
    return new == "-1" or (new.isdigit() and int(new) > int(old))


def export(key: Key, spec: Topic) -> tuple[str, Json]:
    """The entry of `special_topics` that declares it."""
    numbers = {"num.partitions": spec.partitions, "replication.factor": spec.replication}
    texts = {name: str(number) for name, number in numbers.items() if number is not None}
    return "special_topics", {"name": key.name, "config": {**texts, **dict(sorted(spec.config.items()))}}
