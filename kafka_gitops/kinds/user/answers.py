"""What settings and files ask of a user, without any cluster."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from kafka_gitops.kinds.contract import PRINCIPALS, by_name
from kafka_gitops.kinds.user.spec import User
from kafka_gitops.model import Key, Spec
from kafka_gitops.scope import closed_fence
from kafka_gitops.settings import Scope

MANAGE = {
    "principals": PRINCIPALS,
    "users": "Users by their bare names; a pattern ends in * or is exact; those of `principals` where left out.",
}
PROTECT = {"users": "Users that are never taken away; a pattern ends in * or is exact."}
protected = by_name("users")


def outside(scopes: Sequence[Scope], key: Key, _spec: Spec | None) -> str | None:
    """Why `manage` keeps a user outside: neither list of a scope has it."""
    for scope in scopes:
        fence = closed_fence([scope], "users", key.name)
        other = closed_fence([scope], "principals", f"User:{key.name}")
        if fence is not None and other is not None:
            return (fence if scope.get("users") is not None else other).reason()
    return None


def claims(key: Key, _spec: Spec | None) -> Iterator[tuple[str, str]]:
    """Its principal."""
    yield "principals", f"User:{key.name}"


def export(key: Key, user: User) -> tuple[str, dict[str, Any]]:
    """The entry of a file that declares it, with the name of a variable for each password, which nobody can read."""
    usual = re.sub(r"[^A-Za-z0-9]", "_", key.name).upper() + "_PASSWORD"
    found = {
        mechanism: {"iterations": credential.iterations, "password": f"${{{credential.variable or usual}}}"}
        for mechanism, credential in sorted(user.mechanisms.items())
    }
    if len(found) == 1:
        ((mechanism, entry),) = found.items()
        return "users", {"name": key.name, "mechanism": mechanism, **entry}
    return "users", {"name": key.name, "mechanisms": found}
