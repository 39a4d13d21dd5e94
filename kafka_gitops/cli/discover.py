"""What is in a folder that others made: JulieOps' files, other tools' files, brokers of Compose; nothing is judged."""

import os
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kafka_gitops.descriptor.others import looks_like_topology
from kafka_gitops.files import SUFFIXES

_CLIENT = re.compile(r"^\s*(?:topology\.|julie\.|platform\.servers\.|allow\.delete\.|bootstrap\.servers)", re.MULTILINE)
_JULIE = re.compile(r"^\s*(?:topology\.|julie\.|platform\.servers\.|allow\.delete\.)", re.MULTILINE)
_CONTEXT = re.compile(r"^[\"']?context[\"']?\s*:\s*(.*?)\s*$", re.MULTILINE)
_PLANS = re.compile(r"^plans\s*:\s*$", re.MULTILINE)
_TERRAFORM = re.compile(r"^\s*resource\s+\"(?:confluent_)?kafka_", re.MULTILINE)
_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml")
_LARGEST = 5_000_000  # bytes of a file that is looked at to know what it is
_FOLDERS = ("node_modules", "venv", "target", "build", "dist")  # what programs make
_PROPERTIES = (".properties", ".conf")


class Group(NamedTuple):
    """Topology files of one folder and one context: what JulieOps reads in one run."""

    folder: str
    context: str
    paths: tuple[str, ...]


class Discovered(NamedTuple):
    """What a folder holds: topologies by folder and context, client files (those of JulieOps too by their keys), plans
    files, files of Compose, and what else may be another tool's; all in the order of their paths."""

    groups: tuple[Group, ...]
    clients: tuple[str, ...]
    julie: tuple[str, ...]
    plans: tuple[str, ...]
    composes: tuple[str, ...]
    others: tuple[str, ...]
    whole: bool = True  # whether all files were looked at


def discover(folder: str, most: int | None = None) -> Discovered:
    """Look below a folder; hidden folders and those that programs make are passed over, and so are links to folders.

    At most so many files are read. Raises OSError for a file that cannot be read.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    found: dict[str, list[str]] = {name: [] for name in Discovered._fields[1:-1]}
    texts = _texts(folder)
    for path, text in texts if most is None else islice(texts, most):
        name = Path(path).name
        if path.endswith(_PROPERTIES):
            found["clients"] += [path] if _CLIENT.search(text) else []
            found["julie"] += [path] if _JULIE.search(text) else []
        elif path.endswith(".tf"):
            found["others"] += [path] if _TERRAFORM.search(text) else []
        elif _COMPOSE.fullmatch(name):
            found["composes"].append(path)
        elif looks_like_topology(text):
            context = _CONTEXT.search(text)
            groups.setdefault((str(Path(path).parent), context[1] if context else ""), []).append(path)
        elif _PLANS.search(text):
            found["plans"].append(path)
        else:
            found["others"].append(path)
    made = tuple(Group(where, context, tuple(paths)) for (where, context), paths in sorted(groups.items()))
    whole = most is None or next(texts, None) is None
    return Discovered(made, **{name: tuple(paths) for name, paths in found.items()}, whole=whole)


def _texts(folder: str) -> Iterator[tuple[str, str]]:
    """The files that may be one of them, with their texts."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _FOLDERS)
        for name in sorted(names):
            path = os.path.normpath(os.path.join(where, name))  # noqa: PTH118
            wanted = name.endswith((*SUFFIXES, *_PROPERTIES, ".tf")) and not name.startswith(".")
            if wanted and Path(path).is_file() and Path(path).stat().st_size <= _LARGEST:
                yield path, Path(path).read_text(encoding="utf-8", errors="replace")


def named(groups: Sequence[Group], plans: Sequence[str]) -> list[str]:
    """The paths to name so that exactly these files are read: a folder where all of its files are among them."""
    paths: list[str] = []
    folders: dict[str, set[str]] = {}
    for group in groups:
        folders.setdefault(group.folder, set()).update(group.paths)
    for folder, files in folders.items():
        there = {os.path.normpath(str(one)) for one in Path(folder).iterdir() if one.name.endswith(SUFFIXES)}
        whole = folder != "." and not there - files - set(plans)
        paths += [f"{folder}/"] if whole else sorted(files)
    return paths
