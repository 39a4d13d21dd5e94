"""`lint --baseline`: what is known is not reported; `--write-baseline`: what is found now is known from now on."""

import os
from collections.abc import Callable, Mapping, Sequence

from kafka_gitops import seen, shell
from kafka_gitops.cli import terminal
from kafka_gitops.config.load import text_of
from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.errors import ConfigError, UsageError, listed
from kafka_gitops.lint.levels import Levels
from kafka_gitops.settings import BASELINE, Settings
from kafka_gitops.text.source import Source


def write(path: str, found: Sequence[Diagnostic], sources: Mapping[str, Source], settings: Sequence[Settings]) -> int:
    """Write the findings as a baseline, say how many; 0."""
    if os.path.isdir(path) or path.endswith((".yaml", ".yml")):  # noqa: PTH112
        said = f"--write-baseline {path}: a baseline cannot be written there."
        raise UsageError(said, help=f"Write --write-baseline={BASELINE}, or put the option behind PATH.")
    from kafka_gitops.lint import baseline

    text = baseline.dumps(found, sources, os.path.dirname(path), _fixed(settings))  # noqa: PTH120
    terminal.save(path, text)
    count = len(baseline.loads(text, path))
    left = len(found) - count
    rest = f"; {left} cannot be in a baseline (a change, a waiver, a policy)" if left else ""
    known = shell.option("--baseline", path)
    terminal.say(f"{count} finding{'' if count == 1 else 's'} written to {path}{rest}. From now on: {known}")
    return 0


def without(
    given: str | None, found: list[Diagnostic], sources: Mapping[str, Source], settings: Sequence[Settings]
) -> list[Diagnostic]:
    """The findings that no baseline knows; says how many it hides, and what it knows that is found no more."""
    named = [given] if given is not None else [one.baseline for one in settings]
    for path in dict.fromkeys(path for path in named if path is not None):
        from kafka_gitops.lint import baseline

        known = baseline.loads(_text(path), path)
        before = len(found)
        found, stale = baseline.split(found, sources, os.path.dirname(path), known, _fixed(settings))  # noqa: PTH120
        if len(found) < before:
            terminal.say(f"note: {before - len(found)} known, in {path}")
        if stale:
            said = f"{len(stale)} of {path} no longer found: {listed(stale, most=3)}"
            terminal.say(f"note: {said}; write it anew: {_anew(path)}")
    return found


def _anew(path: str) -> str:
    return shell.ours("lint", f"--write-baseline={path}")


def _text(path: str) -> str:
    if not seen.exists(path):
        raise ConfigError(f"There is no baseline {path}.", help=f"Write it with {_anew(path)}")
    return text_of(path, "the baseline")


def _fixed(settings: Sequence[Settings]) -> Callable[[str, str], bool]:
    levels = [Levels(one) for one in settings]
    return lambda rule, path: any(one.fixed(rule, path) for one in levels)
