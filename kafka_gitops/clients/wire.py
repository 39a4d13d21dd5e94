"""One connection to one broker: frames over a socket, encoded and decoded by kafka-python's protocol classes."""

import io
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kafka_gitops.clients import tls
from kafka_gitops.clients.library import load
from kafka_gitops.clients.translate import Login
from kafka_gitops.errors import KafkaGitopsError

WINDOW = 3  # requests in flight: the broker works on one while another travels and a third is decoded
MOST_BYTES = 500_000_000  # a frame above this is no Kafka: 250,000 ACLs are about 20 MB
UNSUPPORTED_VERSION = 35
PROVOKE = 0.3  # seconds that a silent server gets to show that it speaks HTTP


class NotKafka(Exception):
    """What answered does not speak Kafka's protocol; `start` holds the first four bytes of its answer."""

    def __init__(self, start: bytes) -> None:
        super().__init__(start)
        self.start = start


class Closed(OSError):
    """The other side closed the connection."""


class Answer(NamedTuple):
    """The undecoded body of a response, and the class that decodes it."""

    body: memoryview
    version: int
    kind: Any

    def decode(self) -> Any:
        """The response as kafka-python's object."""
        return self.kind.decode(self.body, version=self.version)


class Wire:
    """An open socket; every call may raise OSError (TimeoutError, ssl.SSLError, Closed) or NotKafka."""

    def __init__(self, host: str, port: int, login: Login, *, timeout: float) -> None:
        self.host, self.port, self._login = host, port, login
        self._correlation = 0
        self.versions: dict[int, tuple[int, int]] = {}
        self.expires = float("inf")  # time.monotonic(); the broker closes a session that outlives it (KIP-368)
        self._socket: socket.socket = socket.create_connection((host, port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def encrypt(self) -> None:
        """Do the TLS handshake."""
        self._socket = tls.encrypt(self._socket, self._login, self.host)

    def cipher(self) -> str:
        """`TLSv1.3, TLS_AES_256_GCM_SHA384` of an encrypted connection."""
        import ssl

        assert isinstance(self._socket, ssl.SSLSocket)
        return f"{self._socket.version()}, {(self._socket.cipher() or ('?',))[0]}"

    def greet(self) -> Any:
        """Ask which requests the broker knows and remember it; the decoded ApiVersionsResponse."""
        request = load("protocol.metadata.api_versions").ApiVersionsRequest
        self.versions = {request.API_KEY: (0, request.max_version)}
        while True:
            try:
                answer = self.ask(request(client_software_name="kafka-gitops", client_software_version="1"))
            except TimeoutError:
                self._provoke()
                raise
            known = {item.api_key: (item.min_version, item.max_version) for item in answer.api_keys}
            if answer.error_code != UNSUPPORTED_VERSION:
                self.versions = known
                return answer
            highest = known.get(request.API_KEY, (0, 0))[1]
            self.versions = {request.API_KEY: (0, min(highest, self.versions[request.API_KEY][1] - 1))}

    def _provoke(self) -> None:
        """End a line for whoever is silent: a web server then answers, and NotKafka says so."""
        self.timeout(PROVOKE)
        self._socket.sendall(b"\r\n\r\n")
        raise NotKafka(self._socket.recv(4))

    def timeout(self, seconds: float) -> None:
        """How long a single wait for the broker may take."""
        self._socket.settimeout(max(seconds, 0.001))

    def version(self, request: Any) -> int:
        """The newest version of a request that both sides know."""
        low, high = self.versions.get(request.API_KEY, (0, -1))
        least = request._min_version or request.min_version
        most = request.max_version if request._max_version is None else request._max_version
        chosen = min(high, most)
        if chosen < max(low, least):
            raise KafkaGitopsError(
                f"The broker {self.host}:{self.port} does not know {request.name} in a version that we speak",
                help="Kafka 2.8 and newer are supported.",
            )
        return int(chosen)

    def exchange(self, requests: Sequence[Any]) -> Iterator[Answer]:
        """Send requests, several in flight, and yield their answers in the same order."""
        waiting: list[tuple[int, Any, int]] = []
        for request in requests:
            if len(waiting) == WINDOW:
                yield self._receive(*waiting.pop(0))
            waiting.append(self._send(request))
        for sent in waiting:
            yield self._receive(*sent)

    def ask(self, request: Any) -> Any:
        """Send one request and decode its answer."""
        return self._receive(*self._send(request)).decode()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self, request: Any) -> tuple[int, Any, int]:
        self._correlation += 1
        request.API_VERSION = self.version(request)
        request.with_header(correlation_id=self._correlation, client_id=self._login.client_id)
        self._socket.sendall(request.encode(framed=True, header=True))
        return self._correlation, request.header.get_response_class(), request.API_VERSION

    def _receive(self, correlation: int, kind: Any, version: int) -> Answer:
        start = self._read(4)
        size = struct.unpack(">i", start)[0]
        if not 4 <= size <= MOST_BYTES:
            raise NotKafka(bytes(start))
        frame = self._read(size)
        head = io.BytesIO(bytes(frame[:64]))
        if kind.parse_header(head, version=version).correlation_id != correlation:
            raise NotKafka(bytes(start))
        return Answer(frame[head.tell() :], version, kind)

    def _read(self, size: int) -> memoryview:
        buffer = memoryview(bytearray(size))
        got = 0
        while got < size:
            count = self._socket.recv_into(buffer[got:])
            if not count:
                raise Closed("the connection was closed")
            got += count
        return buffer.toreadonly()


def expiry(lifetime_ms: int) -> float:
    """When to log in anew: at 85 % of the session's lifetime, which is 0 for endless (KIP-368)."""
    return time.monotonic() + lifetime_ms * 0.85 / 1000 if lifetime_ms > 0 else float("inf")
