"""Which cluster, and how: bootstrap, client, client_config, --client-config and -X to one set of client keys."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kafka_gitops import pem
from kafka_gitops.config import client_keys, julieops, properties, servers, unused
from kafka_gitops.config.given import Given
from kafka_gitops.config.layers import Layer, Written, filled
from kafka_gitops.config.load import File, text_of
from kafka_gitops.config.servers import Servers
from kafka_gitops.errors import ConfigError, UsageError
from kafka_gitops.redact import is_secret_key
from kafka_gitops.text.source import Node


class ClientFile(NamedTuple):
    """A .properties file: its client keys, its JulieOps keys, what is to be noted, and its registry and Connect."""

    client: Layer
    julie: julieops.Read
    notes: tuple[str, ...]
    servers: Servers


class Connection(NamedTuple):
    """Client keys in librdkafka's spelling with their origins, notes and problems."""

    client: dict[str, Given]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def read_file(path: str, variables: Mapping[str, str] | None, text: str | None = None) -> ClientFile:
    """A JulieOps or Java client file; without `variables` (None) its client keys are left out.

    `text` is what counts instead of what lies there.

    Raises ConfigError where it is no .properties file or says what cannot be.
    """
    if path.endswith((".conf", ".json")):
        kind = "HOCON" if path.endswith(".conf") else "JSON"
        raise ConfigError(
            f"{path}: {kind} is not read here", help="Write its keys as a .properties file: key=value, a line each."
        )
    text = text_of(path, "the client file") if text is None else text
    pem.keep(text)
    given = {key: Given(one.value, f"{path}:{one.line}") for key, one in properties.parse(path, text).items()}
    rest = {key: one for key, one in given.items() if not client_keys.is_client_key(key)}
    for key, one in given.items():
        client_keys.keep(key, one.value)
        if pem.holds_pem(one.value) and "-----END" not in one.value and "-----END" in text:
            raise ConfigError(
                f"{one.origin}: the PEM text of {key} ends with its first line",
                help="Write it in one line with \\n in place of each line end, or name the file: ssl.key.location",
            )
    read = julieops.read(rest)
    notes = [*read.notes]
    for key, one in given.items():
        if len(one.value) > 1 and one.value[0] == one.value[-1] == '"':
            notes.append(f"{one.origin}: the quotes are part of the value of {key}; a .properties file needs none")
    notes += unused.told({key: rest[key] for key in read.unused}, f"{path}: no effect here")
    client = [Written(key, one.value, one.origin) for key, one in given.items() if key not in rest]
    if variables is None:
        return ClientFile(Layer({}, [], []), read, tuple(notes), servers.none())
    layer = filled(client, variables)
    beside = servers.from_properties(path, rest, layer.given, variables)
    return ClientFile(layer, read, tuple(notes), beside)


def from_environment(file: File, node: Node, name: str, variables: Mapping[str, str]) -> tuple[Layer, list[str]]:
    """Client keys of an environment with variables filled in, and notes about literal passwords."""
    written = [Written(key, one.raw or "", str(one.span)) for key, one in _written(node)]
    layer = filled(written, variables, of=f" of environment {name}")
    notes = []
    for key, one in layer.given.items():
        if key.endswith(".location") and one.value:
            layer.given[key] = one._replace(value=file.below(one.value))
        elif is_secret_key(key) and one.written is None and one.value and not key.endswith("location"):
            notes.append(
                f"{one.origin}: {key} is written in the file; anybody who reads the repository can use it; "
                "write ${VARIABLE} instead"
            )
    return layer, notes


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
        client_keys.keep(key.strip(), value)
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
    notes = unused.told({key: merged[key] for key in done.unused}, "client keys without effect here")
    return Connection(done.client, tuple(notes), done.problems)


def set_by(layer: Mapping[str, Given]) -> frozenset[str]:
    """The client keys, in librdkafka's spelling, that a layer sets whatever those before it say."""
    spelt = {client_keys.RENAMED.get(key, key) for key in layer}
    login = ("sasl.username", "sasl.password")
    if "sasl.jaas.config" in spelt:
        spelt.update(login)
    return frozenset(spelt | ({"sasl.jaas.config"} if spelt.intersection(login) else set()))
