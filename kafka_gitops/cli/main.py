"""The entry point: reads the common options, finds the command, turns every known error into a sentence and a code."""

import argparse
import errno
import gc
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from kafka_gitops import __version__
from kafka_gitops.cli import added, ending, terminal
from kafka_gitops.cli.parser import Parser, closest, common_options
from kafka_gitops.cli.request import made
from kafka_gitops.config import environment
from kafka_gitops.errors import KafkaGitopsError, Unanswered, Unreachable, UsageError

_RARELY = (50_000, 20, 20)  # what starts makes thousands of objects that stay, and looking for garbage costs a tenth
COMMANDS = {
    "init": "write a first config, topology, commit hook and pipeline into a repository",
    "lint": "check topology files",
    "rules": "list the rules of lint",
    "explain": "print the page of a rule or a risk",
    "render": "print the topics and ACLs that the files declare",
    "diff": "show what two environments declare, side by side",
    "plan": "show what an apply would change on the cluster",
    "apply": "carry out a plan",
    "ci": "lint, plan, apply or look for drift in a pipeline",
    "history": "show what changed, when, by whom, and who approved it",
    "ledger": "make, check, export the record of what was applied, or take a person out of it",
    "undo": "show how a run is undone, and what does not come back",
    "unlock": "take the lock of the ledger away from a run that died",
    "drift": "show where the cluster differs from the files",
    "snapshot": "save what a plan reads, to plan without a network and credentials",
    "doctor": "check the connection and the rights, step by step",
    "config": "show the effective settings and where each came from",
    "schema": "print the JSON Schema of a kind of file, for editors",
    "import": "write what is on the servers as topology files",
    "migrate": "write topology files from another tool's files",
    "fleet": "look at many repositories at once, without a cluster",
    "sandbox": "run a temporary, real Apache Kafka",
    "demo": "see the whole job on a sandbox",
    "completion": "print the completion of commands and options for bash, zsh or fish",
}


_WITH_VALUE = {"--config", "-e", "--environment", "-X", "--client-config", "--policy", "--timeout"}


def _command_at(arguments: Sequence[str]) -> int | None:
    """The index of the command's name: the first word that is no common option nor its value."""
    index = 0
    while index < len(arguments):
        word = arguments[index]
        if word in _WITH_VALUE:
            index += 2
        elif word.startswith("-"):
            index += 1
        else:
            return index
    return None


