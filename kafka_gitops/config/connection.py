"""Which cluster, and how: bootstrap, client, client_config, --client-config and -X to one set of client keys."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kafka_gitops.config import client_keys, unused
from kafka_gitops.config.given import Given
from kafka_gitops.config.layers import Layer, Written, filled
from kafka_gitops.config.load import File
from kafka_gitops.errors import UsageError
from kafka_gitops.redact import is_secret_key
from kafka_gitops.text.source import Node


class Connection(NamedTuple):
    """Client keys in librdkafka's spelling with their origins, notes and problems."""

    client: dict[str, Given]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


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
    merged = laid(layers)
    done = client_keys.translate(merged)
    notes = unused.told({key: merged[key] for key in done.unused}, "client keys without effect here")
    return Connection(done.client, tuple(notes), done.problems)


def laid(layers: Iterable[Mapping[str, Given]]) -> dict[str, Given]:
    """Layers as one, the later winning whatever the spelling: also a login over a JAAS line, and that over a login."""
    merged: dict[str, Given] = {}
    for layer in layers:
        settled = set_by(layer)
        merged = {key: one for key, one in merged.items() if client_keys.RENAMED.get(key, key) not in settled}
        merged.update(layer)
    return merged


def set_by(layer: Mapping[str, Given]) -> frozenset[str]:
    """The client keys, in librdkafka's spelling, that a layer sets whatever those before it say."""
    spelt = {client_keys.RENAMED.get(key, key) for key in layer}
    login = ("sasl.username", "sasl.password")
    if "sasl.jaas.config" in spelt:
        spelt.update(login)
    return frozenset(spelt | ({"sasl.jaas.config"} if spelt.intersection(login) else set()))
