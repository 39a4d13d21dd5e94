"""Topics: what is there, what counts of it, and how a change is carried out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kafka_gitops.catalog import equal
from kafka_gitops.changes import Change, Origin
from kafka_gitops.errors import KafkaGitopsError, Unreachable
from kafka_gitops.kinds.contract import Cluster, LiveConfig, LiveTopic, Problem
from kafka_gitops.kinds.topic_risks import risks_of_delete
from kafka_gitops.model import Key, Topic, topic_key
from kafka_gitops.settings import matches

NAME = "topic"
RECORDS = 9_000  # KRaft refuses a request that makes more than 10,000 metadata records (KAFKA-17870)
MOST_AT_ONCE = 10_000  # partitions in a request (ReplicationControlManager); brokers up to 4.3 exceed it in part
AT_ONCE = 1_000  # per write: what a second request makes is seen only once the broker has set up what the first made


@dataclass(frozen=True)
class Reading:
    """What the cluster has of the wanted topics, and the names of all others that this principal sees."""

    live: Mapping[str, LiveTopic]
    configs: Mapping[str, LiveConfig]
    others: tuple[str, ...] = ()
    listed: Collection[str] = ()  # every name that this principal sees, internal ones too
    moving: frozenset[str] | None = frozenset()  # None: this principal may not ask
    defaults: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # what takes over from an override
    differing: Mapping[str, Mapping[int, str]] = field(default_factory=dict)  # what brokers give, where not the same


@dataclass(frozen=True)
class Context:
    """What a diff needs besides the two specs: which configs never count, which do not while no file declares them."""

    ignore: tuple[str, ...] = ()
    ignore_undeclared: tuple[str, ...] = ()
    keep_undeclared: bool = False
    keyed: frozenset[str] = frozenset()
    origins: Mapping[str, Origin] = field(default_factory=dict)


def read(
    cluster: Cluster, wanted: Iterable[str], keys: Iterable[str], *, others: bool = True, only: bool = False
) -> Reading:
    """The wanted topics as they are. Raises MissingRight where absence cannot be told from a refusal.

    A topic that the listing lacks is asked for by name: a listing leaves out what may not be seen. Without `others`
    nothing but the wanted topics is asked for, with `only` no configs but `keys`.
    """
    names = list(wanted)
    listed = cluster.list_topics() if others else {}
    live = {name: listed[name] for name in names if name in listed}
    unseen = [name for name in names if name not in listed]
    if unseen:
        live.update((name, found) for name, found in cluster.describe_topics(unseen).items() if found is not None)
    configs = cluster.topic_configs(sorted(live), keys, only=only) if live else {}
    wanted_set = set(names)
    rest = tuple(sorted(name for name, topic in listed.items() if name not in wanted_set and not topic.internal))
    return Reading(live, configs, rest, listed.keys())


def spec(live: LiveTopic, config: LiveConfig, considered: Callable[[str], bool]) -> Topic:
    """A topic on the cluster as a Spec: its overrides that count."""
    overrides = {key: value for key, value in sorted(config.overrides.items()) if considered(key)}
    return Topic(live.partitions, live.replication, overrides)


def considered(context: Context, *declared: Mapping[str, str]) -> Callable[[str], bool]:
    """Which overrides count: all that are declared, else none that is ignored, and none at all with
    `undeclared_configs: keep`. What `ignore_configs` names is not among the declared (`without_ignored`)."""
    patterns = (*context.ignore, *context.ignore_undeclared)

    def counts(key: str) -> bool:
        return any(key in config for config in declared) or not (context.keep_undeclared or ignored(patterns, key))

    return counts


def ignored_now(change: Change, context: Context) -> list[str]:
    """The configs that a change edits and that the settings leave alone: they did not when its plan was made."""
    edits = [] if change.action == "delete" else change.edits()
    return [edit.field for edit in edits if ignored(context.ignore, edit.field)]


def without_ignored(spec: Topic, ignore: tuple[str, ...]) -> Topic:
    """What a file wants of a topic, without the configs that `ignore_configs` leaves alone."""
    if not any(ignored(ignore, key) for key in spec.config):
        return spec
    return spec._replace(config={key: value for key, value in spec.config.items() if not ignored(ignore, key)})


@lru_cache(maxsize=1_000)
def ignored(patterns: tuple[str, ...], key: str) -> bool:
    return any(matches(pattern, key) for pattern in patterns)


def removals(
    origins: Mapping[str, Origin | None], reading: Reading, context: Context, cluster: Cluster
) -> Iterator[Change]:
    """The deletions of those of these topics that are there."""
    names = sorted(name for name in origins if name in reading.live)
    if not names:
        return
    holding, groups, described = (
        cluster.hold_records(names),
        cluster.active_groups(names),
        cluster.describe_topics(names),
    )
    blind = not cluster.sees_groups()
    for name in names:
        before = spec(reading.live[name], reading.configs.get(name, LiveConfig({}, {})), considered(context))
        risks = risks_of_delete(name in holding, groups.get(name, ()), blind=blind)
        found = described.get(name) or reading.live[name]
        yield Change(topic_key(name), before, None, tuple(risks), origins[name], {}, found.topic_id)


def same(live: Topic, wanted: Topic) -> bool:
    """Whether a topic on the cluster is what a change wants it to be; what is left to the broker is not compared."""
    if wanted.partitions is not None and live.partitions != wanted.partitions:
        return False
    if wanted.replication is not None and live.replication != wanted.replication:
        return False
    return live.config.keys() == wanted.config.keys() and all(
        equal(key, live.config[key], value) for key, value in wanted.config.items()
    )


def moves(name: str, live: LiveTopic | None, moving: Collection[str] | None) -> str | None:
    """Why no partitions can be added to a topic now, None where they can. `moving` is None where nobody may ask.

    KRaft gives a new partition as many replicas as the first one has, which are the old and the new ones together while
    it is being moved, and it keeps them.
    """
    if moving is None and live is not None and live.uneven:
        counts = f"{live.fewest} to {live.replication} replicas"
        return f"its partitions have {counts}, so they may be on the move (needs Describe on the cluster to know)"
    if name in (moving or ()):
        return "its replicas are being moved, and new partitions would keep too many: plan again when that is done"
    return None


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


def create(cluster: Cluster, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Carry out one chunk of creations."""
    return _create(cluster, changes, validate_only=False)


