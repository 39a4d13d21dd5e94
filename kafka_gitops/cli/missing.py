"""`import --missing`: what is on the servers inside `manage` and in no file, added to files that exist."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kafka_gitops import seen, shell
from kafka_gitops.adopt import missing
from kafka_gitops.cli import census, imported, load, resaid, terminal, waived, written
from kafka_gitops.cli.census import Taken
from kafka_gitops.cli.imported import Import
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import ConfigError, KafkaGitopsError, UsageError
from kafka_gitops.files import STDIN
from kafka_gitops.kinds.census import Choice
from kafka_gitops.model import Key, Topology
from kafka_gitops.report import hook, words
from kafka_gitops.report.findings import one_line
from kafka_gitops.settings import Settings

_MOST = 5  # names of one place without -v


def run(request: Import, choice: Choice) -> int:
    """Add to the files, tell what went where and what was left out, and return 0.

    Raises ConfigError where `manage` does not say what is meant, KafkaGitopsError where the files have errors or cannot
    be written, MissingRight where something may not be read: then nothing is written.
    """
    if request.out or request.context is not None or request.split != "one":
        raise UsageError("--missing adds to the files that exist: --out, --context and --split are of new ones.")
    settings = Configured(request, MERGED).settings()
    if not settings.scopes:
        raise ConfigError(
            "--missing adds what is on the servers inside `manage`, and no config states it.",
            help="Write in kafka-gitops.yaml what is yours, for example manage: {topics: [acme.*], groups: [acme.*]}.",
        )
    topology = _files(request, settings)
    taken = census.take(request, settings, choice)
    as_if = load.as_if(request, settings, topology)
    found = missing.missing(
        taken.inventory,
        topology,
        as_if,
        scopes=settings.scopes,
        language=settings.language,
        folder=next((path for path in load.topology_paths(request, settings) if seen.is_dir(path)), None),
        taken=lambda path: Path(path).exists() or Path(path).is_symlink(),
    )
    known, waivers, errors = waived.added(topology, as_if(found.texts, found.beside), settings)
    written.over({**found.texts, **known, **found.beside}, {path: one.text for path, one in topology.sources.items()})
    _tell(taken, topology, found)
    for line in imported.waivers(waivers, errors):
        terminal.write(one_line(line))
    if found.added:
        terminal.write("Next:")
        deeper = resaid.files(changed(request, config=None, policy=None))
        terminal.write(f"  {shell.ours('lint', *request.paths, *resaid.files(request))}")
        terminal.write(f"  {shell.ours('plan', *request.paths, *deeper, *resaid.words(request))}")
    return 0


def _files(request: Import, settings: Settings) -> Topology:
    """What the files say now. Raises UsageError where none can be added to, KafkaGitopsError for errors in them."""
    paths = load.topology_paths(request, settings)
    if not paths or STDIN in paths:
        raise UsageError(
            "There are no topology files to add to.",
            help="Name files or directories, or make the first ones: kafka-gitops import --out topologies",
        )
    topology = load.load_topology(request, settings)
    errors = [one for one in topology.problems if one.severity is Severity.error]
    if errors:
        terminal.problem("\n".join(map(one_line, hook.folded(errors))))
        raise KafkaGitopsError(
            f"{words.count(len(errors), 'error')} in the files, nothing was added.",
            help=f"{shell.ours('lint', *request.paths, *resaid.files(request))} shows them in full.",
        )
    return topology


def _tell(taken: Taken, topology: Topology, found: missing.Missing) -> None:
    if found.added:
        terminal.write(f"{_counted([*found.added])} added, read from cluster {taken.cluster}")
        for line in _places(topology, found):
            terminal.write(f"  {one_line(line)}")
    else:
        terminal.write("Nothing to add: the files declare all that is on the servers inside `manage`.")
    imported.tell_left([*found.left, *taken.inventory.left])
    for note in taken.notes:
        terminal.write(one_line(f"note: {note}"))


def _places(topology: Topology, found: missing.Missing) -> Iterator[str]:
    """`topologies/pay.yaml: 2 topics in project pay (acme.pay.new, acme.pay.newer)`, one for each section."""
    groups: dict[tuple[str, str | None, str], list[Key]] = {}
    for key, home in found.added.items():
        groups.setdefault((home.path, home.project, home.section), []).append(key)
    for (path, project, section), keys in sorted(groups.items(), key=lambda one: (one[0][0], one[0][1] is None)):
        new = "" if path in topology.sources else " (new)"
        where = f"project {project}" if project is not None else section
        most = len(keys) if terminal.verbose() else _MOST
        more = f" and {len(keys) - most:,} more" if len(keys) > most else ""
        yield f"{path}{new}: {_counted(keys)} in {where} ({', '.join(key.name for key in keys[:most])}{more})"
    for path in found.beside:
        yield f"{path} (new)"


def _counted(keys: list[Key]) -> str:
    """`2 topics, 1 ACL`."""
    counted = Counter(key.kind for key in keys)
    return ", ".join(words.many(kind, number) for kind, number in counted.items())
