"""The record of an apply, where there is a ledger: without one nothing that makes it is loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from kafka_gitops.cli.planning import Prepared
from kafka_gitops.cli.request import Recorded
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.turns import Turn
from kafka_gitops.cli.unrecorded import Nothing
from kafka_gitops.git import Repository
from kafka_gitops.kinds.parts import Systems
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.policy import Consent

if TYPE_CHECKING:
    from kafka_gitops.cli.kept import Applying


def load(run: str | None) -> None:
    """Load what records a run, beside what it does first: it waits for brokers. Nothing where none is recorded."""
    if run is not None:
        Thread(target=_loaded, name="load", daemon=True).start()


def _loaded() -> None:
    import_module(f"{__package__}.recording")
    from kafka_gitops.clients.log import ready

    ready()


def of_files(
    run: str | None, request: Recorded, config: Configured, repo: Repository, ready: Prepared, plan: Plan
) -> "Applying | None":
    """What is recorded of an apply of files, None where nothing is. Raises ConfigError where nobody owns it."""
    if run is None:
        return None
    from kafka_gitops.cli import recording

    return recording.of_files(run, request, config, repo, ready, plan)


def of_plan(
    run: str | None, request: Recorded, config: Configured, repo: Repository, given: Consent, plan: Plan
) -> "Applying | None":
    """The same of a saved plan."""
    if run is None:
        return None
    from kafka_gitops.cli import recording

    return recording.of_plan(run, request, config, repo, given, plan)


@contextmanager
def kept(what: "Applying | None", systems: Systems, turn: Turn) -> Iterator[Nothing]:
    """What an apply keeps of itself, as `recording.kept`; nothing where there is no ledger (`what` None)."""
    if what is None:
        yield Nothing()
        return
    from kafka_gitops.cli import recording

    with recording.kept(what, systems, turn) as found:
        yield found
