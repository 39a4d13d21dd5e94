"""Top-level keys that are parts of names: which look like something else, and which are places for anchors."""

from functools import cache

from kafka_gitops.catalog.topics import last_definition, suggest
from kafka_gitops.descriptor import sections
from kafka_gitops.descriptor.shapes import CONSUMER_KEYS, FILE, PRINCIPAL, PRODUCER_KEYS, PROJECT, TOPIC, TOPIC_HINTS
from kafka_gitops.reading.bounds import MOST_SEGMENTS
from kafka_gitops.reading.draft import Draft
from kafka_gitops.shape.found import near
from kafka_gitops.text.source import Node

ANCHORS = "x-"
OF_PROJECTS = ("topics", "consumers", "producers", "streams", "connectors", "config")
OF_CONFIG = (
    "topology", "recursive", "contexts", "kafka_version", "naming", "roles", "plans", "rules", "overrides", "manage",
    "protect", "limits", "max_hold", "prune", "undeclared_configs", "ignore_configs", "environments", "bootstrap",
    "cluster_id", "brokers", "broker_defaults",
)  # fmt: skip
ALIKE = 0.8  # of difflib's ratio: "topcis" is meant as "topics", "product" not as "producers"
_ACCEPT = 'or, if it is intended, "naming: {{segments: [{}]}}" in kafka-gitops.yaml'


def is_anchors(name: str, node: Node) -> bool:
    """Whether a key is a place for anchors, and no part of names: `x-...` with a mapping or a list."""
    return name.startswith(ANCHORS) and node.children is not None


def look(draft: Draft, root: Node, name: str, node: Node) -> None:
    """Note a part of names that is probably none."""
    if name[:1].isspace() and not name[:1].isascii():
        said = f'"{name.strip()}" is indented with spaces that YAML takes for letters, such as no-break spaces'
        draft.error(node.key_span, "segment-suspicious", said, "indent with ordinary spaces")
    elif node.children is not None:
        _children(draft, name, node)
    elif name not in draft.language.naming.segments:
        error = _error(root, name)
        if error is not None:
            what, help = error
            said = f'"{name}" {what}: here it is a part of every name of this file'
            draft.error(node.key_span, "segment-suspicious", said, f"{help}, {_ACCEPT.format(name)}")
        elif (where := _elsewhere(name)) is not None:
            said = f'"{name}" is a key {where}: here it is a part of every name of this file'
            draft.warn(node.key_span, "segment-unusual", said, f"move it where it belongs, {_ACCEPT.format(name)}")


def too_many(draft: Draft, node: Node) -> None:
    """Note the key from which on no more parts of names are read."""
    said = f"this file has more than {MOST_SEGMENTS} keys that are parts of names; the others are not read"
    draft.error(node.key_span, "segment-suspicious", said, "a topology file has one or two, such as region: eu")


def _children(draft: Draft, name: str, node: Node) -> None:
    """A mapping or a list under a key that nobody knows: the reference makes an empty part of it."""
    if name in sections.AT_TOP:
        expected = sections.AT_TOP[name].shape.what
        said = f'{node.what} under "{name}", expected {expected}: it makes an empty part in every name of this file'
        draft.error(node.key_span, "segment-suspicious", said, 'begin every entry with "- "')
        return
    meant = near(name, (*FILE.keys, *sections.AT_TOP))
    if meant:
        draft.error(node.key_span, "unknown-key", f'a topology file has no key "{name}"', f'did you mean "{meant}"?')
        return
    said = f'{node.what} under "{name}" makes an empty part in every name of this file'
    if (owner := _owner(name)) is not None:
        said, help = f'"{name}" belongs to {owner[0]}: here it makes an empty part in every name of this file', owner[1]
    else:
        help = f'for anchors call it "{ANCHORS}{name.lstrip(".-_")}"; else write a text, or delete the key'
    draft.error(node.key_span, "segment-suspicious", said, help)


def _owner(name: str) -> tuple[str, str] | None:
    """What a key with a list or a mapping belongs to, and what to do; None where it is no key of ours."""
    if name in PROJECT.keys:
        return "a project", 'indent it under the entry of "projects" that it belongs to, level with its "name"'
    if name in TOPIC.keys:
        return "a topic", 'indent it under the topic that it belongs to, level with its "name"'
    return None


def _error(root: Node, name: str) -> tuple[str, str] | None:
    """What a key is instead, and what to do; None where it may be a part of names."""
    if name in ("num.partitions", "replication.factor") or last_definition(name) is not None:
        return "is a topic config", "indent it under the config of a topic"
    if name in TOPIC_HINTS:
        return "belongs to a topic", TOPIC_HINTS[name]
    meant = _near(name, (*FILE.keys, *sections.OWN, *OF_PROJECTS), root)
    if meant is not None:
        return f'is nearly "{meant}"', f'write "{meant}"'
    config = _config(name)
    return (f'is nearly the topic config "{config}"', f"write {config} under the config of a topic") if config else None


@cache
def _config(name: str) -> str | None:
    return suggest(name) if "." in name or "_" in name else None


def _near(name: str, known: tuple[str, ...], root: Node) -> str | None:
    """The key that a name is nearly, unless that one is there too, or it is that one."""
    absent = [key for key in known if key not in root.map]
    if name in known or near(name, absent) is None:
        return None
    from difflib import get_close_matches

    found = get_close_matches(name.lower(), absent, 1, ALIKE)
    return found[0] if found else None


def _elsewhere(name: str) -> str | None:
    for where, keys in (
        ("of a project", PROJECT.keys), ("of a topic", TOPIC.keys), ("of consumers", {**PRINCIPAL, **CONSUMER_KEYS}),
        ("of producers", PRODUCER_KEYS), ("of kafka-gitops.yaml", OF_CONFIG),
    ):  # fmt: skip
        if name in keys:
            return where
    return None
