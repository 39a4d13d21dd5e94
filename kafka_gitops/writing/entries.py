"""Entries of our own sections, each with the place that it comes from; `Node.empty("")` where it is of no file."""

from typing import NamedTuple

from kafka_gitops.text.source import Node


class Leaf(NamedTuple):
    """A value with the node that it comes from."""

    value: object
    node: Node


class Entry(NamedTuple):
    """An entry of one of our sections; the values of the mapping are plain data or leaves."""

    section: str
    value: dict[str, object]
    node: Node


def plain(value: object) -> object:
    """A value without its places."""
    if isinstance(value, Leaf):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value
