"""Whose a run is: the owner that the config names, else the repository and the path of its config."""

from pathlib import Path

from kafka_gitops.cli.setup import Configured
from kafka_gitops.errors import UsageError
from kafka_gitops.git import Repository
from kafka_gitops.ledger.owner import Identity, identity
from kafka_gitops.settings import Settings

USUAL = "kafka-gitops.yaml"


def whose(config: Configured, settings: Settings, repo: Repository) -> Identity:
    """The owner of what this run applies, and the topic of its ledger.

    Raises ConfigError where neither the config nor a remote of the repository names it.
    """
    return identity(settings.ledger.owner, settings.environment, remote(repo), place(config.path, repo))


def remote(repo: Repository) -> str | None:
    """The URL of the repository's remote: `origin`, or the first one."""
    try:
        said = repo.asked("config", "--get-regexp", r"^remote\..*\.url$").decode("utf-8", "replace")
    except UsageError:  # no git, no repository, no remote
        return None
    found = dict(line.split(" ", 1) for line in said.splitlines() if " " in line)
    return found.get("remote.origin.url") or next(iter(found.values()), None)


def place(path: str | None, repo: Repository) -> str:
    """The path of a config from the repository's root on."""
    if path is None:
        return USUAL
    try:
        return Path(path).resolve().relative_to(repo.top).as_posix()
    except (UsageError, ValueError):  # outside of any repository, or of this one
        return Path(path).name
