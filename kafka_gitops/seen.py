"""What a run sees outside of itself (files, directories, variables), and a record that tells if all is as it was.

What has to do with the machine asks here, and nowhere else, so that no answer is missing in a record.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

Answer = bytes | str | bool | int | None
Look = tuple[str, str]  # what was asked, of which path or variable


class Record:
    """The answers that a run got, by look. `whole` is False where not all are here, or where two contradict.

    Of texts and values only a hash is kept, with a salt: a config or a variable may hold a secret.
    """

    def __init__(self) -> None:
        self.salt = os.urandom(16)
        self.answers: dict[Look, Answer] = {}
        self.whole = True

    def note(self, look: Look, answer: Answer) -> None:
        """Take in an answer."""
        shown = fingerprint(answer, self.salt)
        if self.answers.setdefault(look, shown) != shown:
            self.whole = False


_RECORDS: list[Record] = []


@contextmanager
def recording() -> Iterator[Record]:
    """Record what is seen until the end of the block."""
    record = Record()
    _RECORDS.append(record)
    try:
        yield record
    finally:
        _RECORDS.remove(record)


def spoil() -> None:
    """Say that what follows depends on more than a record can hold: own rules, git, what another process saw."""
    for record in _RECORDS:
        record.whole = False


def marks() -> list[int]:
    """How far each record is, for `news`."""
    return [len(record.answers) for record in _RECORDS]


def news(marks: Sequence[int]) -> list[tuple[list[tuple[Look, Answer]], bool]]:
    """What another process noted that was started at these marks, as plain data for `learn`."""
    return [
        ([*islice(record.answers.items(), mark, None)], record.whole)
        for record, mark in zip(_RECORDS, marks, strict=True)
    ]


def learn(told: Iterable[tuple[Iterable[tuple[Look, Answer]], bool]]) -> None:
    """Take in the news of another process."""
    for record, (answers, whole) in zip(_RECORDS, told, strict=True):
        for look, shown in answers:
            if record.answers.setdefault(look, shown) != shown:
                record.whole = False
        record.whole = record.whole and whole


def fingerprint(answer: Answer, salt: bytes) -> Answer:
    """What is kept of an answer: the SHA-256 of a text behind the salt, all else as it is."""
    if not isinstance(answer, bytes | str):
        return answer
    from hashlib import sha256  # a hook with nothing to do loads this module, too

    return sha256(salt + (answer if isinstance(answer, bytes) else os.fsencode(answer))).hexdigest()


def contents(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file. Raises OSError where they cannot be had."""
    if _RECORDS and not _is_regular(path):
        spoil()  # of a pipe nobody gets the same again
    try:
        data = _contents(path)
    except OSError as error:
        _note("contents", path, error.errno)
        raise
    _note("contents", path, data)
    return data


def is_file(path: str | os.PathLike[str]) -> bool:
    """Whether there is a file, or a link to one."""
    return bool(_asked("file", path))


def is_dir(path: str | os.PathLike[str]) -> bool:
    """Whether there is a directory, or a link to one."""
    return bool(_asked("directory", path))


def exists(path: str | os.PathLike[str]) -> bool:
    """Whether there is anything, or a link to it."""
    return bool(_asked("exists", path))


def real(path: str | os.PathLike[str]) -> str:
    """The absolute path without links."""
    found = os.path.realpath(path)
    _note("real", path, found)
    return found


def entries(folder: str) -> list[tuple[str, bool]]:
    """The names in a directory, sorted by their bytes, each with whether it is a directory or a link to one.

    Raises OSError for a directory that cannot be read.
    """
    found = _entries(folder)
    _note("entries", folder, _listed(found))
    return found


def walk(folder: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """`os.walk`, recorded; a directory that cannot be read has nothing in it."""
    for where, folders, names in os.walk(folder, onerror=lambda error: _note("walk", error.filename, error.errno)):
        _note("walk", where, _walked(where, folders, names))
        yield where, folders, names


def variables() -> Mapping[str, str]:
    """The environment variables."""
    return _Noting() if _RECORDS else os.environ


class _Noting(Mapping[str, str]):
    """The environment variables; each that is asked for is noted, and nobody may ask for all."""

    def __getitem__(self, name: str) -> str:
        _note("variable", name, os.environ.get(name))
        return os.environ[name]

    def __iter__(self) -> Iterator[str]:
        spoil()
        return iter(os.environ)

    def __len__(self) -> int:
        spoil()
        return len(os.environ)


def again(look: Look) -> Answer:
    """The answer to a look now, not recorded. Raises KeyError for a look that there is not."""
    kind, of = look
    try:
        return _LOOKS[kind](of)
    except OSError as error:
        return error.errno


def _reread(path: str) -> bytes:
    if not _is_regular(path):
        raise OSError
    return _contents(path)


def _asked(kind: str, path: str | os.PathLike[str]) -> Answer:
    answer = _LOOKS[kind](os.fspath(path))
    _note(kind, path, answer)
    return answer


def _note(kind: str, of: str | os.PathLike[str], answer: Answer) -> None:
    for record in _RECORDS:
        record.note((kind, os.fspath(of)), answer)


def _is_regular(path: str | os.PathLike[str]) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - asked of a thousand files
    except OSError:
        return True  # reading it gives the reason


def _contents(path: str | os.PathLike[str]) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return file.readall()


def _entries(folder: str) -> list[tuple[str, bool]]:
    with os.scandir(folder) as found:
        return sorted(
            ((entry.name, _leads_to_directory(entry)) for entry in found), key=lambda one: os.fsencode(one[0])
        )


def _leads_to_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _listed(found: Iterable[tuple[str, bool]]) -> bytes:
    return b"\0".join(os.fsencode(name) + b"/" * below for name, below in found)


def _walked(where: str, folders: list[str], names: list[str]) -> bytes:
    below = ((name, not os.path.islink(os.path.join(where, name))) for name in sorted(folders))  # noqa: PTH114, PTH118
    return _listed(below) + b"\0\0" + _listed((name, False) for name in sorted(names))


def _raised(error: OSError) -> None:
    raise error


_LOOKS: Mapping[str, Callable[[str], Answer]] = {
    "contents": _reread,
    "file": os.path.isfile,
    "directory": os.path.isdir,
    "exists": os.path.exists,
    "real": os.path.realpath,
    "entries": lambda folder: _listed(_entries(folder)),
    "walk": lambda folder: _walked(*next(os.walk(folder, onerror=_raised))),
    "variable": os.environ.get,
}
