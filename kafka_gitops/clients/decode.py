"""Reads a DescribeConfigs response without building an object for each of its entries, most of which are defaults."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from kafka_gitops.clients.compact import Unreadable, skip_tags, text, varint

VERSION = 4  # the layout below: DescribeConfigsResponse.json of Apache Kafka, flexible from version 4
_KEPT = 8  # config lists that are remembered: topics mostly share theirs


class Configs(NamedTuple):
    """One resource of a response; entries without a value (sensitive ones) are left out."""

    name: str
    error_code: int
    error_message: str | None
    overrides: dict[str, str]
    effective: dict[str, str]


def configs(body: bytes, keys: Collection[str], *, source: int) -> Iterator[Configs]:
    """Each resource of a version 4 response body: what has config source `source`, and the values of `keys`.

    Raises Unreadable where the bytes do not add up.
    """
    try:
        yield from _resources(body, frozenset(key.encode() for key in keys), source)
    except (IndexError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error


def _resources(body: bytes, keys: frozenset[bytes], source: int) -> Iterator[Configs]:
    at = 4  # throttle_time_ms
    number, at = varint(body, at)
    known: list[tuple[bytes, dict[str, str], dict[str, str]]] = []
    for _ in range(number - 1):
        code = int.from_bytes(body[at : at + 2], "big", signed=True)
        message, at = text(body, at + 2)
        name, at = text(body, at + 1)  # after resource_type
        seen = next((entry for entry in known if body.startswith(entry[0], at)), None)
        if seen is None:
            overrides, effective, end = _entries(body, at, keys, source)
            known.insert(0, (body[at:end], overrides, effective))
            del known[_KEPT:]
        else:
            overrides, effective, end = seen[1], seen[2], at + len(seen[0])
        at = skip_tags(body, end)
        yield Configs(name or "", code, message, overrides, effective)
    if skip_tags(body, at) != len(body):
        raise Unreadable("bytes are left over")


def _entries(body: bytes, at: int, keys: frozenset[bytes], source: int) -> tuple[dict[str, str], dict[str, str], int]:
    """The configs of one resource from `at` on, and where they end."""
    overrides: dict[str, str] = {}
    effective: dict[str, str] = {}
    number, at = varint(body, at)
    for _ in range(number - 1):
        size, start = varint(body, at)
        end = start + size - 1
        size, value = varint(body, end)
        at = value + max(size - 1, 0)
        # read_only, config_source, is_sensitive, an empty list of synonyms
        mine = body[at + 1] == source
        if body[at + 3] != 1:
            raise Unreadable("synonyms were not asked for")
        size, after = varint(body, at + 5)  # config_type, then documentation
        name = body[start:end]
        if (mine or name in keys) and value <= at and body[value - 1] != 0:
            text = body[value:at].decode()
            if mine:
                overrides[name.decode()] = text
            if name in keys:
                effective[name.decode()] = text
        at = skip_tags(body, after + max(size - 1, 0))
    return overrides, effective, at
