"""What the files of an environment declared at each commit of the branch's own line, newest first."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kafka_gitops import files
from kafka_gitops.cli import load
from kafka_gitops.cli.request import Files
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config.find import DEFAULTS
from kafka_gitops.config.load import read
from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Severity
from kafka_gitops.errors import ConfigError, UsageError
from kafka_gitops.git.line import Line, Step
from kafka_gitops.history import states
from kafka_gitops.history.commits import entry
from kafka_gitops.history.entry import Entry
from kafka_gitops.model import Topology
from kafka_gitops.settings import Settings

_NOTHING = Topology()
_CUT = "the clone is shallow: what was declared before is not known here (git fetch --unshallow brings it)"


class _Told(NamedTuple):
    """What the files declared at a commit, the settings of then, and what could not be read of them."""

    settings: Settings
    topology: Topology
    note: str | None = None


class Past:
    """The reader of one environment's files at the commits of a line, from the newest on."""

    def __init__(self, line: Line, request: Files, config: Configured) -> None:
        self.line, self.request, self.config = line, request, config
        self._today = config.settings(connect=False)
        self._configs: dict[str, tuple[Settings | None, str | None]] = {}
        self._stop_elsewhere()

    def entries(self) -> Iterator[Entry]:
        """An entry for each commit that touched what the files declare, or the config; newest first.

        Commits that changed only what is read beside them have one where what is declared changed by that.
        """
        steps = self.line.steps
        newer = self._at(steps[0], _NOTHING)
        for step, older in zip(steps, (*steps[1:], None), strict=True):
            if older is None and self.line.cut:
                yield entry(step, (), [_CUT])
                return
            named = self._names(step, newer)
            if not named and not (older is not None and build.looks_beside(newer.topology)):
                continue
            before = _Told(newer.settings, _NOTHING) if older is None else self._at(older, newer.topology)
            found = [*states.touches(before.topology, newer.topology)]
            notes = dict.fromkeys(one.note for one in (newer, before) if one.note is not None)
            if found or named:
                yield entry(step, found, [*notes])
            newer = before

    @property
    def environment(self) -> str | None:
        """The environment's name."""
        return self._today.environment

    def ends(self, entry: Entry, start: int) -> bool:
        """Whether nothing that comes after an entry is of this time or later (clocks of committers differ)."""
        times = iter(self.line.steps)
        return all(step.commit.id != entry.commit for step in times) or all(step.commit.time < start for step in times)

    def declared(self) -> Topology:
        """What the files of HEAD declare: to be asked before the entries, which go back."""
        return self._at(self.line.steps[0], _NOTHING).topology

    def _stop_elsewhere(self) -> None:
        """Raise UsageError where nobody says what to read, and no customary place here has or had files."""
        if self._today.topology or load.topology_paths(self.request, self._today):
            return
        here = Path.cwd().resolve()
        inside = here.relative_to(self.line.top).as_posix() if here.is_relative_to(self.line.top) else "."
        places = [name if inside == "." else f"{inside}/{name}" for name in DEFAULTS]
        paths = (path for step in self.line.steps for path in step.paths)
        if inside != "." and not any(
            path == place or path.startswith(f"{place}/") for path in paths for place in places
        ):
            said = "There are no topology files here to tell a history of, and none ever were."
            raise UsageError(said, help="Run in the directory of the config, or name the files in it: `topology`.")

    def _names(self, step: Step, told: _Told) -> bool:
        """Whether a commit changed the config, the topology files, the roles or the plans."""
        language = told.settings.language
        beside = (self.config.path, language.roles, language.plans)
        known = [*(path for path in beside if path is not None), *(told.settings.topology or DEFAULTS)]
        inside = [Path(os.path.realpath(path)) for path in known]
        places = [path.relative_to(self.line.top).as_posix() for path in inside if path.is_relative_to(self.line.top)]
        return any(
            place == "." or path == place or path.startswith(f"{place}/") for path in step.paths for place in places
        )

    def _at(self, step: Step, now: Topology) -> _Told:
        commit = step.commit.id
        settings, note = self._settings(commit)
        if settings is None:
            return _Told(Settings(), _NOTHING, note)
        topology = load.load_base(self.request, settings, self.line, commit, now, keep=True)
        wrong = next((one for one in topology.problems if one.severity is Severity.error), None)
        if wrong is not None:
            note = f"the files of {commit[:7]} have errors ({wrong.span}): this is what could be read of them"
        return _Told(settings, topology, note)

    def _settings(self, commit: str) -> tuple[Settings | None, str | None]:
        """The settings of then, None where there was no such environment; with what is to be said about them."""
        path = self.config.path
        text = "" if path is None else files.at_commit(self.line, commit, [path], recursive=False).get(path, "")
        if text not in self._configs:
            self._configs[text] = self._read(commit, path, text)
        settings, note = self._configs[text]
        if settings is not None and not settings.topology:
            there = self.line.blobs(commit)
            found = [path for path in DEFAULTS if any(one.is_relative_to(Path(path).absolute()) for one in there)]
            settings = settings._replace(topology=tuple(found[:1]) or (DEFAULTS[0],))
        return settings, note

    def _read(self, commit: str, path: str | None, text: str) -> tuple[Settings | None, str | None]:
        today = self._today
        if path is None or not text:
            return today, None
        try:
            named = read(path, text).root.get("environments")
            if today.environment is not None and (named is None or today.environment not in named.map):
                return None, None
            return self.config.earlier(today.environment, path, text), None
        except ConfigError:
            said = f"{path} of {commit[:7]} cannot be read: the files are read with today's instead"
            return today, said
