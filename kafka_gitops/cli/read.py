"""What one run reads, once: lint reports it, and the plan of the same run takes it."""

from typing import NamedTuple

from kafka_gitops.diagnostics import Diagnostic
from kafka_gitops.lint.run import Looked
from kafka_gitops.model import Topology
from kafka_gitops.settings import Settings


class Then(NamedTuple):
    """The files as they were at a commit, read with the settings of then; `renamed` are some from elsewhere."""

    commit: str
    settings: Settings
    renamed: tuple[str, ...]
    topology: Topology


class Read(NamedTuple):
    """The files of a run, what its rules say of them, what it found, and what they were before the change."""

    settings: Settings
    topology: Topology
    looked: Looked
    findings: tuple[Diagnostic, ...] = ()
    then: Then | None = None

    def serves(self, settings: Settings) -> bool:
        """Whether a run with these settings reads the same, in the same way, and judges it by the same rules."""
        return _offline(self.settings) == _offline(settings)

    def at(self, commit: str) -> Topology | None:
        """The same files as they were at a commit, where just that was read."""
        then = self.then
        if then is None or then.commit != commit or then.renamed or not self.serves(then.settings):
            return None
        return then.topology


def _offline(settings: Settings) -> Settings:
    """The settings without what only a connection, or a change of the cluster, looks at."""
    return settings._replace(
        client={},
        registry=None,
        connect={},
        principal=None,
        timeout=None,
        keep_undeclared_configs=False,
        notes=(),
    )
