"""Three brokers of which each may be the controller, as in production; a sandbox has one controller, the first broker."""

import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from kafka_gitops.clients.library import load
from kafka_gitops.clients.link import ANY, Link
from kafka_gitops.sandbox import Sandbox, broker, running
from kafka_gitops.sandbox.releases import Release

NODES = (1, 2, 3)


class Quorum(NamedTuple):
    """The brokers, and what can be done to them."""

    kafka: Sandbox
    link: Link

    def leader(self) -> int:
        """The node that is the controller now."""
        request = load("protocol.admin.cluster").DescribeQuorumRequest
        part = request.TopicData.PartitionData(partition_index=0)
        topic = request.TopicData(topic_name="__cluster_metadata", partitions=[part])
        answer = self.link.read(request(topics=[topic]), node=ANY)
        return int(answer.topics[0].partitions[0].leader_id)

    def pid(self, node: int) -> int:
        """The process of a broker."""
        return self.kafka.pids[node - 1]

    def freeze(self, node: int) -> None:
        """Stop a broker where it is."""
        os.kill(self.pid(node), signal.SIGSTOP)

    def thaw(self, node: int) -> None:
        """Let it go on."""
        os.kill(self.pid(node), signal.SIGCONT)

    def kill(self, node: int) -> None:
        """It is gone."""
        os.kill(self.pid(node), signal.SIGKILL)

    def moved(self, before: int) -> int:
        """The controller, once it is another one."""
        until = time.monotonic() + 60
        while (now := self.leader()) in (before, -1):
            assert time.monotonic() < until
            time.sleep(0.1)
        return now


@contextmanager
def quorum(link_to: int = 1, **options: Any) -> Iterator[Sandbox]:
    """The brokers for the time of the block."""
    ports = broker.free_ports([f"CONTROLLER/{node}" for node in NODES])
    voters = ",".join(f"{node}@{broker.HOST}:{ports[f'CONTROLLER/{node}']}" for node in NODES)

    def roles(node: int, _port: int, bound: Sequence[str], _kafka: Release) -> dict[str, str]:
        return {
            "node.id": str(node),
            "process.roles": "broker,controller",
            "controller.quorum.voters": voters,
            "controller.listener.names": "CONTROLLER",
            "controller.quorum.election.timeout.ms": "500",
            "controller.quorum.fetch.timeout.ms": "1000",
            "listeners": ",".join([*bound, f"CONTROLLER://{broker.HOST}:{ports[f'CONTROLLER/{node}']}"]),
        }

    def words(cluster: str, config: str, users: Mapping[str, str], *, first: bool, kafka: Release) -> list[str]:
        made = [f"{one}=[name={name},password={word}]" for name, word in users.items() for one in broker.MECHANISMS[:2]]
        return [
            "format",
            "--cluster-id",
            cluster,
            "--config",
            config,
            *(w for one in made for w in ("--add-scram", one)),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broker, "_quorum", roles)
        patch.setattr(broker, "format_arguments", words)
        with running(brokers=3, **options) as sandbox:
            yield sandbox
