"""The command line's parser: usage errors with our exit code, options that are given once, those of every command."""

import argparse
import re
from collections.abc import Iterable
from typing import NoReturn

from kafka_gitops.errors import UsageError


class Parser(argparse.ArgumentParser):
    """argparse with our exit code for usage errors: its own 2 would read as "there is a plan"."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of exiting with 2."""
        choice = re.match(r"argument (.+?): invalid choice: '(.*)' \(choose from (.*)\)$", message, flags=re.DOTALL)
        if choice is not None:
            name, given, choices = choice[1], choice[2], choice[3].replace("'", "").split(", ")
            meant = closest(given, choices, 1)
            said = f'{name}: "{given}" is none of {", ".join(choices)}.' + (
                f' Did you mean "{meant[0]}"?' if meant else ""
            )
            first = "A PATH comes after it. " if name == "COMMAND" else ""
            raise UsageError(said, help=f"{first}{self.prog} --help shows what there is.")
        if message.startswith("unrecognized arguments: --version"):
            raise UsageError("--version comes without a command.", help="kafka-gitops --version prints it.")
        if message.startswith("unrecognized"):
            hint = self._meant(message)
            message = re.sub(r"=.*", "=...", message, flags=re.DOTALL)  # what was meant as an option may hold a secret
            message += f".{hint}" if hint else ""
        raise UsageError(f"{message[0].upper()}{message[1:]}", help=f"{self.prog} --help shows what there is.")

    def _meant(self, message: str) -> str:
        """` Did you mean "--format"?`, for an option that nearly is one of this command; nothing for others."""
        options = [option for option in self._option_string_actions if option.startswith("--")]
        given = re.findall(r"(?<!\S)-{1,2}[A-Za-z][\w-]+", message.partition(": ")[2])
        near = [found[0] for word in given if (found := closest(f"--{word.lstrip('-')}", options, 1, 0.7))]
        quoted = [f'"{option}"' for option in dict.fromkeys(near)]
        return f" Did you mean {' and '.join(quoted)}?" if near else ""


def _seconds(text: str) -> float:
    """A time-out. Raises ArgumentTypeError for what is not a positive number of seconds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number of seconds")
    return seconds


class Once(argparse.Action):
    """An option that names one thing: of two the last would win without a word."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Raise UsageError for a second one."""
        if getattr(namespace, self.dest, None) is not None:
            raise UsageError(f"{option_string} is given twice, and only one is read.", help="Give it once.")
        setattr(namespace, self.dest, values)


def common_options() -> Parser:
    """The parser of the options that every command takes, before or after its name."""
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS, allow_abbrev=False)
    options = parser.add_argument_group("options of every command")
    text = "the config file (default: kafka-gitops.yaml here or above)"
    options.add_argument("--config", metavar="FILE", action=Once, help=text)
    options.add_argument("-e", "--environment", metavar="ENV", action=Once, help="an environment of the config file")
    options.add_argument("-X", dest="client", metavar="KEY=VALUE", action="append", help="a client key, repeatable")
    text = "a JulieOps or Java .properties file; of several a later one wins, key by key"
    options.add_argument("--client-config", metavar="FILE", action="append", help=text)
    text = "a platform's policy, which the repository can only narrow"
    options.add_argument("--policy", metavar="FILE", action=Once, help=text)
    options.add_argument("--timeout", metavar="S", type=_seconds, help="seconds to connect (10) and to converge (120)")
    loud = options.add_mutually_exclusive_group()
    loud.add_argument("-q", "--quiet", action="store_true", help="only results and errors")
    loud.add_argument(
        "-v", "--verbose", action="store_true", help="say more: every finding, and by name all that is left alone"
    )
    options.add_argument("--no-color", action="store_true", help="no colour (also: NO_COLOR)")
    return parser


def closest(word: str, known: Iterable[str], most: int, alike: float = 0.6) -> list[str]:
    """The words that are nearly this one, at most so many."""
    from difflib import get_close_matches  # of a slip alone

    return get_close_matches(word, [*known], most, alike)
