"""Thousands of topics and of ACLs in one apply on a broker of their own; then there is nothing to do. -s shows times."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk, topology

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox, running

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def broker() -> Iterator[Sandbox]:
    """A broker that ends with this module, so that the shared one stays small."""
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def desk(tmp_path: Path, broker: Sandbox) -> Desk:
    return Desk(tmp_path, ["-X", f"bootstrap.servers={broker.bootstrap}"])


def applied(desk: Desk, number: int) -> None:
    """One apply does it all, and the plan after it is empty."""
    start = time.monotonic()
    assert f"{number:,} applied and verified, 0 failed, 0 skipped" in desk.ok("apply", "t.yaml", "--yes")
    middle = time.monotonic()
    assert desk.ok("plan", "t.yaml", "--exit-code").startswith("No changes.")
    sys.stdout.write(f"\n{number}: apply {middle - start:.1f} s, empty plan {time.monotonic() - middle:.1f} s\n")


def test_ten_thousand_acls_in_one_apply(desk: Desk, broker: Sandbox) -> None:
    people = ", ".join(f'"User:u{number}"' for number in range(100))
    topics = ", ".join(f"s.t{number}" for number in range(100))
    rule = f"acls:\n- {{principals: [{people}], allow: [READ], topics: [{topics}]}}\n"
    desk.write("t.yaml", topology("", extra=rule))
    applied(desk, 10_000)
    with open_cluster({"bootstrap.servers": broker.bootstrap}) as cluster:
        assert len({acl for acl in cluster.list_acls() if acl.name.startswith("s.t")}) == 10_000


def test_five_thousand_topics_in_one_apply(desk: Desk, broker: Sandbox) -> None:
    """35,000 records (topic, 3 partitions, 3 configs each), where the controller takes 10,000 in a request."""
    config = "num.partitions=3 replication.factor=1 retention.ms=86400000 cleanup.policy=delete segment.bytes=104857600"
    desk.write("t.yaml", topology("s.", *(f"t{number} {config}" for number in range(5_000))))
    applied(desk, 5_000)
    with open_cluster({"bootstrap.servers": broker.bootstrap}) as cluster:
        found = [topic for name, topic in cluster.list_topics().items() if name.startswith("s.")]
    assert len(found) == 5_000
    assert {topic.partitions for topic in found} == {3}
