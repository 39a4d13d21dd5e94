"""Whether a resource lies inside what a run may touch (`manage`; ledgers never): predicates for lint, plan, policy."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from kafka_gitops.errors import listed
from kafka_gitops.model import Acl
from kafka_gitops.settings import LEDGERS, ManagedPrefixes, Scope

_OPEN = {"TOPIC": "topics", "GROUP": "groups", "TRANSACTIONAL_ID": "transactional_ids"}  # without their list
_CLOSED = {"CLUSTER": "cluster", "DELEGATION_TOKEN": "delegation_tokens", "USER": "principals"}  # without their list
HARMLESS = "IDEMPOTENT_WRITE"  # on the cluster: what every idempotent producer needed before Kafka 2.8 (KIP-679)


class Fence(NamedTuple):
    """Why something is outside `manage`: the list that does not have it, what is missing there, and what is in it.

    `key` is None for a resource type that no list is about, empty for what is kept for ledgers; `place` is empty where
    nobody knows it, `holds` None where the list is not stated.
    """

    key: str | None
    missing: str
    place: str
    holds: tuple[str, ...] | None

    def reason(self) -> str:
        """A clause about something that was named before; it names what that name does not tell."""
        if self.reserved:
            return f"it is kept for ledgers (`{LEDGERS}*`), which no file manages"
        where = f" of {self.place}" if self.place else ""
        if self.key is None:
            return f"no list of `manage`{where} is about a {self.missing}"
        subject = {"cluster": f"{self.missing} on the cluster", "principals": f"`{self.missing}`"}.get(self.key, "it")
        holds = "not stated" if self.holds is None else listed(self.holds, most=3) or "none"
        return f"{subject} is not in `manage.{self.key}`{where} ({holds})"

    @property
    def reserved(self) -> bool:
        """Whether no list can let it in."""
        return self.key == ""

    @property
    def file(self) -> str:
        """The file in which the scope stands, empty where nobody knows it."""
        return self.place.split(":")[0]


_RESERVED = Fence("", LEDGERS, "", None)


def reserved(acl: Acl) -> bool:
    """Whether a binding is about ledgers: by a name or a prefix, not by the wildcard, which is about all topics."""
    if not acl.name.startswith("_") or acl.resource_type != "TOPIC":
        return False
    reaches = acl.pattern_type == "PREFIXED" and LEDGERS.startswith(acl.name)
    return reaches or acl.name.startswith(LEDGERS)


def topic_inside(scopes: Sequence[Scope], name: str) -> bool:
    """Whether every scope has the topic; a scope without topic patterns has all."""
    return topic_fence(scopes, name) is None


def acl_inside(scopes: Sequence[Scope], acl: Acl) -> bool:
    """Whether every scope has the binding, by its principal and by what the right is on.

    Topics, groups, transactional ids, delegation tokens and users by their names, the cluster by the operation. A
    PREFIXED binding is inside only when its whole prefix is; a literal `*` (Kafka's wildcard, `WILDCARD_RESOURCE`) only
    where a pattern is `*`. IDEMPOTENT_WRITE on the cluster may be granted anywhere. A resource type that is not known
    is inside no scope.
    """
    return acl_fence(scopes, acl) is None


def topic_fence(scopes: Sequence[Scope], name: str) -> Fence | None:
    """The list that keeps a topic outside, None where every scope has it; those of ledgers are outside of each."""
    if name.startswith(LEDGERS):
        return _RESERVED
    for scope in scopes:
        patterns = scope.get("topics")
        if patterns is not None and not _name_inside(patterns, name):
            return fence(scope, "topics", name)
    return None


def closed_fence(scopes: Sequence[Scope], key: str, name: str) -> Fence | None:
    """The scope that has no list of that name, or whose list does not have the resource: closed unless stated."""
    for scope in scopes:
        if not _name_inside(scope.get(key) or (), name):
            return fence(scope, key, name)
    return None


def acl_fence(scopes: Sequence[Scope], acl: Acl) -> Fence | None:
    """The same for a binding: of several lists the one about its principal."""
    if reserved(acl):
        return _RESERVED
    return next(filter(None, (_acl_fence(scope, acl) for scope in scopes)), None)


def managed_inside(managed: ManagedPrefixes, acl: Acl) -> bool:
    """Whether a binding is among JulieOps' managed prefixes."""
    accounts = managed.service_accounts
    ours = not accounts or acl.principal.startswith(accounts)
    if acl.name == "*":
        return ours
    by_type = {"TOPIC": managed.topics, "GROUP": managed.groups}.get(acl.resource_type, ())
    return ours and (not by_type or acl.name.startswith(by_type))


def all_topics(scopes: Sequence[Scope]) -> bool:
    """Whether `manage.topics` says in so many words that all topics are this repository's."""
    stated = [topics for scope in scopes if (topics := scope.get("topics")) is not None]
    return bool(stated) and all("*" in topics for topics in stated)


def stated(scopes: Sequence[Scope], key: str) -> bool:
    """Whether a scope says by this list what is own; a pattern for everything says nothing."""
    own = [scope.get(key) for scope in scopes]
    return any(patterns is not None and not set(patterns) & {"*", "User:*"} for patterns in own)


def fence(scope: Scope, key: str, missing: str) -> Fence:
    return Fence(key, missing, scope.places.get(key, scope.places.get("", "")), scope.get(key))


def _acl_fence(scope: Scope, acl: Acl) -> Fence | None:
    principals = scope.get("principals")
    if principals is not None and not _name_inside(principals, acl.principal):
        return fence(scope, "principals", acl.principal)
    open_ = _OPEN.get(acl.resource_type)
    if open_ is not None:
        patterns = scope.get(open_)
        return None if patterns is None or covers(patterns, acl) else fence(scope, open_, _written(acl))
    key = _CLOSED.get(acl.resource_type)
    if key is None:
        return Fence(None, acl.resource_type, scope.places.get("", ""), None)
    if key == "cluster":
        return None if _operation_inside(scope.get("cluster") or (), acl) else fence(scope, key, acl.operation)
    return None if covers(scope.get(key) or (), acl) else fence(scope, key, _written(acl))


def _operation_inside(operations: tuple[str, ...], acl: Acl) -> bool:
    """Whether a right on the cluster is named; whoever may grant ALL may grant each."""
    if acl.operation == HARMLESS and acl.permission == "ALLOW":
        return True
    return bool({acl.operation, "ALL"} & set(operations))


def _written(acl: Acl) -> str:
    return f"{acl.name}*" if acl.pattern_type == "PREFIXED" else acl.name


def covers(patterns: tuple[str, ...], acl: Acl) -> bool:
    """Whether all that a binding is about, by its name alone, is among patterns of names."""
    if acl.pattern_type == "LITERAL" and acl.name == "*":
        return "*" in patterns
    if acl.pattern_type == "LITERAL":
        return _name_inside(patterns, acl.name)
    return _Patterns.of(patterns).prefixed(acl.name)


def _name_inside(patterns: tuple[str, ...], name: str) -> bool:
    compiled = _Patterns.of(patterns)
    return name in compiled.exact or compiled.prefixed(name)


class _Patterns:
    """Patterns by what they ask: the exact ones, and the beginnings by their few lengths."""

    _KNOWN: ClassVar[dict[int, "_Patterns"]] = {}

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self.patterns = patterns  # as long as they are kept here, their id is theirs
        self.exact = frozenset(one for one in patterns if not one.endswith("*"))
        self._beginnings: dict[int, set[str]] = {}
        for one in patterns:
            if one.endswith("*"):
                self._beginnings.setdefault(len(one) - 1, set()).add(one[:-1])

    @classmethod
    def of(cls, patterns: tuple[str, ...]) -> "_Patterns":
        """Those of a list, made once: of thousands of patterns each name would ask each."""
        found = cls._KNOWN.get(id(patterns))
        if found is None or found.patterns is not patterns:
            if len(cls._KNOWN) > 100:
                cls._KNOWN.clear()
            found = cls._KNOWN[id(patterns)] = cls(patterns)
        return found

    def prefixed(self, name: str) -> bool:
        """Whether a name begins as one of those that end in *."""
        return any(name[:length] in beginnings for length, beginnings in self._beginnings.items())
