"""A command line whose process is killed (SIGKILL) as it sends its N-th message to a server.

python tests/support/dying.py N COUNT WORDS ...    # COUNT: a file for how many it sent, if it lives
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kafka_gitops.cli.main import main

SENDERS = ("send", "sendall", "sendmsg")


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


if __name__ == "__main__":
    count = counted(int(sys.argv[1]))
    code = main(sys.argv[3:])
    Path(sys.argv[2]).write_text(str(count()), encoding="utf-8")
    sys.exit(code)
