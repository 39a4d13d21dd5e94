"""Somebody who would like to have the pipeline's password: a broker that asks for a login and keeps what it is told."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

VERSIONS, HANDSHAKE = 18, 17  # keys of the requests that come before the login
_APIS = [(18, 0, 3), (17, 0, 1), (36, 0, 1), (3, 0, 5)]


@dataclass
class Thief:
    """Its port, how many came, and what they sent as login."""

    port: int
    came: list[object] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def thief() -> Iterator[Thief]:
    """A broker at work in a thread until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Thief(server.getsockname()[1])
        threading.Thread(target=_accept, args=(server, made), daemon=True).start()
        yield made
        server.shutdown(socket.SHUT_RDWR)


def _accept(server: socket.socket, made: Thief) -> None:
    with contextlib.suppress(OSError):
        while True:
            guest, _ = server.accept()
            made.came.append(guest)
            threading.Thread(target=_serve, args=(guest, made), daemon=True).start()


def _serve(guest: socket.socket, made: Thief) -> None:
    with guest, contextlib.suppress(OSError, struct.error), guest.makefile("rb") as stream:
        while True:
            request = stream.read(*struct.unpack(">i", stream.read(4)))
            key, version, correlation = struct.unpack(">hhi", request[:8])
            if key not in (VERSIONS, HANDSHAKE):
                made.logins.append(request)
                return
            answer = struct.pack(">i", correlation) + (_versions(version) if key == VERSIONS else _plain())
            guest.sendall(struct.pack(">i", len(answer)) + answer)


def _versions(version: int) -> bytes:
    """The answer to ApiVersions: compact from version 3 on."""
    if version >= 3:
        apis = b"".join(struct.pack(">hhh", *api) + b"\0" for api in _APIS)
        return struct.pack(">h", 0) + bytes([len(_APIS) + 1]) + apis + struct.pack(">i", 0) + b"\0"
    apis = b"".join(struct.pack(">hhh", *api) for api in _APIS)
    return struct.pack(">hi", 0, len(_APIS)) + apis + (struct.pack(">i", 0) if version else b"")


def _plain() -> bytes:
    return struct.pack(">hih", 0, 1, 5) + b"PLAIN"
