"""A server on loopback that is told byte by byte what to do with each connection, for faults that HTTP servers lack."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

Talk = Callable[[socket.socket], None]


def heard(connection: socket.socket) -> bytes:
    """One request without a body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return data
        data += more
    return data


def dripping(start: bytes) -> Talk:
    """A talk that says this, and then a byte now and then for as long as somebody listens."""

    def talk(connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(start)
        while True:
            connection.sendall(b"x")
            time.sleep(0.02)

    return talk


@contextmanager
def wire(talk: Talk, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Where the server listens (host:port), each connection with `talk` in a thread, until the block ends."""
    server = socket.create_server(("127.0.0.1", 0))
    over = Event()

    def one(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            encrypted = tls.wrap_socket(connection, server_side=True) if tls else connection
            with encrypted:
                talk(encrypted)

    def serve() -> None:
        while not over.is_set():
            with suppress(OSError):
                Thread(target=one, args=(server.accept()[0],), daemon=True).start()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        over.set()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
