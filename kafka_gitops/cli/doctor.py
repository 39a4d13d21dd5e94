"""Check the connection and the rights, step by step."""

import argparse
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from kafka_gitops.cli import terminal
from kafka_gitops.cli.request import Request
from kafka_gitops.cli.setup import Configured
from kafka_gitops.config import environment
from kafka_gitops.errors import Unreachable
from kafka_gitops.settings import Settings

if TYPE_CHECKING:
    from kafka_gitops.doctor.verdict import Verdict

EXAMPLE = "kafka-gitops doctor -e dev"
_STYLES = {"ok": "green", "note": "yellow", "FAIL": "red", "-": "dim"}
_TIMEOUT = 10.0


def add(parser: argparse.ArgumentParser) -> None:
    """`doctor` has the common options only."""


def run(request: Request) -> int:
    """Print the verdicts; 0 when all is well, 5 when the cluster cannot be reached, 1 when a right is missing."""
    from kafka_gitops import doctor
    from kafka_gitops.cli.pipeline.trusted import MERGED
    from kafka_gitops.doctor import rest

    config = Configured(request, MERGED)
    found = config.settings()
    code = 0
    timeout = request.timeout or _TIMEOUT
    others = (rest.examine(server, environment(), seconds=timeout) for server in rest.servers(found))
    kafka = doctor.examine(found.client, timeout=timeout, env=environment(), principal=found.principal)
    for title, verdicts in chain(kafka, _ledger(request, config, found), others):
        terminal.write(f"{found.environment}: {title}" if found.environment else title)
        for verdict in verdicts:
            terminal.write(line(verdict))
        code = max(code, doctor.exit_code(verdicts))
    return code


def _ledger(request: Request, config: Configured, settings: Settings) -> "Iterator[tuple[str, list[Verdict]]]":
    """A title and the verdicts where a ledger is used; one that a run can do without is no failure."""
    from kafka_gitops.cli.reaching import connected
    from kafka_gitops.cli.whose import whose
    from kafka_gitops.doctor.ledger import examine
    from kafka_gitops.git import Repository

    if not settings.ledger.on:
        return
    with Repository() as repo:
        topic = whose(config, settings, repo).topic
    try:
        with connected(request, settings) as systems:
            found = examine(systems.kafka, systems.on_kafka("log"), topic)
    except Unreachable:  # as was said above
        return
    optional = settings.ledger.mode == "optional"
    yield "ledger", [one._replace(status="note", code=0) if optional and one.code else one for one in found]


def line(verdict: "Verdict") -> str:
    """One verdict, its help below what was found."""
    status = terminal.paint(verdict.status.ljust(4), _STYLES[verdict.status])
    rows = [f"  {status}  {verdict.step.ljust(19)}  {verdict.found}".rstrip()]
    rows += [f"{'':29}{text}" for text in verdict.help.splitlines() if verdict.status in ("FAIL", "note")]
    return "\n".join(rows)
