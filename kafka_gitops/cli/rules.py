"""List the rules of lint: what each finds and its default severity."""

import argparse
import json

from kafka_gitops.cli import terminal
from kafka_gitops.cli.explain import about
from kafka_gitops.cli.request import Request as Common
from kafka_gitops.errors import UsageError

EXAMPLE = "kafka-gitops rules"


class Request(Common):
    """What `rules` is asked for."""

    word: str | None = None
    format: str = "text"


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `rules`."""
    parser.add_argument("word", nargs="?", metavar="WORD", help="only the rules that are about it: partitions")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(request: Request) -> int:
    """Print a line for each rule, by name; 0. Raises UsageError for a word that no rule is about."""
    from kafka_gitops.rules import RULES, changes

    of_change = {rule.NAME for rule in changes()}
    wanted = RULES.keys() if request.word is None else {name for name, _, _ in about(request.word)} & RULES.keys()
    if not wanted:
        raise UsageError(f'No rule is about "{request.word}".', help="kafka-gitops rules lists all.")
    rows = [(name, str(rule.SEVERITY), first_line(rule.__doc__), rule) for name, rule in sorted(RULES.items())]
    rows = [row for row in rows if row[0] in wanted]
    if request.format == "json":
        body = [
            {"rule": name, "severity": level, "finds": said, "options": dict(rule.OPTIONS), "base": name in of_change}
            for name, level, said, rule in rows
        ]
        terminal.write(json.dumps({"rules": body}, indent=2, ensure_ascii=False))
        return 0
    width = max(map(len, wanted))
    lines = [f"{name.ljust(width)}  {level.ljust(7)}  {said}" for name, level, said, _ in rows]
    told = "kafka-gitops explain RULE prints its page. change-* need lint --base REV; off: until it is configured."
    terminal.write("\n".join([*lines, "", told]))
    return 0


def first_line(page: str | None) -> str:
    """The sentence with which a rule's page begins."""
    return (page or "").strip().partition("\n")[0]
