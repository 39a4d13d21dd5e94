"""The connections to one cluster: one for everything, further ones where only a certain broker answers."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from kafka_gitops.clients.kafka import attempt, connect
from kafka_gitops.clients.library import load
from kafka_gitops.clients.translate import Login
from kafka_gitops.clients.wire import Answer, NotKafka, Wire
from kafka_gitops.errors import Unreachable

ANY = -1  # the node id that stands for whichever broker answered first
NEAR = 3.0  # seconds for a further broker that the run can do without


class Lost(Exception):
    """A write got no answer, so nobody knows whether it was done; `code` is Kafka's name for that."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Link:
    """An open connection to a cluster: reads raise Unreachable after one retry, writes raise Lost without."""

    def __init__(self, login: Login, *, timeout: float) -> None:
        self.login = login
        self._timeout = timeout
        self._alone = False  # only the first broker can be reached
        self._wires: dict[int, Wire] = {}
        self._connect()

    def _connect(self) -> Wire:
        step = connect(self.login, timeout=self._timeout)
        assert step.wire is not None
        self._wires[ANY] = step.wire
        self._first = (step.wire.host, step.wire.port)
        self.cluster_id: str = step.answer.cluster_id
        self.controller: int = step.answer.controller_id
        self.brokers = {broker.node_id: (broker.host, broker.port) for broker in step.answer.brokers}
        return step.wire

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

    def _wire(self, node: int, *, timeout: float | None = None) -> Wire:
        wire = self._wires.get(node)
        if wire is not None and time.monotonic() < wire.expires:
            return wire
        self.drop(node)
        if node == ANY:
            return self._connect()
        host, port = self.brokers[node]
        step, why = attempt(host, port, self.login, timeout=timeout or self._timeout)
        if step is None or step.wire is None:
            assert why is not None
            raise Unreachable(
                f"The cluster answers, but its broker {node}, which calls itself {host}:{port}, cannot be reached: "
                f"{why.text}.",
                help=f"{why.help}\nThe address comes from the broker's advertised.listeners.",
            )
        self._wires[node] = step.wire
        return step.wire

    def versions(self) -> dict[int, tuple[int, int]]:
        """The request types that the brokers know, with their oldest and newest versions."""
        return self._wire(ANY).versions

    def exchange(self, requests: Iterable[Any], *, node: int = ANY) -> Iterator[Answer]:
        """The answers to reading requests, in order; a lost connection is made anew once."""
        left = list(requests)
        failed = False
        while left:
            try:
                for answer in self._wire(node).exchange(list(left)):
                    del left[0]
                    yield answer
            except (OSError, NotKafka) as failure:
                self.drop(node)
                if failed:
                    raise Unreachable(f"The connection to the cluster was lost: {_words(failure)}.") from None
                failed = True

    def read(self, request: Any, *, node: int = ANY) -> Any:
        """The decoded answer to one reading request."""
        return next(self.exchange([request], node=node)).decode()

    def write(self, request: Any, *, node: int = ANY) -> Any:
        """The decoded answer to one changing request, sent once; raises Lost when there is none."""
        try:
            return self._wire(node).ask(request)
        except TimeoutError:
            self.drop(node)
            raise Lost("REQUEST_TIMED_OUT", "the broker did not answer in time; it may or may not be done") from None
        except (OSError, NotKafka) as failure:
            self.drop(node)
            raise Lost("NETWORK_EXCEPTION", f"{_words(failure)}; it may or may not be done") from None
        except Unreachable as failure:
            raise Lost("NETWORK_EXCEPTION", f"not sent: {failure.message}") from None

    def to_controller(self) -> int:
        """The node that takes writes where others refuse them with NOT_CONTROLLER (clusters with ZooKeeper)."""
        request = load("protocol.metadata.metadata").MetadataRequest
        answer = self.read(request(topics=[], allow_auto_topic_creation=False))
        self.controller = answer.controller_id
        self.brokers = {broker.node_id: (broker.host, broker.port) for broker in answer.brokers}
        return self.controller if self.controller in self.brokers else ANY

    def drop(self, node: int = ANY) -> None:
        """Close a connection; the next request makes it anew."""
        wire = self._wires.pop(node, None)
        if wire is not None:
            wire.close()

    def close(self) -> None:
        """Close all connections."""
        for node in list(self._wires):
            self.drop(node)


def _words(failure: Exception) -> str:
    if isinstance(failure, NotKafka):
        return "the answer was no Kafka protocol"
    return str(getattr(failure, "strerror", None) or failure or type(failure).__name__).lower()
