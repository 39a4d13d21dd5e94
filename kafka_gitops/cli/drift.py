"""Show where the cluster differs from the files."""

import argparse

from kafka_gitops.cli import plan, planning

EXAMPLE = "kafka-gitops drift -e prod --report markdown=drift.md"
_NO_CHANGE = {"base": None, "only_change": False, "prune": None, "max_deletes": (), "accept": ()}


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `drift`: those of `plan` that are not about a change or its consent."""
    plan.add_showing(parser)
    planning.add_reading(parser)


def run(args: argparse.Namespace) -> int:
    """Plan the whole topology; exit 2 when the cluster differs, also where the repair would have to be accepted."""
    _, made = plan.show(argparse.Namespace(**{**vars(args), **_NO_CHANGE}), drift=True)
    return 2 if made.differs else 0
