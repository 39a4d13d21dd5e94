"""A Connect cluster as this kind needs it: what its workers tell, and what they are asked to do."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from kafka_gitops.kinds.parts import Problem

FAILED = "FAILED"
HIDDEN = "(not known from the snapshot)"  # a value of a config that its source does not tell


class Task(NamedTuple):
    """A task of a connector: its number, its state (`RUNNING`, `FAILED`, `UNASSIGNED` ...), why it failed."""

    number: int
    state: str
    trace: str = ""


class Live(NamedTuple):
    """A connector as the workers have it: config in clear (never to be shown; or HIDDEN), state, tasks.

    `expected` is how many tasks it has been given; a null in the config is the text `(null)`; `sink` is None where the
    worker does not know the plugin.
    """

    config: Mapping[str, str]
    state: str = "RUNNING"
    tasks: tuple[Task, ...] = ()
    trace: str = ""
    expected: int = 0
    sink: bool | None = None

    @property
    def target(self) -> str:
        """What it was last told to be: `running`, `paused` or `stopped`."""
        return {"PAUSED": "paused", "STOPPED": "stopped"}.get(self.state, "running")

    @property
    def failures(self) -> tuple[tuple[str, str], ...]:
        """What has failed, the connector itself or its tasks, each with its trace."""
        own = (("the connector", self.trace),) if self.state == FAILED else ()
        return (*own, *((f"task {task.number}", task.trace) for task in self.tasks if task.state == FAILED))


class Plugin(NamedTuple):
    """A connector class that the workers have."""

    name: str
    sink: bool


class Asked(NamedTuple):
    """A config that a worker is to judge; `secret` are keys whose values are secrets in clear."""

    plugin: str
    name: str
    config: Mapping[str, str]
    secret: frozenset[str] = frozenset()


class Verdict(NamedTuple):
    """What a worker says of a config: messages by key (None: about all of it), without any value that was sent.

    `known` are the keys that the plugin declares, `passwords` those of type PASSWORD.
    """

    messages: tuple[tuple[str | None, str], ...] = ()
    known: frozenset[str] = frozenset()
    passwords: frozenset[str] = frozenset()


class Offset(NamedTuple):
    """A position of a source or a sink, as KIP-875 has it; both are JSON texts."""

    partition: str
    offset: str


class Connect(Protocol):
    """The workers of one Connect cluster. Reads raise Unreachable, MissingRight or KafkaGitopsError, and never take the
    404 of a starting worker for an absence; a write is sent once (again only where the workers said that nothing was
    done, 409) and answers None for done."""

    @property
    def where(self) -> str:
        """The address that answered, without user info."""

    @property
    def settles(self) -> float:
        """Seconds after a write in which a worker may still show the state from before."""

    @property
    def kafka(self) -> str | None:
        """The id of the Kafka cluster that the workers use."""

    def connectors(self) -> Mapping[str, Live]:
        """Every connector with its config and state, in one request."""

    def plugins(self) -> Sequence[Plugin]:
        """The connector classes that are installed."""

    def passwords(self, plugin: str) -> frozenset[str]:
        """The keys that a plugin declares as PASSWORD; empty where it is not installed."""

    def validate(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        """What the workers and the plugins say of configs; a plugin may try a connection to the outside."""

    def put(self, name: str, config: Mapping[str, str], secret: Collection[str] = ()) -> Problem | None:
        """Create or change a connector; a change restarts it and its tasks."""

    def create(self, name: str, config: Mapping[str, str], state: str, secret: Collection[str] = ()) -> Problem | None:
        """Create a connector in a state (KIP-980)."""

    def turn(self, name: str, state: str) -> Problem | None:
        """Make a connector `running`, `paused` or `stopped`."""

    def restart(self, name: str) -> Problem | None:
        """Restart what has failed of a connector, itself and its tasks (KIP-745)."""

    def offsets(self, name: str) -> Sequence[Offset]:
        """The offsets of a connector (KIP-875)."""

    def set_offsets(self, name: str, offsets: Sequence[Offset]) -> Problem | None:
        """Overwrite offsets of a stopped connector (KIP-875)."""

    def delete(self, name: str) -> Problem | None:
        """Delete a connector; one that is gone already is done."""
