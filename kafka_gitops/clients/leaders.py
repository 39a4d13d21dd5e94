"""Which broker is asked for the configs of topics: what a topic leaves open is as each broker itself is set."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kafka_gitops.clients.link import ANY, TWIN, Link, failing
from kafka_gitops.clients.wire import Answer
from kafka_gitops.errors import Unreachable

DOUBLE = 4  # chunks from which on a second connection to one broker is worth its handshake
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


def doubled(link: Link, asked: dict[int, list[str]], chunk: int) -> dict[int, list[str]]:
    """Half of the names for a second connection, where one broker alone is asked for several chunks."""
    names = asked.get(ANY, [])
    if len(asked) != 1 or len(names) < DOUBLE * chunk or link.twin() == ANY:
        return asked
    half = -(-len(names) // chunk // 2) * chunk
    return {ANY: names[:half], TWIN: names[half:]}


def side_by_side(link: Link, asked: Mapping[int, Sequence[Any]]) -> Iterator[Answer]:
    """The answers of several connections, all asked at once; one that is lost and not the first gives no more."""
    begun = deque((node, _begun(link, requests, node)) for node, requests in asked.items())
    while begun:
        node, answers = begun.popleft()
        try:
            answer = next(answers, None)
        except Unreachable:
            if node == ANY:
                raise
            continue
        if answer is not None:
            yield answer
            begun.append((node, answers))


def _begun(link: Link, requests: Sequence[Any], node: int) -> Iterator[Answer]:
    """Ask; what cannot be reached fails when its answer is wanted."""
    try:
        return link.exchange(requests, node=node)
    except Unreachable as failure:
        return failing(failure)


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
