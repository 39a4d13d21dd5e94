"""Results into files: never through a link of the repository, never half; devices and pipes are written in place."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from kafka_gitops import files
from kafka_gitops.errors import KafkaGitopsError

_IN_PLACE = ("/dev/", "/proc/")  # what the shell and the system name there is theirs: /dev/stdout, /dev/fd/63


def save(path: str, data: str | bytes, *, private: bool = False) -> None:
    """Write a file by another one that takes its place; `private`: that only its owner may read.

    Raises KafkaGitopsError when it cannot be written, or when a link at or below the repository's root leads there.
    """
    try:
        if _in_place(path):
            Path(path).write_bytes(_bytes(data))
            return
        refuse_links(path)
        _replace(path, _bytes(data), private=private)
    except OSError as failure:
        raise KafkaGitopsError(f"{path} cannot be written: {failure.strerror}") from None


def _bytes(data: str | bytes) -> bytes:
    return data.encode("utf-8") if isinstance(data, str) else data


def refuse_links(path: str) -> None:
    """Raise KafkaGitopsError where a path passes a link at or below the root of the repository that we are in.

    Who can merge one, or leave one in a checkout, would say which file of the machine we overwrite.
    """
    root = files.repository(Path())
    if not (root / ".git").exists():
        return
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - links are what is looked for
    for place in (whole, *whole.parents):
        above = Path(os.path.realpath(place.parent))
        if (above == root or above.is_relative_to(root)) and place.is_symlink():
            raise KafkaGitopsError(
                f"{path} cannot be written: {os.path.relpath(place)} is a link, which may lead anywhere.",
                help="Delete it, or name another place.",
            )


def _in_place(path: str) -> bool:
    if os.path.abspath(path).startswith(_IN_PLACE):  # noqa: PTH100
        return True
    with suppress(OSError):
        mode = os.lstat(path).st_mode
        return not stat.S_ISREG(mode) and not stat.S_ISLNK(mode) and not stat.S_ISDIR(mode)
    return False


def _replace(path: str, data: bytes, *, private: bool) -> None:
    target = Path(os.path.realpath(path))  # a link elsewhere is the user's own: what it leads to is written
    if target.is_dir():
        raise IsADirectoryError(0, "is a directory")
    number, name = mkstemp(prefix=f".{target.name[:50]}-", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        os.chmod(name, 0o600 if private else _mode(target))  # noqa: PTH101
        os.replace(name, target)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of a new one."""
    with suppress(OSError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
