"""What `lint` does once there is something to do: load, judge, print, decide."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

from kafka_gitops import seen
from kafka_gitops.cli import earlier, ending, known, load, result, since, terminal
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.read import Read
from kafka_gitops.cli.request import Lint, changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.warm import Kept
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.git import Repository
from kafka_gitops.kinds import KINDS
from kafka_gitops.lint import origins
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Topology
from kafka_gitops.report.findings import Findings
from kafka_gitops.rules import Rule
from kafka_gitops.settings import Settings
from kafka_gitops.text.source import Source

Run = tuple[Settings, Topology]
Own = Callable[[Settings, Topology], tuple[Rule, ...]]  # what runs own rules


def check(
    request: Lint,
    repo: Repository,
    *,
    keep: Callable[[Diagnostic], bool] | None = None,
    kept: Kept | None = None,
) -> int:
    """Lint and print; 1 when a finding reaches `--fail-on`, else 0. `keep` says of which findings, `kept` gets them."""
    started = time.perf_counter()
    config = Configured(request, MERGED)
    change = since.read(request, repo)
    runs = _runs(request, config, kept, keep=request.base is not None)
    ending.hold(runs)
    return report(request, config, runs, started, change=change, keep=keep, kept=kept)


def findings(
    request: Lint,
    config: Configured,
    repo: Repository,
    *,
    look: Callable[[Iterable[str]], None] | None = None,
    own: Own | None = None,
) -> tuple[Findings, list[Read]]:
    """What `lint` would print, with the notes said, and what was read; before that `look` is shown which files were.

    `own` gives the own rules of a run instead of those of the working directory.
    """
    started = time.perf_counter()
    change, runs = since.read(request, repo), _runs(request, config, keep=True)
    if look is not None:
        look({*_sources(runs), *(one.span.path for _, topology in runs for one in topology.problems)})
    reads = [_read(request, config, run, frozenset(), change, own, others=runs) for run in runs]
    return _left(request, runs, _together(reads), started), reads


def _runs(request: Lint, config: Configured, kept: Kept | None = None, *, keep: bool) -> list[Run]:
    every, shelf = _parts(request, config), None if kept is None else kept.shelf
    return [(settings, load.load_topology(part, settings, shelf, keep=keep)) for part, settings in every]


def report(
    request: Lint,
    config: Configured,
    runs: Sequence[Run],
    started: float,
    *,
    without: frozenset[str] = frozenset(),
    change: since.Since | None = None,
    keep: Callable[[Diagnostic], bool] | None = None,
    kept: Kept | None = None,
) -> int:
    """Judge what was loaded, each topology under its settings, print, decide; `without` names rules to leave out."""
    reads = [_read(request, config, run, without, change, others=runs) for run in runs]
    found = [*filter(keep, _together(reads))]
    if request.write_baseline is not None:
        return known.write(request.write_baseline, found, _sources(runs), [settings for settings, _ in runs])
    left = _left(request, runs, found, started)
    _say(note for settings, topology in runs for note in lint.notes(topology, settings))
    if kept is not None:
        kept.done(left)
    return result.tell(request, left)


def _left(request: Lint, runs: Sequence[Run], found: list[Diagnostic], started: float) -> Findings:
    """The findings that no baseline knows, with what was looked at; says the notes."""
    new = known.without(request.baseline, found, _sources(runs), [settings for settings, _ in runs])
    foreign = [settings for settings, _ in runs if settings.language.rights is not None]
    barred = (kind.barred(settings) for settings in foreign for kind in KINDS.values())
    for said in dict.fromkeys(filter(None, barred)):
        terminal.problem(f"warning: {said}")
    _say(note for _, topology in runs for note in topology.notes)
    shown, seconds = [*origins.told(new)], time.perf_counter() - started
    merged = _merged(shown, [topology for _, topology in runs], request.environment, seconds)
    return merged._replace(base=request.base)


def _sources(runs: Sequence[Run]) -> dict[str, Source]:
    return {path: source for _, topology in runs for path, source in topology.sources.items()}


def _read(
    request: Lint,
    config: Configured,
    run: Run,
    without: frozenset[str],
    change: since.Since | None,
    own: Own | None = None,
    *,
    others: Sequence[Run] = (),
) -> Read:
    """One run with its findings; with `--changed-only` those that have to do with the change."""
    settings, topology = run
    then = since.base(change, request, config, settings, topology) if change is not None else None
    plugins = _plugins(request, settings) if own is None else own(settings, topology)
    looked = lint.look(topology, settings, plugins=plugins, without=without, found_alone=topology.alone)
    found = lint.judge(
        looked,
        base=None if then is None else then.topology,
        earlier=earlier.topology(request, config, settings, others),
        today=datetime.now(timezone.utc).date(),
        approvals=change.approvals if change is not None else (),
    )
    if request.changed_only and change is not None and then is not None:
        side = (config.path, settings.language.roles, settings.language.plans)
        found = since.touching(found, change, then.topology, topology, [path for path in side if path is not None])
    return Read(settings, topology, looked, tuple(found), then)


def _together(reads: Sequence[Read]) -> list[Diagnostic]:
    """The findings of all runs, each once; a waiver is unused only where no run that reads its file uses it."""
    unused = {one for read in reads for one in read.findings if one.rule == "waiver-unused"}
    for read in reads if unused else ():
        mine = set(read.findings)
        unused -= {one for one in unused if one.span.path in read.topology.sources and one not in mine}

    def told(one: Diagnostic) -> bool:
        return one.rule != "waiver-unused" or one in unused

    runs = [
        origins.Run(read.settings.environment, [*filter(told, read.findings)], read.topology.sources) for read in reads
    ]
    return sorted(origins.merged(runs), key=lambda one: (one.span, one.rule, one.message))


def _plugins(request: Lint, settings: Settings) -> tuple[Rule, ...]:
    if request.no_plugins or not settings.plugins:
        return ()
    from kafka_gitops import files
    from kafka_gitops.lint import plugins

    seen.spoil()  # an own rule may import and read what it likes
    return plugins.load(list(settings.plugins.values()), files.repository(Path()))


def _parts(request: Lint, config: Configured) -> Iterator[tuple[Lint, Settings]]:
    """The settings to lint with, each with the paths that it is about.

    Without -e those of each environment that has something to read, and of a PATH those of each whose `topology` has
    it; a PATH that is in none is judged by what stands at the top level.
    """
    every = config.every()
    if not request.paths or len(every) == 1:
        yield from ((request, settings) for settings in every if load.topology_paths(request, settings))
        return
    left = dict.fromkeys(request.paths)
    for settings in every:
        mine = [path for path in request.paths if _reads(settings, path)]
        if mine:
            yield changed(request, paths=tuple(mine)), settings
        for path in mine:
            left.pop(path, None)
    if left:
        yield changed(request, paths=tuple(left)), config.top_level()


def _reads(settings: Settings, path: str) -> bool:
    """Whether an environment's topology has a path; one that names no topology has all."""
    named = [seen.real(one) for one in settings.topology]
    return not named or any(Path(seen.real(path)).is_relative_to(one) for one in named)


def _merged(
    found: Sequence[Diagnostic], topologies: Sequence[Topology], environment: str | None, seconds: float
) -> Findings:
    sources = {path: source for topology in topologies for path, source in topology.sources.items()}
    if len(topologies) == 1:
        return Findings(found, sources, len(topologies[0].topics), seconds, environment)
    topics = {(topic.name, topic.node.span) for topology in topologies for topic in topology.topics}
    return Findings(found, sources, len(topics), seconds, environment)


def _say(notes: Iterable[str]) -> None:
    for note in dict.fromkeys(notes):
        terminal.say(f"note: {note}")
