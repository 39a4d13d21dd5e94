"""The `platform` section: Schema Registry, Control Center and ksqlDB servers; quotas are the kind's."""

from collections.abc import Iterator

from kafka_gitops.descriptor import roles, sections, unmanaged
from kafka_gitops.descriptor.topics import principal
from kafka_gitops.reading.draft import Draft
from kafka_gitops.text.source import Node

_MOST_OF_INSTANCE = 24  # bindings: Control Center's


def read(draft: Draft, platform: Node) -> None:
    """Declare the grants of the platform's instances."""
    for who, node in _instances(draft, platform, "schema_registry"):
        names = [draft.optional(node, key) for key in ("topic", "consumer_offsets_topic", "group")]
        defaults = ("_schemas", "__consumer_offsets", "schema-registry")
        topic, offsets, group = (own if text is None else text for text, own in zip(names, defaults, strict=True))
        draft.grant("schema_registry", who, node, None, roles.schema_registry(who, topic, offsets, group))
    for who, node in _instances(draft, platform, "control_center"):
        identity = draft.optional(node, "appId")
        if identity is not None:
            acls = roles.control_center(who, identity, draft.language.control_center_topics)
            draft.grant("control_center", who, node, None, acls)
    for who, node in _instances(draft, platform, "ksql"):
        identity = draft.optional(node, "ksqlDbId")
        if identity is not None:
            draft.grant("ksql_server", who, node, None, roles.ksql_server(who, identity))
    for component in platform.map.values():
        rbac = component.map.get("rbac")
        if rbac is not None and rbac.map:
            draft.leave(unmanaged.ROLES, rbac.key_span)
    quotas = platform.get("kafka", "quotas")
    if quotas is not None:
        sections.read_form(draft, "platform.kafka.quotas", quotas, None)


def _instances(draft: Draft, platform: Node, component: str) -> Iterator[tuple[str, Node]]:
    found = platform.get(component, "instances")
    for node in found.items if found is not None else ():
        who = principal(draft, node)
        if who is not None and draft.fits(node, _MOST_OF_INSTANCE):
            yield who, node
