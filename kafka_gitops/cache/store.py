"""The directory of what is kept: the user's own, and bounded. With whatever is wrong with it, nothing is in it."""

import os
import stat
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple

VARIABLE = "KAFKA_GITOPS_CACHE"
MOST = 64_000_000  # bytes of all entries; those that were not used for longest go
MOST_OF_ONE = 16_000_000
DAYS = 30  # since its last use
_DAY = 86_400
_SUFFIX, _HALF = ".json", ".half"


class Store(NamedTuple):
    """Entries by name, in a directory that need not be there yet."""

    folder: str

    def get(self, name: str) -> bytes | None:
        """What was put under a name; None where it is not there, damaged, or may not be what we wrote."""
        with suppress(OSError):
            if _is_ours(os.lstat(self.folder), stat.S_ISDIR):
                return _read(os.path.join(self.folder, name + _SUFFIX))  # noqa: PTH118
        return None

    def put(self, name: str, data: bytes) -> None:
        """Keep it, whole or not at all; without a word where that cannot be."""
        if len(data) > MOST_OF_ONE:
            return
        with suppress(OSError):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)  # noqa: PTH103
            if _is_ours(os.lstat(self.folder), stat.S_ISDIR):
                _write(os.path.join(self.folder, name + _SUFFIX), data)  # noqa: PTH118

    def tidy(self) -> None:
        """Delete what is old, what is beyond the bound, and halves that nobody finishes."""
        left, now = MOST, time.time()
        with suppress(OSError):
            with os.scandir(self.folder) as found:
                kept = [(entry.stat(follow_symlinks=False), entry.path) for entry in found]
            for about, path in sorted(kept, key=lambda one: -one[0].st_mtime):
                left -= about.st_size
                most = _DAY if path.endswith(_HALF) else DAYS * _DAY
                if left < 0 or now - about.st_mtime > most:
                    os.unlink(path)  # noqa: PTH108


def directory(variables: Mapping[str, str], *, platform: str = sys.platform) -> str | None:
    """Where entries are kept: in KAFKA_GITOPS_CACHE, else in the user's cache directory; None where there is none.

    Source: XDG Base Directory Specification 0.8, Apple's File System Programming Guide, KNOWNFOLDERID (Windows).
    """
    named, home = variables.get(VARIABLE), os.path.expanduser("~")  # noqa: PTH111
    if platform == "win32":
        user = variables.get("LOCALAPPDATA")
    elif platform == "darwin":
        user = f"{home}/Library/Caches"
    else:
        user = variables.get("XDG_CACHE_HOME")
        user = user if user and os.path.isabs(user) else f"{home}/.cache"  # noqa: PTH117 - a relative one is ignored
    above = named or (user and os.path.join(user, "kafka-gitops"))  # noqa: PTH118
    return os.path.join(above, "lint") if above and os.path.isabs(above) else None  # noqa: PTH117, PTH118


def _is_ours(found: os.stat_result, right: object) -> bool:
    """Whether it is of the right type, of this user, and closed to all others; Windows keeps users apart itself."""
    assert callable(right)
    if not right(found.st_mode):
        return False
    return os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)


def _read(path: str) -> bytes | None:
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(number, "rb", buffering=0) as file:  # noqa: PTH123
        found = os.fstat(number)
        if not _is_ours(found, stat.S_ISREG) or found.st_size > MOST_OF_ONE + 65:
            return None
        head, _, data = file.readall().partition(b"\n")
    if head.decode("ascii", "replace") != sha256(data).hexdigest():
        return None
    os.utime(path)
    return data


def _write(path: str, data: bytes) -> None:
    """Two runs may write at once: each its own file, which then takes the entry's place."""
    half = f"{path}.{os.getpid()}-{os.urandom(4).hex()}{_HALF}"
    number = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with open(number, "wb") as file:  # noqa: PTH123
            file.write(sha256(data).hexdigest().encode() + b"\n" + data)
        os.replace(half, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(half)  # noqa: PTH108
        raise