def preview_create(cluster: Cluster, changes: Sequence[Change]) -> Iterator[tuple[Key, Problem]]:
    """What the brokers say of one chunk of creations. The topic ids in their answer are of no topic: none is kept."""
    yield from _said(_create(cluster, changes, validate_only=True))


def _create(cluster: Cluster, changes: Sequence[Change], *, validate_only: bool) -> Mapping[Key, Problem | None]:
    wanted = {change.key.name: change.after for change in changes if isinstance(change.after, Topic)}
    answers = cluster.create_topics(wanted, validate_only=validate_only)
    return {topic_key(name): problem for name, problem in answers.items()}


def preview_update(cluster: Cluster, changes: Sequence[Change]) -> Iterator[tuple[Key, Problem]]:
    """What the brokers say of one chunk of updates: of the partitions, and of the configs."""
    totals, configs = _updates(changes)
    answers = [cluster.create_partitions(totals, validate_only=True)] if totals else []
    answers += [cluster.alter_configs(configs, validate_only=True)] if configs else []
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


def update(cluster: Cluster, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Carry out one chunk of updates: partitions first; a topic whose growth fails keeps its configs."""
    totals, configs = _updates(changes)
    problems: dict[str, Problem | None] = {}
    if totals:
        problems.update(_on_the_move(cluster, totals))
        still = {name: total for name, total in totals.items() if name not in problems}
        problems.update(cluster.create_partitions(still) if still else {})
    left = {name: edits for name, edits in configs.items() if problems.get(name) is None}
    if left:
        grown = {name for name in totals if problems.get(name) is None}
        problems.update((name, _after(name in grown, found)) for name, found in cluster.alter_configs(left).items())
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


def delete(cluster: Cluster, changes: Sequence[Change]) -> Mapping[Key, Problem | None]:
    """Delete one chunk of topics, by id where it is known."""
    answers = cluster.delete_topics({change.key.name: change.topic_id for change in changes})
    return {topic_key(name): problem for name, problem in answers.items()}
