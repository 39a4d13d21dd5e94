"""Own rules: Python files of the repository with the contract of ours, run where the config and the policy say so."""

import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, TracebackType

from kafka_gitops.diagnostics import Note, Severity
from kafka_gitops.errors import ConfigError
from kafka_gitops.model import Topology
from kafka_gitops.rules import RULES, Options, Rule
from kafka_gitops.rules.options import KINDS

_HELP = "An own rule has NAME, SEVERITY, perhaps OPTIONS, and check(topology, options) that yields Notes."


class Plugin:
    """A rule of a file; what goes wrong in it becomes a ConfigError that names the file and the line."""

    def __init__(self, path: str, module: ModuleType) -> None:
        self.path, self._module = path, module
        self.__doc__ = module.__doc__
        self.NAME: str = module.NAME
        self.SEVERITY: Severity = module.SEVERITY
        self.OPTIONS: Mapping[str, object] = getattr(module, "OPTIONS", {})
        self.ALONE = False  # nothing is known of foreign code

    def check(self, topology: Topology, options: Options) -> Iterator[Note]:
        """What the file's `check` yields."""
        try:
            for note in self._module.check(topology, options):
                if not isinstance(note, Note):
                    raise TypeError(f"yielded {type(note).__name__}, expected Note")
                yield note
        except Exception as error:  # foreign code may raise anything
            raise _failed(self.path, f"the rule {self.NAME} failed", error) from error


def load(paths: Sequence[str], root: Path) -> tuple[Rule, ...]:
    """The rules of files that must be inside a directory, the repository.

    Raises ConfigError for a file that is outside, cannot be read or run, or is no rule.
    """
    found: dict[str, Plugin] = {}
    for path in paths:
        plugin = _load(path, root)
        if plugin.NAME in RULES or plugin.NAME in found:
            raise ConfigError(f"{path}: there is already a rule {plugin.NAME}", help="Give it another NAME.")
        found[plugin.NAME] = plugin
    return tuple(found.values())


def _load(path: str, root: Path) -> Plugin:
    place = Path(path).resolve()
    if not place.is_relative_to(root.resolve()):
        raise ConfigError(f"{path}: a plug-in must be inside the repository", help="Move it there.")
    if not place.is_file():
        raise ConfigError(
            f"{path}: there is no such file", help="Correct rules: {plugins: [...]} in kafka-gitops.yaml."
        )
    name = f"kafka_gitops_plugin_{re.sub('[^A-Za-z0-9]', '_', os.path.relpath(place, root))}"
    spec = spec_from_file_location(name, place)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{path}: this is not a Python file", help="A plug-in's name ends in .py.")
    module = module_from_spec(spec)
    without = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # a hook leaves no files behind
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise ConfigError(f"{path}:{error.lineno}: {error.msg}", help="Mend the plug-in.") from error
    except (Exception, SystemExit) as error:  # foreign code may raise anything
        raise _failed(path, "the plug-in cannot be loaded", error) from error
    finally:
        sys.dont_write_bytecode = without
    problem = _problem(module)
    if problem is not None:
        raise ConfigError(f"{path}: {problem}", help=_HELP)
    return Plugin(path, module)


def _problem(module: ModuleType) -> str | None:
    """What a module lacks to be a rule."""
    name, options = getattr(module, "NAME", None), getattr(module, "OPTIONS", {})
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        return f"NAME is {name!r}, expected words with hyphens such as team-naming"
    if not isinstance(getattr(module, "SEVERITY", None), Severity):
        return f"SEVERITY is {getattr(module, 'SEVERITY', None)!r}, expected a Severity such as Severity.warning"
    if not isinstance(options, Mapping) or any(type(value) not in KINDS for value in options.values()):
        return (
            "OPTIONS is not a mapping of names to defaults (true or false, numbers, tuples, dicts, Duration, Pattern)"
        )
    return None if callable(getattr(module, "check", None)) else "there is no check(topology, options)"


def _failed(path: str, what: str, error: BaseException) -> ConfigError:
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    return ConfigError(f"{path}{_line(path, error.__traceback__)}: {what}: {said}", help="Mend the plug-in.")


def _line(path: str, trace: TracebackType | None) -> str:
    """`:12`, the innermost line of the file in a traceback; nothing where it is not in it."""
    place = str(Path(path).resolve())
    lines = [frame.lineno for frame in traceback.extract_tb(trace) if str(Path(frame.filename).resolve()) == place]
    return f":{lines[-1]}" if lines else ""
