"""A snapshot in the place of the servers that the settings name."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.plan.make import Past, Plan
from kafka_gitops.settings import Settings

if TYPE_CHECKING:  # most plans are made on servers
    from kafka_gitops.snapshot.contents import Snapshot
    from kafka_gitops.snapshot.systems import Past as Systems


class Nobody:
    """In the place of `Early`: there is nobody to ask before all is known."""

    asked: Mapping[str, Any] = {}

    def start(self) -> None:
        """Nothing begins."""

    def ask(self, name: str, question: Callable[[Any], Any]) -> None:
        """Nothing is asked."""

    def no_more(self) -> None:
        """Nothing was asked."""

    @contextmanager
    def unless_failed(self) -> Iterator[None]:
        """Nothing is closed."""
        yield


def opened(path: str, settings: Settings) -> "Systems":
    """The servers of a snapshot. Raises KafkaGitopsError for what is none, or one of another cluster."""
    from kafka_gitops.snapshot.file import read
    from kafka_gitops.snapshot.systems import Past as Systems

    found = read(path)
    _is_meant(path, found, settings)
    return Systems(found, cluster=settings.cluster_id)


def _is_meant(path: str, found: "Snapshot", settings: Settings) -> None:
    """Refuse the snapshot of another cluster, or of another environment where no id says that it is the same one."""
    there, wanted = found.kafka.id, settings.cluster_id
    help = "Take another one, or make it: kafka-gitops snapshot -e ENV -o FILE"
    if there is not None and wanted is not None:
        if there != wanted:
            said = f"{path} is a snapshot of cluster {there}, environment {settings.environment} is cluster {wanted}."
            raise KafkaGitopsError(said, help=help)
        return
    if found.environment != settings.environment:
        said = f"{path} is a snapshot of {_name(found.environment)}, and the plan is for {_name(settings.environment)}."
        raise KafkaGitopsError(said, help=f"{help}. With `cluster_id` in kafka-gitops.yaml the cluster alone counts.")


def _name(environment: str | None) -> str:
    return f"environment {environment}" if environment else "no environment"


def marked(plan: Plan, systems: "Systems | None", now: datetime | None = None) -> Plan:
    """A plan as one against a snapshot, if it is: when that was made, how old it is, what nobody was asked."""
    if systems is None:
        return plan
    snapshot = systems.snapshot
    age = _age(snapshot.made, now or datetime.now(timezone.utc))
    return replace(plan, past=Past(snapshot.made, snapshot.topics_only, systems.not_asked(), age))


def _age(made: str, now: datetime) -> str:
    """`8 days old`; nothing for a time that is none, or has not come yet."""
    try:
        seconds = (now - datetime.fromisoformat(made.replace("Z", "+00:00"))).total_seconds()
    except (ValueError, TypeError):
        return ""
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number:,} {name}{'s' * (number != 1)} old"
    return "less than a minute old" if seconds >= 0 else ""
