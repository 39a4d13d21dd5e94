"""The way from settings to the servers that they name."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from kafka_gitops.cli import resaid
from kafka_gitops.cli.progress import Quiet
from kafka_gitops.cli.request import Request
from kafka_gitops.clients.early import Early
from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.settings import Settings

if TYPE_CHECKING:
    from kafka_gitops.clients.cluster import KafkaCluster

CONNECT_SECONDS = 10.0


def early(request: Request, settings: Settings) -> Early:
    """The Kafka cluster of these settings, to be connected and asked before anybody waits for it."""
    return Early(partial(_cluster, request, settings))


@contextmanager
def connected(request: Request, settings: Settings, begun: Early | None = None) -> Iterator[Systems]:
    """The servers of these settings, Kafka perhaps connected by what `early` gave.

    Raises Unreachable, or KafkaGitopsError for another cluster than configured.
    """
    from kafka_gitops.clients.systems import open_systems

    try:
        with open_systems(
            begun or early(request, settings),
            env=environment(),
            environment=settings.environment,
            registry=settings.registry,
            connect=settings.connect,
        ) as systems:
            yield systems
    except Unreachable as failure:
        failure.help = resaid.at_same_cluster(failure.help, request)
        raise


def _cluster(request: Request, settings: Settings) -> "KafkaCluster":
    """The cluster of these settings. Raises as `connected` does."""
    from kafka_gitops.clients.cluster import connect

    timeout = request.timeout or CONNECT_SECONDS
    cluster = connect(settings.client, timeout=timeout, env=environment(), principal=settings.principal)
    cluster.link.slowed = Quiet().waits
    try:
        _is_meant(cluster.id, settings)
    except KafkaGitopsError:
        cluster.link.close()
        raise
    return cluster


def _is_meant(cluster: str, settings: Settings) -> None:
    if settings.cluster_id is not None and settings.cluster_id != cluster:
        said = f"This is cluster {cluster}, environment {settings.environment} is cluster {settings.cluster_id}."
        raise KafkaGitopsError(said, help="Check `bootstrap` and `cluster_id` in kafka-gitops.yaml.")
