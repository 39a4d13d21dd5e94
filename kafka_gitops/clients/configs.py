"""Reads configs of topics and brokers: overrides, and the effective values of the keys asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from kafka_gitops.clients import decode
from kafka_gitops.clients.compact import Unreadable
from kafka_gitops.clients.leaders import doubled, exchange, places, side_by_side, some
from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import ANY, Link, understood
from kafka_gitops.clients.refusals import (
    CLUSTER_AUTHORIZATION_FAILED,
    TOPIC_AUTHORIZATION_FAILED,
    chunks,
    missing_topics,
    unexpected,
)
from kafka_gitops.clients.topics import UNKNOWN_TOPIC
from kafka_gitops.clients.wire import Answer
from kafka_gitops.kinds.cluster import LiveConfig

CHUNK = 250  # resources in a request: larger ones cost the broker and us memory and gain nothing
TOPIC, BROKER = 2, 4  # org.apache.kafka.common.config.ConfigResource.Type
OVERRIDE = 1  # DescribeConfigsResponse.ConfigSource.DYNAMIC_TOPIC_CONFIG


def _request(kind: int, names: Sequence[str], keys: Sequence[str] | None, *, synonyms: bool = False) -> Any:
    request = load("protocol.admin.configs").DescribeConfigsRequest
    resource = request.DescribeConfigsResource
    return request(
        resources=[resource(resource_type=kind, resource_name=name, configuration_keys=keys) for name in names],
        include_synonyms=synonyms,
        include_documentation=False,
    )


def decoded(answer: Answer, keys: frozenset[str]) -> Iterable[tuple[str, int, str | None, LiveConfig]]:
    """Each resource of a response: name, error code, message, configs; what we cannot read the library decodes."""
    if answer.version == decode.VERSION:
        try:
            found = list(decode.configs(bytes(answer.body), keys, source=OVERRIDE))
            return [
                (one.name, one.error_code, one.error_message, LiveConfig(one.overrides, one.effective)) for one in found
            ]
        except Unreadable:
            pass
    return library_decoded(answer, keys)


def library_decoded(answer: Answer, keys: frozenset[str]) -> Iterator[tuple[str, int, str | None, LiveConfig]]:
    """The same by kafka-python's own decoding."""
    for result in answer.decode().results:
        overrides = {}
        effective = {}
        for entry in result.configs:
            if entry.value is None:  # sensitive
                continue
            if entry.config_source == OVERRIDE:
                overrides[entry.name] = entry.value
            if entry.name in keys:
                effective[entry.name] = entry.value
        yield result.resource_name, result.error_code, result.error_message, LiveConfig(overrides, effective)


@understood
def topic_configs(
    link: Link,
    names: Sequence[str],
    keys: Iterable[str],
    leaders: Mapping[str, int | None] = MappingProxyType({}),
    *,
    only: bool = False,
) -> dict[str, LiveConfig]:
    """Configs of existing topics; one that is gone meanwhile is left out; MissingRight names DESCRIBE_CONFIGS.

    With `only` the broker is asked for `keys` alone, which is cheaper for both sides.
    """
    wanted = frozenset(keys)
    asked = sorted(wanted) if only else None
    found: dict[str, LiveConfig] = {}
    refused: list[str] = []
    asked_of = doubled(link, places(link, names, leaders, CHUNK), CHUNK)
    _describe(link, asked_of, asked, wanted, found, refused)
    told = {*found, *refused}
    late = [name for node, mine in asked_of.items() if node != ANY for name in mine if name not in told]
    if late:  # a broker is lost, or has not heard yet of a topic that another one lists
        _describe(link, {ANY: late}, asked, wanted, found, refused)
    if refused:
        raise missing_topics(link.login.principal, sorted(refused), "DescribeConfigs", "read the configs of")
    return {name: found[name] for name in names if name in found}


def _describe(
    link: Link,
    names: Mapping[int, Sequence[str]],
    asked: Sequence[str] | None,
    wanted: frozenset[str],
    found: dict[str, LiveConfig],
    refused: list[str],
) -> None:
    """Fill `found` and `refused` with what brokers say of topics, each of its own."""
    requests = {node: [_request(TOPIC, chunk, asked) for chunk in chunks(mine, CHUNK)] for node, mine in names.items()}
    for answer in side_by_side(link, requests):
        for name, code, message, config in decoded(answer, wanted):
            if code == TOPIC_AUTHORIZATION_FAILED:
                refused.append(name)
            elif code not in (0, UNKNOWN_TOPIC):
                raise unexpected(f"the configs of topic {name}", code, message)
            elif not code:
                found[name] = config


