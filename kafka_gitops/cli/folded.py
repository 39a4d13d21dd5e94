"""`import -e dev,test,prod`: several environments as one set of files, with values where they differ."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kafka_gitops import shell
from kafka_gitops.adopt import values
from kafka_gitops.adopt.fold import Folded, fold
from kafka_gitops.adopt.inventory import Shape
from kafka_gitops.cli import census, imported, resaid, terminal, waived, written
from kafka_gitops.cli.census import Taken
from kafka_gitops.cli.imported import Import
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import changed
from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import KafkaGitopsError, UsageError, listed
from kafka_gitops.kinds.census import Choice
from kafka_gitops.report import words
from kafka_gitops.report.findings import one_line
from kafka_gitops.settings import Settings
from kafka_gitops.writing import emit


def run(request: Import, choice: Choice) -> int:
    """Read one environment after the other, write the files, tell the values and what does not fold, and return 0.

    Raises UsageError for fewer than two environments, KafkaGitopsError where there is nothing to write or the folder
    is not empty, MissingRight where something may not be read: then nothing is written.
    """
    names = [name.strip() for name in (request.environment or "").split(",") if name.strip()]
    if len(set(names)) < max(2, len(names)):
        raise UsageError("Several environments fold, each named once.", help="For example: -e dev,test,prod")
    if request.state is not None:
        raise UsageError("--state is of one environment.", help="Import with it one environment after the other.")
    settings: dict[str, Settings] = {}
    taken: dict[str, Taken] = {}
    for name in names:
        one = changed(request, environment=name)
        settings[name] = Configured(one, MERGED).settings()
        taken[name] = census.take(one, settings[name], choice)
    if not any(one.inventory.specs for one in taken.values()):
        raise KafkaGitopsError("There is nothing on the servers that files could declare, so nothing was written.")
    found = fold(
        {name: one.inventory for name, one in taken.items()},
        Shape(request.context, request.split),
        {name: one.language for name, one in settings.items()},
    )
    found, known, errors = waived.of_all(found, settings)
    every = [*found.made, *(one for made in found.only.values() for one in made)]
    paths = written.folder(request.out, {one.path: one.text for one in every})
    _tell(request, settings, taken, found, paths, [*imported.waivers(known, errors)])
    return 0


def _tell(
    request: Import,
    settings: Mapping[str, Settings],
    taken: Mapping[str, Taken],
    found: Folded,
    paths: Sequence[str],
    waivers: Sequence[str],
) -> None:
    """The whole report, to stdout."""
    for name, one in taken.items():
        terminal.write(f"{name}: {imported.sizes(one.inventory)}, read from cluster {one.cluster}")
    terminal.write(f"{words.count(found.folded, 'resource')} of each environment in one set of files")
    for path in paths:
        terminal.write(f"  wrote  {path}")
    for name, apart in found.apart.items():
        imported.tell_left(apart, f"Not folded, of {name} alone in {Path(request.out, f'only-{name}')}")
    for name, one in taken.items():
        imported.tell_left(one.inventory.left, f"Left on the servers of {name}")
    for line in waivers:
        terminal.write(one_line(line))
    for name, one in taken.items():
        for note in one.notes:
            terminal.write(one_line(f"note: {name}: {note}"))
    last = list(taken)[-1]
    looks = imported.looks(taken[last], taken[last].inventory, f" of {last}")
    for line in (*looks, *(line for one in taken.values() for line in imported.kept(one.inventory))):
        terminal.write(f"{line[: len(line) - len(line.lstrip())]}{one_line(line)}")
    terminal.write("Write into kafka-gitops.yaml, to what its environments say already:")
    for line in _environments(request, found):
        terminal.write(f"  {line}")
    if found.only and (deep := [name for name, own in settings.items() if own.recursive]):
        folders = listed([Path(request.out, f"only-{name}") for name in found.only])
        terminal.write(f"note: `recursive` lets {listed(deep)} read {folders} too: take it away there")
    for name, own in settings.items():
        if not own.scopes:
            for line in imported.manage(taken[name].inventory, f" of {name}"):
                terminal.write(line)
    terminal.write("Next:")
    terminal.write(f"  {shell.ours('lint')}")
    for name in taken:
        terminal.write(f"  {shell.ours('plan', '-e', name, *resaid.words(request))}")


def _environments(request: Import, found: Folded) -> Iterator[str]:
    """Which files each environment reads, and its values."""
    yield "environments:"
    for name, own in found.values.items():
        yield f"  {emit.scalar(name)}:"
        config = Configured(request, MERGED).path
        folders = [request.out, *([os.path.join(request.out, f"only-{name}")] if name in found.only else [])]  # noqa: PTH118
        seen = [os.path.relpath(one, Path(config).parent) if config else one for one in folders]
        yield f"    topology: [{', '.join(map(emit.scalar, seen))}]"
        if own:
            yield from (f"    {line}" for line in values.block(own))
