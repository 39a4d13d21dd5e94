"""The options that let a plan do what it else does not: removals, more of them, risks."""

import argparse

from kafka_gitops.kinds import PLURALS


def add(parser: argparse.ArgumentParser, *, known: str = " (with --base or a ledger)") -> None:
    """Declare them; `known` says where removals are known from."""
    parser.add_argument(
        "--prune", metavar="KINDS", help=f"carry out removals of these kinds: {', '.join(PLURALS)}{known}"
    )
    parser.add_argument(
        "--max-deletes", metavar="KIND=N", action="append", default=[], help="raise the limit of deletions for this run"
    )
    parser.add_argument(
        "--accept",
        metavar="RISK[:NAME]",
        action="append",
        default=[],
        help="accept a risk by its name, for one resource or all",
    )
