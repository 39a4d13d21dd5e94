"""Other processes that do a share of some work and send what it came to; one that fails is as if it had not started."""

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
MOST = 4  # processes
_LENGTH = struct.Struct("!Q")


def cores() -> int:
    """How many processes may work at one time."""
    if hasattr(os, "sched_getaffinity"):
        return min(MOST, len(os.sched_getaffinity(0)))
    return min(MOST, os.cpu_count() or 1)


def shares(work: Sequence[T], weight: Callable[[T], int], most: int) -> list[Sequence[T]]:
    """The work in order, cut into shares of about the same weight, one where no other process can be started."""
    if most < 2 or len(work) < 2 or not hasattr(os, "fork"):
        return [work]
    import threading  # few files need no other process

    if threading.active_count() > 1:
        return [work]
    whole, done = sum(map(weight, work)), 0
    found: list[list[T]] = [[] for _ in range(most)]
    for one in work:
        middle = done + weight(one) / 2
        found[min(most - 1, int(middle * most / max(1, whole)))].append(one)
        done += weight(one)
    return [share for share in found if share]


class Others:
    """The other processes, in the order of their shares, and what they have sent so far."""

    def __init__(self) -> None:
        self._pipes: list[int] = []
        self._processes: list[int] = []
        self._sent: list[bytearray] = []

    def start(self, share: Sequence[T], work: Callable[[T], bytes]) -> None:
        """Start a process for a share; where none can be started it has sent nothing."""
        self._sent.append(bytearray())
        try:
            if len(self._pipes) + 1 < len(self._sent):
                return  # one before it got none
            reading, writing = os.pipe()
        except OSError:  # no more files may be open
            return
        try:
            process = os.fork()
        except OSError:
            process = -1
        if process == 0:
            _work(share, work, writing, [*self._pipes, reading])
        os.close(writing)
        os.set_blocking(reading, False)
        self._pipes.append(reading)
        if process > 0:
            self._processes.append(process)

    def drain(self) -> None:
        """Take what was sent, so that nobody waits for a pipe to be emptied."""
        for pipe, sent in zip(self._pipes, self._sent, strict=False):
            try:
                sent += os.read(pipe, 1 << 20)
            except BlockingIOError:
                continue

    def answers(self) -> Iterator[list[bytes]]:
        """Of each share what the work came to, in order; less than all where a process failed."""
        for pipe in self._pipes:
            os.set_blocking(pipe, True)
        for pipe, sent in zip(self._pipes, self._sent, strict=False):
            while data := os.read(pipe, 1 << 20):
                sent += data
            yield [*_frames(sent)]
            sent.clear()
        yield from ([] for _ in self._sent[len(self._pipes) :])

    def end(self) -> None:
        """End the processes; those that have sent all are ending by themselves."""
        import signal

        for pipe in self._pipes:
            os.close(pipe)
        for process in self._processes:
            os.kill(process, signal.SIGKILL)  # until it is waited for, the number is its own
            os.waitpid(process, 0)


@contextmanager
def started(shares: Sequence[Sequence[T]], work: Callable[[T], bytes]) -> Iterator[Others]:
    """The processes at work; none is left behind."""
    others, own = Others(), os.getpid()
    try:
        for share in shares:
            others.start(share, work)
        yield others
    finally:
        if os.getpid() != own:
            os._exit(0)  # Ctrl-C came as a process began: its parent is stopped by the same one, and says so
        others.end()


def _work(share: Sequence[T], work: Callable[[T], bytes], pipe: int, foreign: Sequence[int]) -> None:
    """What another process does: it sends, says nothing, and leaves nothing of its parent's behind."""
    import signal

    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for other in foreign:
            os.close(other)
        for one in share:
            data = work(one)
            _write(pipe, _LENGTH.pack(len(data)) + data)
    finally:
        os._exit(0)  # whatever it was: the parent does what was not sent, and says what is wrong


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _frames(sent: bytearray) -> Iterator[bytes]:
    """The whole messages of what was sent."""
    start = 0
    while start + _LENGTH.size <= len(sent):
        (length,) = _LENGTH.unpack_from(sent, start)
        start += _LENGTH.size
        if start + length > len(sent):
            return
        yield bytes(sent[start : start + length])
        start += length
