"""A platform's API on this machine: it remembers what it was asked, and answers as a test says."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit


class Asked(NamedTuple):
    """One request: its path without the query, the query, the decoded body, the headers in lower case."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


class Answer(NamedTuple):
    """Status, a body that becomes JSON, further headers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed


@dataclass
class Forge:
    """A running server; `url` is its address, `asked` what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    def writes(self) -> list[tuple[str, str, Any]]:
        """The requests that changed something."""
        return [(one.method, one.path, one.body) for one in self.asked if one.method != "GET"]


@contextmanager
def forge(answer: Callable[[Asked], Answer]) -> Iterator[Forge]:
    """Serve until the block ends; `answer` may be called by several threads."""

    class Web(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            headers = {key.lower(): value for key, value in self.headers.items()}
            asked = Asked(self.command, parts.path, query, json.loads(data) if data else None, headers)
            found.asked.append(asked)
            status, body, more = answer(asked)
            out = json.dumps(body).encode() if body is not None else b""
            self.send_response(status)
            for key, value in {**more, "Content-Length": str(len(out))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(out)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    found = Forge(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
