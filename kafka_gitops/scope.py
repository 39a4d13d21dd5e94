"""Whether a resource lies inside what a run may touch (`manage`): pure predicates for lint, plan and policy."""

from collections.abc import Sequence

from kafka_gitops.model import Acl
from kafka_gitops.settings import Scope

_NAMED = {"TOPIC": "topics", "GROUP": "groups", "TRANSACTIONAL_ID": "transactional_ids"}


def topic_inside(scopes: Sequence[Scope], name: str) -> bool:
    """Whether every scope has the topic; a scope without topic patterns has all."""
    return all(scope.topics is None or _name_inside(scope.topics, name) for scope in scopes)


def acl_inside(scopes: Sequence[Scope], acl: Acl) -> bool:
    """Whether every scope has the binding, by its principal and, for topics, groups and transactional ids, its name.

    A PREFIXED binding is inside only when its whole prefix is; a literal `*` (Kafka's wildcard, `WILDCARD_RESOURCE`)
    only where a pattern is `*`; other resource types are judged by the principal alone.
    """
    return all(_acl_inside(scope, acl) for scope in scopes)


def _acl_inside(scope: Scope, acl: Acl) -> bool:
    if scope.principals is not None and not _name_inside(scope.principals, acl.principal):
        return False
    dimension = _NAMED.get(acl.resource_type)
    patterns: tuple[str, ...] | None = getattr(scope, dimension) if dimension else None
    if patterns is None:
        return True
    if acl.pattern_type == "LITERAL" and acl.name == "*":
        return "*" in patterns
    if acl.pattern_type == "LITERAL":
        return _name_inside(patterns, acl.name)
    return any(pattern.endswith("*") and acl.name.startswith(pattern[:-1]) for pattern in patterns)


def _name_inside(patterns: tuple[str, ...], name: str) -> bool:
    return any(name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern for pattern in patterns)
