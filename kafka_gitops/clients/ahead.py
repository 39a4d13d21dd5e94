"""A cluster that was asked before the plan asks: what was answered is given out once, the rest is asked now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kafka_gitops.clients.cluster import KafkaCluster
from kafka_gitops.clients.link import Link
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.cluster import LiveConfig, LiveTopic
from kafka_gitops.kinds.early import ACLS, CONFIGS, TOPICS, Configs
from kafka_gitops.model import Acl

if TYPE_CHECKING:
    from kafka_gitops.clients.early import Early


class Ahead(KafkaCluster):
    """`KafkaCluster` with what `Early` asks; whatever is not among that waits until it is all answered."""

    def __init__(self, early: "Early", cluster: KafkaCluster) -> None:
        super().__init__(cluster.link, cluster.client, cluster.leaders)
        self._early = early

    @property
    def link(self) -> Link:
        """The connection, which is nobody else's from now on."""
        self._early.settle()
        return self._link

    def list_topics(self) -> Mapping[str, LiveTopic]:
        """Every topic that this principal may see."""
        told: Mapping[str, LiveTopic] | None = self.told(TOPICS)
        return super().list_topics() if told is None else told

    def list_acls(self) -> Iterable[Acl]:
        """Every ACL binding."""
        told: Iterable[Acl] | None = self.told(ACLS)
        return super().list_acls() if told is None else told

    def topic_configs(
        self, names: Sequence[str], keys: Iterable[str], *, only: bool = False
    ) -> Mapping[str, LiveConfig]:
        """Overrides, and effective values of `keys`; what failed is asked again, so that it fails for these names."""
        if only:  # a question of its own, which leaves the answer to whoever compares
            return super().topic_configs(names, keys, only=only)
        try:
            told: Configs | None = self.told(CONFIGS)
        except KafkaGitopsError:
            told = None
        keys = list(keys)
        if told is None or set(keys) != set(told.keys):
            return super().topic_configs(names, keys)
        wanted, asked = set(names), set(told.names)
        known = {name: found for name, found in told.found.items() if name in wanted}
        more = [name for name in names if name not in asked]
        return {**known, **super().topic_configs(more, keys)} if more else known

    def told(self, what: str) -> Any:
        """The answer to what was asked under a name, once; None where it was not. Raises what asking raised."""
        later = self._early.asked.pop(what, None)
        return None if later is None else later.answer()
