"""Creates, grows, alters and deletes topics: chunked under the controller's limits, with an answer for every one."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from kafka_gitops.clients.configs import TOPIC
from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import ANY, Link, Lost
from kafka_gitops.clients.refusals import explained, problem
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.model import Topic

CHUNK = 1000
RECORDS = 9000  # the controller takes 10,000 metadata records in one request (QuorumController.MAX_RECORDS_PER_USER_OP)
PARTITIONS_GUESS = 50  # of a topic whose number is left to the broker, for counting records only
TIMEOUT_MS = 60_000
NOT_CONTROLLER, THROTTLED = 41, 89
PATIENCE = 120.0  # seconds to go on for a quota on controller mutations (KIP-599) that lets nothing through
LOOK = 1.0  # seconds after which whoever waits is told of it again
SET, DELETE = 0, 1  # org.apache.kafka.clients.admin.AlterConfigOp.OpType

UNANSWERED = Problem(
    "UNKNOWN_SERVER_ERROR", "the broker's answer does not mention it. It may or may not be done", "lost"
)
Result = tuple[str, int, str | None]  # name, error code, message
Answers = dict[str, Problem | None]


def create_topics(link: Link, topics: Mapping[str, Topic], *, validate_only: bool) -> Answers:
    """Create topics with their configs; -1 leaves partitions or replication to the broker (KIP-464)."""
    request = load("protocol.admin.topics").CreateTopicsRequest

    def made(names: Sequence[str]) -> Any:
        return request(
            topics=[_creatable(request, name, topics[name]) for name in names],
            timeout_ms=TIMEOUT_MS,
            validate_only=validate_only,
            min_version=6,  # before, a quota refuses nothing: all is done, then the connection is silent for that long
        )

    weights = {name: 1 + (topic.partitions or PARTITIONS_GUESS) + len(topic.config) for name, topic in topics.items()}

    def told(answer: Any) -> list[Result]:
        return [(r.name, r.error_code, r.error_message) for r in answer.topics]

    return _each(link, weights, made, told, "Create", validate_only=validate_only)


def _creatable(request: Any, name: str, topic: Topic) -> Any:
    config = request.CreatableTopic.CreatableTopicConfig
    return request.CreatableTopic(
        name=name,
        num_partitions=-1 if topic.partitions is None else topic.partitions,
        replication_factor=-1 if topic.replication is None else topic.replication,
        assignments=[],
        configs=[config(name=key, value=value) for key, value in topic.config.items()],
    )


def create_partitions(link: Link, totals: Mapping[str, int], *, validate_only: bool) -> Answers:
    """Grow topics to `totals` partitions."""
    request = load("protocol.admin.topics").CreatePartitionsRequest

    def made(names: Sequence[str]) -> Any:
        return request(
            topics=[request.CreatePartitionsTopic(name=name, count=totals[name], assignments=None) for name in names],
            timeout_ms=TIMEOUT_MS,
            validate_only=validate_only,
        )

    def told(answer: Any) -> list[Result]:
        return [(r.name, r.error_code, r.error_message) for r in answer.results]

    return _each(link, totals, made, told, "Alter", validate_only=validate_only)


def alter_configs(link: Link, configs: Mapping[str, Mapping[str, str | None]], *, validate_only: bool) -> Answers:
    """Set topic configs, None deletes the override (KIP-339)."""
    request = load("protocol.admin.configs").IncrementalAlterConfigsRequest
    resource = request.AlterConfigsResource

    def made(names: Sequence[str]) -> Any:
        return request(
            resources=[
                resource(
                    resource_type=TOPIC,
                    resource_name=name,
                    configs=[
                        resource.AlterableConfig(
                            name=key, config_operation=DELETE if value is None else SET, value=value
                        )
                        for key, value in configs[name].items()
                    ],
                )
                for name in names
            ],
            validate_only=validate_only,
        )

    weights = {name: len(config) for name, config in configs.items()}

    def told(answer: Any) -> list[Result]:
        return [(r.resource_name, r.error_code, r.error_message) for r in answer.responses]

    return _each(link, weights, made, told, "AlterConfigs", validate_only=validate_only)


def delete_topics(link: Link, ids: Mapping[str, str | None]) -> Answers:
    """Delete topics by id where one is given (KIP-516), else by name."""
    request = load("protocol.admin.topics").DeleteTopicsRequest
    names_by_id = {UUID(id_): name for name, id_ in ids.items() if id_}

    def state(name: str) -> Any:
        id_ = ids[name]
        return request.DeleteTopicState(name=None if id_ else name, topic_id=UUID(id_ or "0" * 32))

    def made(names: Sequence[str]) -> Any:
        topics = [state(name) for name in names]
        return request(topics=topics, timeout_ms=TIMEOUT_MS, min_version=6 if any(ids[n] for n in names) else 0)

    def results(answer: Any) -> list[Result]:
        return [
            (names_by_id.get(item.topic_id) or item.name, item.error_code, item.error_message)
            for item in answer.responses
        ]

    return _each(link, dict.fromkeys(ids, 1), made, results, "Delete")


def batches(weights: Mapping[str, int]) -> Iterator[list[str]]:
    """Names in lists of at most CHUNK, each list's weights together at most RECORDS unless a single name has more."""
    batch: list[str] = []
    weight = 0
    for name, own in weights.items():
        if batch and (len(batch) == CHUNK or weight + own > RECORDS):
            yield batch
            batch, weight = [], 0
        batch.append(name)
        weight += own
    if batch:
        yield batch


