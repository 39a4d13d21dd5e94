"""How changes of topics are carried out: in which portions, by which requests, in which order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kafka_gitops.changes import Change
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds.cluster import Cluster
from kafka_gitops.kinds.contract import taking
from kafka_gitops.kinds.parts import Problem, Requests, Stage, Step, Systems
from kafka_gitops.kinds.topic.live import moves
from kafka_gitops.model import Key, Topic, topic_key

RECORDS = 9_000  # KRaft refuses a request that makes more than 10,000 metadata records (KAFKA-17870)
AT_ONCE = 1_000  # per write: what a second request makes is seen only once the broker has set up what the first made
_OVERRIDES_TOLD = 1  # of DescribeConfigs: where a value comes from (Kafka 1.1)
_LEFT_OPEN = 4  # of CreateTopics: the broker decides on partitions and replication (KIP-464, Kafka 2.4)
_GROWN = "INVALID_PARTITIONS"  # of CreatePartitions: there are as many already (ReplicationControlManager)
_BY_ID = 6  # of DeleteTopics: a topic by its id (KIP-516, Kafka 2.8)


def requests(changes: Sequence[Change]) -> Requests:
    """The requests for changes of topics, all of them of one action."""
    found: Requests = {"Metadata": 0} if changes else {}
    for change in changes:
        before, after = change.before, change.after
        if not isinstance(after, Topic):
            found["DeleteTopics"] = max(found.get("DeleteTopics", 0), _BY_ID if change.pin else 0)
            continue
        found["DescribeConfigs"] = _OVERRIDES_TOLD
        if not isinstance(before, Topic):
            least = _LEFT_OPEN if None in (after.partitions, after.replication) else 0
            found["CreateTopics"] = max(found.get("CreateTopics", 0), least)
            continue
        if after.partitions != before.partitions:
            found["CreatePartitions"] = 0
        if after.config != before.config:
            found["IncrementalAlterConfigs"] = 0
    return found


def chunks(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Changes in portions that fit one request, the order kept."""
    chunk: list[Change] = []
    records = 0
    for change in changes:
        weight = _records(change)
        if chunk and (records + weight > RECORDS or len(chunk) >= AT_ONCE):
            yield chunk
            chunk, records = [], 0
        chunk.append(change)
        records += weight
    if chunk:
        yield chunk


def _records(change: Change) -> int:
    """The metadata records that a create makes: the topic, its partitions (1 where open), its configs."""
    after = change.after
    return 1 + (after.partitions or 1) + len(after.config) if isinstance(after, Topic) else 1


def create(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Carry out one chunk of creations."""
    return _create(systems, changes, validate_only=False)


def preview_create(systems: Systems, changes: Sequence[Change]) -> Iterator[tuple[Key, Problem]]:
    """What the brokers say of one chunk of creations. The topic ids in their answer are of no topic: none is kept."""
    told = dict(_said(_create(systems, changes, validate_only=True)))
    yield from told.items()
    brokers = systems.kafka.brokers
    for change in changes:
        wanted = change.after.replication if isinstance(change.after, Topic) else None
        if change.key in told and (wanted or 0) > brokers > 0:
            many = "1 broker" if brokers == 1 else f"{brokers} brokers"
            yield change.key, Problem("", f"replication factor {wanted}: the cluster has {many}")


def _create(systems: Systems, changes: Sequence[Change], *, validate_only: bool) -> Mapping[Key, Problem | None]:
    wanted = {change.key.name: change.after for change in changes if isinstance(change.after, Topic)}
    answers = systems.kafka.create_topics(wanted, validate_only=validate_only)
    return {topic_key(name): problem for name, problem in answers.items()}


def preview_update(systems: Systems, changes: Sequence[Change]) -> Iterator[tuple[Key, Problem]]:
    """What the brokers say of one chunk of updates: of the partitions, and of the configs.

    That a topic has as many partitions already is no refusal: what was read is older, as after a run that just died.
    """
    totals, configs = _updates(changes)
    grown = systems.kafka.create_partitions(totals, validate_only=True) if totals else {}
    answers: list[Mapping[str, Problem | None]] = [
        {name: told for name, told in grown.items() if told is None or told.code != _GROWN}
    ]
    answers += [systems.kafka.alter_configs(configs, validate_only=True)] if configs else []
    for told in answers:
        yield from _said({topic_key(name): problem for name, problem in told.items()})


def _said(answers: Mapping[Key, Problem | None]) -> Iterator[tuple[Key, Problem]]:
    return ((key, problem) for key, problem in answers.items() if problem is not None)


def _updates(changes: Sequence[Change]) -> tuple[dict[str, int], dict[str, dict[str, str | None]]]:
    """The total numbers of partitions and the edits of configs that updates ask for, by topic."""
    totals: dict[str, int] = {}
    configs: dict[str, dict[str, str | None]] = {}
    for change in changes:
        before, after = change.before, change.after
        if not isinstance(before, Topic) or not isinstance(after, Topic):
            continue
        if after.partitions is not None and before.partitions != after.partitions:
            totals[change.key.name] = after.partitions
        edits = {edit.field: edit.after for edit in change.edits() if edit.field in {**before.config, **after.config}}
        if edits:
            configs[change.key.name] = edits
    return totals, configs


def update(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Carry out one chunk of updates: partitions first; a topic whose growth fails keeps its configs."""
    totals, configs = _updates(changes)
    problems: dict[str, Problem | None] = {}
    if totals:
        problems.update(_on_the_move(systems.kafka, totals))
        still = {name: total for name, total in totals.items() if name not in problems}
        problems.update(systems.kafka.create_partitions(still) if still else {})
    left = {name: edits for name, edits in configs.items() if problems.get(name) is None}
    if left:
        grown = {name for name in totals if problems.get(name) is None}
        problems.update(
            (name, _after(name in grown, found)) for name, found in systems.kafka.alter_configs(left).items()
        )
    return {change.key: problems.get(change.key.name) for change in changes}


def _on_the_move(cluster: Cluster, names: Iterable[str]) -> dict[str, Problem]:
    """Those of these topics that began to be moved since the plan was made; asked right before the write."""
    try:
        moving = cluster.reassigning()
        live = cluster.describe_topics(list(names)) if moving is None else {}
    except KafkaGitopsError as failure:  # nothing of these topics is written then
        fate = "unsent" if isinstance(failure, Unreachable) else "refused"
        return {name: Problem("UNKNOWN_SERVER_ERROR", f"not sent: {failure.message}", fate) for name in names}
    found = {name: moves(name, live.get(name), moving) for name in names}
    return {name: Problem("REASSIGNMENT_IN_PROGRESS", why) for name, why in found.items() if why}


def _after(grown: bool, problem: Problem | None) -> Problem | None:
    """The problem of a topic's configs; where its partitions were added just before, it says so."""
    if problem is None or not grown:
        return problem
    said = f"{problem.message} (its partitions were added, its configs are as before)"
    fate = "lost" if problem.fate == "lost" else "partly"
    return problem._replace(message=said if fate == "partly" else problem.message, fate=fate)


def delete(systems: Systems, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Delete one chunk of topics, by id where it is known."""
    answers = systems.kafka.delete_topics({change.key.name: change.pin for change in changes})
    return {topic_key(name): problem for name, problem in answers.items()}


STEPS = (
    Step(Stage.MAKE, taking("topic", "create"), chunks, create, requests, preview_create),
    Step(Stage.MAKE, taking("topic", "update"), chunks, update, requests, preview_update),
    Step(Stage.DROP, taking("topic", "delete"), chunks, delete, requests),
)