def usage() -> str:
    """The text of `kafka-gitops --help`."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name.ljust(width)}  {text}" for name, text in COMMANDS.items()]
    return "\n".join(
        (
            "usage: kafka-gitops [options] COMMAND [options]",
            "",
            "Keeps an Apache Kafka cluster equal to files in git.",
            "",
            "commands:",
            *lines,
            "",
            common_options().format_help().split("\n\n", 1)[1].rstrip(),
            "  --version            print the version",
            "",
            "kafka-gitops COMMAND --help says more, with an example.",
        )
    )


# While options are declared: argparse makes one for each, and to ask for the terminal's width loads a library
_OF_ANY_WIDTH = partial(argparse.RawDescriptionHelpFormatter, width=80)


def module_of(name: str) -> ModuleType:
    """The module of a command; one whose name is a word of Python has a _ behind it."""
    return import_module(f"kafka_gitops.cli.{name}{'_' * iskeyword(name)}")


def parser_of(name: str) -> Parser:
    """The parser of a command: its own options and the common ones."""
    module = module_of(name)
    parser = Parser(
        prog=f"kafka-gitops {name}",
        description=module.__doc__,
        epilog=f"example: {module.EXAMPLE}",
        parents=[common_options()],
        formatter_class=_OF_ANY_WIDTH,
        allow_abbrev=False,
    )
    module.add(parser)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


_ASKED = {  # what other tools have a command for
    "help": "kafka-gitops COMMAND --help says how a command is used; kafka-gitops --help lists them.",
    "version": "kafka-gitops --version prints it.",
}


_JULIEOPS = frozenset(  # options of JulieOps, which its users type; the module that translates them is seldom loaded
    f"{dashes}{name}"
    for dashes in ("-", "--")
    for name in (
        *("topology", "clientConfig", "overridingClientConfig", "brokers", "plans", "dryRun", "validate"),
        *("allowDelete", "accept-read-only-streams", "accept-projects-without-topics"),
    )
) | {"-quiet", "-recursive", "-version"}


def _no_command(arguments: Sequence[str], at: int) -> UsageError:
    """A word behind options may be the value of one, such as a password: it is shown only if it is near a command."""
    near = closest(arguments[at], COMMANDS, 1)
    if near:
        return UsageError(f'There is no command "{arguments[at]}". Did you mean "{near[0]}"?')
    shown = f'There is no command "{arguments[at]}".' if at == 0 else f"Word {at + 1} is not a command."
    help = _ASKED.get(arguments[at], "kafka-gitops --help lists the commands.")
    return UsageError(shown, help=help)


def run(arguments: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit code."""
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UsageError("The working directory is not there any more.", help="Go to one that is: cd /") from None
    at = _command_at(arguments)
    theirs = _JULIEOPS.intersection(word.partition("=")[0] for word in arguments if word.startswith("-"))
    if theirs:
        command = arguments[at] if at is not None and arguments[at] in COMMANDS else None
        if command is None or not theirs <= parser_of(command)._option_string_actions.keys():  # sandbox has --brokers
            from kafka_gitops.cli import julieops

            raise julieops.refuse(arguments, COMMANDS)
    if at is None:
        if "--version" in arguments:
            terminal.write(f"kafka-gitops {__version__}")
            return 0
        if arguments and not {"-h", "--help"} & set(arguments):
            said = "There is no command, only options."
            if arguments[-1] in _WITH_VALUE:
                said = f"{arguments[-1]} needs a value, and there is no command."
            help = "For example: kafka-gitops plan -e prod. kafka-gitops --help lists the commands."
            raise UsageError(said, help=help)
        terminal.write(usage())
        return 0
    name = arguments[at]
    if name not in COMMANDS:
        raise _no_command(arguments, at)
    more = added.words(environment()) if name == "ci" else []
    args = parser_of(name).parse_args([*arguments[:at], *arguments[at + 1 :], *more])
    module = module_of(name)
    request = made(module.Request, args)
    terminal.setup(no_color=request.no_color, quiet=request.quiet, verbose=request.verbose)
    code = module.run(request)
    assert isinstance(code, int)
    return code


def script() -> NoReturn:
    """The console script: what `main` does with the command line of the process, which ends with its exit code."""
    ending.leave(_main(sys.argv[1:]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (that of the process): every known error becomes its sentence on stderr and its code."""
    code = _main(sys.argv[1:] if arguments is None else arguments)
    ending.let_go()
    return code


def _main(arguments: Sequence[str]) -> int:
    gc.set_threshold(*_RARELY)
    terminal.open_all()
    terminal.setup()
    try:
        code = run(arguments)
    except KafkaGitopsError as error:
        terminal.error(error)
        return error.exit_code
    except Unanswered as lost:
        terminal.error(Unreachable(f"A write got no answer: {lost}.", help="Look what is there, then run this again."))
        return Unreachable.exit_code
    except KeyboardInterrupt:
        terminal.say("Stopped.")
        return 130
    except BrokenPipeError:  # `| head` closed our stdout: that is no error of ours
        terminal.abandon_stdout()
        return 0
    except OSError as failure:
        return _unwritten(failure)
    try:
        terminal.flush()
    except BrokenPipeError:
        terminal.abandon_stdout()
    except OSError as failure:
        return _unwritten(failure)
    return code


def _unwritten(failure: OSError) -> int:
    """Say that the result cannot be told; raises what has another reason than a disk or a file that is full."""
    if failure.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise failure
    terminal.abandon_stdout()
    error = KafkaGitopsError(f"stdout cannot be written: {failure.strerror}", help="make room, or write elsewhere")
    terminal.error(error)
    return error.exit_code


if __name__ == "__main__":
    script()