def _each(
    link: Link,
    weights: Mapping[str, int],
    request: Callable[[Sequence[str]], Any],
    results: Callable[[Any], list[Result]],
    right: str,
    *,
    validate_only: bool = False,
) -> Answers:
    answers: Answers = {}
    patience = 0.0 if validate_only else PATIENCE  # a plan waits for no quota
    for batch in batches(weights):
        answers.update(_batch(link, batch, request, results, patience))
    return explained({name: answers.get(name, UNANSWERED) for name in weights}, link.login.principal, right)


def _batch(
    link: Link,
    left: Sequence[str],
    request: Callable[[Sequence[str]], Any],
    results: Callable[[Any], list[Result]],
    patience: float,
) -> Answers:
    """The answers for one request's names, asked again at the controller, and after the wait that a quota imposes."""
    answers: Answers = {}
    node, until = ANY, time.monotonic() + patience
    while left:
        try:
            told = link.written(
                request(left), lambda answer: [(*r, answer.throttle_time_ms) for r in results(answer)], node=node
            )
        except Lost as lost:
            return {**answers, **dict.fromkeys(left, lost.problem())}
        answers.update({name: problem(code, message) for name, code, message, _ in told if name in left})
        elsewhere = [name for name, code, *_ in told if code == NOT_CONTROLLER and name in left]
        later = [name for name, code, *_ in told if code == THROTTLED and name in left]
        if elsewhere and node == ANY:
            try:
                node = link.to_controller()
            except KafkaGitopsError as failure:  # what was refused stays refused
                return {**answers, **dict.fromkeys(elsewhere, Problem("NOT_CONTROLLER", failure.message))}
        elif later:
            until = time.monotonic() + patience if len(later) < len(left) else until
            if not _waited(link, max(milliseconds for *_, milliseconds in told) / 1000, len(later), until):
                break
        else:
            break
        left = elsewhere + later
    return answers


def _waited(link: Link, seconds: float, left: int, until: float) -> bool:
    """Wait as long as a quota demands; False where that is too long, or whoever is told of it wants to wait no more."""
    end = min(time.monotonic() + (seconds or 0.5), until)
    while (now := time.monotonic()) < end:
        if not link.waits(end - now, left):
            return False
        time.sleep(min(LOOK, end - now))
    return time.monotonic() < until
