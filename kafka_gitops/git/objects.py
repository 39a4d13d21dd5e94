"""Objects of git by their names, all from one process: `git cat-file --batch` answers as long as it is asked."""

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kafka_gitops.errors import UsageError
from kafka_gitops.git import command

if TYPE_CHECKING:
    import subprocess

_ANSWER = re.compile(rb"([0-9a-f]+) (\w+) (\d+)")
_AT_ONCE = 256  # names that are written before the first answer is read: they fit into any pipe
_READ = 1 << 16


class Object(NamedTuple):
    """An object: its full id, its kind (commit, tree, blob, tag) and its bytes."""

    id: str
    kind: str
    data: bytes


class Objects:
    """The process, started with the first question; `close` ends it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._left = bytearray()

    def named(self, names: Sequence[str]) -> Iterator[Object | None]:
        """The object of each name, as git reads revisions; None for what is not there or not one alone.

        Raises UsageError where git gives no answer.
        """
        for first in range(0, len(names), _AT_ONCE):
            yield from self._answers(names[first : first + _AT_ONCE])

    def close(self) -> None:
        """End the process: it only reads, so it may be ended at any time."""
        process, self._process = self._process, None
        self._left.clear()
        if process is not None:
            assert process.stdin is not None and process.stdout is not None
            process.kill()
            process.stdin.close()
            process.stdout.close()
            process.wait()

    def _answers(self, names: Sequence[str]) -> list[Object | None]:
        """All answers, or none: after an error the next question must not get what is left of these."""
        try:
            self._ask(b"".join(os.fsencode(name) + b"\n" for name in names if not _breaks(name)))
            return [None if _breaks(name) else self._answer() for name in names]
        except BaseException:
            self.close()
            raise

    def _ask(self, data: bytes) -> None:
        if self._process is None:
            self._process = command.started("cat-file", "--batch")
        assert self._process.stdin is not None
        try:
            while data:
                data = data[self._process.stdin.write(data) or 0 :]
        except OSError as error:
            raise _failed() from error

    def _answer(self) -> Object | None:
        while (end := self._left.find(b"\n")) < 0:
            self._read()
        head = bytes(self._left[:end])
        shape = _ANSWER.fullmatch(head)
        if shape is None:
            del self._left[: end + 1]
            return None
        size = int(shape[3])
        while len(self._left) < end + size + 2:
            self._read()
        data = bytes(self._left[end + 1 : end + 1 + size])
        del self._left[: end + size + 2]
        return Object(shape[1].decode(), shape[2].decode(), data)

    def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        if os.name == "posix":
            import select

            if not select.select([self._process.stdout], [], [], command.TIMEOUT)[0]:
                raise UsageError(f"git cat-file did not answer within {command.TIMEOUT} s.")
        data = os.read(self._process.stdout.fileno(), _READ)
        if not data:
            raise _failed()
        self._left += data


def _breaks(name: str) -> bool:
    """Whether a name is more than one line, and so more than one question."""
    return "\n" in name or "\0" in name


def _failed() -> UsageError:
    return UsageError("git cat-file failed: it ended before its answer")


def is_blob(data: bytes, blob: str) -> bool:
    """Whether a file of git has this content, by its id (of SHA-1; of another hash it is no)."""
    import hashlib

    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == blob
