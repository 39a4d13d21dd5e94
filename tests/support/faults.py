"""A proxy on loopback between the product and a broker: it reads Kafka's frames, and one request meets a fault."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from kafka_gitops.clients.library import load

_TOPICS, _ACLS, _CONFIGS = "protocol.admin.topics", "protocol.admin.acl", "protocol.admin.configs"
MODULES = {
    "Metadata": "protocol.metadata.metadata",
    "ApiVersions": "protocol.metadata.api_versions",
    "SaslHandshake": "protocol.sasl",
    "SaslAuthenticate": "protocol.sasl",
    "DescribeConfigs": _CONFIGS,
    "IncrementalAlterConfigs": _CONFIGS,
    **dict.fromkeys(("CreateTopics", "CreatePartitions", "DeleteTopics", "ListPartitionReassignments"), _TOPICS),
    **dict.fromkeys(("DescribeAcls", "CreateAcls", "DeleteAcls"), _ACLS),
    "Produce": "protocol.producer.produce",
    "Fetch": "protocol.consumer.fetch",
    "ListOffsets": "protocol.consumer.offsets",
    **dict.fromkeys(("ListGroups", "DescribeGroups"), "protocol.admin.groups"),
    "OffsetFetch": "protocol.consumer.group",
    "DescribeLogDirs": "protocol.admin.cluster",
}
SAID = "said the proxy"
_ASKING = ("CreateTopics", "CreatePartitions", "IncrementalAlterConfigs")


def message(name: str, kind: str) -> Any:
    """kafka-python's class of a request or response: `message("Metadata", "Response")`."""
    return getattr(load(MODULES[name]), name + kind)


@dataclass(frozen=True)
class Asked:
    """One request on its way: its place among all, its name, version and bytes."""

    place: int
    name: str
    version: int
    frame: bytes

    @property
    def called(self) -> str:
        """Its name; that of a write that only asks ends in a question mark, as a plan's do."""
        asks = self.name in _ASKING and self.decode().validate_only
        return f"{self.name}?" if asks else self.name

    def decode(self) -> Any:
        """The request as kafka-python's object."""
        return message(self.name, "Request").decode(self.frame, version=self.version, header=True)

    def answer(self, frame: bytes) -> Any:
        """The answer to it as kafka-python's object."""
        return self._kind.decode(frame[self._head(frame) :], version=self.version)

    def encode(self, frame: bytes, answer: Any) -> bytes:
        """A frame with another answer behind the same head."""
        answer._header = None  # kafka-python leaves it out of what it decodes, and asks for it
        return frame[: self._head(frame)] + bytes(answer.encode(version=self.version))

    def head(self) -> bytes:
        """The head of an answer that no broker gave."""
        flexible = self._kind.flexible_version_q(self.version) and self.name != "ApiVersions"
        return self.frame[4:8] + (b"\0" if flexible else b"")

    @property
    def _kind(self) -> Any:
        return message(self.name, "Response")

    def _head(self, frame: bytes) -> int:
        data = BytesIO(frame[:64])
        self._kind.parse_header(data, version=self.version)
        return data.tell()


Forward = Callable[[], bytes]  # asks the broker and gives its frame
Fault = Callable[[Asked, Forward], bytes | None]  # the frame that the client gets, None: hang up


def passed(_asked: Asked, forward: Forward) -> bytes | None:
    """No fault."""
    return forward()


def cut(_asked: Asked, forward: Forward) -> bytes | None:
    """The broker does it, and the answer is lost."""
    forward()
    return None


def cut_before(_asked: Asked, _forward: Forward) -> bytes | None:
    """The request itself is lost."""
    return None


def delayed(_asked: Asked, forward: Forward) -> bytes | None:
    """The answer comes a second late."""
    frame = forward()
    time.sleep(1)
    return frame


def refused(code: int) -> Fault:
    """The broker does not do it: an error code stands in the answer."""

    def refuse(asked: Asked, forward: Forward) -> bytes | None:
        if asked.name in _REFUSALS:
            answer = _REFUSALS[asked.name](asked.decode(), message(asked.name, "Response"), code)
            return asked.head() + bytes(answer.encode(version=asked.version))
        frame = forward()
        answer = asked.answer(frame)
        for part in _parts(answer):
            if hasattr(part, "error_code"):
                part.error_code = code
        return asked.encode(frame, answer)

    return refuse


def _parts(answer: Any) -> Iterator[Any]:
    """An answer and what it has of topics and partitions, or of other results."""
    if not hasattr(answer, "session_id"):  # a Fetch has one of its own for all topics, which says something else
        yield answer
    for name in ("topics", "results", "responses", "partitions"):
        for part in getattr(answer, name, None) or ():
            yield from _parts(part)


