"""Strimzi's custom resources: KafkaTopic, KafkaUser (its rights, quotas and SCRAM credential), KafkaConnector.

What the operators make of them: TopicOperator (`topicName`, lists joined by commas), KafkaUserModel (`CN=NAME` for a
certificate), ScramCredentialsOperator (SCRAM-SHA-512, 4096 iterations), SimpleAclRule (`operation` is the older form).
"""

import re
from collections.abc import Mapping

from kafka_gitops.dialects import documents
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.taking import ANY, CONFIG, COUNT, LABELS, TEXT, config, connector, metadata, topic, user
from kafka_gitops.model import Acl
from kafka_gitops.shape.check import Boolean, ListOf, Map, Number, OneOf
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Leaf

TOOL = "Strimzi"
SUFFIXES = (".yaml", ".yml", ".json")
NEXT = (
    "Strimzi deletes a topic with its KafkaTopic: annotate each with strimzi.io/managed=false before you delete it. "
    "Deleting a KafkaUser deletes its rights, quotas and credential: docs/migrate.md says how to let go of them."
)

_CLUSTER = "strimzi.io/cluster"
_META = Map({"name": TEXT, "labels": LABELS, "annotations": LABELS}, ("name",), others=ANY, called="metadata")


def _resource(spec: Map, *, needed: bool = True) -> Map:
    required = ("metadata", "spec") if needed else ("metadata",)
    return Map({"metadata": _META, "spec": spec}, required, others=ANY, called="a custom resource")


_TOPIC = _resource(
    Map({"topicName": TEXT, "partitions": COUNT, "replicas": COUNT, "config": CONFIG}, others=ANY, null=True),
    needed=False,
)
_OPERATION = OneOf(
    (
        *("Read", "Write", "Create", "Delete", "Alter", "Describe", "ClusterAction", "All"),
        *("AlterConfigs", "DescribeConfigs", "IdempotentWrite"),
    )
)
_TYPES = {"topic": "TOPIC", "group": "GROUP", "cluster": "CLUSTER", "transactionalId": "TRANSACTIONAL_ID"}
_RULE = Map(
    {
        "resource": Map(
            {"type": OneOf(tuple(_TYPES)), "name": TEXT, "patternType": OneOf(("literal", "prefix"))},
            ("type",),
            called="the resource of an ACL",
        ),
        "type": OneOf(("allow", "deny")),
        "host": TEXT,
        "operation": _OPERATION,
        "operations": ListOf(_OPERATION, least=1, called="a list of operations"),
    },
    ("resource",),
    called="an ACL",
)
_QUOTAS = {
    "producerByteRate": "producer_byte_rate",
    "consumerByteRate": "consumer_byte_rate",
    "requestPercentage": "request_percentage",
    "controllerMutationRate": "controller_mutation_rate",
}
_LOGINS = ("tls", "tls-external", "scram-sha-512")
_USER = _resource(
    Map(
        {
            "authentication": Map({"type": OneOf(_LOGINS)}, ("type",), others=ANY, called="authentication"),
            "authorization": Map(
                {"type": OneOf(("simple",)), "acls": ListOf(_RULE, called="a list of ACLs")},
                ("type", "acls"),
                called="authorization",
            ),
            "quotas": Map(dict.fromkeys(_QUOTAS, Number(0)), called="the quotas of a user"),
        },
        others=ANY,
        null=True,
        called="the spec of a KafkaUser",
    ),
    needed=False,
)
_STATES = ("running", "paused", "stopped")
_CONNECTOR = _resource(
    Map(
        {"class": TEXT, "tasksMax": COUNT, "config": CONFIG, "pause": Boolean(), "state": OneOf(_STATES)},
        ("class",),
        others=ANY,
        called="the spec of a KafkaConnector",
    )
)

_WHY = {
    "namespace": "it is Kubernetes' own",
    "status": "the operator writes it",
    "template": "it is about the Secret in Kubernetes",
    "autoRestart": "an apply restarts what failed only by `restart: failed`",
    "listOffsets": "it asks for the offsets once",
    "alterOffsets": "it sets the offsets once",
    "version": "the worker's newest version of the plugin is used",
}
_META_READ = ("name", "labels", "annotations")
_KUBERNETES = ("namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
               "ownerReferences", "finalizers", "deletionTimestamp")  # fmt: skip


def take(estate: Estate, texts: Mapping[str, str]) -> None:
    """Put into the estate what the custom resources say."""
    kinds = {"KafkaTopic": (_TOPIC, _topic), "KafkaUser": (_USER, _user), "KafkaConnector": (_CONNECTOR, _connector)}
    for root in documents.of(estate, texts, "strimzi", TOOL):
        kind = root.map["kind"].raw or ""
        if kind not in kinds:
            estate.leave(root.map["kind"], f"a {kind}", "no topology says how a cluster or a tool is run")
            continue
        shape, read = kinds[kind]
        if estate.fits(root, shape) and _is_managed(estate, root):
            _meta(estate, root, labels_kept=kind == "KafkaTopic")
            estate.rest(root, ("apiVersion", "kind", "metadata", "spec"), "", _WHY, TOOL)
            read(estate, root)


