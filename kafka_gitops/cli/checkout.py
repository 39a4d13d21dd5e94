"""One repository of many: its config or JulieOps' client file, its topologies, and what they come to."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from kafka_gitops.cli import load
from kafka_gitops.cli.discover import discover
from kafka_gitops.cli.offline_counts import Counts, counts
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Files
from kafka_gitops.config import client_files
from kafka_gitops.config.find import DEFAULTS, NAMES
from kafka_gitops.config.given import Given
from kafka_gitops.config.resolve import Asked, Effective, resolve
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.errors import KafkaGitopsError, listed
from kafka_gitops.kinds import KINDS
from kafka_gitops.lint import origins
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Key
from kafka_gitops.report.findings import by_severity
from kafka_gitops.report.fleet import Row
from kafka_gitops.settings import Settings
from kafka_gitops.snapshot.contents import Snapshot


class Checkout(NamedTuple):
    """Its row, where each of its resources is declared, and the addresses of its clusters as far as they are known."""

    row: Row
    places: Mapping[Key, str]
    clusters: frozenset[str]


class _Part(NamedTuple):
    """What is read together: settings, and paths; of a config with environments for each of them."""

    settings: Settings
    paths: tuple[str, ...]


class _Known(NamedTuple):
    """How a checkout is read: its parts, the files that say so, addresses, and notes."""

    parts: Sequence[_Part]
    config: tuple[str, ...] = ()
    clusters: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def read(folder: str, name: str, snapshot: Snapshot | None = None) -> Checkout:
    """What a checkout comes to; one that cannot be read is a row that says why, never an error.

    With a snapshot also what a plan against it would change.
    """
    try:
        known = _config(folder) or _julieops(folder)
        return _judged(folder, name, known, snapshot)
    except KafkaGitopsError as error:
        return Checkout(Row(name, error=_below(folder, error.message.splitlines()[0])), {}, frozenset())
    except OSError as failure:
        said = f"{failure.filename or folder}: {(failure.strerror or str(failure)).lower()}"
        return Checkout(Row(name, error=_below(folder, said)), {}, frozenset())


def _judged(folder: str, name: str, known: _Known, snapshot: Snapshot | None) -> Checkout:
    today = datetime.now(timezone.utc).date()
    found: dict[Diagnostic, None] = {}
    places: dict[Key, str] = {}
    sources: dict[str, None] = {}
    planned: list[Counts] = []
    for part in known.parts:
        topology = load.load_topology(Files(paths=part.paths), part.settings)
        rules = part.settings._replace(plugins={}) if part.settings.plugins else part.settings
        found.update(dict.fromkeys(origins.told(lint.run(topology, rules, today=today, found_alone=topology.alone))))
        sources.update(dict.fromkeys(topology.sources))
        if snapshot is not None and _is_of(snapshot, part.settings):
            planned.append(counts(topology, part.settings, snapshot))
        for key in topology.state:
            at = topology.at(key)
            places.setdefault(key, name if at is None else f"{name}/{_below(folder, at.path)}:{at.line}")
    kinds = Counter(key.kind for key in places)
    rules_ = Counter(one.rule for one in found if one.severity.name in ("error", "warning"))
    changes = sum((Counter(one.changes) for one in planned), Counter[str]()) if planned else None
    notes = [
        *known.notes,
        *(_below(folder, note) for one in planned for note in one.notes),
        *dict.fromkeys(said for part in known.parts for said in _cautions(folder, part.settings)),
    ]
    row = Row(
        name,
        config=tuple(_below(folder, path) for path in known.config),
        topologies=tuple(dict.fromkeys(_below(folder, path) for part in known.parts for path in part.paths)),
        files=len(sources),
        declared={KINDS[kind].PLURAL: number for kind, number in sorted(kinds.items())},
        findings=by_severity([*found]),
        rules=dict(sorted(rules_.items())),
        changes=None if changes is None else dict(sorted(changes.items())),
        unmanaged=tuple(sorted(_unmanaged([*found], known.parts))),
        notes=tuple(notes),
    )
    return Checkout(row, places, known.clusters)


def _is_of(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether settings may be about the cluster of a snapshot: by its id, else by the environment's name."""
    if settings.cluster_id is not None and snapshot.kafka.id is not None:
        return settings.cluster_id == snapshot.kafka.id
    return settings.environment in (None, snapshot.environment)


