"""Writes kafka_gitops/completion/: the completions for bash, zsh and fish, by shtab, from the parsers of all commands.

This is the only place where all parsers are made: a start of the tool makes one.

Usage: python tools/completion.py
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import shtab

from kafka_gitops.cli import main as cli
from kafka_gitops.cli.completion import HERE, SHELLS
from kafka_gitops.cli.parser import common_options

_FILES = {"FILE": shtab.FILE, "PATH": shtab.FILE, "PLAN.json | PATH": shtab.FILE, "DIR": shtab.DIRECTORY}


def parser() -> argparse.ArgumentParser:
    """One parser with every command below it, as argparse would have it."""
    whole = argparse.ArgumentParser("kafka-gitops", parents=[common_options()], allow_abbrev=False)
    whole.add_argument("--version", action="store_true", help="print the version")
    commands = whole.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name, help in cli.COMMANDS.items():
        commands.add_parser(name, parents=[cli.parser_of(name)], add_help=False, help=help)
    for one in (whole, *commands.choices.values()):
        for action in one._actions:
            kind = _FILES.get(str(action.metavar))
            if kind is not None:
                action.complete = kind  # type: ignore[attr-defined]
    return whole


def files() -> Iterator[tuple[Path, str]]:
    """Each file with its text."""
    for shell in SHELLS:
        made = shtab.complete(parser(), shell=shell)
        yield HERE / f"kafka-gitops.{shell}", "\n".join(line.rstrip() for line in made.splitlines()) + "\n"


def main() -> None:
    """Write them."""
    for path, text in files():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
