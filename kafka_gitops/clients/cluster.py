"""The open cluster that kinds read and write: the Protocol of kinds/contract.py over one Link."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from kafka_gitops.clients import acls as bindings
from kafka_gitops.clients import configs, needs, topics, writes
from kafka_gitops.clients.identity import identified
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.translate import login
from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.model import Acl, Topic

Answers = Mapping[str, Problem | None]
_Live = TypeVar("_Live", LiveTopic, LiveTopic | None)


class KafkaCluster:
    """`Cluster` on a real Kafka; the methods are described there."""

    def __init__(self, link: Link, client: Mapping[str, str], leaders: dict[str, int | None] | None = None) -> None:
        self._link = link
        self.client = client
        self.leaders = {} if leaders is None else leaders  # of each topic's partition 0, as last seen

    @property
    def link(self) -> Link:
        """The connection."""
        return self._link

    def _noted(self, found: Mapping[str, _Live]) -> Mapping[str, _Live]:
        self.leaders.update((name, live.leader) for name, live in found.items() if live is not None)
        return found

    @property
    def id(self) -> str:
        """The cluster id."""
        return self._link.cluster_id

    @property
    def principal(self) -> str | None:
        """`User:NAME` of the login; None where a certificate decides."""
        return self._link.login.principal

    def lacks(self, requests: Mapping[str, int]) -> None:
        """Refuse a broker that does not know these requests."""
        needs.refuse(self.link, requests)

    @property
    def brokers(self) -> int:
        """How many brokers answered to their names when the run connected."""
        return len(self._link.brokers)

    def waits(self, told: Callable[[float, int], bool]) -> None:
        """Whom to tell of the waiting for a quota."""
        self.link.waits = told

    def list_topics(self) -> Mapping[str, LiveTopic]:
        """Every topic that this principal may see."""
        return self._noted(topics.list_topics(self.link))

    def describe_topics(self, names: Sequence[str]) -> Mapping[str, LiveTopic | None]:
        """Topics by name."""
        return self._noted(topics.describe_topics(self.link, names))

    def topic_configs(
        self, names: Sequence[str], keys: Iterable[str], *, only: bool = False
    ) -> Mapping[str, LiveConfig]:
        """Overrides, and effective values of `keys`."""
        return configs.topic_configs(self.link, names, keys, self.leaders, only=only)

    def topic_defaults(self, names: Sequence[str], keys: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """The values that take over when overrides of `keys` are removed."""
        return configs.topic_defaults(self.link, names, keys, self.leaders)

    def broker_values(self, topics: Mapping[str, str]) -> Mapping[str, Mapping[int, str]]:
        """The values of keys without an override, by broker."""
        return configs.broker_values(self.link, topics, self.leaders)

    def reassigning(self) -> frozenset[str] | None:
        """Topics whose replicas are being moved."""
        return topics.reassigning(self.link)

    def broker_configs(self, keys: Iterable[str]) -> Mapping[str, str | None]:
        """Effective configs of a broker."""
        return configs.broker_configs(self.link, keys)

    def list_acls(self) -> Iterable[Acl]:
        """Every ACL binding."""
        return bindings.list_acls(self.link)

    def create_topics(self, topics: Mapping[str, Topic], *, validate_only: bool = False) -> Answers:
        """Create topics with their configs."""
        return writes.create_topics(self.link, topics, validate_only=validate_only)

    def create_partitions(self, totals: Mapping[str, int], *, validate_only: bool = False) -> Answers:
        """Grow topics."""
        return writes.create_partitions(self.link, totals, validate_only=validate_only)

    def alter_configs(self, configs: Mapping[str, Mapping[str, str | None]], *, validate_only: bool = False) -> Answers:
        """Set topic configs."""
        return writes.alter_configs(self.link, configs, validate_only=validate_only)

    def delete_topics(self, ids: Mapping[str, str | None]) -> Answers:
        """Delete topics by id."""
        return writes.delete_topics(self.link, ids)

    def create_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        """Create bindings."""
        return bindings.create_acls(self.link, acls)

    def delete_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        """Delete exactly these bindings."""
        return bindings.delete_acls(self.link, acls)


def connect(
    client: Mapping[str, str],
    *,
    timeout: float = 10.0,
    env: Mapping[str, str] | None = None,
    principal: str | None = None,
) -> KafkaCluster:
    """Connect with a client config in librdkafka's spelling; ConfigError, or Unreachable within `timeout` seconds.

    `env` are the environment variables that name the proxies to a token endpoint; `principal` is who the settings say
    that the run is.
    """
    link = Link(login(client, env, principal=principal), timeout=timeout)
    try:
        link.login = identified(link)
    except BaseException:
        link.close()
        raise
    return KafkaCluster(link, client)


@contextmanager
def open_cluster(client: Mapping[str, str], **how: Any) -> Iterator[KafkaCluster]:
    """`connect`, for the time of a block."""
    cluster = connect(client, **how)
    try:
        yield cluster
    finally:
        cluster.link.close()
