"""What everything else asks of a connector: its place in plan files, scopes, reports and exports."""

from collections.abc import Iterator, Mapping
from typing import Any

from kafka_gitops.changes import Change
from kafka_gitops.kinds.connector import spec as specs
from kafka_gitops.kinds.connector.secrets import MASK
from kafka_gitops.kinds.connector.spec import CLASS, STATE, Connector, parts
from kafka_gitops.kinds.connector.topics import reach
from kafka_gitops.kinds.holding import Single
from kafka_gitops.kinds.looks import Link, Looks
from kafka_gitops.model import Key, Spec, topic_key

_TEXT = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "config": {
            "type": "object",
            "additionalProperties": _TEXT,
            "description": "Texts by config key; a secret in clear is (secret).",
        },
        "state": {"enum": list(specs.STATES), "description": "Left out: nobody declares one."},
        "keep": {"type": "array", "items": _TEXT, "description": "Keys whose value only the worker has."},
        "replaces": {**_TEXT, "description": "CLUSTER/NAME of the connector whose offsets it takes over."},
    },
    "required": ["config"],
    "additionalProperties": False,
}


def field(spec: Connector, name: str) -> str | None:
    """A key of the config in the file, or the state: of any other word nobody knows whether it is a field."""
    return name if name in spec.config or name in (*spec.keep, STATE) else None


SINGLE = Single(
    field,
    lambda spec: [STATE, *spec.config],
    "write a key of its `config`, or `state`; to hold any other, hold the connector as a whole",
)


def load(_name: str, data: Mapping[str, Any]) -> Connector:
    """The connector of plain data. Raises TypeError for what is none."""
    return specs.load(data)


def needs(change: Change) -> Iterator[Key]:
    """The topics that a connector names one by one, and their schemas: without one of them it waits or fails.

    Those of a topic are under its name in the registry (TopicNameStrategy, what serializers do unless they are told).
    """
    if isinstance(change.after, Connector):
        for topic in reach(change.after.config).topics:
            if not topic.endswith("*"):
                yield from (topic_key(topic), Key("schema", f"{topic}-value"), Key("schema", f"{topic}-key"))


def export(key: Key, spec: Connector) -> tuple[str, dict[str, Any]]:
    """The entry of `connectors:` that declares what is there; a secret in clear becomes a key that is kept."""
    cluster, name = parts(key)
    secret = sorted(key for key, text in spec.config.items() if text == MASK)
    entry: dict[str, Any] = {"name": name, **({"cluster": cluster} if cluster else {})}
    entry["config"] = {key: text for key, text in sorted(spec.config.items()) if text != MASK}
    keep = sorted({*secret, *spec.keep})
    return "connectors", {**entry, **({"state": spec.state} if spec.state else {}), **({"keep": keep} if keep else {})}


def links(name: str, spec: Spec) -> Iterator[Link]:
    """What a connector reads and writes, for a picture; beyond it is the system that its class names."""
    if not isinstance(spec, Connector):
        return
    found, beyond = reach(spec.config), spec.config.get(CLASS, "").rpartition(".")[2].removesuffix("Connector")
    for topics, writes in ((found.reads, False), (found.writes, True)):
        for topic in topics:
            yield Link(f"connector {name}", topic.removesuffix("*"), writes, topic.endswith("*"), beyond)


LOOKS = Looks(
    "connector",
    "connectors",
    links=links,
    acts={"restart": "restarts what has failed"},
    others="config",
    where="on its workers",
)
