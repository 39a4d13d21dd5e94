"""One connection to one broker: frames over a socket, encoded and decoded by kafka-python's protocol classes."""

import io
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from kafka_gitops.clients import tls
from kafka_gitops.clients.library import load
from kafka_gitops.clients.translate import Login
from kafka_gitops.errors import KafkaGitopsError, Unreachable

WINDOW = 3  # requests in flight: the broker works on one while another travels and a third is decoded
MOST_BYTES = 500_000_000  # a frame above this is no Kafka: 250,000 ACLs are about 20 MB
UNSUPPORTED_VERSION = 35
PROVOKE = 0.3  # seconds that a silent server gets to show that it speaks HTTP
ODD = (  # what kafka-python, and whoever takes its objects apart, raises for bytes that are not laid out as expected
    *(struct.error, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, EOFError),
    *(MemoryError, RecursionError, NotImplementedError),
)


class NotKafka(Exception):
    """What answered does not speak Kafka's protocol; `start` holds the first four bytes of its answer."""

    def __init__(self, start: bytes) -> None:
        super().__init__(start)
        self.start = start


class Closed(OSError):
    """The other side closed the connection."""


class Unreadable(Unreachable):
    """An answer cannot be decoded, or a part of it is missing or of another kind than it must be."""

    def __init__(self, server: str, request: str, why: Exception) -> None:
        super().__init__(
            f"The answer of {server} to {request} cannot be read ({_kind(why)}).",
            help="Is it Apache Kafka 2.8 or newer, with nothing in between that changes what it says?",
        )


def _kind(why: Exception) -> str:
    kind = type(why)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


@contextmanager
def readable(server: str, request: str) -> Iterator[None]:
    """What is done with the answer to a request: bytes that do not add up raise Unreadable."""
    try:
        yield
    except ODD as odd:
        raise Unreadable(server, request, odd) from odd


class Answer(NamedTuple):
    """The undecoded body of a response, the class that decodes it, and who answered."""

    body: memoryview
    version: int
    kind: Any
    server: str = "the broker"

    @property
    def request(self) -> str:
        """Kafka's name of the request that this answers."""
        return str(self.kind.name).removesuffix("Response")

    def decode(self) -> Any:
        """The response as kafka-python's object. Raises Unreadable."""
        with readable(self.server, self.request):
            return self.kind.decode(self.body, version=self.version)


class Wire:
    """An open socket; every call may raise OSError (TimeoutError, ssl.SSLError, Closed), NotKafka or Unreadable."""

    def __init__(self, host: str, port: int, login: Login, *, timeout: float) -> None:
        self.host, self.port, self._login = host, port, login
        self._correlation = 0
        self._waiting: deque[str] = deque()
        self.versions: dict[int, tuple[int, int]] = {}
        self.expires = float("inf")  # time.monotonic(); the broker closes a session that outlives it (KIP-368)
        self._socket: socket.socket = socket.create_connection((host, port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def server(self) -> str:
        """`localhost:9092`."""
        return f"{self.host}:{self.port}"

    @property
    def asked(self) -> str:
        """The first request that has no answer yet; nothing when all have one."""
        return self._waiting[0] if self._waiting else ""

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
            except Unreadable as unreadable:  # some servers answer newer versions in a layout of their own
                if self.versions[request.API_KEY][1] == 0:
                    raise
                answer = self._greet_plainly(request, unreadable)
            with readable(self.server, "ApiVersions"):
                known = {item.api_key: (item.min_version, item.max_version) for item in answer.api_keys}
            if answer.error_code != UNSUPPORTED_VERSION:
                self.versions = known
                return answer
            highest = known.get(request.API_KEY, (0, 0))[1]
            self.versions = {request.API_KEY: (0, min(highest, self.versions[request.API_KEY][1] - 1))}

    def _greet_plainly(self, request: Any, before: Unreadable) -> Any:
        """The answer to ApiVersions in its oldest version. Raises `before` for a server that hangs up then."""
        self.versions = {request.API_KEY: (0, 0)}
        try:
            return self.ask(request())
        except OSError:
            raise before from None

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
            raise unknown_request(self.server, request.name.removesuffix("Request"))
        return int(chosen)

    def exchange(self, requests: Sequence[Any]) -> Iterator[Answer]:
        """Send the first requests at once and one more for each answer; the answers come in the same order."""
        return self._answers(deque(map(self._send, requests[:WINDOW])), requests[WINDOW:])

    def _answers(self, waiting: deque[tuple[int, Any, int]], more: Sequence[Any]) -> Iterator[Answer]:
        for request in more:
            yield self._receive(*waiting.popleft())
            waiting.append(self._send(request))
        while waiting:
            yield self._receive(*waiting.popleft())

    def ask(self, request: Any) -> Any:
        """Send one request and decode its answer."""
        return self._receive(*self._send(request)).decode()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(self, request: Any) -> tuple[int, Any, int]:
        name = request.name.removesuffix("Request")
        self._correlation += 1
        request.API_VERSION = self.version(request)
        request.with_header(correlation_id=self._correlation, client_id=self._login.client_id)
        try:
            frame = request.encode(framed=True, header=True)
        except ODD as odd:  # a number or a text that has no room in the protocol
            raise KafkaGitopsError(f"{name} cannot hold what it is to say ({type(odd).__name__}).") from odd
        self._waiting.append(name)
        try:
            self._socket.sendall(frame)
        except OSError:
            if self._login.uses_tls:  # an alert of TLS 1.3 about our certificate may have come before: it says why
                self._socket.recv(1)
            raise
        return self._correlation, request.header.get_response_class(), request.API_VERSION

    def _receive(self, correlation: int, kind: Any, version: int) -> Answer:
        start = self._read(4)
        size = struct.unpack(">i", start)[0]
        if not 4 <= size <= MOST_BYTES:
            raise NotKafka(bytes(start))
        frame = self._read(size)
        head = io.BytesIO(bytes(frame[:64]))
        with readable(self.server, self.asked):
            told = kind.parse_header(head, version=version).correlation_id
        if told != correlation:
            raise NotKafka(bytes(start))
        self._waiting.popleft()
        return Answer(frame[head.tell() :], version, kind, self.server)

    def _read(self, size: int) -> memoryview:
        buffer = memoryview(bytearray(size))
        got = 0
        while got < size:
            count = self._socket.recv_into(buffer[got:])
            if not count:
                raise Closed("the connection was closed")
            got += count
        return buffer.toreadonly()


def unknown_request(server: str, *names: str) -> KafkaGitopsError:
    """The error for requests that a broker does not know, or only in versions that we do not speak."""
    return KafkaGitopsError(
        f"The broker {server} does not know {', '.join(names)}, which this run needs.",
        help="Kafka 2.8 and newer are supported: upgrade the brokers.",
    )


def expiry(lifetime_ms: int) -> float:
    """When to log in anew: at 85 % of the session's lifetime, which is 0 for endless (KIP-368)."""
    return time.monotonic() + lifetime_ms * 0.85 / 1000 if lifetime_ms > 0 else float("inf")