def _unmanaged(found: Sequence[Diagnostic], parts: Sequence[_Part]) -> set[str]:
    """The words for what no run makes: ksqlDB, role bindings, the rights of another provider."""
    said = [one.message for one in found if one.rule == "not-managed"]
    named = {
        what for what, sign in (("ksqlDB", "ksqlDB"), ("RBAC", "role bindings")) if any(sign in one for one in said)
    }
    foreign = {part.settings.language.provider for part in parts} - {"kafka"}
    return named | {f"rights ({provider})" for provider in foreign}


def _cautions(folder: str, settings: Settings) -> Iterator[str]:
    if settings.language.rights is not None:
        yield _below(folder, settings.language.rights)
    if settings.plugins:
        yield "its own rules were not run"


def _config(folder: str) -> _Known | None:
    """The checkout by its kafka-gitops.yaml at its root, None where it has none: every environment, no variable."""
    from kafka_gitops.config.load import read as read_config

    path = next((one for one in (os.path.join(folder, name) for name in NAMES) if Path(one).is_file()), None)  # noqa: PTH118
    if path is None:
        return None
    file = read_config(path)
    node = file.root.get("environments")
    names = [None] if node is None or not node.map else [*node.map]
    parts: list[_Part] = []
    clusters: set[str] = set()
    for name in names:
        settings = resolve(_asked(name)._replace(file=file, connect=False)).settings
        usual = (os.path.join(folder, one) for one in DEFAULTS)  # noqa: PTH118
        paths = settings.topology or tuple([one for one in usual if Path(one).exists()][:1])
        parts += [_Part(settings, paths)] if paths else []
        bootstrap = node.get(name, "bootstrap") if node is not None and name is not None else None
        clusters |= _addresses(bootstrap.raw or "" if bootstrap is not None else "")
    return _Known(parts, (path,), frozenset(clusters))


def _asked(environment: str | None, *client: str) -> Asked:
    return Asked(environment, None, None, client, (), {}, connect=False, text=MERGED.text)


def _julieops(folder: str) -> _Known:
    """The checkout as JulieOps runs it: a client file with its words, and each folder of topologies for itself."""
    there = discover(folder)
    clients, plans = there.clients, there.plans
    client, found, notes = _client(folder, clients)
    settings = found.settings if found is not None else Settings()
    roles = settings.language.roles
    if roles is not None:  # JulieOps reads it from its working directory
        settings = settings._replace(language=settings.language._replace(roles=_roles(folder, client, roles)))
    if len(plans) == 1 and settings.language.plans is None:
        settings = settings._replace(language=settings.language._replace(plans=plans[0]))
    clusters = [one.value for path in clients for one in _bootstrap(path)]
    addresses = frozenset(address for one in clusters for address in _addresses(one))
    parts = [_Part(settings, group.paths) for group in there.groups]
    return _Known(parts, () if client is None else (client,), addresses, tuple(notes))


def _client(folder: str, clients: Sequence[str]) -> tuple[str | None, Effective | None, list[str]]:
    """The client file whose words count, its settings, and what to know about the others."""
    read: dict[str, Effective] = {}
    notes = []
    for path in clients:
        try:
            read[path] = resolve(_asked(None, path))
        except KafkaGitopsError as error:
            notes.append(f"not used: {_below(folder, error.message.splitlines()[0])}")
    if not read:
        return None, None, notes
    first = max(read, key=lambda path: (read[path].settings.language != Settings().language, -[*read].index(path)))
    language = read[first].settings.language
    others = [path for path, one in read.items() if _words(one) != _words(read[first])]
    if others and language != Settings().language:
        notes.append(f"{_below(folder, first)} is used; other words have {listed([_below(folder, p) for p in others])}")
    return first, read[first], notes


def _words(found: Effective) -> object:
    return found.settings.language._replace(rights=None)


def _roles(folder: str, client: str | None, roles: str) -> str:
    beside = Path(client or folder).parent / roles
    below = os.path.join(folder, roles)  # noqa: PTH118
    return str(beside) if beside.is_file() and not Path(below).is_file() else below


def _bootstrap(path: str) -> Iterator[Given]:
    try:
        given = client_files.read((path,), {}).client.given
    except KafkaGitopsError:
        return
    if "bootstrap.servers" in given and given["bootstrap.servers"].written is None:
        yield given["bootstrap.servers"]


def _addresses(bootstrap: str) -> frozenset[str]:
    """The addresses in a literal list of brokers, none where a variable is in it."""
    return frozenset() if "$" in bootstrap else frozenset(one.strip() for one in bootstrap.split(",") if one.strip())


def _below(folder: str, said: str) -> str:
    """A path, or a sentence with paths, as seen from the checkout's own root."""
    return said.replace(f"{folder.rstrip('/')}/", "")
