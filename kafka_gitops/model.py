"""The nouns: keys, specs, a state of files or of a cluster, and what the files declare where."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from kafka_gitops.diagnostics import Diagnostic, Span
from kafka_gitops.text.source import Node, Source


class Key(NamedTuple):
    """Identity of a resource everywhere: `str(Key("topic", "orders")) == "topic orders"`."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Spec(Protocol):
    """What is wanted of a resource, or there: a NamedTuple or frozen dataclass of its kind, compared by ==.

    It never holds a secret.
    """

    def fields(self) -> Mapping[str, str | None]:
        """What a person reads and an edit names, in order, None where it is unset; empty where the name says all."""


class Topic(NamedTuple):
    """A topic; partitions and replication are None where they are left to the broker, `config` holds texts."""

    partitions: int | None
    replication: int | None
    config: Mapping[str, str]

    def fields(self) -> Mapping[str, str | None]:
        """Partitions, replication, then the configs by name."""
        numbers = {"partitions": self.partitions, "replication": self.replication}
        texts = {name: None if number is None else str(number) for name, number in numbers.items()}
        return {**texts, **dict(sorted(self.config.items()))}


class Acl(NamedTuple):
    """An ACL binding in Kafka's own words: `READ`, `ALLOW`, `TOPIC`, `LITERAL`."""

    principal: str
    host: str
    operation: str
    permission: str
    resource_type: str
    pattern_type: str
    name: str

    def __str__(self) -> str:
        """`User:a may READ topic t`, `... topic t.* from 10.0.0.1`; unique: a literal name that ends in * is quoted."""
        name = self.name
        if self.pattern_type == "PREFIXED":
            name = f"{name}*" if name and not name.endswith("*") else f'"{name}"*'
        elif not name or (name != "*" and name.endswith("*")):
            name = f'"{name}"'
        verb = "may" if self.permission == "ALLOW" else "must not"
        resource = (
            "cluster"
            if self.resource_type == "CLUSTER"
            else f"{WORDS.get(self.resource_type, self.resource_type)} {name}"
        )
        host = "" if self.host == "*" else f" from {self.host}"
        return f"{self.principal} {verb} {self.operation} {resource}{host}"

    def fields(self) -> Mapping[str, str | None]:
        """Nothing: a binding is its own name."""
        return {}


WORDS = {
    "TOPIC": "topic",
    "GROUP": "group",
    "CLUSTER": "cluster",
    "TRANSACTIONAL_ID": "transactional id",
    "DELEGATION_TOKEN": "delegation token",
    "USER": "user",
}


def topic_key(name: str) -> Key:
    """The key of a topic."""
    return Key("topic", name)


def acl_key(acl: Acl) -> Key:
    """The key of an ACL binding: a binding is its own identity."""
    return Key("acl", str(acl))


class TopicDecl(NamedTuple):
    """One declaration of a topic: `node` is its entry under `topics:`, `project` None for a special topic."""

    name: str
    spec: Topic
    node: Node
    project: str | None
    plan: str | None = None
    dlq: bool = False
    protected: bool = False
    keyed: bool = False


class Grant(NamedTuple):
    """One entry that gives rights, and the bindings that it expands to.

    Its role: `consumer`, `producer`, `streams`, `connector`, `ksql`, `schema_registry`, `control_center`,
    `ksql_server`, `acl` for explicit bindings, else a custom role's name.
    """

    role: str
    principal: str
    node: Node
    project: str | None
    acls: tuple[Acl, ...]


class Declared(NamedTuple):
    """One declaration of one resource: `node` is its entry, `project` None at the top of a file."""

    key: Key
    spec: Spec
    node: Node
    project: str | None = None
    flags: frozenset[str] = frozenset()


class Removal(NamedTuple):
    """A `removed:` statement: delete the resource, or with `release` only stop managing it.

    `part` is what of it is meant where that is not all: one of a user's mechanisms, a version of a schema.
    """

    key: Key
    release: bool
    because: str | None
    node: Node
    part: str | None = None


