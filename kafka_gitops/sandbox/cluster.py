"""The brokers of one sandbox: their files, their formatting, their start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from kafka_gitops.sandbox import broker, scram, tls
from kafka_gitops.sandbox.process import Process, Watchdog, finish, private, wait
from kafka_gitops.sandbox.releases import Release
from kafka_gitops.sandbox.source import Runtime

FLAGS = (*broker.JVM, *broker.QUIET)
READY = 90.0  # seconds; 3 are usual, a loaded CI host needs more


@dataclass(frozen=True)
class Node:
    """One broker: its number from 1, its ports by listener, the directory of all files of the sandbox."""

    number: int
    ports: broker.Ports
    directory: Path

    def file(self, suffix: str) -> Path:
        """`broker-1.log`, `broker-1.properties`, or the data directory `broker-1`."""
        return self.directory / f"broker-{self.number}{suffix}"


@dataclass(frozen=True)
class Cluster:
    """What the brokers have in common; `controller` is the port of the first one's controller listener, or of the
    ZooKeeper that older releases need."""

    id: str
    nodes: tuple[Node, ...]
    controller: int
    users: Mapping[str, str]
    tls: bool
    kafka: Release


def layout(directory: Path, *, brokers: int, users: Mapping[str, str], with_tls: bool, kafka: Release) -> Cluster:
    """Choose free ports for all brokers at once."""
    names = broker.listeners(tls=with_tls)
    free = broker.free_ports(["CONTROLLER", *(f"{name}/{number}" for number in range(brokers) for name in names)])
    nodes = tuple(
        Node(number + 1, {name: free[f"{name}/{number}"] for name in names}, directory) for number in range(brokers)
    )
    return Cluster(broker.cluster_id(), nodes, free["CONTROLLER"], users, with_tls, kafka)


def configure(cluster: Cluster, runtime: Runtime, *, authorizer: bool, extra: Mapping[str, str]) -> None:
    """Write each broker's .properties file, which holds passwords and is readable by its owner only."""
    directory = cluster.nodes[0].directory
    if cluster.tls:
        tls.certificates(directory)
    for node in cluster.nodes:
        found = broker.properties(
            node.number,
            node.ports,
            controller=cluster.controller,
            brokers=len(cluster.nodes),
            users=cluster.users,
            data=node.file(""),
            bind=broker.HOST if runtime.image is None else "0.0.0.0",  # a container's ports are published on 127.0.0.1
            kafka=cluster.kafka,
        )
        found |= broker.authorizer(cluster.kafka) if authorizer else {}
        found |= tls.properties(directory) if cluster.tls else {}
        private(node.file(".properties"), (f"{key}={value}" for key, value in {**found, **extra}.items()))


def start(cluster: Cluster, runtime: Runtime, dog: Watchdog) -> tuple[Cluster, tuple[int, ...]]:
    """Format and start all brokers side by side; return the cluster as it is and the brokers' process ids once each of
    them sees all."""
    if cluster.kafka.zookeeper:
        _keep(cluster, runtime, dog)
    else:
        _format_all(cluster, runtime, dog)
    started = [_serve(node, cluster, runtime, dog) for node in cluster.nodes]
    for node, process in zip(cluster.nodes, started, strict=True):
        ready = partial(_sees, node.ports["PLAINTEXT"], len(cluster.nodes))
        wait(f"Broker {node.number}", process, node.file(".log"), ready, seconds=READY)
    if cluster.kafka.zookeeper:
        first = cluster.nodes[0]
        scram.write(first.ports["PLAINTEXT"], cluster.users)
        cluster = replace(cluster, id=_chosen(first.file("") / "meta.properties"))
    return cluster, tuple(process.pid for process in started)


def _chosen(meta: Path) -> str:
    """The cluster's id, which ZooKeeper chose."""
    lines = dict(line.partition("=")[::2] for line in meta.read_text(encoding="utf-8").splitlines())
    return lines["cluster.id"]


def _format_all(cluster: Cluster, runtime: Runtime, dog: Watchdog) -> None:
    formatting = [_format(node, cluster, runtime, dog) for node in cluster.nodes]
    for node, process in zip(cluster.nodes, formatting, strict=True):
        finish(
            f"Formatting the data directory of broker {node.number}", process, node.file(".format.log"), seconds=READY
        )
        node.file(".format").unlink()


def _keep(cluster: Cluster, runtime: Runtime, dog: Watchdog) -> None:
    """Start ZooKeeper and wait until it takes connections."""
    directory = cluster.nodes[0].directory
    config, log = directory / "zookeeper.properties", directory / "zookeeper.log"
    lines = broker.keeper(cluster.controller, directory / "zookeeper")
    private(config, (f"{key}={value}" for key, value in lines.items()))
    command = runtime.command(FLAGS, ["org.apache.zookeeper.server.quorum.QuorumPeerMain", str(config)])
    wait("ZooKeeper", dog.start(command, log), log, partial(broker.listens, cluster.controller), seconds=READY)


def _sees(port: int, brokers: int) -> bool:
    return broker.count(port) == brokers


def _format(node: Node, cluster: Cluster, runtime: Runtime, dog: Watchdog) -> Process:
    config = str(node.file(".properties"))
    words = broker.format_arguments(cluster.id, config, cluster.users, first=node.number == 1, kafka=cluster.kafka)
    private(node.file(".format"), words)  # a file, so that `ps` shows no password
    docker = _mount(node)
    command = runtime.command(FLAGS, ["kafka.tools.StorageTool", f"@{node.file('.format')}"], docker=docker)
    return dog.start(command, node.file(".format.log"))


def _serve(node: Node, cluster: Cluster, runtime: Runtime, dog: Watchdog) -> Process:
    docker = [*_mount(node), *_network(node, cluster)]
    if runtime.image is not None:
        dog.order("run", "docker", "rm", "--force", _container(node))
    command = runtime.command(FLAGS, ["kafka.Kafka", str(node.file(".properties"))], docker=docker)
    return dog.start(command, node.file(".log"))


def _container(node: Node) -> str:
    return f"{node.directory.name}-{node.number}"


def _mount(node: Node) -> list[str]:
    """The sandbox's directory under its own path, and its owner as the user."""
    return ["--volume", f"{node.directory}:{node.directory}", "--user", f"{os.getuid()}:{os.getgid()}"]


def _network(node: Node, cluster: Cluster) -> list[str]:
    """All containers share the first one's network, so that 127.0.0.1 and a port mean the same inside and outside."""
    name = ["--name", _container(node)]
    if node.number > 1:
        return [*name, "--network", f"container:{_container(cluster.nodes[0])}"]
    ports = [port for each in cluster.nodes for port in each.ports.values()]
    return [*name, *(f"--publish={broker.HOST}:{port}:{port}" for port in ports)]
