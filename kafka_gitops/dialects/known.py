"""Whose file is this: other tools' files told by their keys, for `lint` and `migrate`."""

import re
from typing import NamedTuple

from kafka_gitops.text.source import Node

KDEF = ("topic", "acl", "broker", "brokers")
SERVICES = ("application", "kafka-connect", "kafka-streams")  # types of devshawn's services
NAMES = ("name", "topic", "topicname")  # words of home-made lists, without signs and capitals
PARTITIONS = ("partitions", "partitioncount", "partitionscount", "numpartitions", "numofpartitions")
REPLICATION = ("replicationfactor", "replication", "replicas", "replicacount")
_OURS = {"context", "projects", "platform", "special_topics"}
_SETTINGS = {"topics", "services", "files", "ccloud", "confluent", "schema"}
_OF_TOPIC = {"partitions", "replication", "configs"}


class Known(NamedTuple):
    """A file of another tool: the word for `--from`, and what it is with its article."""

    dialect: str
    what: str


def known(root: Node) -> Known | None:
    """Which tool's file a document is, None where it is none of those that `migrate` reads."""
    version, kind = _text(root, "apiVersion"), _text(root, "kind")
    if version and kind:
        return _manifest(version, kind)
    if _is_state(root) or _is_terraform(root):
        return Known("terraform", "a Terraform state" if _is_state(root) else "a Terraform configuration")
    meta, spec = root.map.get("meta"), root.map.get("spec")
    if meta is not None and spec is not None and meta.is_map and spec.is_map:
        return Known("topicctl", "a topicctl file")
    if _is_devshawn(root):
        return Known("devshawn", "a state file of devshawn's kafka-gitops")
    return Known("list", "a list of topics") if _is_topics(root) else None


def bare(key: str) -> str:
    """A key without signs and capitals: `replication_factor` and `replicationFactor` are one word."""
    return re.sub(r"[^a-z0-9]", "", key.lower())


def command(found: Known, path: str) -> str:
    """What to type to have a topology of it."""
    from kafka_gitops import shell

    return shell.ours("migrate", "--from", found.dialect, path, "--out", "DIR")


def _text(root: Node, key: str) -> str:
    node = root.map.get(key)
    return (node.raw or "") if node is not None else ""


def _manifest(version: str, kind: str) -> Known | None:
    group = version.partition("/")[0]
    if group == "kafka.strimzi.io":
        return Known("strimzi", f"a Strimzi {kind}")
    if group.endswith("jikkou.io"):
        return Known("jikkou", f"a Jikkou {kind}")
    return Known("kdef", f"a kdef {kind}") if version == "v1" and kind in KDEF else None


def _is_topics(root: Node) -> bool:
    """Whether a file lists topics with their numbers or retention, at the top or under `topics`."""
    if root.map.keys() & _OURS:
        return False
    listed = root.map.get("topics", root)
    if not listed.is_list and "kafka" in root.map:
        listed = root.map["kafka"].map.get("topics", root)
    every = listed.items if listed.is_list else list(listed.map.values()) if listed is not root else []
    words = [{bare(key) for key in one.map} for one in every[:20]]
    told = {*PARTITIONS, *REPLICATION, "retentionms", "retentiondays", "retentionhours"}
    return any(one & told and (not listed.is_list or one & {*NAMES}) for one in words)


def _is_state(root: Node) -> bool:
    return root.map.keys() >= {"version", "terraform_version", "resources"}


def _is_terraform(root: Node) -> bool:
    resource = root.map.get("resource")
    blocks = resource.items if resource is not None and resource.is_list else [resource] if resource else []
    return any(name.startswith(("kafka_", "confluent_kafka_")) for block in blocks for name in block.map)


def _is_devshawn(root: Node) -> bool:
    if "customUserAcls" in root.map or "customServiceAcls" in root.map:
        return True
    topics, services = root.map.get("topics"), root.map.get("services")
    if topics is not None and any(one.map.keys() & _OF_TOPIC for one in topics.map.values()):
        return True
    if services is not None and any(_text(one, "type") in SERVICES for one in services.map.values()):
        return True
    users, settings = root.map.get("users"), root.map.get("settings")
    if settings is not None and settings.map and settings.map.keys() <= _SETTINGS:
        return True
    return users is not None and any("roles" in one.map for one in users.map.values())
