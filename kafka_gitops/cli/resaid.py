"""What a printed command repeats of the command line that it follows: it finds the same files and the same cluster."""

import argparse
from collections.abc import Iterable, Iterator

from kafka_gitops import shell
from kafka_gitops.redact import is_secret_key, redact

_DOCTOR = shell.ours("doctor")
_SHOWN = (
    *("bootstrap.servers", "client.id", "sasl.mechanism", "sasl.mechanisms", "sasl.username", "security.protocol"),
    "ssl.endpoint.identification.algorithm",
)
_SHOWN_ENDS = (".location", ".type")


def words(args: argparse.Namespace) -> list[str]:
    """Config, policy, connection and its timeout, as they were given; a secret is left out.

    The environment is no part of it: a saved plan holds it.
    """
    found = _named(("--config", args.config), ("--policy", args.policy), ("--client-config", args.client_config))
    for text in args.client or ():
        found += ["-X", text] if not _is_secret(text) else []
    return [*found, *(["--timeout", f"{args.timeout:g}"] if args.timeout is not None else [])]


def at_same_cluster(help: str | None, args: argparse.Namespace) -> str | None:
    """A help that names `doctor`, with the options by which that looks at the cluster of this run."""
    named = _named(("-e", args.environment))
    return help and help.replace(_DOCTOR, shell.ours("doctor", *named, *words(args)))


def files(args: argparse.Namespace) -> list[str]:
    """What besides the paths decides which files are read, and by which rules."""
    deeper = ["--recursive"] if args.recursive else []
    return [*deeper, *_named(("-e", args.environment), ("--config", args.config), ("--policy", args.policy))]


def _named(*given: tuple[str, str | None]) -> list[str]:
    return [word for option, value in given if value is not None for word in (option, value)]


def secrets(args: argparse.Namespace) -> list[str]:
    """The options that were given and hold a secret, their values left open: `-X sasl.password=...`."""
    return [*_open(args.client or ())]


def _open(given: Iterable[str]) -> Iterator[str]:
    for text in given:
        if _is_secret(text):
            yield f"-X {text.partition('=')[0]}=..."


def _is_secret(text: str) -> bool:
    """Whether an option is not to be shown again: all but what says where and how to connect."""
    key, _, value = text.partition("=")
    shown = key.strip() in _SHOWN or key.strip().endswith(_SHOWN_ENDS)
    return not shown or is_secret_key(key.strip()) or redact(text) != text or "-----BEGIN" in value or "@" in value
