"""Show where the cluster differs from the files."""

import argparse

from kafka_gitops.cli import plan, planning
from kafka_gitops.cli.plan import Show

Request = Show

EXAMPLE = "kafka-gitops drift -e prod --report markdown=drift.md"


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `drift`: those of `plan` that are not about a change or its consent."""
    plan.add_showing(parser)
    planning.add_reading(parser)


def run(request: Request) -> int:
    """Plan the whole topology; exit 2 when the cluster differs, also where the repair would have to be accepted."""
    _, made = plan.show(request, drift=True)
    return 2 if made.differs else 0
