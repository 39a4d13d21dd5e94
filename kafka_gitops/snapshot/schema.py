"""The JSON Schema (draft 2020-12) of the JSON in a snapshot: what a program may rely on."""

from kafka_gitops.shape.exact import Json, list_of, of_type
from kafka_gitops.snapshot.contents import ERRORS
from kafka_gitops.snapshot.format import FORMAT

_UNKNOWN: Json = {
    "type": "object",
    "description": "A part that could not be read.",
    "properties": {
        "unknown": {
            "type": "object",
            "description": "Why this part could not be read.",
            "properties": {
                "error": {"enum": [*ERRORS], "description": "The name of the error."},
                "message": of_type("string", "What the error said."),
                "help": of_type("string", "What lets it be read."),
            },
            "required": ["error", "message"],
            "additionalProperties": False,
        }
    },
    "required": ["unknown"],
    "additionalProperties": False,
}
_MAYBE = {"type": ["string", "null"]}


def _object(says: str, required: dict[str, Json], others: dict[str, Json] | None = None) -> Json:
    """An object with these keys, of which the others may be left out."""
    keys = {**required, **(others or {})}
    return of_type("object", says, properties=keys, required=[*required], additionalProperties=False)


def _by(says: str, item: Json) -> Json:
    return of_type("object", says, additionalProperties=item)


def _part(item: Json) -> Json:
    return {"description": item["description"], "anyOf": [item, _UNKNOWN, {"type": "null"}]}


def _texts(says: str) -> Json:
    return _by(says, {"type": "string"})


def document() -> Json:
    """The schema as JSON-able data."""
    whole = _object(
        "What a plan reads of the servers. Confidential: it is the map of principals, hosts and rights.",
        {
            "format": of_type("integer", "The version of this format.", const=FORMAT),
            "tool": of_type("string", "The version of kafka-gitops that made it."),
            "digest": of_type("string", "The digest of everything else.", pattern="^sha256:[0-9a-f]{64}$"),
            "made": of_type("string", "When it was made: UTC, ISO 8601."),
            "kafka": _kafka(),
        },
        {
            "environment": of_type("string", "The environment that it is of."),
            "topics_only": of_type("boolean", "Whether it holds nothing but the declared topics."),
            "registry": _part(_registry()),
            "connect": _by("Connect clusters by their labels.", {"anyOf": [_workers(), _UNKNOWN]}),
        },
    )
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A snapshot of kafka-gitops"}
    return {**head, **whole}


def _kafka() -> Json:
    user = _by("A user's iterations by mechanism.", {"type": "integer"})
    binding = {"type": "array", "items": {"type": "string"}, "minItems": 7, "maxItems": 7}
    return _object(
        "The Kafka cluster.",
        {
            "moving": {"description": "Topics whose replicas are moved; null: not known.", "type": ["array", "null"]},
            "acls": _part(
                list_of("Bindings: principal, host, operation, permission, resource type, pattern type, name.", binding)
            ),
            "quotas": _part(list_of("Pairs of an entity (names by type, null: the default) and its limits.", {})),
            "users": _part(_by("SCRAM users by name.", user)),
        },
        {
            "id": of_type("string", "The cluster's id."),
            "principal": of_type("string", "Who made the snapshot."),
            "brokers": of_type("integer", "How many brokers there were."),
            "requests": _by("The oldest and newest version of each request that both sides speak.", {"type": "array"}),
            "defaults": _by(
                "By the leader of partition 0: what topics have in effect without an override (`values`), and what "
                "takes over from one (`below`).",
                _object("Of one broker.", {}, {"values": _texts("By config."), "below": _texts("By config.")}),
            ),
            "values": _by("By config and broker: what topics have in effect without an override.", _texts("")),
            "topics": _by("Topics by name.", _topic()),
            "settings": _by("Configs of a broker; null where it is hidden.", _MAYBE),
        },
    )


def _topic() -> Json:
    return _object(
        "A topic.",
        {
            "partitions": of_type("integer", "How many partitions it has."),
            "replication": of_type("integer", "The most replicas of a partition."),
        },
        {
            "fewest": of_type("integer", "The fewest replicas, where they differ."),
            "leader": of_type("integer", "The broker that leads partition 0."),
            "id": of_type("string", "The topic's id."),
            "internal": of_type("boolean", "Whether it is Kafka's own."),
            "overrides": _texts("Its overrides."),
            "own": _by("Values in effect that are not those of `defaults`; null: it has none.", _MAYBE),
            "no_configs": of_type("boolean", "Its configs were not read: it is outside `manage`."),
        },
    )


_LEVEL = {
    "in_force": of_type("string", "The level in force."),
}
_OWN = {"level": of_type("string", "The subject's own level.")}


def _registry() -> Json:
    reference = {"type": "array", "minItems": 3, "maxItems": 3}
    version = _object(
        "A version.",
        {
            "number": of_type("integer", "The number of the version."),
            "id": of_type("integer", "The id of its schema in the registry."),
            "type": of_type("string", "AVRO, JSON or PROTOBUF."),
            "schema": of_type("string", "The text of the schema."),
        },
        {
            "references": list_of("Name, subject and version of what it uses.", reference),
            "deleted": of_type("boolean", "Whether it is deleted, softly."),
            "referrers": list_of("Who refers to it.", {"type": "string"}),
        },
    )
    subject = _object("A subject.", {"versions": list_of("Its versions.", version), **_LEVEL}, _OWN)
    gone = _object("A deleted subject.", {"numbers": list_of("Its versions.", {"type": "integer"}), **_LEVEL}, _OWN)
    return _object(
        "The schema registry.",
        {
            "level": of_type("string", "The general level."),
            "subjects": _by("Subjects by name.", subject),
            "deleted": _by("Subjects whose versions are all deleted, softly.", gone),
        },
    )


def _workers() -> Json:
    connector = _object(
        "A connector.",
        {
            "config": _texts("Its config, without what is or may be a secret."),
            "state": of_type("string", "The state that it is in."),
            "tasks": list_of("Numbers and states.", {"type": "array", "minItems": 2, "maxItems": 2}),
            "expected": of_type("integer", "How many tasks it has been given."),
            "type": {"description": "null: the worker does not know the plugin.", "enum": ["sink", "source", None]},
        },
    )
    return _object(
        "A Connect cluster.",
        {
            "kafka": {"description": "The id of its Kafka cluster.", **_MAYBE},
            "plugins": _by("Which plugins there are.", {"enum": ["sink", "source"]}),
            "passwords": _by("Keys that plugins declare as PASSWORD.", {"type": "array"}),
            "connectors": _by("Connectors by name.", connector),
        },
    )
