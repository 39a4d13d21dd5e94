"""What a rule is: a module with a name, a severity, options, a page (its docstring) and a pure `check`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from kafka_gitops import catalog
from kafka_gitops.diagnostics import Note, Severity, Span
from kafka_gitops.model import Acl, Grant, TopicDecl, Topology
from kafka_gitops.patterns import Bounded
from kafka_gitops.rules.options import milliseconds
from kafka_gitops.settings import Scope
from kafka_gitops.text.source import Node


class Options(NamedTuple):
    """A rule's own options and the facts that an environment declares; what is not declared is None or empty."""

    values: Mapping[str, object] = {}
    kafka_version: str | None = None
    broker_defaults: Mapping[str, str] = {}
    brokers: int | None = None
    scopes: tuple[Scope, ...] = ()
    prune: frozenset[str] = frozenset()
    ignore_configs: tuple[str, ...] = ()
    environment: str | None = None

    def number(self, name: str) -> int:
        """An option that is a whole number."""
        value = self.values[name]
        assert isinstance(value, int)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """An option that is a list of texts."""
        value = self.values[name]
        assert isinstance(value, tuple | list)
        return tuple(map(str, value))

    def flag(self, name: str) -> bool:
        """An option that is true or false."""
        return self.values[name] is True

    def pattern(self, name: str) -> re.Pattern[str] | None:
        """An option that is a regular expression; None where none is given."""
        return re.compile(str(self.values[name])) if self.values[name] else None

    def bounded(self, name: str) -> Bounded | None:
        """The same for whole texts, with an end to the time that it takes."""
        return Bounded(str(self.values[name])) if self.values[name] else None

    def mapping(self, name: str) -> dict[str, tuple[str, ...]]:
        """An option that is a mapping to texts or lists of texts."""
        value = self.values[name]
        assert isinstance(value, Mapping)
        return {key: (one,) if isinstance(one, str) else tuple(one) for key, one in value.items()}

    def milliseconds(self, name: str) -> int:
        """An option that is a duration."""
        return milliseconds(self.values[name]) or 0

    def default(self, key: str) -> str | None:
        """What the environment's brokers give a topic that does not set this topic config; None: unknown."""
        definition = catalog.last_definition(key)
        for name in (definition.broker_key or key if definition else key, key):
            if name in self.broker_defaults:
                return self.broker_defaults[name]
        for name, factor in _COARSER.get(key, ()):
            if (number := whole(self.broker_defaults.get(name))) is not None:
                return str(number * factor if number >= 0 else -1)
        return None


# Broker settings in other units, in the order in which KafkaConfig looks at them
_COARSER = {
    "retention.ms": (("log.retention.minutes", 60_000), ("log.retention.hours", 3_600_000)),
    "segment.ms": (("log.roll.hours", 3_600_000),),
}


class Page(Protocol):
    """A rule whose findings are made while the files are read; the module's docstring is its page."""

    NAME: str
    SEVERITY: Severity
    OPTIONS: Mapping[str, object]


class Rule(Page, Protocol):
    """A rule that looks at what the files add up to.

    `ALONE` says that it judges each file by itself: what it says of a file stands in it, and no other file changes it.
    A function says whether it does so with these options.
    """

    @property
    def ALONE(self) -> bool | Callable[[Options], bool]: ...

    def check(self, topology: Topology, options: Options) -> Iterator[Note]:
        """Say what is wrong and where; the caller adds name and severity, filters and sorts."""


class ChangeRule(Page, Protocol):
    """A rule over a change; its findings have a place in the files as they are, and name their subject."""

    def check(self, before: Topology, after: Topology, options: Options) -> Iterator[Note]:
        """Say what the change from `before` to `after` does; the caller adds name and severity, approves, sorts."""


def name_place(declared: TopicDecl) -> Span:
    """Where the name of a topic stands."""
    return declared.node.at("name")


def config_place(declared: TopicDecl, key: str) -> Span:
    """Where a topic's config value stands: at the topic, else at the plan that it comes from, else at its name."""
    for path in (("config", key), ("plan",), ("name",)):
        found = declared.node.get(*path)
        if found is not None:
            return found.head
    return declared.node.head


def key_place(declared: TopicDecl, key: str) -> Span:
    """As `config_place`, for what is wrong with the key itself."""
    found = declared.node.get("config", key)
    return found.key_span if found is not None else config_place(declared, key)


