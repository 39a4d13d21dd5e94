"""Print the page of a rule of lint: what it finds, why, a bad and a good example, its options."""

import argparse

from kafka_gitops.cli import terminal
from kafka_gitops.errors import UsageError
from kafka_gitops.shape import near

EXAMPLE = "kafka-gitops explain topic-retention"


def add(parser: argparse.ArgumentParser) -> None:
    """The argument of `explain`."""
    parser.add_argument("rule", metavar="RULE", help="the name of a rule; kafka-gitops rules lists them")


def run(args: argparse.Namespace) -> int:
    """Print the page; 0. Raises UsageError for a name that is no rule."""
    from kafka_gitops.rules import RULES

    rule = RULES.get(args.rule)
    if rule is None:
        meant = near(args.rule, RULES)
        hint = f' Did you mean "{meant}"?' if meant else ""
        raise UsageError(f'There is no rule "{args.rule}".{hint}', help="kafka-gitops rules lists them.")
    terminal.write(page(rule.NAME, str(rule.SEVERITY), rule.__doc__ or ""))
    return 0


def page(name: str, severity: str, text: str) -> str:
    """Name and severity over the page, and how to change or waive the rule below it."""
    waive = f"# kafka-gitops: allow {name} until YYYY-MM-DD: reason"
    if name.startswith("change-"):
        waive = f"lint --accept {name}:NAME, or the commit trailer Kafka-Gitops-Accept: {name} NAME"
    ways = [f"Settings: rules: {{{name}: off}} in kafka-gitops.yaml (or info, warning, error)."]
    ways += [] if name.startswith("waiver-") else [f"One exception: {waive}"]
    return "\n".join([f"{name} ({severity})", "", text.strip(), "", *ways])
