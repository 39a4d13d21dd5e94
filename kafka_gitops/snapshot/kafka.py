"""Kafka in a snapshot, in the place of a cluster: the Protocol `Cluster` of kinds/, and what quotas and users ask."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.parts import NOT_ASKED, Problem
from kafka_gitops.model import Acl, Topic
from kafka_gitops.snapshot.contents import AGAIN, Defaults, Entity, Kafka, NotAsked, TopicThere, known

_NOBODY = Problem(NOT_ASKED, "there is no server to ask, only its snapshot", "unsent")
_BROKERS = ("the brokers: what they or their policies refuse", "change")
_RECORDS = ("the brokers: how many records would go and who reads them", "topic")
_EMPTY = Defaults({}, {})


class PastCluster:
    """What plans ask of `Cluster`, on a snapshot; writes are never carried out, only previewed: nobody is asked."""

    def __init__(self, contents: Kafka, not_asked: NotAsked, *, cluster: str | None = None) -> None:
        self._contents = contents
        self._not_asked = not_asked
        self._id = cluster

    @property
    def id(self) -> str:
        """The cluster id; of a snapshot of topics only what the settings have."""
        return self._contents.id or self._id or "not told"

    @property
    def principal(self) -> str | None:
        """Who made the snapshot."""
        return self._contents.principal

    @property
    def brokers(self) -> int:
        """How many brokers there were."""
        return self._contents.brokers

    def lacks(self, requests: Mapping[str, int]) -> None:
        """Raise KafkaGitopsError where the brokers did not know one of these requests."""
        spoken = self._contents.requests
        if not spoken:
            return
        lacking = [
            name if name not in spoken or not least else f"{name} (version {least})"
            for name, least in requests.items()
            if name not in spoken or spoken[name][1] < max(spoken[name][0], least)
        ]
        if lacking:
            said = f"The brokers did not know {', '.join(lacking)} when the snapshot was made, which this run needs."
            raise KafkaGitopsError(said, help="Kafka 2.8 and newer are supported: upgrade the brokers.")

    def list_topics(self) -> Mapping[str, LiveTopic]:
        """Every topic."""
        return {name: one.live for name, one in self._contents.topics.items()}

    def describe_topics(self, names: Sequence[str]) -> Mapping[str, LiveTopic | None]:
        """Topics by name."""
        found = ((name, self._contents.topics.get(name)) for name in names)
        return {name: None if one is None else one.live for name, one in found}

    def topic_configs(
        self, names: Sequence[str], keys: Iterable[str], *, only: bool = False
    ) -> Mapping[str, LiveConfig]:
        """Overrides, and effective values of `keys`."""
        wanted = frozenset(keys)
        found = ((name, self._contents.topics.get(name)) for name in names)
        return {name: self._config(name, one, wanted, only) for name, one in found if one is not None}

    def _config(self, name: str, topic: TopicThere, keys: frozenset[str], only: bool) -> LiveConfig:
        if not topic.configs:
            said = f"The snapshot has no configs of topic {name}: it was outside `manage` when it was made."
            raise KafkaGitopsError(said, help=AGAIN)
        every = {**self._defaults(name).values, **topic.overrides, **topic.own}
        effective = {key: value for key in keys if (value := every.get(key)) is not None}
        overrides = {key: value for key, value in topic.overrides.items() if not only or key in keys}
        return LiveConfig(overrides, effective)

    def _defaults(self, name: str) -> Defaults:
        return self._contents.defaults.get(self._contents.topics[name].live.leader, _EMPTY)

    def broker_values(self, topics: Mapping[str, str]) -> Mapping[str, Mapping[int, str]]:
        """The values of keys without an override, by broker."""
        return {key: self._contents.values.get(key, {}) for key in topics}

    def topic_defaults(self, names: Sequence[str], keys: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """The values that take over when overrides of `keys` are removed."""
        wanted = list(keys)
        below = {name: self._defaults(name).below for name in names if name in self._contents.topics}
        return {name: {key: found[key] for key in wanted if key in found} for name, found in below.items()}

    def reassigning(self) -> frozenset[str] | None:
        """Topics whose replicas were being moved."""
        return self._contents.moving

    def broker_configs(self, keys: Iterable[str]) -> Mapping[str, str | None]:
        """Configs of a broker."""
        return {key: self._contents.settings[key] for key in keys if key in self._contents.settings}

    def list_acls(self) -> Iterable[Acl]:
        """Every ACL binding."""
        return known(self._contents.acls, "ACLs")

    def list_quotas(self) -> Mapping[Entity, Mapping[str, float]]:
        """Every entity that has a quota."""
        found = known(self._contents.quotas, "quotas")
        return {entity: {name: float(text) for name, text in limits.items()} for entity, limits in found.items()}

    def list_users(self) -> Mapping[str, Mapping[str, int]]:
        """Every user with the iterations of each mechanism."""
        return known(self._contents.users, "users")

    def holdings(self, ages: Mapping[str, int | None]) -> None:
        """Nobody is asked."""
        self._not_asked[_RECORDS].update(ages)

    def seen(self, topics: Collection[str] | None) -> None:
        """Nobody is asked."""

    def create_topics(
        self, topics: Mapping[str, Topic], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        """Nobody is asked."""
        return self._nobody([*topics], validate_only)

    def create_partitions(
        self, totals: Mapping[str, int], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        """Nobody is asked."""
        return self._nobody([*totals], validate_only)

    def alter_configs(
        self, configs: Mapping[str, Mapping[str, str | None]], *, validate_only: bool = False
    ) -> Mapping[str, Problem | None]:
        """Nobody is asked."""
        return self._nobody([*configs], validate_only)

    def alter_quotas(
        self, wanted: Mapping[Entity, Mapping[str, float | None]], *, validate_only: bool = False
    ) -> Mapping[Entity, Problem | None]:
        """Nobody is asked."""
        assert validate_only
        self._not_asked[_BROKERS].update(
            " ".join(f"{kind}={name or '<default>'}" for kind, name in entity) for entity in wanted
        )
        return dict.fromkeys(wanted, _NOBODY)

    def _nobody(self, names: Sequence[str], validate_only: bool) -> Mapping[str, Problem | None]:
        assert validate_only
        self._not_asked[_BROKERS].update(names)
        return dict.fromkeys(names, _NOBODY)

    def waits(self, told: Callable[[float, int], bool]) -> None:
        """Nothing is written, so no quota lets anybody wait."""

    def delete_topics(self, ids: Mapping[str, str | None]) -> Mapping[str, Problem | None]:
        """Never: a snapshot is only looked at."""
        raise NotImplementedError

    def create_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        """Never: a snapshot is only looked at."""
        raise NotImplementedError

    def delete_acls(self, acls: Sequence[Acl]) -> Mapping[Acl, Problem | None]:
        """Never: a snapshot is only looked at."""
        raise NotImplementedError
