"""What settings and files ask of a quota, without any cluster."""

from collections.abc import Iterator, Sequence
from typing import Any

from kafka_gitops.kinds.contract import PRINCIPALS
from kafka_gitops.kinds.quota.spec import DEFAULT, Entity, Quota, parse
from kafka_gitops.model import Key
from kafka_gitops.scope import closed_fence
from kafka_gitops.settings import Scope

MANAGE = {
    "principals": PRINCIPALS,
    "quota_users": "Users whose quotas may be set, by their bare names; those of `principals` where left out.",
    "client_ids": "Client ids whose quotas may be set; a pattern ends in * or is exact; none where left out.",
    "ips": "Addresses whose quotas may be set; a pattern ends in * or is exact; none where left out.",
    "quota_defaults": "Quotas of everybody who has none of their own, such as user=<default>; * is all of them.",
}
PROTECT = {"quotas": "Quotas that are never taken away, as plans name them; a pattern ends in * or is exact."}


def outside(scopes: Sequence[Scope], key: Key, _spec: Quota | None) -> str | None:
    """The list of `manage` that keeps it outside; a quota of a user is that user's, whatever the client id."""
    entity = parse(key.name) or ()
    for scope in scopes:
        listed, name = _bound(entity, key.name, own=scope.get("quota_users") is not None)
        fence = closed_fence([scope], listed, name)
        if fence is not None:
            return fence.reason()
    return None


def claims(key: Key, _spec: Quota | None) -> Iterator[tuple[str, str]]:
    """Whose quota it is."""
    yield _bound(parse(key.name) or (), key.name, own=False)


def _bound(entity: Entity, name: str, *, own: bool) -> tuple[str, str]:
    """The list of `manage` that an entity is about, and what has to be in it; `own`: there is one for users alone."""
    found = dict(entity)
    if (user := found.get("user")) is not None:
        return ("quota_users", user) if own else ("principals", f"User:{user}")
    if None in found.values() or not found:
        return "quota_defaults", name
    return ("ips", str(found["ip"])) if "ip" in found else ("client_ids", str(found["client-id"]))


def export(_key: Key, quota: Quota) -> tuple[str, dict[str, Any]]:
    """The entry of a file that declares it."""
    who = {kind.replace("-", "_"): DEFAULT if value is None else value for kind, value in _in_order(quota.entity)}
    return "quotas", {**who, **{limit: _plain(text) for limit, text in sorted(quota.limits.items())}}


def _in_order(entity: Entity) -> Iterator[tuple[str, str | None]]:
    return iter(sorted(entity, key=lambda part: part[0] != "user"))


def _plain(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