@understood
def topic_defaults(
    link: Link, names: Sequence[str], keys: Iterable[str], leaders: Mapping[str, int | None] = MappingProxyType({})
) -> dict[str, dict[str, str]]:
    """The values below the topics' own overrides: a cluster's or broker's setting, else Kafka's default (KIP-226)."""
    wanted = sorted(keys)
    found = {}
    for node, mine in places(link, names, leaders, CHUNK).items():
        requests = [_request(TOPIC, chunk, wanted, synonyms=True) for chunk in chunks(mine, CHUNK)]
        for answer in exchange(link, requests, node):
            for result in answer.decode().results:
                below = ((entry.name, _below(entry)) for entry in result.configs if not result.error_code)
                found[result.resource_name] = {name: value for name, value in below if value is not None}
    return found


def broker_values(
    link: Link, topics: Mapping[str, str], leaders: Mapping[str, int | None] = MappingProxyType({})
) -> dict[str, dict[int, str]]:
    """{key: {broker: value}} of keys of which the topic at hand has no override, as several brokers have them."""
    found: dict[str, dict[int, str]] = {key: {} for key in topics}
    names = sorted(set(topics.values()))
    first = [node for node in map(leaders.get, names) if node is not None]
    for node in some(link, first) if topics and len(link.brokers) > 1 else []:
        place = link.near(node)
        if place == ANY and not link.is_first(node):
            continue
        for answer in exchange(link, [_request(TOPIC, chunk, sorted(topics)) for chunk in chunks(names, CHUNK)], place):
            for name, code, _, config in decoded(answer, frozenset(topics)):
                own = {} if code else {key: value for key, value in config.effective.items() if topics[key] == name}
                for key, value in own.items():
                    found[key][node] = value
    return found


def _below(entry: Any) -> str | None:
    """The first value under the topic's own; none is told for retention.ms and segment.ms unless log.*.ms is set,
    and a `log.retention.hours` has another unit."""
    told = (s.value for s in entry.synonyms if s.source != OVERRIDE and not s.name.endswith((".hours", ".minutes")))
    return next((value for value in told if value is not None), None)


@understood
def broker_configs(link: Link, keys: Iterable[str]) -> dict[str, str | None]:
    """Configs of the broker with the lowest id: None for a hidden value, and for all without DESCRIBE_CONFIGS."""
    wanted = frozenset(keys)
    node = min(link.brokers)
    place = -1 if len(link.brokers) == 1 else node
    answer = next(iter(link.exchange([_request(BROKER, [str(node)], sorted(wanted))], node=place)))
    (result,) = answer.decode().results
    if result.error_code == CLUSTER_AUTHORIZATION_FAILED:
        return dict.fromkeys(wanted)
    if result.error_code:
        raise unexpected(f"the configs of broker {node}", result.error_code, result.error_message)
    return {entry.name: entry.value for entry in result.configs if entry.name in wanted}


@understood
def every_topic_config(link: Link, names: Sequence[str]) -> frozenset[str]:
    """The keys of all configs of these topics, as the first broker tells them."""
    answers = link.exchange([_request(TOPIC, chunk, None) for chunk in chunks(names, CHUNK)])
    results = (result for answer in answers for result in answer.decode().results)
    return frozenset(entry.name for result in results if not result.error_code for entry in result.configs)


@understood
def every_broker_config(link: Link) -> dict[str, str | None] | None:
    """All configs of the broker with the lowest id, None for a hidden value; None without DESCRIBE_CONFIGS."""
    node = min(link.brokers)
    place = -1 if len(link.brokers) == 1 else node
    answer = next(iter(link.exchange([_request(BROKER, [str(node)], None)], node=place)))
    (result,) = answer.decode().results
    if result.error_code:
        return None
    return {entry.name: None if entry.is_sensitive else entry.value or "" for entry in result.configs}
