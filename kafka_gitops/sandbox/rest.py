"""A server of the sandbox that speaks HTTP: the registry, a Connect worker."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.sandbox.process import Process, alive, failed, wait

READY = 120.0  # seconds; 5 are usual, a loaded CI host needs more
JVM = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # the limit costs nothing until it is used


class Login(NamedTuple):
    """Who may come in, by basic authentication."""

    username: str
    password: str


@dataclass(frozen=True)
class Server:
    """One running server: what errors call it, where its API begins, and who may come in (None: everybody)."""

    name: str
    url: str
    log: Path
    process: Process = field(repr=False)
    login: Login | None = field(default=None, repr=False)

    def ask(self, path: str, *, method: str = "GET", body: Mapping[str, object] | None = None) -> int:
        """The status of the answer to one request to `url` + `path`; 0 when there is none."""
        from http.client import HTTPException
        from urllib.error import HTTPError
        from urllib.request import ProxyHandler, Request, build_opener

        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        if self.login is not None:
            request.add_header("Authorization", f"Basic {_base64(':'.join(self.login))}")
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:  # loopback: no proxy knows it
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except (OSError, HTTPException):
            return 0

    def ready(self, path: str) -> None:
        """Return once GET `path` answers 200; KafkaGitopsError with the end of the log when that does not come."""
        wait(self.name, self.process, self.log, lambda: self.ask(path) == 200, seconds=READY)

    def ended(self) -> KafkaGitopsError | None:
        """The error that tells that it has ended by itself, None while it runs."""
        return None if alive(self.process.pid) else failed(f"{self.name} has ended by itself", self.log)


def _base64(text: str) -> str:
    from base64 import b64encode

    return b64encode(text.encode()).decode()
