"""Reads topics from cluster metadata: all that may be seen, or some by name; no call here can create a topic."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from kafka_gitops.clients import decode_topics
from kafka_gitops.clients.compact import Unreadable
from kafka_gitops.clients.decode_acls import OPERATIONS, word
from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import Link, understood
from kafka_gitops.clients.refusals import TOPIC_AUTHORIZATION_FAILED, chunks, missing_topics, unexpected
from kafka_gitops.clients.wire import Answer
from kafka_gitops.kinds.cluster import LiveTopic

CHUNK = 250
UNKNOWN_TOPIC = 3
INVALID_TOPIC = 17  # a name that no topic can have: there is none
_PASSING = (5, 6)  # LEADER_NOT_AVAILABLE, NOT_LEADER: the topic is there, an election is under way


def asking(names: Sequence[str] | None, **more: Any) -> Any:
    """The Metadata request for topics by name, or for all."""
    request = load("protocol.metadata.metadata").MetadataRequest
    topics = (
        None if names is None else [request.MetadataRequestTopic(topic_id=UUID(int=0), name=name) for name in names]
    )
    return request(topics=topics, allow_auto_topic_creation=False, **more)


def _live(topic: Any) -> LiveTopic:
    counts = [len(partition.replica_nodes) for partition in topic.partitions]
    return LiveTopic(
        partitions=len(topic.partitions),
        replication=max(counts, default=0),
        internal=bool(topic.is_internal),
        topic_id=str(topic.topic_id) if topic.topic_id and topic.topic_id.int else None,
        fewest=min(counts, default=0),
        leader=next(
            (one.leader_id for one in topic.partitions if one.partition_index == 0 and one.leader_id >= 0), None
        ),
    )


@understood
def list_topics(link: Link) -> dict[str, LiveTopic]:
    """Every topic that this principal may describe; the broker leaves the others out without a word."""
    there = (0, *_PASSING)
    return {name: live for code, name, live in _decoded(link.ask(asking(None))) if code in there}


def _decoded(answer: Answer) -> Iterable[tuple[int, Any, LiveTopic]]:
    """Error code, name and what is known of each topic; what we cannot read the library decodes."""
    if answer.version in decode_topics.VERSIONS:
        try:
            return decode_topics.topics(bytes(answer.body), answer.version)
        except Unreadable:
            pass
    return library_decoded(answer)


def library_decoded(answer: Answer) -> Iterator[tuple[int, Any, LiveTopic]]:
    """The same by kafka-python's own decoding."""
    return ((topic.error_code, topic.name, _live(topic)) for topic in answer.decode().topics)


def described(link: Link, names: Sequence[str]) -> Iterator[Any]:
    """The metadata of topics by name; raises MissingRight naming those that may not be described."""
    refused = []
    for answer in link.exchange(asking(chunk) for chunk in chunks(names, CHUNK)):
        for topic in answer.decode().topics:
            if topic.error_code == TOPIC_AUTHORIZATION_FAILED:
                refused.append(topic.name)
            elif topic.error_code in (0, UNKNOWN_TOPIC, INVALID_TOPIC, *_PASSING):
                yield topic
            else:
                raise unexpected(f"topic {topic.name}", topic.error_code, None)
    if refused:
        raise missing_topics(link.login.principal, sorted(refused), "Describe", "describe")


@understood
def describe_topics(link: Link, names: Sequence[str]) -> dict[str, LiveTopic | None]:
    """Topics by name, None for UNKNOWN_TOPIC_OR_PARTITION."""
    absent = (UNKNOWN_TOPIC, INVALID_TOPIC)
    return {topic.name: None if topic.error_code in absent else _live(topic) for topic in described(link, names)}


@understood
def reassigning(link: Link) -> frozenset[str] | None:
    """Topics whose replicas are being moved (KIP-455); None without DESCRIBE on the cluster."""
    request = load("protocol.admin.topics").ListPartitionReassignmentsRequest
    if request.API_KEY not in link.versions():
        return None
    answer = link.read(request(topics=None, timeout_ms=30_000))
    return frozenset(topic.name for topic in answer.topics or ()) if not answer.error_code else None


@understood
def cluster_operations(link: Link) -> frozenset[str] | None:
    """What this principal may do to the cluster, `{"DESCRIBE", "CREATE"}` (KIP-430); None where that is not told."""
    request = load("protocol.admin.cluster").DescribeClusterRequest
    known = link.versions()
    if request.API_KEY in known:
        answer = link.read(request(include_cluster_authorized_operations=True))
        return _operations(answer.authorized_operations)
    asked = asking([], include_cluster_authorized_operations=True, max_version=10)  # 8 to 10 have the field
    if known.get(asked.API_KEY, (0, 0))[1] < 8:
        return None
    return _operations(link.read(asked).authorized_operations)


@understood
def topic_operations(link: Link, names: Sequence[str]) -> dict[str, frozenset[str]]:
    """What this principal may do to each of these topics; those for which that is not told are left out."""
    requests = (asking(chunk, include_topic_authorized_operations=True) for chunk in chunks(names, CHUNK))
    found = {}
    for answer in link.exchange(requests):
        for topic in answer.decode().topics:
            operations = _operations(topic.authorized_operations)
            if not topic.error_code and operations is not None:
                found[topic.name] = operations
    return found


def _operations(codes: Iterable[int] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(word(OPERATIONS, code) for code in codes)
