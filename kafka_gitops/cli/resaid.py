"""What a printed command repeats of the command line that it follows: it finds the same files and the same cluster."""

from collections.abc import Iterable, Iterator

from kafka_gitops import shell
from kafka_gitops.cli.request import Files, Request
from kafka_gitops.redact import is_secret_key, redact

_DOCTOR = shell.ours("doctor")
_SHOWN = (
    *("bootstrap.servers", "client.id", "sasl.mechanism", "sasl.mechanisms", "sasl.username", "security.protocol"),
    "ssl.endpoint.identification.algorithm",
)
_SHOWN_ENDS = (".location", ".type")


def words(request: Request) -> list[str]:
    """Config, policy, connection and its timeout, as they were given; a secret is left out.

    The environment is no part of it: a saved plan holds it.
    """
    files = (("--client-config", path) for path in request.client_config)
    found = _named(("--config", request.config), ("--policy", request.policy), *files)
    for text in request.client or ():
        found += ["-X", text] if not _is_secret(text) else []
    return [*found, *(["--timeout", f"{request.timeout:g}"] if request.timeout is not None else [])]


def at_same_cluster(help: str | None, request: Request) -> str | None:
    """A help that names `doctor`, with the options by which that looks at the cluster of this run."""
    named = _named(("-e", request.environment))
    return help and help.replace(_DOCTOR, shell.ours("doctor", *named, *words(request)))


def files(request: Files) -> list[str]:
    """What besides the paths decides which files are read, and by which rules."""
    deeper = ["--recursive"] if request.recursive else []
    return [*deeper, *_named(("-e", request.environment), ("--config", request.config), ("--policy", request.policy))]


def _named(*given: tuple[str, str | None]) -> list[str]:
    return [word for option, value in given if value is not None for word in (option, value)]


def secrets(request: Request) -> list[str]:
    """The options that were given and hold a secret, their values left open: `-X sasl.password=...`."""
    return [*_open(request.client or ())]


def _open(given: Iterable[str]) -> Iterator[str]:
    for text in given:
        if _is_secret(text):
            yield f"-X {text.partition('=')[0]}=..."


def _is_secret(text: str) -> bool:
    """Whether an option is not to be shown again: all but what says where and how to connect."""
    key, _, value = text.partition("=")
    shown = key.strip() in _SHOWN or key.strip().endswith(_SHOWN_ENDS)
    return not shown or is_secret_key(key.strip()) or redact(text) != text or "-----BEGIN" in value or "@" in value
