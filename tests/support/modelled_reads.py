"""What a model of a cluster (modelled.py) answers when it is read: the truth, or nothing while it cannot be reached."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from recording import OnlyKafka

from kafka_gitops.errors import Unreachable
from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.quota.spec import Entity
from kafka_gitops.kinds.readers import Holding, Log, Seen
from kafka_gitops.model import Acl

DEFAULTS = {"retention.ms": "604800000", "segment.ms": "604800000", "max.message.bytes": "1048588"}


class Made(NamedTuple):
    """A topic that is there."""

    partitions: int
    config: Mapping[str, str]
    id: str


@dataclass
class Read(OnlyKafka):
    """The state of a model and its reads; `variables` hold the passwords that users get."""

    id: str = "model"
    principal: str | None = "User:admin"
    brokers: int = 1
    topics: dict[str, Made] = field(default_factory=dict)
    acls: set[Acl] = field(default_factory=set)
    limits: dict[Entity, dict[str, float]] = field(default_factory=dict)
    credentials: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    down: bool = False

    def lacks(self, requests: Mapping[str, int]) -> None:
        self._up()

    def _up(self) -> None:
        if self.down:
            raise Unreachable("Cannot reach the model.")

    def list_topics(self) -> Mapping[str, LiveTopic]:
        self._up()
        return {called: LiveTopic(made.partitions, 1, False, made.id, 1) for called, made in self.topics.items()}

    def describe_topics(self, names: Sequence[str]) -> Mapping[str, LiveTopic | None]:
        there = self.list_topics()
        return {called: there.get(called) for called in names}

    def topic_configs(
        self, names: Sequence[str], keys: Iterable[str], *, only: bool = False
    ) -> Mapping[str, LiveConfig]:
        self._up()
        wanted, found = set(keys), {}
        for called in names:
            own = self.topics[called].config
            overrides = {key: value for key, value in own.items() if not only or key in wanted}
            found[called] = LiveConfig(overrides, {k: v for k, v in {**DEFAULTS, **own}.items() if k in wanted})
        return found

    def topic_defaults(self, names: Sequence[str], keys: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        self._up()
        asked = [key for key in keys if key in DEFAULTS]
        return {called: {key: DEFAULTS[key] for key in asked} for called in names}

    def broker_values(self, topics: Mapping[str, str]) -> Mapping[str, Mapping[int, str]]:
        self._up()
        return {key: {1: DEFAULTS[key]} for key in topics if key in DEFAULTS}

    def reassigning(self) -> frozenset[str]:
        self._up()
        return frozenset()

    def broker_configs(self, keys: Iterable[str]) -> Mapping[str, str | None]:
        self._up()
        return {}

    def list_acls(self) -> Iterable[Acl]:
        self._up()
        return set(self.acls)

    @property
    def partitions(self) -> Any:
        return self

    def holdings(self, ages: Mapping[str, int | None]) -> Mapping[str, Holding]:
        self._up()
        return {called: Holding({0: Log(0, 0, 0, 0, size=0)}) for called in ages}

    @property
    def readers(self) -> Any:
        return self

    def seen(self, topics: Collection[str] | None) -> Seen:
        self._up()
        return Seen((), blind=False)

    @property
    def quotas(self) -> Any:
        return self

    @property
    def scram(self) -> Any:
        return self

    def list_quotas(self) -> Mapping[Entity, Mapping[str, float]]:
        self._up()
        return {entity: dict(limits) for entity, limits in self.limits.items() if limits}

    def list_users(self) -> Mapping[str, Mapping[str, int]]:
        self._up()
        found: dict[str, dict[str, int]] = {}
        for (user, mechanism), (iterations, _) in self.credentials.items():
            found.setdefault(user, {})[mechanism] = iterations
        return found

    def logs_in(self, user: str, mechanism: str, password: str, *, patience: float) -> bool | None:
        there = self.credentials.get((user, mechanism))
        return None if self.down else there is not None and there[1] == password
