"""A cluster that records every call and can be told to fail: for faults and orders that a real broker cannot show."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pytest

from kafka_gitops.cli import reaching
from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.readers import Group, Holding, Log, Member, Seen
from kafka_gitops.ledger import topic as ledger
from kafka_gitops.model import Acl, Key, Topic
from kafka_gitops.settings import LEDGERS


class OnlyKafka:
    """`Systems` of an environment that has nothing but the Kafka cluster that this is itself."""

    variables: Mapping[str, str] = MappingProxyType({})
    recalled: dict[Key, str] = {}  # noqa: RUF012 - empty, as no run died here

    @property
    def kafka(self) -> Any:
        return self

    def on_kafka(self, client: str) -> Any:
        return getattr(self, client)

    def has(self, system: str) -> bool:
        return system == "kafka"

    @property
    def registry(self) -> Any:
        raise AssertionError("there is no registry")

    @property
    def connect(self) -> Mapping[str, Any]:
        raise AssertionError("there is no Connect cluster")


@dataclass
class Recording(OnlyKafka):
    """Topics and ACLs in memory; `fails` maps a resource to the problem that its next write meets, `lag` is the number
    of reads that do not see a write yet."""

    id: str = "cluster-1"
    principal: str | None = "User:ci"
    topics: dict[str, Topic] = field(default_factory=dict)
    internal: set[str] = field(default_factory=set)
    acls: set[Acl] = field(default_factory=set)
    defaults: dict[str, str] = field(default_factory=dict)
    broker: dict[str, str | None] = field(default_factory=dict)
    records: set[str] = field(default_factory=set)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    all_groups: bool = True
    held: dict[str, Holding] = field(default_factory=dict)  # what a topic holds in full, else `records`
    idle: tuple[Group, ...] = ()
    moving: set[str] | None = field(default_factory=set)
    uneven: set[str] = field(default_factory=set)
    own: dict[int, dict[str, str]] = field(default_factory=dict)  # what single brokers give without an override
    fails: dict[object, Problem] = field(default_factory=dict)
    refuses: dict[object, Problem] = field(default_factory=dict)  # what is asked: a name, or (call, name)
    brokers: int = 1
    hidden: set[str] = field(default_factory=set)
    lag: int = 0
    of_ledger: dict[str, str] = field(default_factory=dict)  # configs of a ledger's topic that are otherwise
    calls: list[str] = field(default_factory=list)

    def lacks(self, requests: Mapping[str, int]) -> None:
        self.calls.append(f"lacks {','.join(requests)}")

    def waits(self, told: Callable[[float, int], bool]) -> None:
        """No quota here."""

    def list_topics(self) -> Mapping[str, LiveTopic]:
        self.calls.append("list_topics")
        if self.lag > 0:
            self.lag -= 1
            return {}
        return {name: self._live(name) for name in self.topics if name not in self.hidden}

    def _live(self, name: str) -> LiveTopic:
        topic = self.topics[name]
        fewest = 1 if name in self.uneven else topic.replication or 1
        return LiveTopic(topic.partitions or 1, topic.replication or 1, name in self.internal, f"id-{name}", fewest)

    def describe_topics(self, names: Sequence[str]) -> Mapping[str, LiveTopic | None]:
        if self._ledger(names):
            return dict.fromkeys(names, LiveTopic(1, 1))
        self.calls.append(f"describe_topics {len(names)}")
        return {name: self._live(name) if name in self.topics and self.lag <= 0 else None for name in names}

    def _ledger(self, names: Sequence[str]) -> bool:
        """Whether that is about a ledger, whose topic is as it must be unless a test says otherwise."""
        return all(name.startswith(LEDGERS) and name not in self.topics for name in names)

    def topic_configs(
        self, names: Sequence[str], keys: Iterable[str], *, only: bool = False
    ) -> Mapping[str, LiveConfig]:
        if self._ledger(names):
            values = {**ledger.wanted(self.brokers)[1], **self.of_ledger}
            return dict.fromkeys(names, LiveConfig(values, values))
        self.calls.append(f"topic_configs {len(names)}")
        wanted = set(keys)
        found = {}
        for name in names:
            overrides = {key: value for key, value in self.topics[name].config.items() if not only or key in wanted}
            effective = {key: value for key, value in {**self.defaults, **overrides}.items() if key in wanted}
            found[name] = LiveConfig(overrides, effective)
        return found

    def topic_defaults(self, names: Sequence[str], keys: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        wanted = list(keys)
        return {name: {key: self.defaults[key] for key in wanted if key in self.defaults} for name in names}

    def broker_values(self, topics: Mapping[str, str]) -> Mapping[str, Mapping[int, str]]:
        self.calls.append(f"broker_values {','.join(topics)}")
        return {key: {node: own[key] for node, own in self.own.items() if key in own} for key in topics}

    def reassigning(self) -> frozenset[str] | None:
        self.calls.append("reassigning")
        return None if self.moving is None else frozenset(self.moving)

    def broker_configs(self, keys: Iterable[str]) -> Mapping[str, str | None]:
        self.calls.append("broker_configs")
        return {key: self.broker[key] for key in keys if key in self.broker}

    def list_acls(self) -> Iterable[Acl]:
        self.calls.append("list_acls")
        return set(self.acls)

    @property
    def partitions(self) -> "Recording":
        return self

    def holdings(self, ages: Mapping[str, int | None]) -> Mapping[str, Holding]:
        self.calls.append(f"holdings {','.join(ages)}")
        return {
            name: self.held.get(name, Holding({0: Log(0, int(name in self.records), 0, 0, size=0)})) for name in ages
        }

    @property
    def readers(self) -> "Recording":
        return self

    def seen(self, topics: Collection[str] | None) -> Seen:
        self.calls.append(f"seen {'-' if topics is None else len(topics)}")
        topics_of: dict[str, set[str]] = {}
        for topic, names in self.groups.items():
            for name in names:
                topics_of.setdefault(name, set()).add(topic)
        active = (
            Group(name, active=True, members=(Member(f"{name}-1", "/10.0.0.5", frozenset(mine)),))
            for name, mine in sorted(topics_of.items())
        )
        return Seen((*active, *self.idle), blind=not self.all_groups)

    @property
    def group_names(self) -> "Recording":
        return self

    def list_groups(self) -> frozenset[str] | None:
        return frozenset(name for names in self.groups.values() for name in names) if self.all_groups else None

    def create_topics(
        self, topics: Mapping[str, Topic], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        if validate_only:
            self.calls.append(f"ask create_topics {','.join(topics)}")
            return {name: self.refuses.get(("create_topics", name), self.refuses.get(name)) for name in topics}
        self.calls.append(f"create_topics {','.join(topics)}")
        for name, topic in topics.items():
            if name not in self.fails:
                self.topics[name] = Topic(topic.partitions or 1, topic.replication or 1, dict(topic.config))
        return {name: self.fails.get(name) for name in topics}

    def create_partitions(
        self, totals: Mapping[str, int], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        if validate_only:
            self.calls.append(f"ask create_partitions {','.join(totals)}")
            return {name: self.refuses.get(("create_partitions", name), self.refuses.get(name)) for name in totals}
        self.calls.append(f"create_partitions {','.join(totals)}")
        for name, total in totals.items():
            if name not in self.fails:
                self.topics[name] = self.topics[name]._replace(partitions=total)
        return {name: self.fails.get(name) for name in totals}

    def alter_configs(
        self, configs: Mapping[str, Mapping[str, str | None]], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        if validate_only:
            self.calls.append(f"ask alter_configs {','.join(configs)}")
            return {name: self.refuses.get(("alter_configs", name), self.refuses.get(name)) for name in configs}
        self.calls.append(f"alter_configs {','.join(configs)}")
        for name, edits in configs.items():
            if name not in self.fails:
                merged = {**self.topics[name].config, **edits}
                kept = {key: value for key, value in merged.items() if value is not None}
                self.topics[name] = self.topics[name]._replace(config=kept)
        return {name: self.fails.get(name) for name in configs}

    def delete_topics(self, ids: Mapping[str, str | None]) -> Mapping[str, Problem | None]:
        self.calls.append(f"delete_topics {','.join(f'{name}={topic_id}' for name, topic_id in ids.items())}")
        for name in ids:
            if name not in self.fails:
                self.topics.pop(name, None)
        return {name: self.fails.get(name) for name in ids}

    def create_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        self.calls.append(f"create_acls {'; '.join(map(str, acls))}")
        self.acls.update(acl for acl in acls if acl not in self.fails)
        return {acl: self.fails.get(acl) for acl in acls}

    def delete_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        self.calls.append(f"delete_acls {'; '.join(map(str, acls))}")
        self.acls.difference_update(acl for acl in acls if acl not in self.fails)
        return {acl: self.fails.get(acl) for acl in acls}


def stand_in(patch: pytest.MonkeyPatch, cluster: Recording) -> None:
    """From now on the commands of this process reach this cluster, whatever their settings name."""

    @contextmanager
    def connected(*_: object) -> Iterator[Recording]:
        yield cluster

    patch.setattr(reaching, "connected", connected)
