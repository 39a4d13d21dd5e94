"""A snapshot in the place of the servers: the Protocol `Systems` of kinds/, as far as plans ask."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from kafka_gitops.model import Key
from kafka_gitops.snapshot import registry, workers
from kafka_gitops.snapshot.contents import NotAsked, Snapshot, Unknown, Workers, known
from kafka_gitops.snapshot.kafka import PastCluster


def _many(noun: str, number: int) -> str:
    first, _, rest = noun.partition(" ")
    return f"{first}{'s' * (number != 1)} {rest}".rstrip()


class Past:
    """`Systems` of a snapshot; `cluster` is the id by the settings, for one that does not tell it."""

    def __init__(self, snapshot: Snapshot, *, cluster: str | None = None) -> None:
        self.snapshot = snapshot
        self._not_asked: NotAsked = defaultdict(set)
        self._cluster = PastCluster(snapshot.kafka, self._not_asked, cluster=cluster)

    @property
    def kafka(self) -> PastCluster:
        """The Kafka cluster."""
        return self._cluster

    def on_kafka(self, client: str) -> Any:
        """Quotas and users are of the same snapshot."""
        return self._cluster

    def has(self, system: Literal["kafka", "registry", "connect"]) -> bool:
        """Whether the environment named it when the snapshot was made."""
        return {
            "kafka": True,
            "registry": self.snapshot.registry is not None,
            "connect": bool(self.snapshot.connect),
        }[system]

    @property
    def registry(self) -> registry.Past:
        """The schema registry."""
        return registry.Past(known(self.snapshot.registry, "schema registry"), self._not_asked)

    @property
    def connect(self) -> Mapping[str, workers.Past]:
        """The Connect clusters by label."""
        return _Clusters(self.snapshot.connect, self._not_asked)

    @property
    def variables(self) -> Mapping[str, str]:
        """None: a plan needs none."""
        return {}

    @property
    def recalled(self) -> dict[Key, str]:
        """Nothing is changed, so nothing was begun."""
        return {}

    def not_asked(self) -> tuple[str, ...]:
        """What only servers judge and was needed, with how many resources it is about."""
        told = ((what, noun, len(names)) for (what, noun), names in sorted(self._not_asked.items()))
        return tuple(f"{what} of {number:,} {_many(noun, number)}" for what, noun, number in told if number)


class _Clusters(Mapping[str, workers.Past]):
    """The Connect clusters of a snapshot; who takes one that could not be read gets the error of then."""

    def __init__(self, contents: Mapping[str, Workers | Unknown], not_asked: NotAsked) -> None:
        self._contents = contents
        self._not_asked = not_asked

    def __getitem__(self, label: str) -> workers.Past:
        return workers.Past(label, known(self._contents[label], f"Connect cluster {label}"), self._not_asked)

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)
