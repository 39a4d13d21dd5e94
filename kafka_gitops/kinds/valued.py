"""Which fields of a resource come from `${values.NAME}`, and where their values are written."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kafka_gitops.changes import Change
from kafka_gitops.model import Key, Topology
from kafka_gitops.text.source import Node
from kafka_gitops.text.values import said

_CALLED = {"num.partitions": "partitions", "replication.factor": "replication"}  # a key in the file, and its field


def placed(changes: Iterable[Change], topology: Topology) -> Iterator[Change]:
    """The changes, those of entries with values with what these are."""
    some = any(source.values is not None for source in topology.sources.values())
    for change in changes:
        values = fields(topology, change.key) if some and change.after is not None else {}
        if values and change.origin is not None:
            yield replace(change, origin=change.origin._replace(values=tuple(values.items())))
        else:
            yield change


def fields(topology: Topology, key: Key) -> dict[str, str]:
    """Each field that the entry of a resource writes with values: `values.replicas = 3, kafka-gitops.yaml:12`."""
    entry = topology.node(key)
    source = topology.sources.get(entry.path) if entry is not None else None
    if entry is None or source is None or source.values is None:
        return {}
    found: dict[str, str] = {}
    for name, node in _keys(entry):
        values = {name: source.values[name] for name in source.used.get(node.start, ())}
        places = (f"{said(name, value)}, {value.place.path}:{value.place.line}" for name, value in values.items())
        if values:
            found[_CALLED.get(name, name)] = "; ".join(places)
    return found


def _keys(node: Node) -> Iterator[tuple[str, Node]]:
    """The scalars below an entry by their keys; of two of one name the outer one counts, which comes last."""
    for child in node.map.values():
        if child.raw is None:
            yield from _keys(child)
    for name, child in node.map.items():
        if child.raw is not None:
            yield name, child
