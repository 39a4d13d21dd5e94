"""A node that is looked up in its file only when somebody asks: plain data can stand for it until then."""

from collections.abc import Sequence
from typing import Any

from kafka_gitops.text.node import Node
from kafka_gitops.text.source import Source


class Later(Node):
    """The node at a path of keys and indexes of a file (`Node.get`), looked up whenever one of its attributes is asked.

    It holds no tree: the file does, as long as it keeps it.
    Raises LookupError when asked and the file has no such node: a path from another text.
    """

    __slots__ = ("_source", "_steps")

    def __init__(self, source: Source, steps: Sequence[str | int]) -> None:
        self.path = source.path
        self._source = source
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        """Called for what is not set: all of a Node but its path."""
        if name not in Node.__slots__:
            raise AttributeError(name)
        root = self._source.root
        found = root.get(*self._steps) if root is not None else None
        if found is None:
            raise LookupError(f"{self.path} has no {self._steps}")
        return getattr(found, name)
