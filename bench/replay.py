"""HTTP servers whose answers are known: a recorder before a real one, and a server that gives those answers late.

python bench/replay.py ANSWERS SECONDS    # prints its port; each answer takes SECONDS
"""

import asyncio
import json
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError

HEADERS = ("Content-Type", "Accept")  # what of a request an answer may depend on, and a script sends again


class Read(NamedTuple):
    """One request and its answer."""

    method: str
    path: str
    headers: dict[str, str]
    sent: str
    status: int
    kind: str
    text: str


@dataclass
class Recorder:
    """What passed, in order, and where clients come to."""

    upstream: str
    url: str = ""
    reads: list[Read] = field(default_factory=list)

    def ask(self, method: str, path: str, headers: dict[str, str], sent: bytes) -> Read:
        """Ask the real server, and keep what it said."""
        request = urllib.request.Request(self.upstream + path, sent or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, kind, text = answer.status, answer.headers["Content-Type"], answer.read().decode()
        except HTTPError as error:
            status, kind, text = error.code, error.headers["Content-Type"], error.read().decode()
        read = Read(method, path, headers, sent.decode(), status, kind or "", text)
        self.reads.append(read)
        return read


@contextmanager
def recording(upstream: str) -> Iterator[Recorder]:
    """A recorder before `upstream` (scheme, host and port) for the time of the block."""
    recorder = Recorder(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kept = {name: self.headers[name] for name in HEADERS if name in self.headers}
            read = recorder.ask(self.command, self.path, kept, sent)
            body = read.text.encode()
            self.send_response(read.status)
            self.send_header("Content-Type", read.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorder.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield recorder
        server.shutdown()


async def serve(answers: dict[tuple[str, str, str], Read], seconds: float) -> None:
    """Give each known answer after so many seconds, however many are asked at once; print the port, until the end."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, path, _ = head.split(b" ", 2)
                sent = await reader.readexactly(_length(head))
                await asyncio.sleep(seconds)
                writer.write(_answer(answers.get((method.decode(), path.decode(), sent.decode()))))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0, backlog=128)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _length(head: bytes) -> int:
    found = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(found[0]) if found else 0


def _answer(read: Read | None) -> bytes:
    if read is None:
        return b"HTTP/1.1 418 Not recorded\r\nContent-Length: 0\r\n\r\n"
    body = read.text.encode()
    head = f"HTTP/1.1 {read.status} Recorded\r\nContent-Type: {read.kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def load(file: Path) -> list[Read]:
    """What `json.dumps(reads)` wrote."""
    return [Read(*one) for one in json.loads(file.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    known = {(read.method, read.path, read.sent): read for read in load(Path(sys.argv[1]))}
    asyncio.run(serve(known, float(sys.argv[2])))
