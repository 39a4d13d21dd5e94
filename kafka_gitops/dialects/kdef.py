"""kdef's definitions: topics and ACLs; brokers are no part of a topology.

What kdef makes of them: TopicDefinition, ACLDefinition (each operation of each principal from each host is a binding on
the resource that `metadata` names; it is a literal one where no pattern type is said).
"""

from collections.abc import Mapping

from kafka_gitops.dialects import documents
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.taking import ANY, CONFIG, COUNT, LABELS, TEXT, config, metadata, topic
from kafka_gitops.model import Acl
from kafka_gitops.shape.check import Boolean, ListOf, Map, OneOf
from kafka_gitops.text.source import Node

TOOL = "kdef"
SUFFIXES = (".yaml", ".yml", ".json")
NEXT = (
    "kdef deletes no topic: stop its `apply`, and delete its files. Without deleteUndefinedConfigs it leaves settings "
    "alone that no file names, here they are set back: `undeclared_configs: keep` in kafka-gitops.yaml leaves them too."
)
_META = Map({"name": TEXT, "labels": LABELS}, ("name",), others=ANY, called="metadata")
_TOPIC = Map(
    {
        "metadata": _META,
        "spec": Map(
            {
                "partitions": COUNT,
                "replicationFactor": COUNT,
                "configs": CONFIG,
                "deleteUndefinedConfigs": Boolean(null=True),
            },
            ("partitions", "replicationFactor"),
            others=ANY,
            called="the spec of a topic",
        ),
    },
    ("metadata", "spec"),
    others=ANY,
    called="a topic",
)
_TYPES = ("topic", "group", "cluster", "transactional_id", "delegation_token")
_NAMES = ListOf(TEXT, least=1, called="a list of names")
_GROUP = Map(
    {
        "principals": _NAMES,
        "hosts": _NAMES,
        "operations": _NAMES,
        "permissionType": OneOf(("allow", "deny"), fold=True),
    },
    ("principals", "hosts", "operations", "permissionType"),
    called="a group of ACL entries",
)
_ACL = Map(
    {
        "metadata": Map(
            {
                "name": TEXT,
                "labels": LABELS,
                "type": OneOf(_TYPES),
                "resourcePatternType": OneOf(("literal", "prefixed"), fold=True),
            },
            ("name", "type"),
            others=ANY,
            called="metadata",
        ),
        "spec": Map(
            {"acls": ListOf(_GROUP, null=True, called="a list of ACLs"), "deleteUndefinedAcls": Boolean(null=True)},
            others=ANY,
            called="the spec of an acl",
        ),
    },
    ("metadata", "spec"),
    others=ANY,
    called="an acl",
)
_PLACES = "the brokers place the partitions of a new topic; those of one that is there are not moved"
_WHY = {
    **dict.fromkeys(("assignments", "rackAssignments", "managedAssignments", "maintainLeaders"), _PLACES),
    "reassignment": "it is about how partitions are moved",
    "labels": "only a topic has metadata",
}
_KEPT = "topic configs that no file names are set back, unless kafka-gitops.yaml says undeclared_configs: keep"
_PRUNED = "rights that are in no file are left alone, unless a run prunes ACLs"


def take(estate: Estate, texts: Mapping[str, str]) -> None:
    """Put into the estate what the definitions say."""
    kinds = {"topic": (_TOPIC, _topic), "acl": (_ACL, _acl)}
    for root in documents.of(estate, texts, "kdef", TOOL):
        kind = root.map["kind"].text
        if kind not in kinds:
            estate.leave(root.map["kind"], f"the configs of {kind}", "no topology says how brokers are run")
            continue
        shape, read = kinds[kind]
        if estate.fits(root, shape):
            estate.rest(root, ("apiVersion", "kind", "metadata", "spec"), "", _WHY, TOOL)
            read(estate, root)


def _topic(estate: Estate, root: Node) -> None:
    meta, spec = root.map["metadata"], root.map["spec"]
    estate.rest(meta, ("name", "labels"), "metadata.", _WHY, TOOL)
    read = ("partitions", "replicationFactor", "configs", "deleteUndefinedConfigs")
    estate.rest(spec, read, "spec.", _WHY, TOOL)
    deletes = spec.map.get("deleteUndefinedConfigs")
    if deletes is not None and deletes.text != "true":
        estate.leave(deletes, "spec.deleteUndefinedConfigs", _KEPT)
    topic(
        estate,
        meta.map["name"],
        node=root,
        partitions=spec.map["partitions"],
        replication=spec.map["replicationFactor"],
        config=config(estate, spec.map.get("configs"), "spec.configs."),
        metadata=metadata(meta.map.get("labels")),
    )


def _acl(estate: Estate, root: Node) -> None:
    meta, spec = root.map["metadata"].map, root.map["spec"]
    estate.rest(root.map["metadata"], ("name", "type", "resourcePatternType"), "metadata.", _WHY, TOOL)
    estate.rest(spec, ("acls", "deleteUndefinedAcls"), "spec.", _WHY, TOOL)
    deletes, groups = spec.map.get("deleteUndefinedAcls"), spec.map.get("acls")
    if deletes is not None and deletes.text == "true":
        estate.leave(deletes, "spec.deleteUndefinedAcls", _PRUNED)
    pattern = meta["resourcePatternType"].text.upper() if "resourcePatternType" in meta else "LITERAL"
    for group in groups.items if groups is not None else ():
        permission = group.map["permissionType"].text.upper()
        for operation in group.map["operations"].items:
            for who in group.map["principals"].items:
                for host in group.map["hosts"].items:
                    kind, name = meta["type"].text.upper(), meta["name"].text
                    acl = Acl(who.text, host.text, operation.text.upper(), permission, kind, pattern, name)
                    estate.grant(acl, operation)
