"""Three brokers that are controllers too, each of which can be stopped and started: the controller moves."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kafka_gitops.sandbox import broker, cluster, source
from kafka_gitops.sandbox.cluster import Cluster, Node
from kafka_gitops.sandbox.process import Process, Watchdog, alive, private, wait, watched
from kafka_gitops.sandbox.releases import DEFAULT
from kafka_gitops.sandbox.source import Runtime, Source


class Trio:
    """A quorum of three; `bootstrap` are the brokers' addresses without a login."""

    def __init__(self, made: Cluster, runtime: Runtime, dog: Watchdog, pids: tuple[int, ...]) -> None:
        self._cluster, self._runtime, self._dog = made, runtime, dog
        self._pids = dict(enumerate(pids, 1))
        self.bootstrap = ",".join(f"{broker.HOST}:{node.ports['PLAINTEXT']}" for node in made.nodes)

    def stop(self, number: int, how: signal.Signals = signal.SIGTERM) -> None:
        """End a broker: SIGTERM hands its leaders over first, SIGKILL does not."""
        os.kill(self._pids[number], how)
        until = time.monotonic() + 60
        while alive(self._pids[number]):
            if time.monotonic() > until:
                os.kill(self._pids[number], signal.SIGKILL)
            time.sleep(0.05)

    def start(self, number: int, version: str | None = None) -> None:
        """Start a broker again, as another release where one is named; it is ready once it sees all."""
        runtime = self._runtime if version is None else _runtime(version)
        process = cluster._serve(self._node(number), self._cluster, runtime, self._dog)
        self._pids[number] = process.pid
        self.ready(number, process)

    def restart(self, number: int, how: signal.Signals = signal.SIGTERM) -> None:
        """One step of a rolling restart."""
        self.stop(number, how)
        self.start(number)

    def ready(self, number: int, process: Process) -> None:
        """Wait until a broker sees all."""
        node = self._node(number)
        sees = partial(cluster._sees, node.ports["PLAINTEXT"], len(self._cluster.nodes))
        wait(f"Broker {number}", process, node.file(".log"), sees, seconds=cluster.READY)

    def _node(self, number: int) -> Node:
        return self._cluster.nodes[number - 1]


def _runtime(version: str) -> Runtime:
    return source.runtime(Source(version=version), log=lambda _line: None)


@contextmanager
def trio(version: str = DEFAULT) -> Iterator[Trio]:
    """Three brokers with an authorizer for the time of the block."""
    users = {"admin": broker.password()}
    runtime = _runtime(version)
    with watched() as dog:
        directory = Path(tempfile.mkdtemp(prefix="kafka-gitops-trio-"))
        dog.order("remove", str(directory))
        made = cluster.layout(directory, brokers=3, users=users, with_tls=False, kafka=runtime.kafka)
        cluster.configure(made, runtime, authorizer=True, extra={})
        _quorum(made)
        for node in made.nodes:
            words = broker.format_arguments(
                made.id, str(node.file(".properties")), users, first=True, kafka=runtime.kafka
            )
            private(node.file(".format"), [word for word in words if word != "--standalone"])
            command = runtime.command(cluster.FLAGS, ["kafka.tools.StorageTool", f"@{node.file('.format')}"])
            assert dog.start(command, node.file(".format.log")).wait() == 0, node.file(".format.log").read_text()
        started = [cluster._serve(node, made, runtime, dog) for node in made.nodes]
        found = Trio(made, runtime, dog, tuple(process.pid for process in started))
        for number, process in enumerate(started, 1):
            found.ready(number, process)
        yield found


def _quorum(made: Cluster) -> None:
    """Make each of the brokers a voter."""
    ports = broker.free_ports([str(node.number) for node in made.nodes])
    voters = ",".join(f"{node.number}@{broker.HOST}:{ports[str(node.number)]}" for node in made.nodes)
    for node in made.nodes:
        lines = dict(line.partition("=")[::2] for line in node.file(".properties").read_text().splitlines())
        lines.pop("controller.quorum.bootstrap.servers", None)
        bound = [f"{name}://{broker.HOST}:{port}" for name, port in node.ports.items()]
        lines |= {
            "process.roles": "broker,controller",
            "controller.quorum.voters": voters,
            "listeners": ",".join([*bound, f"CONTROLLER://{broker.HOST}:{ports[str(node.number)]}"]),
            "controlled.shutdown.enable": "true",
        }
        private(node.file(".properties"), (f"{key}={value}" for key, value in lines.items()))
