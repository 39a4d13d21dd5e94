"""Own rules of a pipeline: those of merged files run here, those for a change in a child, as its target has them."""

from contextlib import ExitStack
from functools import cache
from pathlib import Path

from kafka_gitops import files
from kafka_gitops.cli.linting import Own
from kafka_gitops.config import environment
from kafka_gitops.git import Repository
from kafka_gitops.model import Topology
from kafka_gitops.rules import Rule
from kafka_gitops.settings import Settings


def confined(repo: Repository, commit: str, close: ExitStack, doubts: list[str]) -> Own:
    """What runs the own rules of a commit in a child process; `doubts` gets a sentence where that came to no end.

    The files of the commit are there until `close` ends.
    """
    from kafka_gitops.confined import run

    root = files.repository(Path())

    @cache
    def tree() -> run.Tree:
        return close.enter_context(run.tree(repo, commit, root))

    def own(settings: Settings, topology: Topology) -> tuple[Rule, ...]:
        if not settings.plugins:
            return ()
        try:
            return run.rules(tree(), topology, settings, environment())
        except run.NotRun as error:
            said = f"Own rules did not judge this change: {error}."
            if said not in doubts:
                doubts.append(said)
            return ()

    return own
