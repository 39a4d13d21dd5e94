"""Which fields of a change come from `${values.NAME}`, and where their values are written."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kafka_gitops.changes import Change
from kafka_gitops.model import Topology
from kafka_gitops.text.source import Node, Source
from kafka_gitops.text.values import said

_CALLED = {"partitions": "num.partitions", "replication": "replication.factor"}  # a field, and its key in the file


def placed(changes: Iterable[Change], topology: Topology) -> Iterator[Change]:
    """The changes, those of entries with values with what these are."""
    filled = {path: source for path, source in topology.sources.items() if source.values is not None}
    for change in changes:
        source = filled.get(change.origin.path) if change.origin is not None else None
        node = topology.node(change.key) if source is not None else None
        values = tuple(_values(change, node, source)) if source is not None and node is not None else ()
        yield replace(change, origin=change.origin._replace(values=values)) if values and change.origin else change


def _values(change: Change, entry: Node, source: Source) -> Iterator[tuple[str, str]]:
    """Each field that the entry writes with values, and these."""
    written = dict(_keys(entry))
    for edit in change.edits() if change.after is not None else ():
        node = written.get(_CALLED.get(edit.field, edit.field))
        names = source.used.get(node.start, ()) if node is not None and node.raw is not None else ()
        if names and source.values is not None:
            places = ((said(name, source.values[name]), source.values[name].place) for name in names)
            yield edit.field, "; ".join(f"{text}, {place.path}:{place.line}" for text, place in places)


def _keys(node: Node) -> Iterator[tuple[str, Node]]:
    """The scalars below an entry by their keys; of two of one name the outer one counts, which comes last."""
    for child in node.map.values():
        if child.raw is None:
            yield from _keys(child)
    for name, child in node.map.items():
        if child.raw is not None:
            yield name, child
