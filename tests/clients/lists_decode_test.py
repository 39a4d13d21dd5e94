"""Our reading of the lists of topics and of ACLs equals the library's, on made and on real answers, or gives up."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kafka_gitops.clients import acls, decode_acls, decode_topics, topics
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.compact import Unreadable
from kafka_gitops.clients.library import load
from kafka_gitops.clients.wire import Answer
from kafka_gitops.model import Acl, Topic
from kafka_gitops.sandbox import Sandbox

TEXT = some.text(max_size=200)
NODES = some.lists(some.integers(0, 5), max_size=4)
CODE = some.integers(-128, 127)
PARTITION = some.tuples(some.integers(0, 3), some.integers(-1, 5), NODES, NODES, NODES)
TOPIC = some.tuples(some.integers(-1, 90), TEXT, some.uuids() | some.just(UUID(int=0)), some.booleans())
TOPICS = some.lists(some.tuples(TOPIC, some.lists(PARTITION, max_size=5)), max_size=6)
BINDING = some.tuples(TEXT, TEXT, CODE, CODE)
RESOURCES = some.lists(some.tuples(CODE, TEXT, CODE, some.lists(BINDING, max_size=5)), max_size=6)
ACLS = some.tuples(some.integers(-1, 90), some.none() | TEXT, RESOURCES)


def metadata(version: int, made: Sequence[Any]) -> Answer:
    """An answer to Metadata as a broker would send it."""
    kind = load("protocol.metadata.metadata").MetadataResponse
    broker, topic = kind.MetadataResponseBroker, kind.MetadataResponseTopic
    partition = topic.MetadataResponsePartition
    answer = kind(
        throttle_time_ms=0,
        brokers=[broker(node_id=n, host="h" * n, port=9092, rack="r" if n else None) for n in range(2)],
        cluster_id="cluster",
        controller_id=1,
        topics=[
            topic(
                error_code=code,
                name=name,
                topic_id=topic_id,
                is_internal=internal,
                partitions=[
                    partition(
                        error_code=0,
                        partition_index=index,
                        leader_id=leader,
                        leader_epoch=7,
                        replica_nodes=replicas,
                        isr_nodes=in_sync,
                        offline_replicas=offline,
                    )
                    for index, leader, replicas, in_sync, offline in partitions
                ],
            )
            for (code, name, topic_id, internal), partitions in made
        ],
        error_code=0,
    )
    return Answer(memoryview(answer.encode(version=version)), version, kind)


def described(version: int, made: tuple[int, str | None, Sequence[Any]]) -> Answer:
    """An answer to DescribeAcls as a broker would send it."""
    kind = load("protocol.admin.acl").DescribeAclsResponse
    resource = kind.DescribeAclsResource
    code, message, resources = made
    answer = kind(
        throttle_time_ms=0,
        error_code=code,
        error_message=message,
        resources=[
            resource(
                resource_type=kind_of,
                resource_name=name,
                pattern_type=pattern,
                acls=[
                    resource.AclDescription(principal=who, host=host, operation=operation, permission_type=permission)
                    for who, host, operation, permission in bindings
                ],
            )
            for kind_of, name, pattern, bindings in resources
        ],
    )
    return Answer(memoryview(answer.encode(version=version)), version, kind)


@pytest.mark.parametrize("version", decode_topics.VERSIONS)
@given(TOPICS)
def test_topics_are_what_the_library_reads(version: int, made: Sequence[Any]) -> None:
    answer = metadata(version, made)
    assert decode_topics.topics(bytes(answer.body), version) == list(topics.library_decoded(answer))


@pytest.mark.parametrize("version", decode_acls.VERSIONS)
@given(ACLS)
def test_bindings_are_what_the_library_reads(version: int, made: tuple[int, str | None, Sequence[Any]]) -> None:
    answer = described(version, made)
    code, message, found = acls.library_decoded(answer)
    assert decode_acls.acls(bytes(answer.body)) == (code, message, list(found))


@given(TOPICS, ACLS, some.data())
def test_what_is_cut_off_or_too_long_is_unreadable(
    some_topics: Sequence[Any], some_acls: tuple[int, str | None, Sequence[Any]], data: some.DataObject
) -> None:
    body = bytes(metadata(13, some_topics).body)
    with pytest.raises(Unreadable):
        decode_topics.topics(body[: data.draw(some.integers(4, len(body) - 1))], 13)
    with pytest.raises(Unreadable):
        decode_topics.topics(body + b"\0", 13)
    body = bytes(described(3, some_acls).body)
    with pytest.raises(Unreadable):
        decode_acls.acls(body[: data.draw(some.integers(6, len(body) - 1))])
    with pytest.raises(Unreadable):
        decode_acls.acls(body + b"\0")


def test_a_list_that_is_missing_is_not_an_empty_one() -> None:
    body = bytes(metadata(13, []).body)
    assert body.endswith(b"\x01\x00\x00\x00"), "no topics, an error code, no tags"
    with pytest.raises(Unreadable):
        decode_topics.topics(body[:-4] + b"\x00\x00\x00\x00", 13)
    body = bytes(described(3, (0, None, [])).body)
    assert body.endswith(b"\x01\x00"), "no resources, no tags"
    with pytest.raises(Unreadable):
        decode_acls.acls(body[:-2] + b"\x00\x00")


@pytest.mark.parametrize("version", [1, 9])
def test_older_topics_are_left_to_the_library(version: int) -> None:
    made: list[Any] = [((0, "t", UUID(int=0), False), [(0, 1, [1], [1], [])])]
    ((code, name, live),) = topics._decoded(metadata(version, made))
    assert (code, name, live.partitions, live.leader) == (0, "t", 1, 1)


def test_older_bindings_are_left_to_the_library() -> None:
    answer = described(1, (0, None, [(2, "t", 3, [("User:a", "*", 3, 3)])]))
    assert list(acls._decoded(answer)[2]) == [Acl("User:a", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "t")]


@pytest.mark.kafka
def test_real_answers_are_what_the_library_reads(kafka: Sandbox, prefix: str) -> None:
    binding = Acl(f"User:{prefix}", "*", "READ", "ALLOW", "TOPIC", "PREFIXED", prefix)
    with open_cluster({"bootstrap.servers": kafka.bootstrap}) as cluster:
        assert cluster.create_topics({f"{prefix}a": Topic(3, 1, {}), f"{prefix}b": Topic(1, 1, {})})
        assert cluster.create_acls([binding]) == {binding: None}
        listed = cluster.link.ask(topics.asking(None))
        told = cluster.link.ask(acls._request())
    assert listed.version in decode_topics.VERSIONS
    assert decode_topics.topics(bytes(listed.body), listed.version) == list(topics.library_decoded(listed))
    assert told.version in decode_acls.VERSIONS
    assert decode_acls.acls(bytes(told.body))[2] == list(acls.library_decoded(told)[2])
