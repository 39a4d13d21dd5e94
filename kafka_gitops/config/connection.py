"""Which cluster, and how: bootstrap, client, client_config, --client-config and -X to one set of client keys."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kafka_gitops.config import client_keys, julieops, properties
from kafka_gitops.config.client_keys import Given
from kafka_gitops.config.load import File, text_of
from kafka_gitops.config.variables import expand
from kafka_gitops.errors import ConfigError, UsageError
from kafka_gitops.redact import is_secret_key, keep_secret
from kafka_gitops.source import Node

NOT_SET = " (not set)"  # behind the variables of an origin


class ClientFile(NamedTuple):
    """A .properties file: its client keys, its JulieOps keys, and what is to be noted."""

    client: dict[str, Given]
    julie: julieops.Read
    notes: tuple[str, ...]


class Connection(NamedTuple):
    """Client keys in librdkafka's spelling with their origins, notes and problems."""

    client: dict[str, Given]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def read_file(path: str) -> ClientFile:
    """A JulieOps or Java client file. Raises ConfigError where it is no .properties file or says what cannot be."""
    if path.endswith((".conf", ".json")):
        kind = "HOCON" if path.endswith(".conf") else "JSON"
        raise ConfigError(
            f"{path}: {kind} is not read here", help="Write its keys as a .properties file: key=value, a line each."
        )
    found = properties.parse(path, text_of(path, "the client file"))
    given = {key: Given(one.value, f"{path}:{one.line}") for key, one in found.items()}
    client = {key: one for key, one in given.items() if client_keys.is_client_key(key)}
    rest = {key: one for key, one in given.items() if key not in client}
    for key, one in given.items():
        if is_secret_key(key):
            keep_secret(one.value)
    read = julieops.read(rest)
    notes = [*read.notes]
    for key, one in given.items():
        if len(one.value) > 1 and one.value[0] == one.value[-1] == '"':
            notes.append(f"{one.origin}: the quotes are part of the value of {key}; a .properties file needs none")
    if read.unused:
        notes.append(f"{path}: no effect here: {', '.join(sorted(read.unused))}")
    return ClientFile(client, read, tuple(notes))


def from_environment(
    file: File, node: Node, name: str, variables: Mapping[str, str]
) -> tuple[dict[str, Given], list[str], list[str], list[str]]:
    """Client keys of an environment with variables filled in; notes about literal passwords; problems; unset ones."""
    given: dict[str, Given] = {}
    notes: list[str] = []
    problems: list[str] = []
    unset: list[str] = []
    for key, one in _written(node):
        text = expand(one, variables, key=f"{key} of environment {name}", secret=is_secret_key(key))
        problems += text.problems
        unset += text.unset
        value = file.below(text.text) if key.endswith(".location") and text.text else text.text
        origin = str(one.span) + (f", variable {', '.join(text.variables)}" if text.variables else "")
        origin += NOT_SET if text.unset else ""
        given[key] = Given(value, origin, one.raw if text.variables else None)
        if is_secret_key(key):
            keep_secret(text.text)
            if not text.variables and text.text and not key.endswith("location"):
                notes.append(
                    f"{one.span}: {key} is written in the file; anybody who reads the repository can use it; "
                    "write ${VARIABLE} instead"
                )
    return given, notes, problems, unset


def _written(node: Node) -> Iterable[tuple[str, Node]]:
    bootstrap = node.get("bootstrap")
    if bootstrap is not None:
        yield "bootstrap.servers", bootstrap
    client = node.get("client")
    if client is not None:
        yield from client.map.items()


def from_options(options: Iterable[str]) -> dict[str, Given]:
    """The `-X key=value` of the command line. Raises UsageError for one without `=`."""
    given: dict[str, Given] = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals or not key.strip():
            shown = re.split(r"[^\w.]", option, maxsplit=1)[0]  # what follows may be a secret, and so may all of it
            what = f'-X "{shown}"' if client_keys.is_client_key(shown) else "What is given to -X"
            raise UsageError(f"{what} is not KEY=VALUE.", help="For example: -X bootstrap.servers=localhost:9092")
        given[key.strip()] = Given(value, "-X")
    return given


def connect(*layers: Mapping[str, Given]) -> Connection:
    """Merge layers, the later winning whatever the spelling, and translate them."""
    merged: dict[str, Given] = {}
    for layer in layers:
        spelt = {client_keys.RENAMED.get(key, key) for key in layer}
        logs_in = "sasl.username" in spelt or "sasl.password" in spelt
        merged = {
            key: one
            for key, one in merged.items()
            if client_keys.RENAMED.get(key, key) not in spelt and not (key == "sasl.jaas.config" and logs_in)
        }
        if "sasl.jaas.config" in layer:
            merged.pop("sasl.username", None)
            merged.pop("sasl.password", None)
        merged.update(layer)
    done = client_keys.translate(merged)
    notes = (f"client keys without effect here: {', '.join(sorted(done.unused))}",) if done.unused else ()
    return Connection(done.client, notes, done.problems)
