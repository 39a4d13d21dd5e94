"""A node that is looked up in its file only when somebody asks: plain data can stand for it until then."""

from typing import Any

from kafka_gitops.text.node import Node
from kafka_gitops.text.source import Source


class Later(Node):
    """The node at a path of keys and indexes of a file (`Node.get`), looked up when one of its attributes is asked.

    What it holds then is the tree of that moment; it stays when the file lets its tree go.
    Raises LookupError when asked and the file has no such node: a path from another text.
    """

    __slots__ = ("_source", "_steps")

    def __init__(self, source: Source, steps: tuple[str | int, ...]) -> None:
        self._source = source
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        """Called for what is not set: all of a Node, until it is looked up."""
        if name not in Node.__slots__:
            raise AttributeError(name)
        found = self._source.root.get(*self._steps) if self._source.root is not None else None
        if found is None:
            raise LookupError(f"{self._source.path} has no {self._steps}")
        for slot in Node.__slots__:
            setattr(self, slot, getattr(found, slot))
        return getattr(self, name)
