"""Take the lock of the ledger away from a run that died, with a reason that is recorded."""

import argparse

from kafka_gitops import ci
from kafka_gitops.cli import origin, reaching, terminal
from kafka_gitops.cli.pipeline.trusted import MERGED
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.cli.setup import Configured
from kafka_gitops.cli.whose import whose
from kafka_gitops.config import environment
from kafka_gitops.errors import UsageError
from kafka_gitops.git import Repository
from kafka_gitops.ledger import holding
from kafka_gitops.ledger.lock_words import unlocked
from kafka_gitops.redact import redact

EXAMPLE = 'kafka-gitops unlock 20261128-091204-0a1b2c --reason "its runner was lost" -e prod'


class Request(Common):
    """What `unlock` is asked for."""

    run: str | None = None
    reason: str | None = None


def add(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument(
        "run", metavar="RUN", nargs="?", help="the run that has the lock, as the one that waits for it says"
    )
    parser.add_argument("--reason", metavar="TEXT", help="why, for those who read the ledger (needed)")


def run(request: Request) -> int:
    """Unlock, and say who had it; exit 1 where that run does not have the lock, 64 without a reason."""
    reason = (request.reason or "").strip()
    named = bool((request.run or "").strip())
    if request.run is None or not named or not reason:
        lacks = "the run that has the lock" if not named else "a reason, which is recorded in the ledger"
        raise UsageError(f"unlock takes {lacks}.", help=f"For example: {EXAMPLE}")
    config = Configured(request, MERGED)
    settings = config.settings()
    with Repository() as repo:
        topic = whose(config, settings, repo).topic
    context = ci.detect(environment())[1]
    by = origin.actor(context, settings.ledger.actors)
    with reaching.connected(request, settings) as systems:
        was = holding.unlock(systems.on_kafka("log").log(topic), request.run, redact(reason), by, context.run_url)
    terminal.write(unlocked(topic, was))
    return 0