def _is_managed(estate: Estate, root: Node) -> bool:
    """Whether the operator carries the resource out."""
    for name, off in (("strimzi.io/managed", "false"), ("strimzi.io/pause-reconciliation", "true")):
        node = root.get("metadata", "annotations", name)
        if node is not None and node.text == off:
            what = f"{root.map['kind'].text} {root.map['metadata'].map['name'].text}"
            estate.leave(node, what, f"{name}: {off}: the operator leaves it alone; without the annotation it is taken")
            return False
    return True


def _meta(estate: Estate, root: Node, *, labels_kept: bool) -> None:
    """What of `metadata` is only Kubernetes', and to which cluster it belongs."""
    meta = root.map["metadata"]
    estate.rest(meta, _META_READ, "metadata.", dict.fromkeys(_KUBERNETES, _WHY["namespace"]), TOOL)
    cluster = meta.get("labels", _CLUSTER)
    if cluster is not None and root.map["kind"].raw != "KafkaConnector":
        estate.cluster(cluster.text, cluster)
    for key in ("annotations",) if labels_kept else ("annotations", "labels"):
        for name, node in meta.map[key].map.items() if key in meta.map else ():
            if name != _CLUSTER:
                estate.leave(node, f"metadata.{key}.{name}", "only a topic has metadata" if key == "labels" else _NOTE)


_NOTE = "an annotation is for tools in Kubernetes"


def _topic(estate: Estate, root: Node) -> None:
    spec, meta = root.map.get("spec"), root.map["metadata"]
    keys = spec.map if spec is not None else {}
    estate.rest(spec, ("topicName", "partitions", "replicas", "config"), "spec.", _WHY, TOOL)
    topic(
        estate,
        keys.get("topicName", meta.map["name"]),
        node=root,
        partitions=keys.get("partitions"),
        replication=keys.get("replicas"),
        config=config(estate, keys.get("config"), "spec.config."),
        metadata=metadata(meta.map.get("labels")),
    )


def _user(estate: Estate, root: Node) -> None:
    spec, named = root.map.get("spec"), root.map["metadata"].map["name"]
    estate.rest(spec, ("authentication", "authorization", "quotas"), "spec.", _WHY, TOOL)
    login = root.get("spec", "authentication", "type")
    name = f"CN={named.text}" if login is not None and login.text.startswith("tls") else named.text
    why = {"password": f"the password is in a Secret of Kubernetes: {_HOW}"}
    estate.rest(root.get("spec", "authentication"), ("type",), "spec.authentication.", why, TOOL)
    if login is not None and login.text == "scram-sha-512":
        user(estate, name, {"SCRAM-SHA-512": (4096, None)}, root)
    quotas = root.get("spec", "quotas")
    if quotas is not None and quotas.map:
        limits: dict[str, object] = {_QUOTAS[key]: Leaf(one.value, one) for key, one in quotas.map.items()}
        estate.add("quotas", {"user": Leaf(name, named), **limits}, quotas)
    acls = root.get("spec", "authorization", "acls")
    for rule in acls.items if acls is not None else ():
        _grant(estate, rule, f"User:{name}")


_ONE_CLUSTER = "a resource of type cluster is always the whole cluster"
_HOW = "an apply writes it only where the user is new"


def _grant(estate: Estate, rule: Node, principal: str) -> None:
    resource = rule.map["resource"]
    kind, named, pattern = resource.map["type"].text, resource.map.get("name"), resource.map.get("patternType")
    if kind == "cluster":
        estate.rest(resource, ("type",), "resource.", dict.fromkeys(("name", "patternType"), _ONE_CLUSTER), TOOL)
    operations = [one for key in ("operations", "operation") if key in rule.map for one in _each(rule.map[key])]
    if not operations or (named is None and kind != "cluster"):
        help = "write operations: [...] and the resource's name"
        estate.error(rule.head, "found an ACL without an operation or without a name", help)
    for operation in operations:
        acl = Acl(
            principal,
            rule.map["host"].text if "host" in rule.map else "*",
            re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation.text).upper(),
            "DENY" if "type" in rule.map and rule.map["type"].text == "deny" else "ALLOW",
            _TYPES[kind],
            "PREFIXED" if pattern is not None and pattern.text == "prefix" else "LITERAL",
            "kafka-cluster" if kind == "cluster" or named is None else named.text,
        )
        estate.grant(acl, operation)


def _each(node: Node) -> list[Node]:
    return node.items if node.is_list else [node]


def _connector(estate: Estate, root: Node) -> None:
    spec, meta = root.map["spec"], root.map["metadata"]
    estate.rest(spec, ("class", "tasksMax", "config", "pause", "state"), "spec.", _WHY, TOOL)
    own: dict[str, object] = {"connector.class": Leaf(spec.map["class"].text, spec.map["class"])}
    if "tasksMax" in spec.map and not spec.map["tasksMax"].is_null:
        own["tasks.max"] = Leaf(spec.map["tasksMax"].text, spec.map["tasksMax"])
    cluster, state, pause = meta.get("labels", _CLUSTER), spec.map.get("state"), spec.map.get("pause")
    paused = "paused" if pause is not None and pause.text == "true" else None
    connector(
        estate,
        meta.map["name"],
        cluster=cluster.text if cluster is not None else None,
        config={**own, **config(estate, spec.map.get("config"), "spec.config.")},
        state=state.text if state is not None else paused,
        node=root,
    )
