"""topicctl's files: topics, ACLs, clusters.

What topicctl makes of them: TopicConfig (`retentionMinutes` is retention.ms in minutes), TopicSettings
(`interfaceToString`: whole numbers without a point, others with two digits behind it, lists joined by commas),
ACLConfig (each operation of an entry is a binding of its own).
"""

import re
from collections.abc import Mapping

from kafka_gitops.dialects import documents
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.dialects.taking import ANY, CONFIG, COUNT, LABELS, TEXT, config, metadata, number, topic, user
from kafka_gitops.model import Acl
from kafka_gitops.shape.check import Integer, ListOf, Map, OneOf, Text
from kafka_gitops.text.source import Node
from kafka_gitops.writing.entries import Leaf

TOOL = "topicctl"
SUFFIXES = (".yaml", ".yml", ".json")
NEXT = (
    "topicctl deletes nothing by itself: stop its `apply`, and delete its files. It leaves settings alone that no file "
    "names, here they are set back: `undeclared_configs: keep` in kafka-gitops.yaml leaves them too."
)
_META = Map(
    {
        **dict.fromkeys(("name", "cluster", "environment", "region", "description"), Text(null=True)),
        "labels": LABELS,
    },
    ("name",),
    others=ANY,
    called="meta",
)
_TOPIC = Map(
    {
        "meta": _META,
        "spec": Map(
            {
                "partitions": COUNT,
                "replicationFactor": COUNT,
                "retentionMinutes": Integer(0, null=True),
                "settings": CONFIG,
            },
            ("partitions", "replicationFactor"),
            others=ANY,
            called="the spec of a topic",
        ),
    },
    ("meta", "spec"),
    others=ANY,
    called="a topic",
)
SCRAM = {"scram-sha-256": "SCRAM-SHA-256", "scram-sha-512": "SCRAM-SHA-512"}
_TYPES = ("topic", "group", "cluster", "transactionalid", "transactional_id", "delegationtoken", "delegation_token")
_RULE = Map(
    {
        "resource": Map(
            {
                "type": OneOf(_TYPES, fold=True),
                "name": TEXT,
                "patternType": OneOf(("literal", "prefixed", "any", "match"), fold=True),
                "principal": TEXT,
                "host": TEXT,
                "permission": OneOf(("allow", "deny"), fold=True),
            },
            ("type", "name", "principal"),
            called="the resource of an ACL",
        ),
        "operations": ListOf(TEXT, least=1, called="a list of operations"),
    },
    ("resource", "operations"),
    called="an ACL",
)
_ACLS = Map(
    {"meta": _META, "spec": Map({"acls": ListOf(_RULE, called="a list of ACLs")}, ("acls",), others=ANY)},
    others=ANY,
    called="a file of ACLs",
)
_USER = Map(
    {
        "meta": _META._replace(required=()),
        "spec": Map(
            {
                "name": TEXT,
                "mechanism": OneOf(tuple(SCRAM)),
                "iterations": Integer(1, null=True),
                "password": ANY,
            },
            ("mechanism",),
            others=ANY,
            called="the spec of a user",
        ),
    },
    ("meta", "spec"),
    others=ANY,
    called="a user",
)
_CLUSTER_KEYS = ("bootstrapAddrs", "zkAddrs", "clusterID", "zkPrefix", "versionMajor")
_WHERE = "the files of a run are about one cluster, which -e or the config names"
_WHY = {
    "placement": "the brokers place the partitions of a new topic; those of one that is there are not moved",
    "migration": "it is about how partitions are moved",
    "maintainOrder": "it is about how partitions are moved",
    **dict.fromkeys(("cluster", "environment", "region"), _WHERE),
    "consumers": "who reads a topic is said by rights",
    "kafkaVersion": "it is about how topicctl asks",
}


def take(estate: Estate, texts: Mapping[str, str]) -> None:
    """Put into the estate what the files say."""
    for root in documents.of(estate, texts, "topicctl", TOOL):
        spec = root.map["spec"]
        if any(key in spec.map for key in _CLUSTER_KEYS):
            why = "the connection is said in kafka-gitops.yaml: bootstrap, client, and cluster_id to be sure"
            estate.leave(spec, "a cluster", why)
            continue
        if "authentication" in spec.map:
            estate.leave(spec, "a user", "declare it under users: and its rights under acls:")
            continue
        shape, read = _ACLS, _acls
        if "acls" not in spec.map:
            shape, read = (_USER, _user) if "mechanism" in spec.map else (_TOPIC, _topic)
        if estate.fits(root, shape) and _is_expanded(estate, root):
            _cluster(estate, root)
            estate.rest(root, ("meta", "spec"), "", _WHY, TOOL)
            read(estate, root)