_REFUSALS: dict[str, Callable[[Any, Any, int], Any]] = {
    "CreateTopics": lambda q, kind, code: kind(
        throttle_time_ms=0,
        topics=[kind.CreatableTopicResult(name=t.name, error_code=code, error_message=SAID) for t in q.topics],
    ),
    "CreatePartitions": lambda q, kind, code: kind(
        throttle_time_ms=0,
        results=[kind.CreatePartitionsTopicResult(name=t.name, error_code=code, error_message=SAID) for t in q.topics],
    ),
    "IncrementalAlterConfigs": lambda q, kind, code: kind(
        throttle_time_ms=0,
        responses=[
            kind.AlterConfigsResourceResponse(
                resource_type=r.resource_type, resource_name=r.resource_name, error_code=code, error_message=SAID
            )
            for r in q.resources
        ],
    ),
    "DeleteTopics": lambda q, kind, code: kind(
        throttle_time_ms=0,
        responses=[
            kind.DeletableTopicResult(name=t.name, topic_id=t.topic_id, error_code=code, error_message=SAID)
            for t in q.topics
        ],
    ),
    "CreateAcls": lambda q, kind, code: kind(
        throttle_time_ms=0,
        results=[kind.AclCreationResult(error_code=code, error_message=SAID) for _ in q.creations],
    ),
    "DeleteAcls": lambda q, kind, code: kind(
        throttle_time_ms=0,
        filter_results=[
            kind.DeleteAclsFilterResult(error_code=code, error_message=SAID, matching_acls=[]) for _ in q.filters
        ],
    ),
    "Produce": lambda q, kind, code: kind(
        responses=[
            kind.TopicProduceResponse(
                name=t.name,
                partition_responses=[
                    kind.TopicProduceResponse.PartitionProduceResponse(
                        index=0, error_code=code, base_offset=-1, record_errors=[]
                    )
                ],
            )
            for t in q.topic_data
        ],
    ),
}


@dataclass
class Proxy:
    """`faults` by the place of a request among all (from 0) or by name; `dying`: after the answer under way it is gone."""

    target: tuple[str, int]
    faults: dict[int | str, Fault] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    dying: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def bootstrap(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self._server.getsockname()[1]}"

    def serve(self) -> None:
        """Take connections until the proxy is closed."""
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._between, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Stop listening: the next connection is refused."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _between(self, client: socket.socket) -> None:
        with client, socket.create_connection(self.target) as broker, suppress(OSError):
            while (frame := _read(client)) is not None:
                answer = self._fault(frame, broker)
                if answer is None:
                    return
                _send(client, answer)
                if self.dying:
                    self.close()
                    return

    def _fault(self, frame: bytes, broker: socket.socket) -> bytes | None:
        key, version = struct.unpack(">hh", frame[:4])
        name = next((name for name in MODULES if key == message(name, "Request").API_KEY), f"request {key}")
        with self._lock:
            asked = Asked(len(self.log), name, version, frame)
            self.log.append(asked.called)

        def forward() -> bytes:
            _send(broker, frame)
            found = _read(broker)
            if found is None:
                raise ConnectionResetError("the broker hung up")
            return self._here(asked, found)

        fault = self.faults.get(asked.place, self.faults.get(asked.called, passed))
        return fault(asked, forward)

    def _here(self, asked: Asked, frame: bytes) -> bytes:
        """The answer with this proxy as the address of every broker."""
        if asked.name != "Metadata" or asked.version > message("Metadata", "Response").max_version:
            return frame
        answer = asked.answer(frame)
        for broker in answer.brokers:
            broker.host, port = self.bootstrap.split(":")
            broker.port = int(port)
        return asked.encode(frame, answer)


def _read(side: socket.socket) -> bytes | None:
    size = _exactly(side, 4)
    return _exactly(side, struct.unpack(">i", size)[0]) if size else None


def _exactly(side: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = side.recv(size - len(found))
        if not more:
            return b""
        found += more
    return found


def _send(side: socket.socket, frame: bytes) -> None:
    side.sendall(struct.pack(">i", len(frame)) + frame)


@contextmanager
def proxy(bootstrap: str, faults: Mapping[Any, Fault] | None = None) -> Iterator[Proxy]:
    """A proxy before the broker at `host:port`."""
    host, port = bootstrap.split(":")
    made = Proxy((host, int(port)), {**(faults or {})})
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.close()
        thread.join()
