"""The connections to one cluster: one for everything, further ones where only a certain broker answers."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from kafka_gitops.clients.kafka import REQUEST_TIMEOUT, attempt, connect
from kafka_gitops.clients.library import load
from kafka_gitops.clients.translate import Login
from kafka_gitops.clients.wire import ODD, Answer, Closed, NotKafka, Unreadable, Wire, readable
from kafka_gitops.errors import KafkaGitopsError, Unanswered, Unreachable
from kafka_gitops.kinds.parts import Problem

_OPEN = "It may or may not be done"
ANY = -1  # the node id that stands for whichever broker answered first
TWIN = -2  # a second connection to that one: a broker works on one request of each connection at a time
NEAR = 3.0  # seconds for a further broker that the run can do without


_P = ParamSpec("_P")
_T = TypeVar("_T")


class Lost(Unanswered):
    """A write got no answer, so nobody knows whether it was done, unless it was not even `sent`.

    `code` is Kafka's name for that.
    """

    def __init__(self, code: str, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.sent = sent

    def problem(self) -> Problem:
        """The problem of each resource of the request."""
        return Problem(self.code, self.message, "lost" if self.sent else "unsent")


Waits = Callable[[float, int], bool]


def patient(_seconds: float, _left: int) -> bool:
    """Wait for a quota without a word."""
    return True


def unheard(_said: str) -> None:
    """Nobody hears of what a quota makes slow."""


class Link:
    """An open connection to a cluster: reads raise Unreachable after one retry, writes raise Lost without."""

    def __init__(self, login: Login, *, timeout: float) -> None:
        self.login = login
        self.last: Answer | None = None  # the answer that was given out last
        self.cluster_id = ""  # not known yet
        self.waits: Waits = patient
        self.slowed: Callable[[str], None] = unheard
        self._timeout = timeout
        self._alone = False  # only the first broker can be reached
        self._patience = REQUEST_TIMEOUT
        self._wires: dict[int, Wire] = {}
        self._connect()

    def _connect(self) -> Wire:
        step = connect(self.login, timeout=self._timeout, met=bool(self.cluster_id))
        assert step.wire is not None
        with readable(step.wire.server, "Metadata"):
            cluster, brokers = str(step.answer.cluster_id), self._places(step.answer)
        if self.cluster_id not in ("", cluster):  # a name that means another cluster by now
            step.wire.close()
            raise Unreachable(f"{step.wire.server} is cluster {cluster} now, and was cluster {self.cluster_id} before.")
        step.wire.timeout(self._patience)
        self._wires[ANY] = step.wire
        self._first = (step.wire.host, step.wire.port)
        self.cluster_id, self.brokers = cluster, brokers
        self.controller: int = step.answer.controller_id
        return step.wire

    def another(self) -> "Link":
        """A connection of its own to the same cluster, for another thread."""
        made = Link(self.login, timeout=self._timeout)
        made.slowed = self.slowed
        return made

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """A block that waits no longer than that for a single answer: of reads that a run can do without."""
        self._be_patient(seconds)
        try:
            yield
        finally:
            self._be_patient(REQUEST_TIMEOUT)

    def _be_patient(self, seconds: float) -> None:
        self._patience = seconds
        for wire in self._wires.values():
            wire.timeout(seconds)

    @staticmethod
    def _places(metadata: Any) -> dict[int, tuple[str, int]]:
        return {broker.node_id: (broker.host, broker.port) for broker in metadata.brokers}

    def is_first(self, node: int) -> bool:
        """Whether a broker is the one that ANY stands for, as far as that can be told."""
        return len(self.brokers) == 1 or self.brokers.get(node) == self._first

    def near(self, node: int) -> int:
        """A broker, or ANY where that is the same one or it cannot be reached soon; then no other is tried either."""
        if self._alone or node not in self.brokers or self.is_first(node):
            return ANY
        try:
            self._wire(node, timeout=min(self._timeout, NEAR))
        except Unreachable:
            self._alone = True
            return ANY
        return node

    def twin(self) -> int:
        """TWIN, or ANY where no second connection can be had soon; then none is tried again."""
        if self._alone:
            return ANY
        try:
            self._wire(TWIN, timeout=min(self._timeout, NEAR))
        except Unreachable:
            self._alone = True
            return ANY
        return TWIN

    def _wire(self, node: int, *, timeout: float | None = None) -> Wire:
        wire = self._wires.get(node)
        if wire is not None and time.monotonic() < wire.expires:
            return wire
        self.drop(node)
        if node == ANY:
            return self._connect()
        if node != TWIN and node not in self.brokers:
            raise Unreachable(f"The cluster answers, and does not know its broker {node} any more.")
        host, port = self._first if node == TWIN else self.brokers[node]
        step, why = attempt(host, port, self.login, timeout=timeout or self._timeout, met=True)
        if step is None or step.wire is None:
            assert why is not None
            raise Unreachable(
                f"The cluster answers, but its broker {node}, which calls itself {host}:{port}, cannot be reached: "
                f"{why.text}.",
                help=f"{why.help}\nThe address comes from the broker's advertised.listeners.",
            )
        step.wire.timeout(self._patience)
        self._wires[node] = step.wire
        return step.wire

    @property
    def server(self) -> str:
        """The broker that answers: `localhost:9092`."""
        return self._wire(ANY).server

    def versions(self) -> dict[int, tuple[int, int]]:
        """The request types that the brokers know, with their oldest and newest versions."""
        return self._wire(ANY).versions

    def exchange(self, requests: Iterable[Any], *, node: int = ANY) -> Iterator[Answer]:
        """The answers to reading requests, in order, of which the first are sent at once; a lost connection is made
        anew once."""
        left = list(requests)
        return self._answers(left, node, *self._begun(left, node)) if left else iter(())

    def _begun(self, left: Sequence[Any], node: int) -> tuple[Wire, Iterator[Answer]]:
        wire = self._wire(node)
        try:
            return wire, wire.exchange(list(left))
        except (OSError, NotKafka) as failure:
            return wire, failing(failure)

    def _answers(self, left: list[Any], node: int, wire: Wire, answers: Iterator[Answer]) -> Iterator[Answer]:
        failed = False
        while left:
            try:
                for answer in answers:
                    del left[0]
                    self.last = answer
                    yield answer
            except (OSError, NotKafka) as failure:
                self.drop(node)
                if failed:
                    raise Unreachable(f"The connection to the cluster was lost: {_words(failure, wire)}.") from None
                failed = True
                wire, answers = self._begun(left, node)

    def read(self, request: Any, *, node: int = ANY) -> Any:
        """The decoded answer to one reading request."""
        return self.ask(request, node=node).decode()

    def ask(self, request: Any, *, node: int = ANY) -> Answer:
        """The answer to one reading request as it came."""
        return next(self.exchange([request], node=node))

    def write(self, request: Any, *, node: int = ANY) -> Any:
        """The decoded answer to one changing request, sent once; raises Lost when there is none."""
        try:
            wire = self._wire(node)
        except KafkaGitopsError as failure:
            raise Lost("NETWORK_EXCEPTION", f"not sent: {failure.message}", sent=False) from None
        try:
            return wire.ask(request)
        except (OSError, NotKafka) as failure:
            self.drop(node)
            code = "REQUEST_TIMED_OUT" if isinstance(failure, TimeoutError) else "NETWORK_EXCEPTION"
            raise Lost(code, f"{_words(failure, wire)}. {_OPEN}") from None
        except Unreadable as failure:
            self.drop(node)
            raise Lost("UNKNOWN_SERVER_ERROR", f"{failure.message} {_OPEN}") from None
        except KafkaGitopsError as failure:  # the broker does not know the request
            raise Lost("UNSUPPORTED_VERSION", f"not sent: {failure.message}", sent=False) from None

    def written(self, request: Any, take: Callable[[Any], Iterable[_T]], *, node: int = ANY) -> list[_T]:
        """What `take` finds in the answer to one changing request; raises Lost as `write` does."""
        answer = self.write(request, node=node)
        try:
            with readable("the broker", request.name.removesuffix("Request")):
                return list(take(answer))
        except Unreadable as failure:
            raise Lost("UNKNOWN_SERVER_ERROR", f"{failure.message} {_OPEN}") from None

    def to_controller(self) -> int:
        """The node that takes writes where others refuse them with NOT_CONTROLLER (clusters with ZooKeeper)."""
        request = load("protocol.metadata.metadata").MetadataRequest
        answer = self.read(request(topics=[], allow_auto_topic_creation=False))
        self.learn(answer)
        return self.controller if self.controller in self.brokers else ANY

    def learn(self, metadata: Any) -> None:
        """Take the brokers from an answer to Metadata: they move, come and go."""
        with readable("the broker", "Metadata"):
            self.controller, self.brokers = metadata.controller_id, self._places(metadata)

    def drop(self, node: int = ANY) -> None:
        """Close a connection; the next request makes it anew."""
        wire = self._wires.pop(node, None)
        if wire is not None:
            wire.close()

    def close(self) -> None:
        """Close all connections."""
        for node in list(self._wires):
            self.drop(node)


def understood(read: Callable[Concatenate[Link, _P], _T]) -> Callable[Concatenate[Link, _P], _T]:
    """A function that reads by a link and takes the answers apart: a part that is not as it must be is Unreadable."""

    @wraps(read)
    def reading(link: Link, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(link, *args, **kwargs)
        except ODD as odd:
            if link.last is None:
                raise
            raise Unreadable(link.last.server, link.last.request, odd) from odd

    return reading


def failing(failure: Exception) -> Iterator[Answer]:
    """Answers of which the first raises that."""
    raise failure
    yield


def _words(failure: Exception, wire: Wire) -> str:
    if isinstance(failure, NotKafka):
        return f"{wire.server} answered {wire.asked} with something that is not Kafka's protocol"
    if isinstance(failure, TimeoutError):
        return f"{wire.server} did not answer {wire.asked} in time"
    if isinstance(failure, Closed | ConnectionError) or type(failure).__name__ == "SSLEOFError":
        return f"{wire.server} closed the connection when asked for {wire.asked}"
    said = str(getattr(failure, "strerror", None) or failure or type(failure).__name__).lower()
    return f"{wire.server} was asked for {wire.asked}: {said}"