def keys(topology: Topology, judge: Callable[[str], object]) -> Iterator[tuple[TopicDecl, str]]:
    """Each topic with each of its config keys of which `judge` is true; dead letter topics have their topic's."""
    judged = {key for key in {key for key, _ in topology.configs} if judge(key)}
    for declared in topology.topics if judged else ():
        if not declared.dlq:
            yield from ((declared, key) for key in declared.spec.config if key in judged)


def principal_place(grant: Grant) -> Span:
    """Where the principal of an entry stands, also in a list of principals and in the short form."""
    for item in _items(grant, "principals"):
        if item[0] == grant.principal:
            return item[1]
    found = grant.node.get("principal")
    return found.head if found is not None else grant.node.head


_WRITTEN = {
    "TOPIC": ("topics", "topic", "applicationId", "ksqlDbId", "appId"),
    "GROUP": ("groups", "group", "applicationId", "ksqlDbId", "appId"),
    "TRANSACTIONAL_ID": ("transactional_ids", "transactionId", "applicationId"),
    "DELEGATION_TOKEN": ("delegation_tokens",),
    "USER": ("users",),
    "CLUSTER": ("cluster",),
}


def binding_place(grant: Grant, acl: Acl) -> Span:
    """Where the name of a binding's resource is written in its entry; the principal where it is not written there."""
    written = f"{acl.name}*" if acl.pattern_type == "PREFIXED" else acl.name
    if is_literal(grant, acl):
        written = f"{{literal: {acl.name}}}"
    for key in _WRITTEN.get(acl.resource_type, ()):
        for text, span in _items(grant, key):
            if text == written:
                return span
        found = grant.node.get(key)
        if found is not None and found.children is None:
            return found.head
    return principal_place(grant)


def is_literal(grant: Grant, acl: Acl) -> bool:
    """Whether an entry names the resource of a binding as `{literal: NAME}`: it is meant, whatever it looks like."""
    listed = (grant.node.get(key) for key in _WRITTEN.get(acl.resource_type, ())) if grant.role == "acl" else ()
    names = (item.map["literal"].text for found in listed if found for item in found.items if "literal" in item.map)
    return acl.pattern_type == "LITERAL" and acl.name in names


def _items(grant: Grant, key: str) -> list[tuple[str, Span]]:
    found = grant.node.get(key)
    return [(_text(item), item.head) for item in found.items] if found is not None else []


def _text(item: Node) -> str:
    literal = item.map.get("literal")
    return item.text if literal is None else f"{{literal: {literal.text}}}"


@lru_cache(maxsize=1024)
def whole(text: str | None) -> int | None:
    """A text as a whole number, None where it is none."""
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None


def replication(declared: TopicDecl, options: Options) -> int | None:
    """The effective replication factor: the topic's (or its plan's), else the broker's default, else unknown."""
    if declared.spec.replication is not None:
        return declared.spec.replication
    return whole(options.broker_defaults.get("default.replication.factor"))


def min_isr(declared: TopicDecl, options: Options) -> int | None:
    """The effective `min.insync.replicas`, by the same order."""
    key = "min.insync.replicas"
    return whole(declared.spec.config.get(key, options.broker_defaults.get(key)))


@lru_cache(maxsize=256)
def policies(text: str | None) -> frozenset[str]:
    """The members of a `cleanup.policy`; empty where it is unknown."""
    return frozenset() if text is None else frozenset(map(str.strip, text.split(",")))


def label(declared: TopicDecl, names: Sequence[str]) -> Node | None:
    """The first of these keys in a topic's metadata that says something; case, `-`, `_`, `.` do not count."""
    metadata = declared.node.get("metadata")
    if metadata is None or not metadata.map:
        return None
    wanted = set(map(_bare, names))
    for key, node in metadata.map.items():
        if _bare(key) in wanted and any(_says(one.text) for one in node.items or [node]):
            return node
    return None


@lru_cache(maxsize=1024)
def _bare(key: str) -> str:
    return re.sub(r"[-_. ]", "", key).lower()


def _says(text: str) -> bool:
    return text.strip().lower() not in ("", "null", "none", "n/a", "na", "-", "?", "tbd", "todo", "unknown", "false")


def version(text: str) -> tuple[int, ...]:
    """`"3.9.1"` as (3, 9, 1), so that versions compare as numbers; `"4"` is the newest known 4.x."""
    return tuple(whole(part) or 0 for part in (text if "." in text else catalog.resolve(text)).split("."))
