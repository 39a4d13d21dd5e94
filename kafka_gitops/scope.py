"""Whether a resource lies inside what a run may touch (`manage`): pure predicates for lint, plan and policy."""

from collections.abc import Sequence

from kafka_gitops.errors import listed
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


def topic_outside(scopes: Sequence[Scope], name: str) -> str | None:
    """Which scope does not have the topic, its patterns and place, in a clause; None where all have it."""
    return next((_said(scope, "topics") for scope in scopes if not topic_inside((scope,), name)), None)


def acl_outside(scopes: Sequence[Scope], acl: Acl) -> str | None:
    """The same for a binding."""
    for scope in scopes:
        if not _acl_inside(scope, acl):
            stranger = not _principal_inside(scope, acl)
            return _said(scope, "principals" if stranger else _NAMED[acl.resource_type])
    return None


def _said(scope: Scope, dimension: str) -> str:
    patterns, place = getattr(scope, dimension), scope.places.get(dimension)
    return f"it is outside `manage.{dimension}` ({listed(patterns, most=3) or 'none'}{f', {place}' if place else ''})"


def _principal_inside(scope: Scope, acl: Acl) -> bool:
    return scope.principals is None or _name_inside(scope.principals, acl.principal)


def _acl_inside(scope: Scope, acl: Acl) -> bool:
    if not _principal_inside(scope, acl):
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
