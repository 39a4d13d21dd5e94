"""What a result depends on besides what a run sees: the tool, its libraries, the day, the command line."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

from kafka_gitops import __version__
from kafka_gitops.settings import Settings

FORMAT = 1  # of an entry
_PACKAGE = str(Path(__file__).parents[1])


def result(options: Mapping[str, object], today: date) -> str:
    """The name of the entry of a run with these options, here and on this day.

    Raises TypeError for an option that is no plain data.
    """
    return _name("result", today.isoformat(), options)


def shelf(settings: Settings, *sides: tuple[str, str] | None) -> str:
    """The name of the entries of what files contribute here under some settings, with the side files by path and text.

    Raises TypeError for a setting that is no plain data.
    """
    offline = settings._replace(client={}, registry=None, connect={}, principal=None, timeout=None)
    return _name("shelf", offline, sides)


def _name(*parts: object) -> str:
    import json

    tool = [FORMAT, __version__, sys.version, sys.platform, os.getcwd(), *map(_plain, parts)]  # noqa: PTH109
    found = sha256(json.dumps(tool, sort_keys=True).encode())
    for line in (*_package(_PACKAGE), *_installed()):
        found.update(line)
    return found.hexdigest()


def loaded() -> list[list[object]]:
    """Each file of code that this process has loaded and is not ours: path, size, times."""
    files = {str(found) for one in [*sys.modules.values()] if (found := getattr(one, "__file__", None))}
    return _about(sorted(path for path in {*files, *_mapped()} if not path.startswith(_PACKAGE + os.sep)))


def unchanged(files: Iterable[list[object]]) -> bool:
    """Whether the files of code are what they were."""
    return all(_about([str(one[0])]) == [one] for one in files)


def _plain(value: object) -> object:
    """A value as JSON knows it, sets in an order; raises TypeError for what is no plain data."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [*map(_plain, value)]
    raise TypeError(f"{type(value)} is no plain data")


def _package(folder: str) -> Iterator[bytes]:
    """Our own source and data: an edit in a checkout changes no version."""
    with os.scandir(folder) as found:
        for entry in sorted(found, key=lambda one: one.name):
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _package(entry.path)
            else:
                yield _line(entry.path, entry.stat())


def _installed() -> Iterator[bytes]:
    """Where libraries are installed: one that comes, goes or is another changes its directory."""
    for path in sys.path:
        try:
            yield _line(path, os.stat(path or "."))  # noqa: PTH116
        except OSError:
            yield os.fsencode(path)


def _line(path: str, about: os.stat_result) -> bytes:
    return os.fsencode("".join(f"{one}\0" for one in (path, *_facts(about))))


def _facts(about: os.stat_result) -> tuple[int, int, int]:
    """What is another where a file is another: size, time of the last change, time of any change."""
    return about.st_size, about.st_mtime_ns, about.st_ctime_ns


def _about(paths: Iterable[str]) -> list[list[object]]:
    found: list[list[object]] = []
    for path in paths:
        try:
            found.append([path, *_facts(os.stat(path))])  # noqa: PTH116
        except OSError:
            found.append([path, -1, 0, 0])
    return found


def _mapped() -> set[str]:
    """The libraries that are no modules, such as libyaml where the system brings it; Linux says which."""
    try:
        with open("/proc/self/maps", "rb") as maps:  # noqa: PTH123
            lines = maps.read().splitlines()
    except OSError:
        return set()
    return {os.fsdecode(line[line.index(b"/") :]) for line in lines if b".so" in line and b"/" in line}
