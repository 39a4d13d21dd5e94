"""Which broker is asked for the configs of topics: what a topic leaves open is as each broker itself is set."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kafka_gitops.clients.link import ANY, Link
from kafka_gitops.clients.wire import Answer
from kafka_gitops.errors import Unreachable

MOST = 8  # brokers that are asked, unless there are more chunks than that to ask for anyway


def places(link: Link, names: Sequence[str], leaders: Mapping[str, int | None], chunk: int) -> dict[int, list[str]]:
    """The names by the broker to ask: the leader of partition 0, or the first connection where that is not known,
    cannot be reached, or leads too few of them to be worth a connection."""
    led: dict[int, list[str]] = {}
    for name in names:
        node = leaders.get(name)
        led.setdefault(ANY if node is None else node, []).append(name)
    most = max(MOST, len(names) // chunk)
    found: dict[int, list[str]] = {}
    for node, mine in sorted(led.items(), key=lambda item: -len(item[1])):
        found.setdefault(link.near(node) if len(found) < most else ANY, []).extend(mine)
    return found


def some(link: Link, first: Sequence[int]) -> list[int]:
    """Brokers to ask for what may differ between them, those of `first` before others."""
    return [node for node in dict.fromkeys((*first, *sorted(link.brokers))) if node in link.brokers][:MOST]


def exchange(link: Link, requests: Sequence[Any], node: int) -> Iterator[Answer]:
    """The answers of a broker, or of whichever is connected where that one is lost meanwhile."""
    try:
        yield from link.exchange(requests, node=node)
    except Unreachable:
        if node == ANY:
            raise
        yield from link.exchange(requests)
