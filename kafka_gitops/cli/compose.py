"""The broker that a Compose file runs, as the machine of whoever runs it reaches it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kafka_gitops.text.source import Node, parse

_IMAGE = re.compile(r"kafka|redpanda|cp-server|cp-enterprise", re.IGNORECASE)
_NO_BROKER = re.compile(r"connect|schema|rest|ksql|ui\b|kafdrop|akhq|zookeeper|exporter|control-center", re.IGNORECASE)
_ADVERTISED = ("KAFKA_ADVERTISED_LISTENERS", "KAFKA_CFG_ADVERTISED_LISTENERS", "KAFKA_BROKER_ADVERTISED_LISTENERS")
_PROTOCOLS = ("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP")
_HERE = ("localhost", "127.0.0.1", "host.docker.internal")
_DEFAULT = re.compile(r"\$\{\w+:?-([^}]*)\}")


class Broker(NamedTuple):
    """A broker by the file that runs it, its address here, and how its listener is protected."""

    path: str
    service: str
    address: str
    protocol: str


def broker(path: str, text: str) -> Broker | None:
    """The first broker with an address on this machine: what it advertises, else a port that is published."""
    root = parse(path, text).root
    services = root.map.get("services") if root is not None else None
    for name, service in services.map.items() if services is not None else ():
        image = service.map.get("image")
        said = _filled(image.raw or "") if image is not None else ""
        if not _IMAGE.search(said) or _NO_BROKER.search(said.rpartition("/")[2]):
            continue
        found = next(_addresses(service), None)
        if found is not None:
            return Broker(path, name, *found)
    return None


def _addresses(service: Node) -> Iterator[tuple[str, str]]:
    """The addresses on this machine, each with its protocol."""
    given = dict(_environment(service))
    protocols = dict(
        one.strip().partition(":")[::2] for name in _PROTOCOLS for one in given.get(name, "").split(",") if one.strip()
    )
    advertised = next((given[name] for name in _ADVERTISED if name in given), None)
    for one in (advertised or "").split(","):
        listener, _, address = one.strip().rpartition("://")
        host, _, port = address.rpartition(":")
        if host in _HERE and port.isdigit():
            yield f"localhost:{port}", protocols.get(listener, listener or "PLAINTEXT")
    if advertised is None:
        ports = service.map.get("ports")
        for node in ports.items if ports is not None else ():
            match = re.fullmatch(r"(?:[\d.]+:)?(\d+):9\d\d\d", _filled(node.raw or ""))
            if match is not None:
                yield f"localhost:{match[1]}", "PLAINTEXT"


def _environment(service: Node) -> Iterator[tuple[str, str]]:
    """The variables of a service, which are a mapping or a list of `NAME=value`."""
    node = service.map.get("environment")
    if node is None:
        return
    for name, child in node.map.items():
        yield name, _filled(child.raw or "")
    for child in node.items if node.is_list else ():
        name, equals, value = (child.raw or "").partition("=")
        if equals:
            yield name, _filled(value)


def _filled(text: str) -> str:
    """A text with the defaults of its variables."""
    return _DEFAULT.sub(r"\1", text)
