"""What topics and ACLs need of a cluster: the plain data and the calls, as a Protocol that clients/ fulfils."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from kafka_gitops.kinds.parts import Problem
from kafka_gitops.model import Acl, Topic

OPEN_SETTING = "allow.everyone.if.no.acl.found"
BROKER_KEYS = (OPEN_SETTING,)  # the configs of a broker that plans ask for


class LiveTopic(NamedTuple):
    """A topic as the cluster has it; None is what is not known.

    `replication` is the highest of its partitions, `fewest` the lowest; `leader` is the broker that leads partition 0.
    """

    partitions: int
    replication: int
    internal: bool = False
    topic_id: str | None = None
    fewest: int | None = None
    leader: int | None = None

    @property
    def uneven(self) -> bool:
        """Whether its partitions have different numbers of replicas, as while some of them are being moved."""
        return self.fewest not in (None, self.replication)


class LiveConfig(NamedTuple):
    """A topic's configs: the topic-level overrides, and the effective values of the keys that were asked for."""

    overrides: Mapping[str, str]
    effective: Mapping[str, str]


class Cluster(Protocol):
    """An open connection. Reads raise MissingRight, NoAuthorizer or Unreachable, never answer "nothing" for a refusal;
    writes answer per resource with None for done. All chunk their requests under the broker's limits."""

    @property
    def id(self) -> str:
        """The cluster id."""

    @property
    def principal(self) -> str | None:
        """The run's own principal where the login tells it (`User:NAME` with SASL), else None."""

    def lacks(self, requests: Mapping[str, int]) -> None:
        """Raise KafkaGitopsError where the broker does not know one of these requests (Kafka's names, with the oldest
        version that will do)."""

    def waits(self, told: Callable[[float, int], bool]) -> None:
        """Whom to tell, each second, that a quota on changes lets so many resources wait so many seconds more; False
        ends the waiting, and they fail."""

    @property
    def brokers(self) -> int:
        """How many brokers the cluster shows now; 0 where that is not told."""

    def list_topics(self) -> Mapping[str, LiveTopic]:
        """Every topic that this principal may see, in one request."""

    def describe_topics(self, names: Sequence[str]) -> Mapping[str, LiveTopic | None]:
        """Topics asked for by name, None where the broker says that there is none; MissingRight names DESCRIBE."""

    def topic_configs(
        self, names: Sequence[str], keys: Iterable[str], *, only: bool = False
    ) -> Mapping[str, LiveConfig]:
        """The overrides of existing topics and the effective values of `keys`; with `only` nothing but these keys.

        Each topic is asked of the leader of its partition 0: what it leaves open is as that broker has it.
        """

    def broker_values(self, topics: Mapping[str, str]) -> Mapping[str, Mapping[int, str]]:
        """What several brokers give a topic that has no override of a key: {key: {broker: value}} for {key: topic}."""

    def topic_defaults(self, names: Sequence[str], keys: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """The values that take over when overrides of `keys` are removed, per topic (DescribeConfigs with synonyms)."""

    def reassigning(self) -> frozenset[str] | None:
        """Topics whose replicas are being moved; None where this principal may not ask, or the brokers cannot tell."""

    def broker_configs(self, keys: Iterable[str]) -> Mapping[str, str | None]:
        """Configs of a broker by `keys`: None where the value is hidden or may not be read, left out where it is not
        set (brokers hide the values of keys that are not theirs, such as an authorizer's)."""

    def list_acls(self) -> Iterable[Acl]:
        """Every ACL binding; MissingRight without DESCRIBE on the cluster, NoAuthorizer where there is none."""

    def create_topics(
        self, topics: Mapping[str, Topic], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        """Create topics with their configs; None partitions or replication are left to the broker (-1)."""

    def create_partitions(
        self, totals: Mapping[str, int], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        """Grow topics to a total number of partitions."""

    def alter_configs(
        self, configs: Mapping[str, Mapping[str, str | None]], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        """Set topic configs, None deletes an override; incremental (KIP-339), keys that are not named stay."""

    def delete_topics(self, ids: Mapping[str, str | None]) -> Mapping[str, Problem | None]:
        """Delete topics by id (KIP-516) where one is given, else by name; a topic made anew under the name survives."""

    def create_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        """Create bindings."""

    def delete_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        """Delete exactly these bindings, permission included; one that is gone already is done."""
