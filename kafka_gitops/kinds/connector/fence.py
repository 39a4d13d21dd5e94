"""What `manage` lets a connector be: its name, its class, its secrets, its overrides, its topics."""

import re
from collections.abc import Iterator, Mapping, Sequence

from kafka_gitops.kinds.connector.checks import OVERRIDES
from kafka_gitops.kinds.connector.secrets import references
from kafka_gitops.kinds.connector.spec import CLASS, Connector, parts, same_class
from kafka_gitops.kinds.connector.topics import reach
from kafka_gitops.kinds.contract import PROTECTED
from kafka_gitops.model import Key
from kafka_gitops.scope import fence
from kafka_gitops.settings import Scope, matches

MANAGE = {
    "connectors": "Connectors, by name or CLUSTER/NAME; a pattern ends in * or is exact; none where left out.",
    "connector_classes": "Classes that connectors may have, by their full names; none where left out.",
    "connector_overrides": "Keys such as producer.override.linger.ms that connectors may set; none where left out.",
    "secrets": "References of config providers that connectors may use (file:/etc/pay/*); none where left out.",
}


def outside(scopes: Sequence[Scope], key: Key, spec: Connector | None) -> str | None:
    """Why `manage` keeps a connector outside, in a clause; None inside. Without a spec only its name is looked at."""
    return next((why for scope in scopes for why in _outside(scope, key, spec)), None)


def claims(key: Key, spec: Connector) -> Iterator[tuple[str, str]]:
    """Its name, what its config uses, and the topics that it reads and writes."""
    yield "connectors", key.name
    yield from ((list_, name) for list_, name, _ in _used(spec.config))
    yield from (("topics", topic) for topic in reach(spec.config).topics)


def protected(protect: Mapping[str, Sequence[str]], key: Key) -> str | None:
    """Why a connector may never be deleted, in a clause, or None."""
    return PROTECTED if _named(protect.get("connectors"), key.name) else None


def reachable(scopes: Sequence[Scope], spec: Connector, *, sink: bool | None = None) -> Iterator[str]:
    """Why nobody can tell that a connector stays within `manage.topics`; nothing where no scope bounds topics."""
    bounds = [patterns for scope in scopes if (patterns := scope.get("topics")) is not None and "*" not in patterns]
    if not bounds:
        return
    found = reach(spec.config, sink=sink)
    yield from found.open
    for topic in found.topics:
        if any(_partly(patterns, topic) for patterns in bounds):
            yield f"of the topics {topic} only a part is inside"


def _outside(scope: Scope, key: Key, spec: Connector | None) -> Iterator[str]:
    for name in (key.name, *((spec.replaces,) if spec is not None and spec.replaces else ())):
        if not _named(scope.get("connectors"), name):
            yield fence(scope, "connectors", name).reason() + (
                "" if name == key.name else f": {name}, which it replaces"
            )
    for list_, wanted, what in _used(spec.config) if spec is not None else ():
        if not _among(scope.get(list_) or (), wanted, list_):
            yield f"{what}: {fence(scope, list_, wanted).reason()}"
    topics = scope.get("topics")
    for topic in reach(spec.config).topics if spec is not None and topics is not None else ():
        if not any(_covers(pattern, topic) for pattern in topics or ()) and not _partly(topics or (), topic):
            yield f"it uses topic {topic}: {fence(scope, 'topics', topic).reason()}"


def _used(config: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The list of `manage`, what must be in it, and words for that."""
    yield "connector_classes", config.get(CLASS, ""), f"its class {config.get(CLASS)}"
    for key, text in config.items():
        if key.startswith(OVERRIDES):
            yield "connector_overrides", key, f"its override {key}"
        for reference in references(text):
            yield "secrets", str(reference), f"the secret of {key}, {reference}"


def _among(patterns: Sequence[str], name: str, list_: str) -> bool:
    if list_ == "connector_classes" and any(same_class(pattern, name) for pattern in patterns):
        return True
    if list_ == "secrets" and ".." in re.split(r"[:/\\]", name):  # out of the directory that a pattern names
        return name in patterns
    return any(matches(pattern, name) for pattern in patterns)


def _named(patterns: Sequence[str] | None, name: str) -> bool:
    bare = parts(Key("", name))[1]
    return any(matches(pattern, name if "/" in pattern else bare) for pattern in patterns or ())


def _partly(patterns: Sequence[str], topic: str) -> bool:
    """Whether of all topics that begin so the patterns have some."""
    begins = topic.endswith("*") and not any(_covers(pattern, topic) for pattern in patterns)
    return begins and any(pattern.startswith(topic[:-1]) for pattern in patterns)


def _covers(pattern: str, topic: str) -> bool:
    """Whether a pattern has a topic, or all topics that begin so."""
    if topic.endswith("*"):
        return pattern.endswith("*") and topic[:-1].startswith(pattern[:-1])
    return matches(pattern, topic)
