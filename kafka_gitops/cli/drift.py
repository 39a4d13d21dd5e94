"""Show where the cluster differs from the files, without any change under way."""

import argparse

from kafka_gitops.cli import plan

EXAMPLE = "kafka-gitops drift -e prod --report markdown=drift.md"


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `drift`: those of `plan`."""
    plan.add(parser)


def run(args: argparse.Namespace) -> int:
    """Plan the whole topology; exit 2 when the cluster differs, 4 when the repair would be refused."""
    args.exit_code = True
    return plan.run(args)