def _is_expanded(estate: Estate, root: Node) -> bool:
    """Whether no variable waits for `--expand-env`, which puts environment variables into the text."""
    before = len(estate.problems)
    pending = [root]
    while pending:
        node = pending.pop()
        pending += [*node.map.values(), *node.items]
        found = re.search(r"\$\{?[A-Za-z_][A-Za-z0-9_]*\}?", node.raw or "")
        if found is not None:
            help = "put the values in before, for example with envsubst"
            estate.error(node.span, f"found the variable {found.group()}, expected its value", help)
    return len(estate.problems) == before


def _cluster(estate: Estate, root: Node) -> None:
    meta = root.map["meta"].map if "meta" in root.map else {}
    parts = [meta[key] for key in ("cluster", "environment", "region") if key in meta and meta[key].raw]
    if parts:
        estate.cluster(" ".join(one.text for one in parts), parts[0])


def _topic(estate: Estate, root: Node) -> None:
    meta, spec = root.map["meta"], root.map["spec"]
    estate.rest(meta, ("name", "labels", "description"), "meta.", _WHY, TOOL)
    read = ("partitions", "replicationFactor", "retentionMinutes", "settings")
    estate.rest(spec, read, "spec.", _WHY, TOOL)
    own = config(estate, spec.map.get("settings"), "spec.settings.", _text)
    minutes = spec.map.get("retentionMinutes")
    if minutes is not None and number(minutes, 0) > 0:
        if "retention.ms" in own:
            estate.error(minutes.key_span, "found retentionMinutes beside retention.ms, expected one of the two")
        own = {"retention.ms": Leaf(str(number(minutes, 0) * 60_000), minutes), **own}
    topic(
        estate,
        meta.map["name"],
        node=root,
        partitions=spec.map["partitions"],
        replication=spec.map["replicationFactor"],
        config=own,
        metadata=metadata(meta.map.get("labels"), description=meta.map.get("description")),
    )


def _text(node: Node) -> str:
    """A setting as topicctl writes it."""
    value = node.value
    if not isinstance(value, float):
        return node.text
    return str(int(value)) if value.is_integer() else f"{value:.2f}"


def _user(estate: Estate, root: Node) -> None:
    meta, spec = root.map["meta"], root.map["spec"]
    estate.rest(meta, ("name",), "meta.", {**_WHY, **dict.fromkeys(("labels", "description"), _ONLY)}, TOOL)
    estate.rest(spec, ("name", "mechanism", "iterations", "password"), "spec.", _WHY, TOOL)
    named = spec.map.get("name", meta.map.get("name"))
    if named is None or not named.raw:
        estate.error(root.head, "found a user without a name", "write name: NAME under spec")
        return
    mechanism = SCRAM[spec.map["mechanism"].text]
    user(estate, named.text, {mechanism: (number(spec.map.get("iterations"), 4096), spec.map.get("password"))}, root)


def _acls(estate: Estate, root: Node) -> None:
    meta = root.map.get("meta")
    estate.rest(meta, ("name",), "meta.", {**_WHY, **dict.fromkeys(("labels", "description"), _ONLY)}, TOOL)
    estate.rest(root.map["spec"], ("acls",), "spec.", _WHY, TOOL)
    for rule in root.map["spec"].map["acls"].items:
        resource = {key: node.text for key, node in rule.map["resource"].map.items()}
        pattern = resource.get("patternType", "literal").upper()
        if pattern in ("ANY", "MATCH"):
            help = "write literal or prefixed"
            estate.error(
                rule.map["resource"].map["patternType"].span, f"found {pattern}, a filter and no pattern", help
            )
            continue
        kind = re.sub("(TRANSACTIONAL|DELEGATION)_?(ID|TOKEN)", r"\1_\2", resource["type"].upper())
        for operation in rule.map["operations"].items:
            acl = Acl(
                resource["principal"],
                resource.get("host", "*"),
                _operation(operation.text),
                resource.get("permission", "allow").upper(),
                kind,
                pattern,
                resource["name"],
            )
            estate.grant(acl, operation)


_ONLY = "only a topic has metadata"


def _operation(text: str) -> str:
    """`DescribeConfigs`, `describeconfigs`, `DESCRIBE_CONFIGS` as Kafka has it."""
    bare = text.replace("_", "").upper()
    parts = {"DESCRIBECONFIGS": "DESCRIBE_CONFIGS", "ALTERCONFIGS": "ALTER_CONFIGS"}
    parts |= {"CLUSTERACTION": "CLUSTER_ACTION", "IDEMPOTENTWRITE": "IDEMPOTENT_WRITE"}
    return parts.get(bare, bare)
