"""The child process in which own rules run: limits first, then the rules, then one answer on what was stdout."""

import os
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

import kafka_gitops
from kafka_gitops.confined import answer
from kafka_gitops.diagnostics import Note
from kafka_gitops.errors import ConfigError
from kafka_gitops.lint import plugins
from kafka_gitops.lint import run as lint
from kafka_gitops.lint.levels import Levels, check
from kafka_gitops.model import Topology
from kafka_gitops.rules import RULES, Rule
from kafka_gitops.settings import Settings

_RULES = dict(RULES)  # loaded before the limits and before any own rule
SECONDS = 60  # of processor time, and of the clock, for all own rules of a run
MEMORY = 2 << 30  # bytes of address space
NO_LIMITS = 3  # exit codes
# {audit event: which of its arguments is a path}
_OPENED = {"open": 0, "import": 1, "ctypes.dlopen": 0, "os.listdir": 0, "os.scandir": 0} | dict.fromkeys(
    ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.chdir"), 0
)


class Work(NamedTuple):
    """What the child is given: the files of own rules as seen from its working directory, what they look at.

    `tree` holds the exported commit; `change` is the repository with the change, from which nothing is taken.
    """

    plugins: tuple[str, ...]
    tree: str
    change: str
    topology: Topology
    settings: Settings


def main() -> NoReturn:
    """Read the work from stdin, write the answer to stdout, and end at once: no exit handler of a rule runs."""
    if not limited(int(sys.argv[2])):
        os._exit(NO_LIMITS)
    with os.fdopen(os.dup(0), "rb") as stream:
        work: Work = pickle.load(stream)
    out = os.dup(1)
    os.set_inheritable(out, False)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # what a rule prints goes nowhere
    sys.addaudithook(Guard(work))
    said = answered(work)
    while said:
        said = said[os.write(out, said) :]
    os._exit(0)


def limited(seconds: int) -> bool:
    """Set the limits, for good and for what is started from here; False where the platform has none.

    A file may not get a single byte: what the pipeline reads after us is not for own rules to write.
    """
    try:
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(what, (most, most))
    except (ImportError, AttributeError, ValueError, OSError):
        return False
    return True


class Guard:
    """An audit hook: no file of the repository with the change is opened, imported or started, however it is named."""

    def __init__(self, work: Work) -> None:
        self._change = os.path.realpath(work.change)
        ours = os.path.dirname(os.path.dirname(os.path.realpath(kafka_gitops.__file__)))  # noqa: PTH120
        known = (work.tree, sys.prefix, sys.base_prefix, ours)
        self._known = tuple(map(os.path.realpath, known))

    def __call__(self, event: str, args: Sequence[object]) -> None:
        """Raise PermissionError for a path that is there."""
        at = _OPENED.get(event)
        if at is None or not isinstance(args[at], str | bytes):
            return
        path = os.path.realpath(os.fsdecode(args[at]))  # type: ignore[arg-type]
        if _below(path, self._change) and not any(_below(path, folder) for folder in self._known):
            raise PermissionError(f"{path} is a file of the change, which own rules may not use")


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def answered(work: Work) -> bytes:
    """Run the rules; the answer about them, or about the first thing that is wrong in one."""
    try:
        own = plugins.load(work.plugins, Path(work.tree))
        check(work.settings, {**_RULES, **{rule.NAME: rule for rule in own}})
        levels = Levels(work.settings)
        return answer.written({rule.NAME: (rule, _notes(rule, work, levels)) for rule in own})
    except ConfigError as error:
        return answer.failed(error.message, error.help)


def _notes(rule: Rule, work: Work, levels: Levels) -> list[Note]:
    if not levels.ever_on(rule):
        return []
    groups = lint.options(rule, work.topology, work.settings, levels)
    return [note for options, paths in groups for note in lint.within(paths, rule.check(work.topology, options))]
