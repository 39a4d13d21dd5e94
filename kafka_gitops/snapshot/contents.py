"""What a snapshot holds, as plain values: the part of each server, or why that part is not known."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias, TypeVar

from kafka_gitops.errors import KafkaGitopsError, MissingRight, NoAuthorizer
from kafka_gitops.kinds.cluster import LiveTopic
from kafka_gitops.kinds.connector.live import Live, Plugin
from kafka_gitops.kinds.schema.live import Level, Version
from kafka_gitops.model import Acl

Texts: TypeAlias = Mapping[str, str]
Entity: TypeAlias = tuple[tuple[str, str | None], ...]  # of a quota: (("client-id", None), ("user", "orders"))
NotAsked: TypeAlias = defaultdict[tuple[str, str], set[str]]  # what only servers say, of what: about which names
_T = TypeVar("_T")
ERRORS: Mapping[str, type[KafkaGitopsError]] = {
    one.__name__: one for one in (KafkaGitopsError, MissingRight, NoAuthorizer)
}


class Unknown(NamedTuple):
    """A part that could not be read: the name of its error (of `ERRORS`), what that said, and its help."""

    error: str
    message: str
    help: str | None = None

    def raised(self) -> KafkaGitopsError:
        """The error of then, for who wants to know now."""
        said = f"The snapshot does not have it, because of this error when it was made: {self.message}"
        return ERRORS[self.error](said, help=self.help)


class TopicThere(NamedTuple):
    """A topic: its overrides, and the values in effect that are not those of its leader; None: it has none.

    `configs` is False where they were not read, as the topic is outside `manage`.
    """

    live: LiveTopic
    overrides: Mapping[str, str] = {}
    own: Mapping[str, str | None] = {}
    configs: bool = True


class Defaults(NamedTuple):
    """What topics of one leader have in effect without an override, and what takes over from one (KIP-226)."""

    values: Texts
    below: Texts


class Kafka(NamedTuple):
    """What a plan reads of a Kafka cluster.

    `defaults` are by the broker that leads partition 0 of a topic, None where that is not known; `values` what brokers
    give topics without an override, by key and broker, where there are several; `requests` the oldest and newest
    versions that both sides speak. None as ACLs, quotas or users: the snapshot is of topics only.
    """

    id: str | None
    topics: Mapping[str, TopicThere]
    defaults: Mapping[int | None, Defaults]
    principal: str | None = None
    brokers: int = 0
    requests: Mapping[str, tuple[int, int]] = {}
    values: Mapping[str, Mapping[int, str]] = {}
    moving: frozenset[str] | None = frozenset()
    settings: Mapping[str, str | None] = {}
    acls: tuple[Acl, ...] | Unknown | None = None
    quotas: Mapping[Entity, Texts] | Unknown | None = None
    users: Mapping[str, Mapping[str, int]] | Unknown | None = None


class VersionThere(NamedTuple):
    """A version of a subject, and who refers to it (`SUBJECT version N`)."""

    version: Version
    deleted: bool = False
    referrers: tuple[str, ...] = ()


class Subject(NamedTuple):
    """A subject with its level."""

    versions: tuple[VersionThere, ...]
    level: Level


class Gone(NamedTuple):
    """A subject whose versions are all deleted, softly: their numbers, and the level that it still has."""

    numbers: tuple[int, ...]
    level: Level


class Registry(NamedTuple):
    """What a plan reads of a schema registry; `level` is that of a subject that is not there."""

    subjects: Mapping[str, Subject]
    deleted: Mapping[str, Gone]
    level: str


class Workers(NamedTuple):
    """What a plan reads of a Connect cluster; values that are not told are `HIDDEN` in the configs."""

    kafka: str | None
    plugins: tuple[Plugin, ...]
    passwords: Mapping[str, frozenset[str]]  # by plugin, of those that a connector has
    connectors: Mapping[str, Live]


class Snapshot(NamedTuple):
    """All of it: when it was made (UTC, ISO 8601), for which environment; `topics_only`: for changes from forks."""

    made: str
    environment: str | None
    kafka: Kafka
    registry: Registry | Unknown | None = None
    connect: Mapping[str, Workers | Unknown] = {}
    topics_only: bool = False


AGAIN = "Make a new one: kafka-gitops snapshot -o FILE"


def known(part: _T | Unknown | None, what: str) -> _T:
    """A part. Raises the error of then where it could not be read, KafkaGitopsError where it is not in the snapshot."""
    if isinstance(part, Unknown):
        raise part.raised()
    if part is None:
        help = f"{AGAIN}. One of topics only (--for-forks) takes a plan of these: --only topics"
        raise KafkaGitopsError(f"The snapshot has no {what}.", help=help)
    return part
