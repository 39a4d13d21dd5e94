"""Brokers that are set differently: what topics leave open is in a snapshot as each broker has it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from altering import eventually, set_broker
from desk import Desk, topology

from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
CONFIG = """\
rules: {{topic-owner: off}}
environments: {{dev: {{bootstrap: "{bootstrap}", brokers: 3}}}}
"""
SEGMENT = 1024**3  # Kafka's own segment.bytes


@pytest.fixture
def cluster(three_brokers: Sandbox) -> Iterator[KafkaCluster]:
    """Three brokers, of which the second has another size of segments."""
    with open_cluster(three_brokers.client()) as found:
        node = str(sorted(found.link.brokers)[1])
        assert set_broker(found.link, "log.segment.bytes", str(SEGMENT // 2), node=node) == 0
        yield found
        assert set_broker(found.link, "log.segment.bytes", None, node=node) == 0


@pytest.fixture
def desk(three_brokers: Sandbox, tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "repository")
    made.write("kafka-gitops.yaml", CONFIG.format(bootstrap=three_brokers.bootstrap))
    return made


def said(desk: Desk, *words: str) -> dict[str, Any]:
    """A plan without what names the snapshot, and without the figures that only brokers give."""
    result = desk.run("plan", "--format", "json", *words)
    assert result.code in (0, 4), result
    plan: dict[str, Any] = json.loads(result.out)
    for change in plan["changes"]:
        for risk in change["risks"]:
            risk["sentence"] = risk["sentence"].partition("; ")[0]
    return {key: value for key, value in plan.items() if key not in ("approval", "digest", "snapshot")}


def test_what_brokers_give_differently_is_planned_as_on_them(desk: Desk, cluster: KafkaCluster, prefix: str) -> None:
    names = [f"t{number}" for number in range(30)]  # each broker leads one of them, but once in 60,000 runs
    desk.write("topologies/a.yaml", topology(prefix, *(f"{name} segment.ms=700000" for name in names)))
    desk.ok("apply", "--yes")
    listed = cluster.list_topics()
    assert len({listed[prefix + name].leader for name in names}) == 3

    def differs() -> bool:
        found = cluster.topic_configs([prefix + name for name in names], ["segment.bytes"])
        return len({one.effective["segment.bytes"] for one in found.values()}) == 2

    eventually(differs)
    desk.ok("snapshot", "-o", "dev.snapshot")
    declared = [f"{name} segment.bytes={SEGMENT} retention.ms=700000" for name in names]  # segment.ms is reset
    desk.write("topologies/a.yaml", topology(prefix, *declared))
    live = said(desk)
    assert {risk["name"] for change in live["changes"] for risk in change["risks"]} >= {"brokers-differ"}
    assert all("segment.ms" in change["defaults"] for change in live["changes"])
    assert said(desk, "--against", "dev.snapshot") == live
