"""What is on the servers and in no file, into the files that exist: they say it, and nothing else, afterwards."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple, TypeAlias

from kafka_gitops.adopt import files, proof
from kafka_gitops.adopt.homes import Home, Homes
from kafka_gitops.adopt.insert import Addition, extended
from kafka_gitops.adopt.inventory import Inventory, Left
from kafka_gitops.adopt.letting import Statements
from kafka_gitops.adopt.places import places
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.kinds import KINDS
from kafka_gitops.model import Acl, Key, Spec, Topology
from kafka_gitops.settings import Language, Scope
from kafka_gitops.text.source import Node
from kafka_gitops.writing import emit, grouping
from kafka_gitops.writing.entries import Entry

Texts: TypeAlias = Mapping[str, str]
Build: TypeAlias = Callable[[Texts, Texts], Topology]
"""(topology files that are new or other than now, new files beside them), by path -> what all files then say."""
_NOWHERE = Node.empty("")


class Missing(NamedTuple):
    """Topology files that are new or other than now, new ones beside them, what went where, and what was left out."""

    texts: Texts
    beside: Texts
    added: Mapping[Key, Home]
    left: tuple[Left, ...]


@dataclass
class _Work:
    """What is still to be placed, where the rest is, and why what has no place has none."""

    homes: Homes
    build: Build
    now: Topology
    wanted: dict[Key, Spec]
    taken: Callable[[str], bool]
    where: dict[Key, list[Home]] = field(default_factory=dict)
    why: dict[Key, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)


def missing(
    found: Inventory,
    now: Topology,
    build: Build,
    *,
    scopes: Sequence[Scope] = (),
    language: Language,
    folder: str | None,
    taken: Callable[[str], bool] = lambda path: False,
) -> Missing:
    """What to write so that the files declare also what is on the servers inside `scopes` and in none of them.

    `now` are the files as they are, `folder` a directory in which a new file is read (None: none is), `taken` tells
    whether a path is somebody's already. Raises KafkaGitopsError where the files would say something else.
    """
    left: list[Left] = []
    wanted = _wanted(found, now, scopes, Statements(now, language), left)
    work = _Work(Homes(now, language, folder), build, now, wanted, taken)
    _settle(work, [key for key in wanted if key.kind != "acl"])
    after = build(work.texts, work.beside) if work.texts else now
    _settle(work, [key for key in wanted if key.kind == "acl" and key not in after.state])
    left += [Left(str(key), work.why[key]) for key in wanted if key in work.why and key not in work.where]
    placed = {key: work.where[key][0] for key in wanted if key in work.where}
    return Missing(work.texts, work.beside, placed, tuple(left))


def _wanted(
    found: Inventory, now: Topology, scopes: Sequence[Scope], statements: Statements, left: list[Left]
) -> dict[Key, Spec]:
    """What is missing, kind by kind; `left` gets what `manage` or a statement keeps out, and why."""
    wanted = {}
    for key, spec in (one for kind in KINDS for one in found.of(kind).items()):
        if key in now.state:
            continue
        why = KINDS[key.kind].outside(scopes, key, spec) or statements.why(key, spec)
        if why is None:
            wanted[key] = spec
        else:
            left.append(Left(str(key), why))
    return wanted


def _settle(work: _Work, keys: Iterable[Key]) -> None:
    """Give each of these its first home that holds it; those without one are noted in `why`."""
    work.where |= {key: work.homes.of(key, work.wanted[key]) for key in keys}
    while True:
        for key in [key for key, homes in work.where.items() if not homes]:
            del work.where[key]
            work.why.setdefault(key, "no file that is read fits it: name a directory, then a new file may be made")
        refused = _write(work) or _judge(work)
        if not refused:
            return
        for key, why in refused.items():
            work.why[key] = why
            work.where[key] = work.where[key][1:]


def _write(work: _Work) -> dict[Key, str]:
    """Make the texts anew; what its file does not take, with the reason."""
    work.texts, work.beside = {}, {}
    refused: dict[Key, str] = {}
    by_file: dict[str, list[tuple[Addition, list[Key]]]] = {}
    for path, addition, keys in _additions(work):
        by_file.setdefault(path, []).append((addition, keys))
    for path, additions in by_file.items():
        source = work.now.sources.get(path)
        text = source.text if source is not None else _head(work.now)
        made, why = extended(path, text, [one for one, _ in additions])
        if why is None:
            work.texts[path] = made
            continue
        alone = [(extended(path, text, [one])[1], keys) for one, keys in additions]
        for own, keys in alone:
            if own is not None or not any(one for one, _ in alone):
                refused |= dict.fromkeys(keys, f"{path}: {own or why}")
    return refused


def _head(now: Topology) -> str:
    """How a new file begins: with the context of the first one, as it is written there."""
    for path in now.segments:
        root = places(now.sources[path].text) if path in now.sources else None
        found = root.at("context") if root is not None else None
        if found is not None:
            return f"context: {emit.scalar(found.text)}\n"
    return "context: main\n"


def _additions(work: _Work) -> Iterator[tuple[str, Addition, list[Key]]]:
    """The entries of each section of each file, with the keys that they declare."""
    groups: dict[tuple[str, Home], list[Key]] = {}
    for key in (key for key in work.wanted if key in work.where):
        homes = work.where[key]
        groups.setdefault((homes[0].path, homes[0]._replace(name=None)), []).append(key)
    for (path, home), keys in groups.items():
        entries = tuple(_entries(work, home, keys))
        yield path, Addition(home.at, home.section, entries), keys


def _entries(work: _Work, home: Home, keys: Sequence[Key]) -> Iterator[Entry]:
    specs = [work.wanted[key] for key in keys]
    acls = {spec: None for spec in specs if isinstance(spec, Acl)}
    yield from (Entry("acls", item, _NOWHERE) for item, _ in grouping.items(acls))
    for key, spec in zip(keys, specs, strict=True):
        if isinstance(spec, Acl):
            continue
        _, entry = KINDS[key.kind].export(key, spec)
        own = work.where[key][0].name
        if own is not None:
            entry["name"] = own
        if "file" in entry:
            entry["file"] = _beside(work, home.path, str(entry["file"]), files.text_of(key, spec))
        yield Entry(home.section, entry, _NOWHERE)


def _beside(work: _Work, topology: str, wanted: str, text: str) -> str:
    """A path from a topology file for a text beside it that nobody has yet; the text is one of those to write."""
    path = PurePath(wanted)
    number, name = 1, wanted
    while work.taken(at := str(PurePath(topology).parent / name)) or at in work.beside:
        number += 1
        name = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
    work.beside[at] = text
    return name


def _judge(work: _Work) -> dict[Key, str]:
    """What the files would say that they should not, by what was placed there; nothing where all is as wanted."""
    if not work.texts:
        return {}
    after, now = work.build(work.texts, work.beside), work.now
    known = {(one.rule, one.message) for one in now.problems}
    errors = [one for one in after.problems if one.severity is Severity.error and (one.rule, one.message) not in known]
    if errors:
        paths = {one.span.path: f"{one.span}: {one.message}" for one in errors}
        bad = {key: paths[homes[0].path] for key, homes in work.where.items() if homes[0].path in paths}
        return bad or _stop([f"{one.span}: {one.message}" for one in errors])
    lacking = [key for key in work.where if not proof.equal(key, work.wanted[key], after.state.get(key))]
    more = [key for key in after.state if key not in now.state and key not in work.wanted]
    named = {spec.name for key in more if isinstance(spec := after.state[key], Acl)}
    given = [key for key in work.where if key.kind == "topic" and key.name in named]
    bad = dict.fromkeys(lacking, "the files would not declare it as it is there")
    bad |= dict.fromkeys(given, "its project would give rights on it that are not there")
    changed = [key for key, spec in now.state.items() if not proof.equal(key, spec, after.state.get(key))]
    return bad if bad or not (more or changed) else _stop([*map(str, (*more, *changed))])


def _stop(said: Sequence[str]) -> dict[Key, str]:
    raise KafkaGitopsError(
        f"The files would say something else than before and what is missing: {listed(said, most=3)}",
        help="Nothing was written. Please report it with the names above; --only and --topics leave them out.",
    )
