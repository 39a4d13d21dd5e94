"""Reads how much partitions hold: offsets by time (ListOffsets) and bytes (DescribeLogDirs), within bounds."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import ANY, Link, understood
from kafka_gitops.clients.refusals import CLUSTER_AUTHORIZATION_FAILED
from kafka_gitops.clients.topics import described
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.readers import Holding, Log, Place

MOST = 10_000  # partitions of a call
AT_ONCE = 1_000  # in a request
SECONDS = 20.0  # after which no further request of a call is begun
_LATEST, _EARLIEST, _NEWEST, _LOCAL = -1, -2, -3, -4  # of ListOffsets instead of a time
_SINCE = {_NEWEST: 7, _LOCAL: 8}  # the version that knows it (KIP-734, KIP-405)
_REMOTE = 10_000  # milliseconds for a look into tiered storage (KIP-1075); the default of 0 is over at once
_REFUSED_SINCE = 3  # the version of DescribeLogDirs that says so: older ones answer nothing

Found = dict[Place, dict[int, int]]  # by question


class KafkaPartitions:
    """The partitions of one cluster; the Protocol says what is asked of them."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def holdings(self, ages: Mapping[str, int | None]) -> Mapping[str, Holding]:
        """What these topics hold; one that is gone is left out."""
        with self._link.within(SECONDS / 2):
            return self._holdings(ages, time.monotonic() + SECONDS)

    def _holdings(self, ages: Mapping[str, int | None], until: float) -> Mapping[str, Holding]:
        try:
            counts, led = _led(self._link, sorted(ages))
        except KafkaGitopsError:
            return {}
        found: Found = {}
        sizes: dict[Place, int] = {}
        refused = False
        for node, places in led.items():
            place = self._link.near(node)
            if place != ANY or self._link.is_first(node):
                with suppress(KafkaGitopsError):  # what a broker does not tell, or nobody can read, is left out
                    _offsets(self._link, place, places, ages, found, until)
                with suppress(KafkaGitopsError):
                    refused |= _sizes(self._link, place, places, sizes, until)
        return {
            name: _holding(
                [(found.get((name, n), {}), sizes.get((name, n))) for n in range(count)], ages[name], refused=refused
            )
            for name, count in counts.items()
        }


def on(link: Link) -> KafkaPartitions:
    """What a kind gets of the connection."""
    return KafkaPartitions(link)


@understood
def _led(link: Link, names: Sequence[str]) -> tuple[dict[str, int], dict[int, list[Place]]]:
    """How many partitions there are by topic, and the first MOST of them by the broker that leads them."""
    counts: dict[str, int] = {}
    led: dict[int, list[Place]] = {}
    taken = 0
    for topic in sorted(described(link, names), key=lambda topic: str(topic.name)):
        if topic.error_code:
            continue
        counts[topic.name] = len(topic.partitions)
        for one in topic.partitions[: MOST - taken]:
            if one.leader_id >= 0:
                led.setdefault(one.leader_id, []).append((topic.name, one.partition_index))
        taken = min(MOST, taken + len(topic.partitions))
    return counts, led


def _holding(parts: Iterable[tuple[Mapping[int, int], int | None]], age: int | None, *, refused: bool) -> Holding:
    logs, left = {}, 0
    for number, (told, size) in enumerate(parts):
        younger = next((offset for question, offset in told.items() if question >= 0), None)
        if not {_EARLIEST, _LATEST} <= told.keys() or (age is not None and younger is None):
            left += 1
            continue
        start, end = told[_EARLIEST], told[_LATEST]
        kept = end if younger is not None and younger < 0 else younger
        logs[number] = Log(start, end, kept, told.get(_LOCAL), told.get(_NEWEST), size)
    return Holding(logs, left, refused)


@understood
def _offsets(
    link: Link, node: int, places: Sequence[Place], ages: Mapping[str, int | None], found: Found, until: float
) -> None:
    """Fill `found`."""
    knows = link.versions().get(_request([], _LATEST).API_KEY, (0, 0))[1]
    now = int(time.time() * 1000)
    old = [place for place in places if ages[place[0]] is not None]
    whole = [place for place in places if ages[place[0]] is None]  # they are deleted, or cut by size
    every = {_EARLIEST: places, _LATEST: places, _LOCAL: places, _NEWEST: whole}
    asked = [(question, mine) for question, mine in every.items() if knows >= _SINCE.get(question, 0)]
    for age in sorted({ages[name] or 0 for name, _ in old}):
        asked.append((max(0, now - age), [place for place in old if ages[place[0]] == age]))
    for question, mine in asked:
        for at in range(0, len(mine), AT_ONCE):
            if time.monotonic() > until:
                return
            answer = link.read(_request(mine[at : at + AT_ONCE], question), node=node)
            for place, told in _told(answer, by_time=question == _NEWEST):
                found.setdefault(place, {})[question] = told


def _told(answer: Any, *, by_time: bool) -> Iterator[tuple[Place, int]]:
    for topic in answer.topics:
        for one in topic.partitions:
            if not one.error_code:
                yield (topic.name, one.partition_index), one.timestamp if by_time else one.offset


def _request(places: Iterable[Place], question: int) -> Any:
    request = load("protocol.consumer.offsets").ListOffsetsRequest
    topic = request.ListOffsetsTopic
    topics = [
        topic(
            name=name, partitions=[topic.ListOffsetsPartition(partition_index=n, timestamp=question) for n in numbers]
        )
        for name, numbers in _by_topic(places).items()
    ]
    return request(replica_id=-1, isolation_level=0, topics=topics, timeout_ms=_REMOTE)


def _by_topic(places: Iterable[Place]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, number in places:
        found.setdefault(name, []).append(number)
    return found


@understood
def _sizes(link: Link, node: int, places: Sequence[Place], sizes: dict[Place, int], until: float) -> bool:
    """Fill `sizes`; whether that is refused."""
    request = load("protocol.admin.cluster").DescribeLogDirsRequest
    topic = request.DescribableLogDirTopic
    for at in range(0, len(places), AT_ONCE):
        if time.monotonic() > until:
            return False
        topics = [topic(topic=name, partitions=mine) for name, mine in _by_topic(places[at : at + AT_ONCE]).items()]
        answer = link.ask(request(topics=topics), node=node)
        told = answer.decode()
        if told.error_code == CLUSTER_AUTHORIZATION_FAILED or (answer.version < _REFUSED_SINCE and not told.results):
            return True
        sizes.update(_bytes(told))
    return False


def _bytes(answer: Any) -> Iterator[tuple[Place, int]]:
    """The size of each log, but for those that are being copied to another disk of the broker."""
    for directory in answer.results:
        for topic in directory.topics if not directory.error_code else ():
            for one in topic.partitions:
                if not one.is_future_key:
                    yield (topic.name, one.partition_index), one.partition_size
