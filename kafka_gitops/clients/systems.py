"""The servers of one environment, opened where a kind needs them: the Protocol `Systems` of kinds/parts.py."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

from kafka_gitops.clients.cluster import KafkaCluster
from kafka_gitops.errors import ConfigError
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.model import Key
from kafka_gitops.settings import Rest

_KEYS = {"registry": "schema_registry", "connect": "connect"}  # of an environment in kafka-gitops.yaml


@dataclass
class Servers:
    """`Systems` on real servers; `others` open those that the environment names besides Kafka, each once."""

    kafka: KafkaCluster
    environment: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    recalled: dict[Key, str] = field(default_factory=dict)
    _open: dict[str, Any] = field(default_factory=dict)

    def on_kafka(self, client: str) -> Any:
        """What a module of this room makes of the connection to Kafka."""
        return import_module(f"kafka_gitops.clients.{client}").on(self.kafka.link)

    def has(self, system: Literal["kafka", "registry", "connect"]) -> bool:
        """Whether the environment names it."""
        return system == "kafka" or system in self.others

    @property
    def registry(self) -> Any:
        """The schema registry."""
        return self._other("registry")

    @property
    def connect(self) -> Mapping[str, Any]:
        """The Connect clusters by label."""
        clusters: Mapping[str, Any] = self._other("connect")
        return clusters

    def _other(self, system: str) -> Any:
        if system in self.others:
            if system not in self._open:
                self._open[system] = self.others[system]()
            return self._open[system]
        where = f"environment {self.environment}" if self.environment else "the config"
        said = f"The files need a {system.replace('connect', 'Connect cluster')}, and {where} names none."
        raise ConfigError(said, help=f"Write environments.{self.environment or 'NAME'}.{_KEYS[system]} with its url.")


@contextmanager
def open_systems(
    kafka: AbstractContextManager[KafkaCluster],
    *,
    env: Mapping[str, str] | None = None,
    environment: str | None = None,
    registry: Rest | None = None,
    connect: Mapping[str, Rest] | None = None,
) -> Iterator[Systems]:
    """Kafka, opened at once, and the others, which connect when they are asked."""
    others: dict[str, Callable[[], Any]] = {}
    if registry is not None:
        others["registry"] = lambda: _registry(registry, env or {})
    if connect:
        others["connect"] = lambda: _workers(connect, env or {})
    with kafka as cluster:
        yield Servers(cluster, environment, env or {}, others)


def _registry(rest: Rest, env: Mapping[str, str]) -> Any:
    from kafka_gitops.clients.registry import open_registry

    return open_registry(rest, env)


def _workers(clusters: Mapping[str, Rest], env: Mapping[str, str]) -> Mapping[str, Any]:
    from kafka_gitops.clients.connect import open_workers

    return {label: open_workers(label, rest, env) for label, rest in clusters.items()}
