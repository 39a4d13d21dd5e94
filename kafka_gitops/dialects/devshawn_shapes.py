"""What a state file of devshawn's kafka-gitops looks like, as far as it is read."""

from collections.abc import Mapping

from kafka_gitops.dialects.known import SERVICES
from kafka_gitops.dialects.taking import ANY, CONFIG, COUNT, NAMES, TEXT
from kafka_gitops.shape.check import Boolean, ListOf, Map, OneOf

_ANY_MAP = Map(others=ANY, null=True)
_DEFAULTS = Map({"partitions": COUNT, "replication": COUNT}, others=ANY, null=True, called="defaults")
_ACLS = Map({"describeTopicEnabled": Boolean(null=True)}, others=ANY, null=True, called="acls")
STATE = Map(
    {
        **dict.fromkeys(("topics", "services", "users"), _ANY_MAP),
        **dict.fromkeys(("customServiceAcls", "customUserAcls"), Map(others=_ANY_MAP, null=True)),
        "settings": Map(
            {
                "topics": Map({"defaults": _DEFAULTS}, others=ANY, null=True, called="topics"),
                "services": Map({"acls": _ACLS}, others=ANY, null=True, called="services"),
                "ccloud": Map({"enabled": Boolean(null=True)}, others=ANY, null=True, called="ccloud"),
                "confluent": Map({"enabled": Boolean(null=True)}, others=ANY, null=True, called="confluent"),
            },
            others=ANY,
            null=True,
            called="settings",
        ),
    },
    others=ANY,
    called="a state file",
)
_USED = {"produces": NAMES, "consumes": NAMES}
_CUSTOM = Map(
    {
        "name": TEXT,
        "type": OneOf(("topic", "group", "cluster", "transactional_id", "delegation_token"), fold=True),
        "pattern": OneOf(("literal", "prefixed"), fold=True),
        "host": TEXT,
        "principal": TEXT,
        "operation": TEXT,
        "permission": OneOf(("allow", "deny"), fold=True),
    },
    ("name", "type", "pattern", "operation", "permission"),
    others=ANY,
    called="a custom ACL",
)
SHAPES: Mapping[str, Map] = {
    "topics": Map(
        {"partitions": COUNT, "replication": COUNT, "configs": CONFIG}, others=ANY, null=True, called="a topic"
    ),
    "services": Map(
        {
            "type": OneOf(SERVICES),
            "principal": TEXT,
            **_USED,
            "group-id": TEXT,
            "application-id": TEXT,
            "storage-topics": Map({"config": TEXT, "offset": TEXT, "status": TEXT}, called="storage-topics"),
            "connectors": Map(others=Map(_USED, others=ANY, null=True, called="a connector"), null=True),
        },
        ("type",),
        others=ANY,
        called="a service",
    ),
    "users": Map(
        {"principal": TEXT, "roles": ListOf(OneOf(("reader", "writer", "operator"), fold=True), null=True)},
        others=ANY,
        called="a user",
    ),
    "customServiceAcls": _CUSTOM,
    "customUserAcls": _CUSTOM,
}