class AclRemoval(NamedTuple):
    """A `removed:` statement about rights: take away exactly these bindings, whoever made them."""

    acls: tuple[Acl, ...]
    because: str | None
    node: Node


class Release(NamedTuple):
    """A `removed:` statement that lets go of many: from now on nothing here touches them, and they stay as they are.

    Of a project (of one context, where that is named) all that the files before declared, or what patterns have (lists
    by the names of `manage`), or exact bindings.
    """

    because: str | None
    node: Node
    project: str | None = None
    context: str | None = None
    lists: Mapping[str, tuple[str, ...]] = {}
    acls: tuple[Acl, ...] = ()

    @property
    def says(self) -> str:
        """What it names, in half a sentence: `project pay`, `topics acme.pay.*, groups pay-*`."""
        if self.project is not None:
            return f"project {self.project}" + (f" of context {self.context}" if self.context is not None else "")
        told = [f"{name.replace('_', ' ')} {', '.join(patterns)}" for name, patterns in self.lists.items()]
        return ", ".join(told) or ", ".join(map(str, self.acls))


class Access(NamedTuple):
    """An expectation of `access:`: whether a principal can do one operation on all of some resources.

    `resources` are (resource type, name); a name that ends in * stands for all that begin so, a lone * for all; `host`
    None means any host.
    """

    principal: str
    wanted: bool
    operation: str
    resources: tuple[tuple[str, str], ...]
    host: str | None
    node: Node


class _Said(NamedTuple):
    topics: tuple[TopicDecl, ...] = ()
    grants: tuple[Grant, ...] = ()
    removals: tuple[Removal, ...] = ()
    sources: Mapping[str, Source] = {}
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    access: tuple[Access, ...] = ()
    segments: Mapping[str, Mapping[str, str]] = {}  # of each file the parts of names by key
    unread: tuple[str, ...] = ()  # sub-directories with topology files
    acl_removals: tuple[AclRemoval, ...] = ()
    declared: tuple[Declared, ...] = ()  # of every kind but topics and ACLs
    alone: Mapping[str, Sequence[Diagnostic]] | None = None  # what was said of each file by itself
    releases: tuple[Release, ...] = ()
    parts: object = None  # what `descriptor.build` keeps of each file for the same files at another time


