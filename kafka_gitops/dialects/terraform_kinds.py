"""The resources of the Kafka providers: what each reads, and what it comes to.

Mongey/kafka: ResourceTopic, kafka_acl (names such as `TransactionalID`, `DescribeConfigs`), kafka_quota (no name: the
default entity), kafka_user_scram_credential (4096 iterations). confluentinc/confluent: three replicas, six partitions.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from kafka_gitops.dialects import taking
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.hcl import EXPRESSION
from kafka_gitops.dialects.taking import ANY, COUNT, config, number, topic
from kafka_gitops.model import Acl
from kafka_gitops.shape.check import Integer, Map, OneOf, Shape, Text
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Leaf

_TEXT, _MAYBE = Text(), Text(null=True)
_CONFIG = Map(others=ANY, null=True, called="config")
_WORDS = {"TRANSACTIONALID": "TRANSACTIONAL_ID", "DELEGATIONTOKEN": "DELEGATION_TOKEN"}


class Kind(NamedTuple):
    """A resource's attributes: those that are read, those that pass because they are about something else."""

    shape: Map
    reads: tuple[str, ...]
    read: Callable[[Estate, Node], None]
    passes: tuple[str, ...] = ()


def expression(node: Node) -> str | None:
    """What Terraform would have to work out for a value; None for a literal."""
    if EXPRESSION in node.map:
        return node.map[EXPRESSION].text
    raw = node.raw or ""
    if node.path.endswith(".tf.json") and re.search(r"(?<!\$)\$\{|(?<!%)%\{", raw):
        return raw
    return None


def _kind(read: Callable[[Estate, Node], None], called: str, *passes: str, **keys: Shape) -> Kind:
    required = tuple(key for key, shape in keys.items() if shape is _TEXT)
    return Kind(Map(keys, required, others=ANY, called=called), tuple(keys), read, passes)


def _topic(estate: Estate, body: Node) -> None:
    topic(
        estate,
        body.map["name"],
        node=body,
        partitions=body.map.get("partitions"),
        replication=body.map.get("replication_factor"),
        config=config(estate, body.map.get("config", body.map.get("configuration")), "config."),
        metadata={},
    )


def _confluent_topic(estate: Estate, body: Node) -> None:
    _cluster(estate, body)
    partitions = body.map.get("partitions_count")
    own = config(estate, body.map.get("config"), "config.")
    if partitions is None or partitions.is_null:
        own = {"num.partitions": "6", **own}
    name = body.map["topic_name"]
    topic(estate, name, node=body, partitions=partitions, replication=None, config=own, metadata={})


def _cluster(estate: Estate, body: Node) -> None:
    """Of which cluster a resource of Confluent is, where that is a literal."""
    node = body.map.get("kafka_cluster")
    found = (node.get(0, "id") or node.get(0, "body", "id") or node.get("id")) if node is not None else None
    if found is not None and found.raw and expression(found) is None:
        estate.cluster(found.text, found)


def _acl(names: Mapping[str, str]) -> Callable[[Estate, Node], None]:
    """The reader of an ACL whose attributes have these names."""

    def read(estate: Estate, body: Node) -> None:
        _cluster(estate, body)
        given = {key: body.map[name] for key, name in names.items() if name in body.map}
        text = {key: node.text for key, node in given.items() if not node.is_null}
        kind = _word(text["type"])
        acl = Acl(
            text["principal"],
            text.get("host", "*"),
            _word(text["operation"]),
            text["permission"].upper(),
            kind,
            text.get("pattern", "literal").upper(),
            text["name"],
        )
        if acl.pattern_type not in ("LITERAL", "PREFIXED"):
            estate.error(body.map[names["pattern"]].head, f"found {acl.pattern_type}, expected LITERAL or PREFIXED")
        else:
            estate.grant(acl, body)

    return read


def _word(text: str) -> str:
    """`DescribeConfigs`, `TransactionalID`, `TRANSACTIONAL_ID` in Kafka's words."""
    if text.isupper():
        return _WORDS.get(text, text)
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).upper()
    return _WORDS.get(snake, snake)


def _quota(estate: Estate, body: Node) -> None:
    name, kind = body.map.get("entity_name"), body.map["entity_type"]
    whose = Leaf(name.text, name) if name is not None and name.raw and not name.is_null else "<default>"
    limits = body.map.get("config")
    found = {key: Leaf(one.value, one) for key, one in (limits.map if limits is not None else {}).items()}
    who = {"client-id": "client_id"}.get(kind.text, kind.text)
    estate.add("quotas", {who: whose, **found}, body)


def _user(estate: Estate, body: Node) -> None:
    name, mechanism = body.map["username"].text, body.map["scram_mechanism"].text
    iterations = number(body.map.get("scram_iterations"), 4096)
    password = body.map.get("password", body.map.get("password_wo"))  # the second is never in a state
    literal = password is not None and password.raw and not password.is_null and expression(password) is None
    taking.user(estate, name, {mechanism: (iterations, password if literal else None)}, body)


_MONGEY = {
    "name": "resource_name",
    "type": "resource_type",
    "pattern": "resource_pattern_type_filter",
    "principal": "acl_principal",
    "host": "acl_host",
    "operation": "acl_operation",
    "permission": "acl_permission_type",
}
_CONFLUENT = {
    "name": "resource_name",
    "type": "resource_type",
    **{key: key if key != "pattern" else "pattern_type" for key in ("pattern", "principal", "host", "operation")},
    "permission": "permission",
}
_OF_CLUSTER = ("kafka_cluster", "rest_endpoint", "credentials")


def _of_acl(names: Mapping[str, str]) -> dict[str, Shape]:
    return {name: _MAYBE if key in ("pattern", "host") else _TEXT for key, name in names.items()}


_MECHANISMS = OneOf(("SCRAM-SHA-256", "SCRAM-SHA-512"))
KINDS: Mapping[str, Kind] = {
    "kafka_topic": _kind(
        _topic,
        "a kafka_topic",
        name=_TEXT,
        partitions=COUNT,
        replication_factor=COUNT,
        **dict.fromkeys(("config", "configuration"), _CONFIG),  # the second is of pecigonzalo's provider
    ),
    "kafka_acl": _kind(_acl(_MONGEY), "a kafka_acl", **_of_acl(_MONGEY)),
    "kafka_quota": Kind(
        Map(
            {"entity_name": _MAYBE, "entity_type": OneOf(("client-id", "user", "ip")), "config": _CONFIG},
            ("entity_type", "config"),
            others=ANY,
            called="a kafka_quota",
        ),
        ("entity_name", "entity_type", "config"),
        _quota,
    ),
    "kafka_user_scram_credential": Kind(
        Map(
            {"username": _TEXT, "scram_mechanism": _MECHANISMS, "scram_iterations": Integer(1, null=True)},
            ("username", "scram_mechanism"),
            others=ANY,
            called="a kafka_user_scram_credential",
        ),
        ("username", "scram_mechanism", "scram_iterations"),
        _user,
        ("password", "password_wo", "password_wo_version"),
    ),
    "confluent_kafka_topic": _kind(
        _confluent_topic,
        "a confluent_kafka_topic",
        *_OF_CLUSTER,
        topic_name=_TEXT,
        partitions_count=COUNT,
        config=_CONFIG,
    ),
    "confluent_kafka_acl": _kind(_acl(_CONFLUENT), "a confluent_kafka_acl", *_OF_CLUSTER, **_of_acl(_CONFLUENT)),
}
