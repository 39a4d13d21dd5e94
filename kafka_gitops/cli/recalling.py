"""What a plan does first about a ledger: it finds out whose it is, and has the end of it read before it is wanted."""

from typing import TYPE_CHECKING

from kafka_gitops.cli import offline
from kafka_gitops.cli.request import Plans
from kafka_gitops.cli.setup import Configured
from kafka_gitops.clients.early import Early
from kafka_gitops.git import Repository
from kafka_gitops.settings import Settings

if TYPE_CHECKING:  # without a ledger nothing of one is loaded
    from kafka_gitops.cli.remembered import Ledger
    from kafka_gitops.ledger.owner import Identity


def whose(config: Configured, settings: Settings, repo: Repository) -> "Identity":
    """Whose a ledger is. Raises ConfigError where nobody owns it, or a server of several environments has no home."""
    from kafka_gitops.cli import whose
    from kafka_gitops.cli.homes import stop_on_homeless

    stop_on_homeless(config, settings)
    return whose.whose(config, settings, repo)


def ledger(
    request: Plans,
    who: "Identity | None",
    settings: Settings,
    repo: Repository,
    early: Early | offline.Nobody,
    *,
    merged: bool,
    drift: bool,
) -> "Ledger | None":
    """The ledger of an owner: what reads it is loaded while the cluster works on what it was asked before."""
    if who is None:
        return None
    from kafka_gitops.cli.remembered import Ledger

    found = Ledger(request, who, settings, repo, merged=merged, drift=drift)
    if isinstance(early, Early):
        found.ask(early)
    return found
