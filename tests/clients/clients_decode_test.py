"""Our reading of DescribeConfigs answers equals the library's, on made and on real ones, and gives up cleanly."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kafka_gitops.clients import configs, decode
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.compact import Unreadable
from kafka_gitops.clients.library import load
from kafka_gitops.clients.wire import Answer
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox

TEXT = some.text(max_size=200)
NAMES = ("retention.ms", "cleanup.policy", "segment.bytes", "x")
ENTRY = some.tuples(some.sampled_from(NAMES), some.none() | TEXT, some.integers(0, 6), some.none() | TEXT)
RESOURCE = some.tuples(TEXT, some.integers(-1, 90), some.none() | TEXT, some.lists(ENTRY, max_size=6))
KEYS = frozenset(("retention.ms", "x"))


def response() -> type:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load("protocol.admin.configs").DescribeConfigsResponse  # type: ignore[no-any-return]


def answer(resources: list[tuple[str, int, str | None, list[tuple[str, str | None, int, str | None]]]]) -> Answer:
    """A version 4 answer as a broker would send it."""
    kind = response()
    result = kind.DescribeConfigsResult  # type: ignore[attr-defined]
    entry = result.DescribeConfigsResourceResult
    made = kind(
        throttle_time_ms=0,
        results=[
            result(
                error_code=code,
                error_message=message,
                resource_type=2,
                resource_name=name,
                configs=[
                    entry(
                        name=key,
                        value=value,
                        read_only=False,
                        config_source=source,
                        is_sensitive=value is None,
                        synonyms=[],
                        config_type=5,
                        documentation=documentation,
                    )
                    for key, value, source, documentation in entries
                ],
            )
            for name, code, message, entries in resources
        ],
    )
    return Answer(memoryview(made.encode(version=decode.VERSION)), decode.VERSION, kind)


def ours(one: Answer) -> list[tuple[str, int, str | None, tuple[dict[str, str], dict[str, str]]]]:
    found = decode.configs(bytes(one.body), KEYS, source=configs.OVERRIDE)
    return [(each.name, each.error_code, each.error_message, (each.overrides, each.effective)) for each in found]


def library(one: Answer) -> list[tuple[str, int, str | None, tuple[dict[str, str], dict[str, str]]]]:
    found = configs.library_decoded(one, KEYS)
    return [(name, code, said, (dict(live.overrides), dict(live.effective))) for name, code, said, live in found]


@given(some.lists(RESOURCE, max_size=12))
def test_it_equals_the_librarys_decoding(
    resources: list[tuple[str, int, str | None, list[tuple[str, str | None, int, str | None]]]],
) -> None:
    made = answer(resources)
    assert ours(made) == library(made)


def test_long_lists_and_texts_are_read() -> None:
    entries: list[tuple[str, str | None, int, str | None]] = [("x", "v" * 20_000, 1, "d" * 300)] * 3
    made = answer([("t" * 249, 0, None, entries * 70)] * 5)
    assert ours(made) == library(made)


@given(some.lists(RESOURCE, min_size=1, max_size=4), some.data())
def test_what_is_cut_off_is_unreadable(
    resources: list[tuple[str, int, str | None, list[tuple[str, str | None, int, str | None]]]], data: some.DataObject
) -> None:
    body = bytes(answer(resources).body)
    cut = data.draw(some.integers(5, len(body) - 1))
    with pytest.raises(Unreadable):
        list(decode.configs(body[:cut], KEYS, source=configs.OVERRIDE))


def test_synonyms_are_left_to_the_library() -> None:
    made = answer([("t", 0, None, [("x", "1", 1, None)])])
    with_synonyms = bytes(made.body).replace(b"\x02x\x021\x00\x01\x00\x01", b"\x02x\x021\x00\x01\x00\x02")
    assert with_synonyms != bytes(made.body)
    with pytest.raises(Unreadable):
        list(decode.configs(with_synonyms, KEYS, source=configs.OVERRIDE))


def test_another_version_is_left_to_the_library() -> None:
    kind = response()
    made = kind(throttle_time_ms=0, results=[])
    old = Answer(memoryview(made.encode(version=3)), 3, kind)
    assert list(configs.decoded(old, KEYS)) == []


@pytest.mark.kafka
def test_it_equals_the_librarys_decoding_on_a_real_answer(kafka: Sandbox, prefix: str) -> None:
    names = [f"{prefix}{number}" for number in range(5)]
    with open_cluster({"bootstrap.servers": kafka.bootstrap}) as cluster:
        assert isinstance(cluster, KafkaCluster)
        wanted = {name: Topic(1, 1, {"retention.ms": str(number)}) for number, name in enumerate(names)}
        assert set(cluster.create_topics(wanted).values()) == {None}
        request = configs._request(configs.TOPIC, [*names, f"{prefix}absent"], None)
        (real,) = cluster.link.exchange([request])
    assert real.version == decode.VERSION
    assert ours(real) == library(real)
