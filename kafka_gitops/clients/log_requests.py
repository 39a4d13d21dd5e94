"""What is asked of a ledger's topic: Produce, Fetch and ListOffsets, about partition 0 alone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kafka_gitops.clients.library import load

BYTES = 4 << 20  # of an answer at most, unless its first batch alone is more: what bounds a read's memory
FEW = 1 << 16  # the same where a quota slows the reads: a broker gives all that is asked for, or nothing
SECONDS = 30.0  # for the replicas in sync to acknowledge
_ALL = -1  # acks
_BY_NAME = 12  # the last version of Produce and Fetch that names topics; then come their ids


def produce(topic: str, data: bytes) -> Any:
    """Append a batch; the answer comes when all replicas in sync have it."""
    request = load("protocol.producer.produce").ProduceRequest
    of_topic = request.TopicProduceData
    part = of_topic.PartitionProduceData(index=0, records=data)
    topics = [of_topic(name=topic, partition_data=[part])]
    return request(acks=_ALL, timeout_ms=int(SECONDS * 1000), topic_data=topics, max_version=_BY_NAME)


def fetch(starts: Mapping[str, int], most: int) -> Any:
    """What is there from an offset on, by topic, at once; `most` bytes, or the first batch where that is more."""
    request = load("protocol.consumer.fetch").FetchRequest
    of_topic = request.FetchTopic
    topics = [
        of_topic(
            topic=topic,
            topic_id=UUID(int=0),
            partitions=[of_topic.FetchPartition(partition=0, fetch_offset=start, partition_max_bytes=most)],
        )
        for topic, start in starts.items()
    ]
    sizes = {"max_wait_ms": 0, "min_bytes": 0, "max_bytes": most}
    return request(**sizes, session_id=0, session_epoch=-1, topics=topics, max_version=_BY_NAME)


def offsets(topics: Sequence[str], which: int) -> Any:
    """The first offsets (-2) or the next ones (-1)."""
    request = load("protocol.consumer.offsets").ListOffsetsRequest
    of_topic = request.ListOffsetsTopic
    part = of_topic.ListOffsetsPartition(partition_index=0, timestamp=which)
    return request(replica_id=-1, isolation_level=0, topics=[of_topic(name=one, partitions=[part]) for one in topics])


def ready() -> None:
    """Load, and have the library make, what a first read takes: 10 ms that pass while a broker is waited for."""
    make(offsets(["x"], -1), fetch({"x": 0}, BYTES))
    load("record.default_records")


def make(*requests: Any) -> None:
    """Have the library make what encodes these."""
    for request in requests:
        request.API_VERSION = request.max_version if request._max_version is None else request._max_version
        request.with_header(correlation_id=0, client_id="")
        request.encode(framed=True, header=True)
