"""Entries of our sections in as few lines as read well; they are plain data, which comes from no file."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from kafka_gitops.writing import emit

_scalar = lru_cache(maxsize=50_000, typed=True)(emit.scalar)


def section(name: str, values: Sequence[Mapping[str, object]], indent: str = "") -> Iterator[str]:
    """The lines of a section: an entry of scalars and mappings on one line where it fits, else a key to a line.

    Bindings stand on one line too, so that they read as a table.
    """
    yield f"{indent}{name}:"
    for value in values:
        if name == "acls" or not any(type(one) is list for one in value.values()):
            line = f"{indent}- {flow(value)}"
            if len(line) <= emit.WIDTH:
                yield line
                continue
        first = f"{indent}- "
        for key, one in value.items():
            yield from _key(key, one, first, f"{indent}  ")
            first = f"{indent}  "


def mapping(name: str, value: Mapping[str, object]) -> Iterator[str]:
    """The lines of a mapping, a key to a line."""
    yield f"{name}:"
    for key, one in value.items():
        yield from _key(key, one, "  ", "  ")


def _key(key: str, value: object, first: str, indent: str) -> Iterator[str]:
    """A key with its value: on one line where it fits, else what is inside on lines of its own."""
    line = f"{first}{_scalar(key)}: {flow(value)}"
    if len(line) <= emit.WIDTH or not isinstance(value, Mapping | list) or not value:
        yield line
    elif isinstance(value, Mapping):
        yield f"{first}{_scalar(key)}:"
        for name, one in value.items():
            yield from _key(name, one, f"{indent}  ", f"{indent}  ")
    else:
        yield f"{first}{_scalar(key)}:"
        yield from (f"{indent}- {flow(one)}" for one in value)


def flow(value: object) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join([f"{_scalar(key)}: {flow(one)}" for key, one in value.items()]) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return _scalar(value)