class Topology(_Said):
    """What the files say and where: every declaration with its node, and the desired state that they add up to.

    `problems` are the findings made while reading (syntax, shape, names); `notes` are sentences for the user that are
    no findings (files ignored, resources outside managed prefixes).
    """

    @cached_property
    def state(self) -> dict[Key, Spec]:
        """The desired state: every resource by its key."""
        state: dict[Key, Spec] = {topic_key(name): spec for name, spec in self.specs.items()}
        state.update((acl_key(acl), acl) for acl in self.acls)
        for declared in self.declared:
            state.setdefault(declared.key, declared.spec)
        return state

    def of(self, kind: str) -> tuple[Declared, ...]:
        """The declarations of a kind (none of topics and ACLs); of two of one name the first counts."""
        return tuple({one.key: one for one in reversed(self.declared) if one.key.kind == kind}.values())[::-1]

    def specs_of(self, kind: str) -> Mapping[Any, Spec]:
        """The same as `wanted` by what tells two of a kind apart: a binding itself, of which no name is made."""
        return self._told.get(kind) or {one.key: one.spec for one in self.of(kind)}

    @cached_property
    def _told(self) -> dict[str, Mapping[Any, Spec]]:
        return {"topic": self.specs, "acl": {acl: acl for acl in self.acls}}

    def wanted(self, kind: str) -> dict[Key, Spec]:
        """What of the desired state is of one kind, topics and ACLs too."""
        return self._by_kind.get(kind, {})

    @cached_property
    def _by_kind(self) -> dict[str, dict[Key, Spec]]:
        kinds: dict[str, dict[Key, Spec]] = {}
        for key, spec in self.state.items():
            kinds.setdefault(key.kind, {})[key] = spec
        return kinds

    def removed(self, kind: str) -> tuple[Removal, ...]:
        """The removals that are stated of a kind (those of ACLs are `acl_removals`)."""
        return tuple(removal for removal in self.removals if removal.key.kind == kind)

    @cached_property
    def specs(self) -> dict[str, Topic]:
        """The topics by name; of two declarations of a name the first counts (`topic-duplicate` tells the second)."""
        specs: dict[str, Topic] = {}
        for declared in self.topics:
            specs.setdefault(declared.name, declared.spec)
        return specs

    @cached_property
    def acls(self) -> dict[Acl, Grant]:
        """Every binding with the first entry that gives it."""
        found: dict[Acl, Grant] = {}
        for grant in self.grants:
            for acl in grant.acls:
                found.setdefault(acl, grant)
        return found

    @cached_property
    def revoked(self) -> dict[Acl, AclRemoval]:
        """Every binding that is stated to be removed, with the first statement."""
        found: dict[Acl, AclRemoval] = {}
        for removal in self.acl_removals:
            for acl in removal.acls:
                found.setdefault(acl, removal)
        return found

    @cached_property
    def configs(self) -> frozenset[tuple[str, str]]:
        """Every (key, value) of the topics' configs, each once: of very many topics there are few."""
        return frozenset().union(*(topic.spec.config.items() for topic in self.topics))

    @cached_property
    def forms(self) -> frozenset[tuple[str, ...]]:
        """(host, operation, permission, resource type, pattern type) of all bindings, each once: there are few."""
        return frozenset(acl[1:6] for grant in self.grants for acl in grant.acls)

    @cached_property
    def named(self) -> list[tuple["Grant", Acl]]:
        """The resources that each entry names, once each, by a binding; not the cluster, nor the files' topics."""
        topics, found = self.specs, []
        for grant in self.grants:
            seen = set()
            for acl in grant.acls:
                kind, name = acl.resource_type, acl.name
                if kind == "CLUSTER" or (kind == "TOPIC" and name in topics):
                    continue
                if (kind, acl.pattern_type, name) not in seen:
                    seen.add((kind, acl.pattern_type, name))
                    found.append((grant, acl))
        return found

    @cached_property
    def given(self) -> frozenset[tuple[str, str]]:
        """What the entries name, once each: `("principal", ...)`, and the resources of `named` as `("group", ...)`."""
        principals = {("principal", grant.principal) for grant in self.grants}
        kinds = {(acl.resource_type, acl.name) for _, acl in self.named}
        return frozenset(principals | {(WORDS.get(kind, kind), name) for kind, name in kinds})

    @cached_property
    def _nodes(self) -> dict[Key, Node]:
        nodes: dict[Key, Node] = {}
        for topic in self.topics:
            nodes.setdefault(topic_key(topic.name), topic.node)
        for acl, grant in self.acls.items():
            nodes[acl_key(acl)] = grant.node
        for one in self.declared:
            nodes.setdefault(one.key, one.node)
        for removal in self.removals:
            nodes.setdefault(removal.key, removal.node)
        for acl, revoked in self.revoked.items():
            nodes.setdefault(acl_key(acl), revoked.node)
        return nodes

    def at(self, key: Key, *path: str) -> Span | None:
        """Where a resource is declared (or a value below its entry); None when no file does."""
        node = self.node(key)
        return node.at(*path) if node is not None else None

    def node(self, key: Key) -> Node | None:
        """The entry that declares a resource; None when no file does."""
        return self._nodes.get(key)

    def by_name(self) -> Iterator[tuple[str, list[TopicDecl]]]:
        """Each topic name with all its declarations, in the order of the first ones."""
        names: dict[str, list[TopicDecl]] = {}
        for declared in self.topics:
            names.setdefault(declared.name, []).append(declared)
        yield from names.items()
