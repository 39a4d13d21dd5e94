"""A Connect cluster in a snapshot: read once, and then in the place of the workers."""

from collections.abc import Collection, Mapping, Sequence

from kafka_gitops.kinds.connector.live import Asked, Connect, Live, Plugin, Verdict
from kafka_gitops.kinds.connector.spec import CLASS
from kafka_gitops.snapshot import values
from kafka_gitops.snapshot.contents import NotAsked, Workers


def taken(connect: Connect, keys: Collection[str] = ()) -> Workers:
    """All connectors, in the values that may be told, without what failed tasks say; `keys` may be told besides."""
    live = dict(sorted(connect.connectors().items()))
    classes = {one.config[CLASS] for one in live.values() if CLASS in one.config}
    passwords = {name: connect.passwords(name) for name in sorted(classes)}
    return Workers(
        connect.kafka,
        tuple(sorted(set(connect.plugins()))),
        passwords,
        {name: _told(one, passwords.get(one.config.get(CLASS, ""), frozenset()), keys) for name, one in live.items()},
    )


def _told(live: Live, passwords: Collection[str], keys: Collection[str]) -> Live:
    tasks = tuple(task._replace(trace="") for task in live.tasks)
    return live._replace(config=values.told(live.config, passwords, keys), tasks=tasks, trace="")


class Past:
    """What plans ask of the Protocol `Connect` of kinds/connector, on a snapshot."""

    where = "the snapshot"
    settles = 0.0

    def __init__(self, label: str, contents: Workers, not_asked: NotAsked) -> None:
        self._label = label
        self._contents = contents
        self._not_asked = not_asked

    @property
    def kafka(self) -> str | None:
        """The id of the Kafka cluster that the workers use."""
        return self._contents.kafka

    def connectors(self) -> Mapping[str, Live]:
        """Every connector."""
        return self._contents.connectors

    def plugins(self) -> Sequence[Plugin]:
        """The connector classes that are installed."""
        return self._contents.plugins

    def passwords(self, plugin: str) -> frozenset[str]:
        """The keys that a plugin declares as PASSWORD, where a connector has it."""
        return self._contents.passwords.get(plugin, frozenset())

    def validate(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        """Nobody is asked: what our own checks find is found."""
        names = {f"{self._label}/{one.name}" for one in asked}
        self._not_asked["the workers: what is wrong with the config", "connector"] |= names
        return [Verdict((), frozenset(), self.passwords(one.plugin)) for one in asked]
