"""JulieOps' own keys of a .properties file, in the words of kafka-gitops.yaml."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from kafka_gitops.config import servers, validations
from kafka_gitops.config.client_keys import Given
from kafka_gitops.settings import PROVIDERS, RuleSetting

BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}  # Typesafe config: lower case only


class Read(NamedTuple):
    """What a .properties file says about the language, by dotted name; what has no effect here; what is wrong."""

    values: dict[str, object]
    origins: dict[str, str]
    unused: tuple[str, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    rules: Mapping[str, RuleSetting] = {}
    rights: str | None = None  # where rights come from, if not from Kafka's own ACLs


TEXTS = {  # key -> dotted name; those without a place in kafka-gitops.yaml begin with "julie."
    "topology.topic.prefix.format": "naming.topic",
    "topology.project.prefix.format": "naming.project",
    "topology.topic.prefix.separator": "naming.separator",
    "topology.topic.dlq.prefix.format": "naming.dlq.topic",
    "topology.topic.dlq.label": "naming.dlq.label",
    "julie.roles": "roles",
    "confluent.monitoring.topic": "acls.control_center.monitoring",
    "confluent.command.topic": "acls.control_center.command",
    "confluent.metrics.topic": "acls.control_center.metrics",
}
FLAGS = {
    "topology.dlq.topics.generate": "naming.dlq.generate",
    "topology.acls.optimized": "acls.optimized",
    "topology.connector.allow.topic.create": "acls.connector_topic_create",
    "julie.multiple.context.per.dir.enabled": "contexts",
}
LISTS = {
    "topology.dlq.topics.allow.list": "naming.dlq.allow",
    "topology.dlq.topics.deny.list": "naming.dlq.deny",
    "topology.topic.managed.prefixes": "julie.managed.topics",
    "topology.group.managed.prefixes": "julie.managed.groups",
    "topology.service.accounts.managed.prefixes": "julie.managed.service_accounts",
    "platform.servers.connect": "julie.connect_servers",
    "kafka.internal.topic.prefixes": "protect.topics",
    validations.CLASSES: "",
}
_OWN_ACLS = "SimpleAclsProvider"  # JulieOps' default, which makes Kafka's ACLs
_INDEX = re.compile(r"(.+)\.(\d+)$")


def is_key(key: str) -> bool:
    """Whether a key of a .properties file has an effect here, client keys apart; also an element of a list."""
    index = _INDEX.match(key)
    named = index[1] if index else key
    return key in TEXTS or key in FLAGS or named in LISTS or key in validations.KEYS or servers.is_key(key)


def read(given: Mapping[str, Given]) -> Read:
    """Every key that is not a client key; all problems at once, with their places.

    Source: JulieOps' Constants.java and Configuration.java, read through Typesafe config.
    """
    found = Read({}, {}, (), (), ())
    unused: list[str] = []
    problems: list[str] = []
    notes: list[str] = []
    lists: dict[str, dict[int, Given]] = {}
    for key, one in given.items():
        index = _INDEX.match(key)
        if index and index[1] in LISTS:
            lists.setdefault(index[1], {})[int(index[2])] = one
        elif key in LISTS:
            problems.append(f"{one.origin}: {key} is a list: write {key}.0=..., {key}.1=...")
        elif key in TEXTS:
            _put(found, TEXTS[key], one.value, one.origin)
        elif key in FLAGS:
            problems += _flag(found, key, one)
        elif (
            servers.is_key(key)
            or key in validations.KEYS
            or key.endswith("access.control.class")
            or _rights(key, one) is not None
        ):
            continue
        elif key.startswith("allow.delete."):
            notes.append(f"{one.origin}: {key} has no effect: deletion works differently here, see `prune`")
        else:
            unused.append(key)
    classes = lists.pop(validations.CLASSES, {})
    rules, wrong, others = validations.rules([classes[at] for at in sorted(classes)], given)
    problems += wrong
    notes += others
    for key, items in lists.items():
        problems += _list(found, key, [items[at] for at in sorted(items)])
    problems += _formats(found, given)
    said = [(_rights(key, one), one.origin) for key, one in given.items()]
    for told, origin in [(told, origin) for told, origin in said if told is not None][:1]:
        _put(found, "acls.provider", told.provider, origin)
        found = found._replace(rights=f"{origin}: {told.said}")
    found = found._replace(unused=tuple(unused), problems=tuple(problems), notes=tuple(notes))
    return found._replace(rules=rules)


class _Rights(NamedTuple):
    provider: str
    said: str


def _rights(key: str, one: Given) -> _Rights | None:
    """Who gives rights where they are no ACLs of Kafka: role bindings of Confluent, ACLs of Confluent Cloud."""
    name = one.value.strip().rpartition(".")[2]
    if key.endswith("access.control.class") and name and name != _OWN_ACLS:
        provider = "confluent-cloud" if "cloud" in name.lower() else "rbac" if "RBAC" in name else "other"
        return _Rights(provider, f"{key} is {name}: rights here are given by {PROVIDERS.get(provider, name)}")
    if "io.confluent." in one.value and re.search(r"rbac|authorizer", one.value, re.IGNORECASE):
        return _Rights("rbac", f"{key} names {name}: rights here are given by Confluent's authorizer (RBAC)")
    return None


def _put(found: Read, name: str, value: object, origin: str) -> None:
    found.values[name], found.origins[name] = value, origin


def _flag(found: Read, key: str, one: Given) -> list[str]:
    value = BOOLEANS.get(one.value.strip())
    if value is None:
        return [f'{one.origin}: {key} is "{one.value}", expected true or false']
    name = FLAGS[key]
    _put(found, name, ("many" if value else "one") if name == "contexts" else value, one.origin)
    return []


def _list(found: Read, key: str, items: list[Given]) -> list[str]:
    values = tuple(item.value.strip() for item in items)
    name = LISTS[key]
    if name == "julie.connect_servers":
        values = tuple(value.partition(":")[0] for value in values)
    if name == "protect.topics":
        values = tuple(f"{value}*" for value in values)
    _put(found, name, values, items[0].origin)
    return [
        f"{item.origin}: {key} has an empty element; it would match everything, leave it out"
        for item in items
        if not item.value.strip() and ("managed" in name or name == "protect.topics")
    ]


def _formats(found: Read, given: Mapping[str, Given]) -> list[str]:
    """The pairing that JulieOps asks for at start-up (Configuration.java, validateTopicNamePattern)."""
    topic, project = given.get("topology.topic.prefix.format"), given.get("topology.project.prefix.format")
    return pairing(
        topic or Given("default", ""),
        project or Given("default", ""),
        ("topology.topic.prefix.format", "topology.project.prefix.format"),
    )


def pairing(topic: Given, project: Given, names: tuple[str, str]) -> list[str]:
    """What is wrong with a pair of name formats; `names` are what the user calls the two."""
    if (topic.value == "default") != (project.value == "default"):
        set_, other = names if topic.value != "default" else names[::-1]
        return [f"{topic.origin or project.origin}: {set_} is set and {other} is default; set both or none"]
    if topic.value not in ("default", "name") and not topic.value.startswith(project.value):
        said = f'"{topic.value}" does not begin with {names[1]} "{project.value}"'
        return [f"{topic.origin}: {names[0]} {said}; it must, so that a project's prefix covers its topics"]
    if topic.value == "name" and not "name".startswith(project.value):
        return [f'{topic.origin}: {names[0]} "name" needs an empty {names[1]}, found "{project.value}"']
    return []
