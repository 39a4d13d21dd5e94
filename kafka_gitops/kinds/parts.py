"""What a kind is made of: the servers it talks to, the phases of its apply, its rights."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from kafka_gitops.changes import Change
from kafka_gitops.model import Key

if TYPE_CHECKING:
    from kafka_gitops.kinds.cluster import Cluster

NOT_ASKED = "NOT_ASKED"  # the code of a Problem: there was no server to ask, but what was read of it
Requests = dict[str, int]  # Kafka's name of a request, and the oldest version of it that will do


class Problem(NamedTuple):
    """Why one resource was not written: the server's error name (`POLICY_VIOLATION`) and its own words.

    `fate` is `refused` (the server answered), `unsent` (nothing was asked of it), `lost` (asked, and no answer came: it
    may or may not be done) or `partly` (an earlier part of the same change is done). `help` says what lets it through.
    """

    code: str
    message: str
    fate: str = "refused"
    help: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" if self.message else self.code

    def after(self, done: str = "") -> "Problem":
        """The same where an earlier part of the change is done, with what that is."""
        fate = "partly" if self.fate in ("refused", "unsent") else self.fate
        return self._replace(message=f"{self.message}; {done}" if done else self.message, fate=fate)


class Systems(Protocol):
    """The servers of an environment, each opened on first use.

    Raises KafkaGitopsError with the key to write where the environment has none, Unreachable where it does not answer.
    """

    @property
    def kafka(self) -> "Cluster":
        """The Kafka cluster."""

    def on_kafka(self, client: str) -> Any:
        """What `clients/CLIENT.py` makes of the connection to Kafka by its `on(link)`: `on_kafka("quotas")`.

        The small Protocol of it stands beside the kind: `quotas: Quotas = systems.on_kafka("quotas")`.
        """

    @property
    def registry(self) -> Any:
        """The schema registry; its Protocol stands beside the kind."""

    @property
    def connect(self) -> Mapping[str, Any]:
        """The Connect clusters by their labels; their Protocol stands beside the kind."""

    def has(self, system: Literal["kafka", "registry", "connect"]) -> bool:
        """Whether the environment says how to reach one; nothing is opened."""

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment variables of the run: passwords are read at an apply only."""

    @property
    def recalled(self) -> dict[Key, str]:
        """What a run that died wrote of resources before it began to change them (`Step.before`): filled by whoever
        goes on with it."""


class Stage(IntEnum):
    """The order of an apply over all kinds, never more open in between; removals come last."""

    CLOSE = 1  # new DENY
    LOGIN = 2  # users
    MAKE = 3  # topics, partitions, configs
    LIMIT = 4  # quotas
    FILL = 5  # schemas, those that others refer to first
    OPEN = 6  # new ALLOW
    STOP = 7  # connectors that stop or are replaced
    RUN = 8  # connectors that are created, changed, started
    REVOKE = 9  # old ALLOW: from here on nothing is done when an addition failed
    REOPEN = 10  # old DENY
    DROP_RUNNING = 11  # connectors
    DROP_CONTENT = 12  # schemas
    DROP = 13  # topics
    DROP_LIMIT = 14  # quotas
    DROP_LOGIN = 15  # users

    @property
    def removes(self) -> bool:
        """Whether something is taken away for good."""
        return self >= Stage.REVOKE


CLUSTER = "the cluster"  # of Right: what `kafka-acls --cluster` is about
GROUPS = "all groups (`*`)"


class Right(NamedTuple):
    """A right that the run itself needs, and what it cannot do without it.

    `operation` is as `kafka-acls` takes it (`DescribeConfigs`), or a method of a server that is not Kafka; `resource`
    is in words. `look` is the line of `doctor` that looks whether it is there (at most 19 characters), `system` the
    server that gives it.
    """

    phase: Literal["plan", "apply"]
    operation: str
    resource: str
    without: str
    look: str = ""
    system: Literal["kafka", "registry", "connect"] = "kafka"


def no_requests(_changes: Sequence[Change]) -> Requests:
    """Of a server that is not Kafka."""
    return {}


def always_ready(_systems: Systems, _changes: Sequence[Change]) -> None:
    """What needs nothing but its server."""


def nothing_before(_systems: Systems, _changes: Sequence[Change]) -> Mapping[Key, str]:
    """Of what can be read again at any time."""
    return {}


class Tried(NamedTuple):
    """What a try showed of an act that no read shows: whether it is done, None where that is not certain, and what came
    of it, in a clause."""

    done: bool | None
    said: str


def untried(_systems: Systems, _changes: Sequence[Change]) -> Mapping[Key, Tried]:
    """Of what a read shows, or nothing."""
    return {}


class Step(NamedTuple):
    """One phase of an apply: which changes it takes, in which portions, how they are written.

    `requests` are those of Kafka's protocol that this takes; `preview` asks the server about a portion without doing
    it, and answers the problems. `ready` raises what stops an apply of these changes before anything is written.
    `before` tells what no read shows any more once a change is begun; it is asked where that is written down. `tried`
    tells of acts whose answer was lost what a try shows: it changes nothing, ends in time, and leaves out what it
    cannot tell.
    """

    stage: Stage
    takes: Callable[[Change], bool]
    chunks: Callable[[Sequence[Change]], Iterator[list[Change]]]
    write: Callable[[Systems, Sequence[Change]], Mapping[Key, Problem | None]]
    requests: Callable[[Sequence[Change]], Requests] = no_requests
    preview: Callable[[Systems, Sequence[Change]], Iterator[tuple[Key, Problem]]] | None = None
    ready: Callable[[Systems, Sequence[Change]], None] = always_ready
    before: Callable[[Systems, Sequence[Change]], Mapping[Key, str]] = nothing_before
    tried: Callable[[Systems, Sequence[Change]], Mapping[Key, Tried]] = untried
