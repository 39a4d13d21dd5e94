"""Connectors as the workers have them, so that they compare with what files or a plan want."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kafka_gitops.changes import Change
from kafka_gitops.kinds.connector.compare import shown
from kafka_gitops.kinds.connector.live import Connect, Live
from kafka_gitops.kinds.connector.spec import CLASS, NAME, Connector, parts
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.model import Key, Spec
from kafka_gitops.settings import Settings


@dataclass(frozen=True)
class Reading:
    """What the clusters have: the workers and the connectors by the label of the cluster."""

    connects: Mapping[str, Connect]
    live: Mapping[str, Mapping[str, Live]] = field(default_factory=dict)

    def get(self, key: Key) -> Live | None:
        """A connector as it is, None where there is none."""
        cluster, name = parts(key)
        return self.live.get(cluster, {}).get(name)

    @cached_property
    def names(self) -> frozenset[str]:
        """All that are there, as CLUSTER/NAME."""
        return frozenset(f"{cluster}/{name}" for cluster, found in self.live.items() for name in found)

    def spec(self, key: Key, wanted: Connector | None) -> Connector | None:
        """A connector as it is, to be compared with what is wanted, without any secret; None where there is none.

        The plugin is asked which of its keys are passwords only where something differs.
        """
        live, names = self.get(key), self.names
        if live is None:
            return None
        found = shown(live, wanted, present=names)
        if found == wanted:
            return found
        passwords = self.connects[parts(key)[0]].passwords(live.config.get(CLASS, ""))
        return shown(live, wanted, passwords, present=names)


def read(systems: Systems, clusters: Collection[str]) -> Reading:
    """The connectors of these clusters, one request each."""
    connects = {cluster: systems.connect[cluster] for cluster in sorted(clusters)}
    return Reading(connects, {cluster: connect.connectors() for cluster, connect in connects.items()})


def clusters_of(specs: Iterable[tuple[Key, Connector | None]]) -> set[str]:
    """The clusters of connectors and of what they replace."""
    keys = [key for key, _ in specs] + [Key(NAME, spec.replaces) for _, spec in specs if spec and spec.replaces]
    return {parts(key)[0] for key in keys}


def actual(
    systems: Systems, changes: Sequence[Change], _settings: Settings, *, edited: bool = False
) -> Mapping[Key, Spec]:
    """The touched connectors as they are now."""
    wanted = {change.key: change.after if isinstance(change.after, Connector) else None for change in changes}
    reading = read(systems, clusters_of([*wanted.items()]))
    found = {key: reading.spec(key, spec) for key, spec in wanted.items()}
    return {key: spec for key, spec in found.items() if spec is not None}
