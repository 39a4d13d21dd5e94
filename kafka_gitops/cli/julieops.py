"""JulieOps' command line in our words: an option of it is an error whose help is the command to write here."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from kafka_gitops import shell
from kafka_gitops.errors import UsageError


class Option(NamedTuple):
    """An option of JulieOps: whether a value follows it, what it is there, and what to write here."""

    valued: bool
    there: str
    here: str


OPTIONS: Mapping[str, Option] = {
    "--topology": Option(True, "the file or directory of the topology", "a PATH, without an option"),
    "--clientConfig": Option(True, "the client file", "--client-config FILE"),
    "--overridingClientConfig": Option(True, "a client file that wins", "--client-config FILE once more, behind it"),
    "--brokers": Option(True, "bootstrap.servers", "-X bootstrap.servers=HOST:PORT"),
    "--plans": Option(True, "the file of plans", "the key plans: FILE of kafka-gitops.yaml"),
    "--dryRun": Option(False, "a run that changes nothing", "the command plan"),
    "--validate": Option(False, "a run that only reads files", "the command lint"),
    "--allowDelete": Option(
        False,
        "deletion of all that the files do not name (until 3.0)",
        "removed: in the files, or prune: [topics, acls]; nothing is deleted because it is missing",
    ),
    "--quiet": Option(False, "no list of resources at the end", "-q"),
    "--accept-read-only-streams": Option(
        False, "no warning about streams that only read", "nothing: there is no such warning"
    ),
    "--accept-projects-without-topics": Option(
        False, "no warning about projects without topics", "nothing: there is no such warning"
    ),
    "--recursive": Option(False, "sub-directories too", "--recursive"),
    "--help": Option(False, "the help", "--help"),
    "--version": Option(False, "the version", "kafka-gitops --version"),
}
SAME = ("--recursive", "--help", "--version", "--quiet")  # which are options here as well
FOREIGN = frozenset(
    dashes + name.lstrip("-") for name in OPTIONS for dashes in ("-", "--") if dashes == "-" or name not in SAME
) - {"-help"}
_COMMANDS = {"--dryRun": "plan", "--validate": "lint"}


def refuse(arguments: Sequence[str], commands: Collection[str]) -> UsageError:
    """The error for a command line with options of JulieOps: each in our words, then the whole command.

    That is of the one of our `commands` that is named, else of what JulieOps would do.
    """
    read = [*_read(arguments)]
    given = [(name, value) for name, value in read if name in OPTIONS]
    command = next((word for word, _ in read if word in commands), None)
    named = [name for name, _ in given if _is_foreign(name, arguments)]
    lines = [f"{name}: in JulieOps {OPTIONS[name].there}; here: {OPTIONS[name].here}" for name in dict.fromkeys(named)]
    said = "Unrecognized option of JulieOps: " if len(lines) == 1 else "Unrecognized options of JulieOps:\n  "
    return UsageError(said + "\n  ".join(lines), help=f"Write: {' '.join(_command(arguments, command))}")


def _is_foreign(name: str, arguments: Sequence[str]) -> bool:
    words = {word.partition("=")[0] for word in arguments}
    return bool(words & FOREIGN & {name, name[1:]})


def _read(arguments: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Each word as an option of JulieOps with its value, or as itself."""
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        option = f"--{name.lstrip('-')}" if name.startswith("-") else ""
        if option not in OPTIONS:
            yield word, None
        elif OPTIONS[option].valued:
            yield option, value if equals else next(words, None)
        else:
            yield option, None


def _command(arguments: Sequence[str], command: str | None) -> Iterator[str]:
    """The words of the command that means the same here; what may hold a secret is left open."""
    read = [*_read(arguments)]
    given = dict(read)
    if "--version" in given:
        yield shell.ours("--version")
        return
    wanted = next((ours for name, ours in _COMMANDS.items() if name in given), "apply")
    yield shell.ours(command or wanted)
    paths = [given["--topology"]] if given.get("--topology") else []
    yield from _quoted(paths)
    for name in ("--clientConfig", "--overridingClientConfig"):
        if name in given:
            yield from _quoted(["--client-config", given[name] or "FILE"])
    if "--brokers" in given:
        brokers = given["--brokers"] or ""
        shown = brokers if re.fullmatch(r"[\w.:,\[\]-]+", brokers) else "HOST:PORT"
        yield from _quoted(["-X", f"bootstrap.servers={shown}"])
    yield from _kept([word for word, _ in read if word not in OPTIONS], command)
    yield from (ours for name, ours in (("--recursive", "--recursive"), ("--quiet", "-q")) if name in given)


def _kept(words: Sequence[str], command: str | None) -> Iterator[str]:
    """What was given in our words already, but for the command and the values of -X."""
    rest = [*words]
    if command is not None:
        rest.remove(command)
    for at, word in enumerate(rest):
        if at and rest[at - 1] == "-X":
            yield "..."
        else:
            yield "-X..." if word.startswith("-X") and word != "-X" else shell.command(word)


def _quoted(words: Sequence[str | None]) -> Iterator[str]:
    yield from (shell.command(word) for word in words if word is not None)
