"""Reads where partitions end (ListOffsets): whoever copies offsets of a group must not go beyond that."""

from collections.abc import Iterable, Mapping
from typing import Any

from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import Link, understood
from kafka_gitops.clients.topics import described

Place = tuple[str, int]  # a topic and the number of a partition
_LATEST = -1


class Ends:
    """The ends of partitions of one cluster."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def end_offsets(self, places: Iterable[Place]) -> Mapping[Place, int | None]:
        """The offset after the last record by topic and partition; 0 where there is none such, None where the brokers
        do not tell. Raises MissingRight where a topic may not be described."""
        wanted = sorted(set(places))
        return {**dict.fromkeys(wanted, 0), **_ends(self._link, wanted)} if wanted else {}


def on(link: Link) -> Ends:
    """The ends as a connection tells them."""
    return Ends(link)


@understood
def _ends(link: Link, wanted: Iterable[Place]) -> dict[Place, int | None]:
    places = set(wanted)
    led: dict[int, list[Place]] = {}
    found: dict[Place, int | None] = {}
    for topic in described(link, sorted({name for name, _ in places})):
        for partition in topic.partitions:
            place = (topic.name, partition.partition_index)
            if place in places:
                found[place] = None
                led.setdefault(partition.leader_id, []).append(place)
    for node, mine in led.items():
        if node >= 0:
            answer = link.read(_request(mine), node=link.near(node))
            found.update(_told(answer))
    return found


def _told(answer: Any) -> Iterable[tuple[Place, int | None]]:
    for topic in answer.topics:
        for one in topic.partitions:
            yield (topic.name, one.partition_index), None if one.error_code else one.offset


def _request(places: Iterable[Place]) -> Any:
    request = load("protocol.consumer.offsets").ListOffsetsRequest
    topic = request.ListOffsetsTopic
    by_name: dict[str, list[int]] = {}
    for name, number in places:
        by_name.setdefault(name, []).append(number)
    topics = [
        topic(name=name, partitions=[topic.ListOffsetsPartition(partition_index=one, timestamp=_LATEST) for one in own])
        for name, own in by_name.items()
    ]
    return request(replica_id=-1, isolation_level=0, topics=topics)
