"""A command line whose process is killed (SIGKILL) as it sends its N-th message to a server.

python tests/support/dying.py    # then a line of JSON for each run; each is answered by one: what became of it

The product is loaded once; every run is a child that is forked of that.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

SENDERS = ("send", "sendall", "sendmsg")
LOADED = (  # what an apply needs, so that no run has to load it
    *("kafka_gitops.cli.apply", "kafka_gitops.clients.cluster", "kafka_gitops.clients.systems"),
    *("kafka_gitops.clients.scram", "kafka_gitops.clients.quotas", "kafka_gitops.clients.registry", "confluent_kafka"),
)


class Ended(NamedTuple):
    """How a run ended: its exit code, negative for the signal that killed it, how many messages it sent if it was not
    killed, what it said."""

    code: int
    sent: int
    said: str


def counted(last: int) -> Callable[[], int]:
    """Let every socket count, and kill this process before (N odd) or after (N even) message N; what was counted."""
    lock, sent = threading.Lock(), 0

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def send(self: socket.socket, *words: Any) -> Any:
            nonlocal sent
            with lock:
                sent += 1
                now = sent
            if now == last and last % 2:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = real(self, *words)
            if now == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        return send

    for name in SENDERS:
        setattr(socket.socket, name, wrapped(getattr(socket.socket, name)))
    return lambda: sent


class Dying:
    """The process of which the runs are forked."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, words: Sequence[str], *, home: Path, last: int = 0) -> Ended:
        """Run a command line in a directory, with the environment of now; it dies at message `last`, 0: not at all."""
        assert self._process.stdin is not None and self._process.stdout is not None
        asked = {"words": list(words), "home": str(home), "last": last, "env": dict(os.environ)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def _child(asked: dict[str, Any], out: Path) -> int:
    """One run, in a process of its own."""
    os.chdir(asked["home"])
    os.environ.clear()
    os.environ.update(asked["env"])
    said = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    count = counted(asked["last"])
    code = 1
    with suppress(SystemExit):
        code = import_module("kafka_gitops.cli.main").main(asked["words"])
    sys.stdout.flush()
    out.with_suffix(".sent").write_text(str(count()), encoding="utf-8")
    return int(code)


def _serve() -> None:
    for name in LOADED:
        import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        out = Path(asked["home"]).parent / "said"
        out.with_suffix(".sent").unlink(missing_ok=True)
        pid = os.fork()
        if pid == 0:
            os._exit(_child(asked, out))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        sent = out.with_suffix(".sent")
        told = Ended(code, int(sent.read_text()) if sent.exists() else 0, out.read_text(encoding="utf-8"))
        sys.stdout.write(json.dumps(told._asdict()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
