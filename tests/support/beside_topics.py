"""Quotas and users of a cluster in memory, for what a real broker cannot be made to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recording import Recording

from kafka_gitops.kinds.parts import Problem

Entity = tuple[tuple[str, str | None], ...]


@dataclass
class InMemory(Recording):
    """`Systems` whose cluster has quotas and users; `fails` holds what the next write of one meets."""

    quota: dict[Entity, dict[str, float]] = field(default_factory=dict)
    users: dict[str, dict[str, int]] = field(default_factory=dict)
    passwords: dict[tuple[str, str], str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    logins: bool | None = True

    @property
    def quotas(self) -> Any:
        return self

    @property
    def scram(self) -> Any:
        return self

    def list_quotas(self) -> Mapping[Entity, Mapping[str, float]]:
        self.calls.append("list_quotas")
        return {entity: dict(limits) for entity, limits in self.quota.items() if limits}

    def alter_quotas(
        self, wanted: Mapping[Entity, Mapping[str, float | None]], *, validate_only: bool = False
    ) -> Mapping[Entity, Problem | None]:
        self.calls.append("ask" if validate_only else "alter")
        for entity, limits in wanted.items():
            if validate_only or entity in self.fails:
                continue
            there = self.quota.setdefault(entity, {})
            there.update({key: value for key, value in limits.items() if value is not None})
            for key, value in limits.items():
                if value is None:
                    there.pop(key, None)
        return {entity: self.fails.get(entity) for entity in wanted}

    def list_users(self) -> Mapping[str, Mapping[str, int]]:
        self.calls.append("list_users")
        return {name: dict(found) for name, found in self.users.items() if found}

    def write_users(
        self, wanted: Mapping[tuple[str, str], tuple[int, str] | None]
    ) -> Mapping[tuple[str, str], Problem | None]:
        self.calls.append("write_users")
        for (name, mechanism), secret in wanted.items():
            if (name, mechanism) in self.fails:
                continue
            if secret is None:
                self.users[name].pop(mechanism, None)
            else:
                self.users.setdefault(name, {})[mechanism], self.passwords[name, mechanism] = secret
        return {credential: self.fails.get(credential) for credential in wanted}

    def logs_in(self, user: str, mechanism: str, password: str, *, patience: float) -> bool | None:
        return self.logins and self.passwords[user, mechanism] == password
