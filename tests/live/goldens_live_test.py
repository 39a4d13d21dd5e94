"""The golden topologies on three real brokers: each is applied to a clean cluster, and then there is nothing to do.

What is imported of it then plans nothing either, by the same client file.
"""

import json
import time
from pathlib import Path

import pytest
from desk import Desk

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.kinds.cluster import Cluster
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka

GOLDEN = sorted((Path(__file__).parents[1] / "golden").iterdir())


def topics(cluster: Cluster) -> dict[str, str | None]:
    """All topics but Kafka's own, as `delete_topics` takes them by name."""
    return {name: None for name in cluster.list_topics() if not name.startswith("__")}


def sweep(three_brokers: Sandbox) -> None:
    """Delete all topics and ACLs; return when every broker has been asked and shows none."""
    with open_cluster({"bootstrap.servers": three_brokers.bootstrap}, timeout=10) as cluster:
        assert set(cluster.delete_topics(topics(cluster)).values()) <= {None}
        assert set(cluster.delete_acls(list(cluster.list_acls())).values()) <= {None}
        until, empty = time.monotonic() + 60, 0
        while empty < 3:
            assert time.monotonic() < until, "the cluster does not get clean"
            empty = 0 if topics(cluster) or list(cluster.list_acls()) else empty + 1


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_is_applied_to_a_clean_cluster_and_then_equal(folder: Path, tmp_path: Path, three_brokers: Sandbox) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    files = [str(folder / "topology.yaml"), "--client-config", str(folder / "config.properties")]
    desk = Desk(tmp_path, ["-X", f"bootstrap.servers={three_brokers.bootstrap}"])
    try:
        number = len(expected["topics"]) + len(expected["special_topics"]) + len(expected["acls"])
        assert f"{number} applied and verified, 0 failed, 0 skipped" in desk.ok("apply", *files, "--yes")
        assert desk.ok("plan", *files, "--exit-code").startswith("No changes.")
        desk.ok("import", "--out", "found", *files[1:])
        assert desk.ok("plan", "found", *files[1:], "--exit-code").startswith("No changes.")
        assert desk.run("lint", "found", *files[1:]).code == 0
    finally:
        sweep(three_brokers)
