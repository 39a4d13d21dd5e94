"""The small world of connectors, on a Connect cluster that remembers what it was told."""

from collections.abc import Mapping, Sequence
from typing import Any

from kind_cases import Case
from reading import understood
from recording import Recording

from kafka_gitops.kinds.connector.live import Asked, Connect, Live, Offset, Plugin, Task, Verdict
from kafka_gitops.kinds.parts import Problem
from kafka_gitops.kinds.wish import Wish
from kafka_gitops.settings import Language

SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector"


class Remembering:
    """A Connect cluster whose connectors run at once; `asked` are its writes. Fulfils `Connect`."""

    where, kafka, settles = "http://connect.example:8083", "cluster", 0.0

    def __init__(self, **there: Live) -> None:
        self.there = dict(there)
        self.asked: list[str] = []

    def connectors(self) -> Mapping[str, Live]:
        return dict(self.there)

    def plugins(self) -> Sequence[Plugin]:
        return (Plugin(SINK, sink=True),)

    def passwords(self, plugin: str) -> frozenset[str]:
        return frozenset({"magic"})

    def validate(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        return [Verdict() for _ in asked]

    def put(self, name: str, config: Mapping[str, str], secret: Any = ()) -> Problem | None:
        self.asked.append(f"put {name}")
        self.there[name] = running(**config)
        return None

    def create(self, name: str, config: Mapping[str, str], state: str, secret: Any = ()) -> Problem | None:
        self.asked.append(f"create {name}")
        self.there[name] = running(**config)._replace(state=state.upper(), tasks=(), expected=0)
        return None

    def turn(self, name: str, state: str) -> Problem | None:
        self.asked.append(f"turn {name} {state}")
        self.there[name] = running(**self.there[name].config)
        if state != "running":
            self.there[name] = self.there[name]._replace(state=state.upper(), tasks=(), expected=0)
        return None

    def restart(self, name: str) -> Problem | None:
        return None

    def offsets(self, name: str) -> Sequence[Offset]:
        return ()

    def set_offsets(self, name: str, offsets: Sequence[Offset]) -> Problem | None:
        return None

    def delete(self, name: str) -> Problem | None:
        self.asked.append(f"delete {name}")
        self.there.pop(name, None)
        return None


def running(**config: str) -> Live:
    """A sink that runs with one task."""
    return Live(config, "RUNNING", (Task(0, "RUNNING"),), expected=1, sink=True)


class World(Recording):
    """A Kafka without topics beside a Connect cluster."""

    def __init__(self, **clusters: Connect) -> None:
        super().__init__()
        self._clusters = clusters

    def has(self, system: str) -> bool:
        return system in ("kafka", "connect")

    @property
    def connect(self) -> Mapping[str, Any]:
        return self._clusters


FILES = f"""\
context: acme
connectors:
- {{name: new, config: {{connector.class: {SINK}, topics: a}}}}
- {{name: edited, config: {{connector.class: {SINK}, topics: a, x: "2"}}}}
removed:
- {{connector: main/old}}
"""


def case() -> Case:
    """A connector that is to be made, one that is changed, one that goes."""
    config = {"connector.class": SINK, "topics": "a"}
    box = Remembering(edited=running(**config, x="1"), old=running(**config))
    files = understood(FILES, settings=Language(connect_servers=("main",)))
    return Case(World(main=box), Wish(files), "main/new", "main/edited", "main/old")
