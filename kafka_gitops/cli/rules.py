"""List the rules of lint: what each finds and how much it weighs by itself."""

import argparse
import json

from kafka_gitops.cli import terminal

EXAMPLE = "kafka-gitops rules"


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `rules`."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(args: argparse.Namespace) -> int:
    """Print a line for each rule, by name; 0."""
    from kafka_gitops.rules import CHANGES, RULES

    changes = {rule.NAME for rule in CHANGES}
    rows = [(name, str(rule.SEVERITY), first_line(rule.__doc__), rule) for name, rule in sorted(RULES.items())]
    if args.format == "json":
        body = [
            {"rule": name, "severity": level, "finds": said, "options": dict(rule.OPTIONS), "base": name in changes}
            for name, level, said, rule in rows
        ]
        terminal.write(json.dumps({"rules": body}, indent=2, ensure_ascii=False))
        return 0
    width = max(map(len, RULES))
    lines = [f"{name.ljust(width)}  {level.ljust(7)}  {said}" for name, level, said, _ in rows]
    told = "kafka-gitops explain RULE prints its page. change-* need lint --base REV; off: until it is configured."
    terminal.write("\n".join([*lines, "", told]))
    return 0


def first_line(page: str | None) -> str:
    """The sentence with which a rule's page begins."""
    return (page or "").strip().partition("\n")[0]
