"""What a ledger's topic has to be so that it can be relied on: what is otherwise, and what mends it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from kafka_gitops import shell
from kafka_gitops.errors import KafkaGitopsError
from kafka_gitops.ledger.log import PREFIX, NoLedger

EXACTLY = {
    "cleanup.policy": ("compact", "with any other, records go by age or size"),
    "message.timestamp.type": ("LogAppendTime", "the time that counts is the broker's"),
    "unclean.leader.election.enable": ("false", "a replica that lags must not become the leader"),
}
_LAG = "min.compaction.lag.ms"
AT_LEAST = {
    _LAG: (3_600_000, "what was written in the last hour stays whole"),
    "max.message.bytes": (1_048_588, "a record has up to 900 kB"),
}
COPIES, IN_SYNC = 3, 2  # where there are as many brokers
WEEK = "604800000"  # after which what was written over, such as an erased name, is gone; good to have, not checked
KEYS = (*EXACTLY, *AT_LEAST, "min.insync.replicas")


class Topic(NamedTuple):
    """A topic as it is, on how many brokers: `values` are its effective configs of `KEYS`."""

    name: str
    partitions: int
    replication: int
    brokers: int
    values: Mapping[str, str]


class _Live(Protocol):
    @property
    def partitions(self) -> int: ...
    @property
    def replication(self) -> int: ...
    @property
    def fewest(self) -> int | None: ...


class _Config(Protocol):
    @property
    def effective(self) -> Mapping[str, str]: ...


class Cluster(Protocol):
    """What a look at a ledger's topic needs of the cluster: kinds/cluster.py says what these do."""

    @property
    def brokers(self) -> int:
        """How many brokers there are."""

    def describe_topics(self, names: Sequence[str]) -> Mapping[str, _Live | None]:
        """Topics by name."""

    def topic_configs(self, names: Sequence[str], keys: Iterable[str], *, only: bool = False) -> Mapping[str, _Config]:
        """Their effective configs."""


def look(cluster: Cluster, name: str) -> Topic | None:
    """A ledger's topic as it is, None where there is none. Raises MissingRight, Unreachable."""
    live = cluster.describe_topics([name])[name]
    if live is None:
        return None
    found = cluster.topic_configs([name], KEYS, only=True)
    values = found[name].effective if name in found else {}
    return Topic(name, live.partitions, live.fewest or live.replication, cluster.brokers, values)


def stop_unless_right(cluster: Cluster, name: str) -> None:
    """What each run does that uses a ledger: raises NoLedger with the command that makes it, KafkaGitopsError with
    those that mend it, MissingRight, Unreachable."""
    found = look(cluster, name)
    if found is None:
        help = f"kafka-gitops ledger init makes it, or the platform does:\n{creating(name, cluster.brokers)}"
        raise NoLedger(f"The ledger's topic {name} is not on the cluster.", help=help)
    refuse(name, [fault for fault in faults(found) if fault.grave])


class Fault(NamedTuple):
    """Something that is not as it must be: the sentence, and the config that mends it; None: no command does.

    A run refuses what is `grave`: what was acknowledged could be lost, its time be anything, or its end not be taken.
    """

    sentence: str
    config: tuple[str, str] | None = None
    grave: bool = True


def wanted(brokers: int) -> tuple[int, dict[str, str]]:
    """The replicas and configs of a new one on a cluster with so many brokers."""
    exactly = {key: value for key, (value, _) in EXACTLY.items()}
    least = {key: str(value) for key, (value, _) in AT_LEAST.items()}
    more = {"min.insync.replicas": str(_in_sync(brokers)), "max.compaction.lag.ms": WEEK}
    return min(COPIES, brokers), {**exactly, **least, **more}


def _in_sync(brokers: int) -> int:
    return IN_SYNC if brokers >= COPIES else 1


def faults(topic: Topic) -> list[Fault]:
    """What is not as it must be, in the order of its weight; nothing where all is well."""
    return [*_shape(topic), *_configs(topic)]


def _shape(topic: Topic) -> Iterator[Fault]:
    if topic.partitions != 1:
        yield Fault(f"it has {topic.partitions} partitions, expected 1: only one has an order")
    if topic.replication < min(COPIES, topic.brokers):
        copies = "1 replica" if topic.replication == 1 else f"{topic.replication} replicas"
        yield Fault(f"it has {copies}, expected {min(COPIES, topic.brokers)}: a broker can be lost")


def _configs(topic: Topic) -> Iterator[Fault]:
    for key, (value, why) in EXACTLY.items():
        found = topic.values.get(key, "not told")
        if found != value:
            yield Fault(f"{key} is {found}, expected {value}: {why}", (key, value))
    least = {**AT_LEAST, "min.insync.replicas": (_in_sync(topic.brokers), "what is acknowledged is on two brokers")}
    for key, (number, why) in least.items():
        found = topic.values.get(key, "not told")
        if not found.isdigit() or int(found) < number:
            said = f"{key} is {found}, expected {number} or more: {why}"
            yield Fault(said, (key, str(number)), grave=key != _LAG)


def mending(name: str, found: Sequence[Fault]) -> str:
    """What to run so that it is as it must be; lines, of which those that are no command end in a full stop."""
    configs = [f"{key}={value}" for key, value in (fault.config for fault in found if fault.config is not None)]
    lines = []
    if configs:
        lines.append(
            shell.command(
                *("kafka-configs", "--bootstrap-server", "HOST:PORT", "--alter", "--topic", name),
                *("--add-config", ",".join(configs)),
            )
        )
    if any(fault.config is None and "partitions" in fault.sentence for fault in found):
        lines.append("A topic never loses partitions: delete it, or choose another `owner`, and make it anew.")
    if any(fault.config is None and "replica" in fault.sentence for fault in found):
        lines.append("kafka-reassign-partitions adds replicas, or the platform's own tool does.")
    return "\n".join(lines)


def refuse(name: str, found: Sequence[Fault]) -> None:
    """Raise KafkaGitopsError with all faults of a ledger's topic; nothing happens where there are none."""
    if found:
        said = "; ".join(fault.sentence for fault in found)
        raise KafkaGitopsError(f"The ledger's topic {name} cannot be relied on: {said}.", help=mending(name, found))


def creating(name: str, brokers: int) -> str:
    """The command by which a platform makes it."""
    copies, configs = wanted(brokers)
    words = [word for key, value in configs.items() for word in ("--config", f"{key}={value}")]
    how = ("--topic", name, "--partitions", "1", "--replication-factor", str(copies))
    return shell.command("kafka-topics", "--bootstrap-server", "HOST:PORT", "--create", *how, *words)


def granting(name: str, principal: str) -> tuple[str, str]:
    """The commands that let a pipeline write its own ledger, and read all of them."""
    own = ("--operation", "Read", "--operation", "Write", "--operation", "DescribeConfigs", "--topic", name)
    every = ("--operation", "Read", "--resource-pattern-type", "prefixed", "--topic", PREFIX)
    return shell.acls("add", "allow", principal, *own), shell.acls("add", "allow", principal, *every)
