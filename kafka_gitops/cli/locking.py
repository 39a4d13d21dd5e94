"""The lock of an owner while a run applies: taken, renewed in the background, released."""

import argparse
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from kafka_gitops.cli import terminal
from kafka_gitops.cli.lasting import Lasting, lasting
from kafka_gitops.errors import KafkaGitopsError, Stale

if TYPE_CHECKING:  # an apply without a ledger loads nothing of one
    from kafka_gitops.ledger.holding import Holding
    from kafka_gitops.ledger.lock import Holder
    from kafka_gitops.ledger.log import Log
    from kafka_gitops.ledger.people import Person

OPTION = "--lock-timeout"
TICK = 1.0  # seconds between two looks whether it is time to renew
AGAIN = "Run this again: it plans anew."
CI_WAIT = Lasting("10m", 600)  # a pipeline of the next merge comes while one applies


class Overtaken(Stale):
    """Another run of this owner was applied since the plan was made: `run`, where it is known."""

    run: str | None = None


def add(parser: argparse.ArgumentParser, *, of: str = "", usual: str = "not at all") -> None:
    """The option; `of` names the command that has it, where the parser is of several."""
    help = f"{of}wait so long (10m, 90s) for another run of this owner that applies (with a ledger; default: {usual})"
    parser.add_argument(OPTION, metavar="TIME", type=lasting, help=help)


def new_run() -> str:
    """The name of a run that begins now."""
    import secrets

    from kafka_gitops.ledger.records import run_id

    return run_id(time.time(), secrets.token_hex(3))


@contextmanager
def held(
    log: "Log",
    *,
    run: str,
    wait: float,
    by: "Person | None" = None,
    url: str | None = None,
    waited: Callable[[str], object] = str,
) -> Iterator["Holding"]:
    """The lock of a ledger, for a run. `log` has a connection of its own (`Logs.log(topic, apart=True)`).

    `waited` is called with the run that is waited for. Who is done releases it with the last records
    (`Holding.release`); else it is released at the end of the block, and where that fails the lease ends by itself.
    Raises Blocked where another run holds it, KafkaGitopsError where the log cannot be read or written.
    """
    from kafka_gitops.ledger.holding import Clock, Holding
    from kafka_gitops.ledger.lock_words import waits

    holding = Holding(log, run, Clock(time.monotonic, time.sleep), by, url)

    def told(holder: "Holder") -> None:
        terminal.say(waits(log.topic, holder))
        waited(holder.run)

    holding.take(wait, told)
    over = threading.Event()
    renewing = threading.Thread(target=_renew, args=(holding, over), daemon=True)
    renewing.start()
    try:
        yield holding
    finally:
        over.set()
        renewing.join()
        if not holding.over:
            with suppress(KafkaGitopsError):
                holding.release()


def _renew(holding: "Holding", over: threading.Event) -> None:
    """Keep the lease; what stands in the way is found, and said, by who asks for the next chunk."""
    while not over.wait(TICK):
        with suppress(KafkaGitopsError):
            holding.renew()
