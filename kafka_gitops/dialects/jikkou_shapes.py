"""What Jikkou's resources look like, as far as they are read."""

from collections.abc import Mapping

from kafka_gitops.dialects.taking import ANY, CONFIG, COUNT, LABELS, NAMES, TEXT
from kafka_gitops.shape.check import AnyOf, Integer, ListOf, Map, Number, OneOf, Shape, Text
from kafka_gitops.text.source import Node

DELETE = "jikkou.io/delete"
BECAUSE = f"{DELETE}: true in Jikkou's file"
DEFAULT = "<default>"
QUOTAS: Mapping[str, Mapping[str, str | None]] = {  # KafkaClientQuotaType: whose it is; None: its entity names it
    "USERS_DEFAULT": {"user": DEFAULT},
    "USER": {"user": None},
    "USER_CLIENT": {"user": None, "client_id": None},
    "USER_ALL_CLIENTS": {"user": None, "client_id": DEFAULT},
    "CLIENTS_DEFAULT": {"client_id": DEFAULT},
    "CLIENT": {"client_id": None},
}
SCRAM = {"scram-sha-256": "SCRAM-SHA-256", "scram-sha-512": "SCRAM-SHA-512"}
_META = Map({"name": TEXT, "labels": LABELS, "annotations": LABELS}, ("name",), others=ANY, called="metadata")
_NAMELESS = _META._replace(required=(), null=True)  # of a quota, whose entity is its name


def _form(spec: Map, *, needed: bool = True) -> Map:
    return Map({"metadata": _META, "spec": spec}, ("metadata", "spec") if needed else ("metadata",), others=ANY)


def _spec(of: str, required: tuple[str, ...] = (), **keys: Shape) -> Map:
    return Map(keys, required, others=ANY, null=not required, called=f"the spec of a {of}")


_MATCHER = Map(
    {
        "type": OneOf(("topic", "group", "cluster", "transactional_id", "delegation_token", "user"), fold=True),
        "pattern": TEXT,
        "patternType": OneOf(("literal", "prefixed", "match"), fold=True),
    },
    ("type", "pattern", "patternType"),
    called="the resource of an ACL",
)
_RULE = Map(
    {
        "resource": _MATCHER,
        "type": OneOf(("allow", "deny"), fold=True),
        "operations": ListOf(TEXT, least=1, called="a list of operations"),
        "host": Text(null=True),
    },
    ("resource", "operations"),
    called="an ACL",
)
_RULES = ListOf(_RULE, null=True, called="a list of ACLs")
_OF_TOPIC: dict[str, Shape] = {
    **dict.fromkeys(("partitions", "replicas", "replicationFactor"), COUNT),
    "configs": CONFIG,
    "configMapRefs": NAMES,
}
_TOPIC = Map(_OF_TOPIC, others=ANY, null=True, called="the spec of a KafkaTopic")
OLD_TOPIC = Map({"name": TEXT, **_OF_TOPIC}, ("name",), others=ANY, called="a topic")
CONFIG_MAP = Map({"metadata": _META, "data": CONFIG}, ("metadata",), others=ANY)
_ENTITY = Map({"user": Text(null=True), "clientId": Text(null=True)}, null=True, called="the entity of a quota")
_LIMITS = Map(
    dict.fromkeys(("producerByteRate", "consumerByteRate", "requestPercentage"), Number(0)),
    called="the limits of a quota",
)
_CREDENTIAL = Map(
    {"type": OneOf(tuple(SCRAM)), "iterations": Integer(1, null=True), "password": ANY},
    ("type",),
    others=ANY,
    called="an authentication",
)
_CREDENTIALS = ListOf(_CREDENTIAL, least=1, called="a list of authentications")
FORMS: Mapping[str, Map] = {
    "ConfigMap": CONFIG_MAP,
    "KafkaTopic": _form(_TOPIC, needed=False),
    "KafkaPrincipalAuthorization": _form(_spec("KafkaPrincipalAuthorization", (), roles=NAMES, acls=_RULES)),
    "KafkaPrincipalRole": _form(_spec("KafkaPrincipalRole", (), acls=_RULES)),
    "KafkaClientQuota": Map(
        {
            "metadata": _NAMELESS,
            "spec": _spec(
                "KafkaClientQuota", ("type", "configs"), type=OneOf(tuple(QUOTAS)), entity=_ENTITY, configs=_LIMITS
            ),
        },
        ("spec",),
        others=ANY,
    ),
    "KafkaUser": _form(_spec("KafkaUser", ("authentications",), authentications=_CREDENTIALS)),
    "KafkaConnector": _form(
        _spec(
            "KafkaConnector",
            ("connectorClass",),
            connectorClass=TEXT,
            tasksMax=COUNT,
            config=CONFIG,
            state=OneOf(("running", "paused", "stopped"), fold=True),
        )
    ),
    "SchemaRegistrySubject": _form(
        _spec(
            "SchemaRegistrySubject",
            ("schema",),
            schemaType=OneOf(("avro", "json", "protobuf"), fold=True),
            compatibilityLevel=TEXT,
            schema=AnyOf((TEXT, Map({"$ref": TEXT}, ("$ref",), others=ANY, called="a schema by its file"))),
            references=ListOf(
                Map({"name": TEXT, "subject": TEXT, "version": Integer(1)}, ("name", "subject"), called="a reference"),
                null=True,
            ),
        )
    ),
}
LISTS = Map(
    {
        "metadata": Map({"labels": LABELS, "annotations": LABELS}, others=ANY, null=True, called="metadata"),
        "items": ListOf(ANY, called="a list of resources"),
        "spec": Map({"topics": ListOf(ANY, called="a list of topics")}, others=ANY, null=True),
    },
    others=ANY,
    called="a list of resources",
)


def deleted(node: Node) -> bool:
    """Whether a resource states its own deletion."""
    annotation = node.get("metadata", "annotations", DELETE)
    return annotation is not None and annotation.text == "true"
