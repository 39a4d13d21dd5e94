"""Where the config file and the topology are when nobody says: cheap, because a hook asks it on every commit."""

import os
from collections.abc import Mapping

NAMES = ("kafka-gitops.yaml", "kafka-gitops.yml")
DEFAULTS = ("topologies", "topology.yaml")  # what is read when neither the command line nor the config names a path


def find(given: str | None, variables: Mapping[str, str]) -> str | None:
    """The config file: the option, KAFKA_GITOPS_CONFIG, or one here or above, up to the directory with `.git`."""
    from pathlib import Path

    named = given or variables.get("KAFKA_GITOPS_CONFIG")
    if named:
        return named
    here = Path.cwd()
    for directory in (here, *here.parents):
        for name in NAMES:
            if (directory / name).is_file():
                return os.path.relpath(directory / name)
        if (directory / ".git").exists():
            return None
    return None


def customary() -> tuple[str, ...]:
    """The first of the customary topology paths that exists, or none."""
    from pathlib import Path

    return next(((path,) for path in DEFAULTS if Path(path).exists()), ())
