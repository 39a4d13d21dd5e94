"""Where the config file and the topology are when nobody says: cheap, because a hook asks it on every commit."""

import os
from collections.abc import Iterator, Mapping

from kafka_gitops import seen

NAMES = ("kafka-gitops.yaml", "kafka-gitops.yml")
DEFAULTS = ("topologies", "topology.yaml")  # what is read when neither the command line nor the config names a path


def find(given: str | None, variables: Mapping[str, str]) -> str | None:
    """The config file: the option, KAFKA_GITOPS_CONFIG, or one here or above, up to the directory with `.git`."""
    named = given or variables.get("KAFKA_GITOPS_CONFIG")
    return named or next((path for path in looked_at() if seen.is_file(path)), None)


def looked_at() -> Iterator[str]:
    """Where a config file is looked for when nobody names one: here, then above; the first that is there counts."""
    from pathlib import Path

    here = Path.cwd()
    for directory in (here, *here.parents):
        yield from (os.path.relpath(directory / name) for name in NAMES)
        if seen.exists(directory / ".git"):
            return


def customary() -> tuple[str, ...]:
    """The first of the customary topology paths that exists, or none."""
    return next(((path,) for path in DEFAULTS if seen.exists(path)), ())
