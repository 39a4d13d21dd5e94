"""Every request of an apply is cut, refused or delayed in turn: each change is told truly, and a second run converges.

`KAFKA_GITOPS_FAULTS=all` (`make faults`) tries every request with more faults; CI a dozen requests with three.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from desk import Desk, Result
from faults import Fault, cut, cut_before, delayed, proxy, refused
from making import acl, topic

from kafka_gitops.changes import Change
from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.systems import Servers
from kafka_gitops.model import Key, Spec, acl_key, topic_key
from kafka_gitops.plan import file as plan_file
from kafka_gitops.plan.make import Plan
from kafka_gitops.plan.verify import actual, reached
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.settings import Settings

pytestmark = pytest.mark.kafka

REQUESTS = (  # of an apply in which nothing goes wrong, in their order
    *("ApiVersions", "Metadata"),
    *("Metadata", "Metadata", "DescribeConfigs", "DescribeAcls"),
    *("CreateAcls", "CreateTopics"),
    *("ListPartitionReassignments", "CreatePartitions", "IncrementalAlterConfigs", "CreateAcls"),
    *("DeleteAcls", "DeleteAcls", "DeleteTopics"),
    *("DescribeAcls", "Metadata", "Metadata", "DescribeConfigs"),
)
EVERY = os.environ.get("KAFKA_GITOPS_FAULTS") == "all"
SPARED = (3, 11, 12, 16)  # in CI: those that have a brother of the same kind
FAULTS: dict[str, Fault] = {"cut": cut, "refused": refused(-1), "delayed": delayed}
MORE: dict[str, Fault] = {
    "cut before": cut_before,
    "without right": refused(29),
    "without right on the cluster": refused(31),
    "timed out": refused(7),
    "not the controller": refused(41),
}
CASES = [
    pytest.param(place, fault, id=f"{place}-{name}-{kind}")
    for place, name in enumerate(REQUESTS)
    for kind, fault in {**FAULTS, **(MORE if EVERY else {})}.items()
    if EVERY or place not in SPARED
]


class Case:
    """A plan with every step of an apply, on resources of its own."""

    def __init__(self, cluster: KafkaCluster, prefix: str) -> None:
        self.cluster, self.prefix = cluster, prefix
        old = {f"{prefix}grow": topic(1, 1), f"{prefix}old": topic(1, 1)}
        who = prefix.rstrip(".")
        given = acl(who, "READ", f"topic:{prefix}x"), acl(who, "WRITE", f"topic:{prefix}x", permission="DENY")
        assert set(cluster.create_topics(old).values()) | set(cluster.create_acls(given).values()) == {None}
        while None in (live := cluster.describe_topics(list(old))).values():
            time.sleep(0.01)
        while not {*given} <= {*cluster.list_acls()}:
            time.sleep(0.01)
        gone = live[f"{prefix}old"]
        assert gone is not None
        new = acl(who, "READ", f"topic:{prefix}new"), acl(who, "READ", f"topic:{prefix}y", permission="DENY")
        self.plan = Plan(
            None,
            cluster.id,
            changes=(
                Change(topic_key(f"{prefix}new"), None, topic(1, 1, retention_ms="86400000")),
                Change(topic_key(f"{prefix}grow"), topic(1, 1), topic(2, 1, retention_ms="86400000")),
                Change(topic_key(f"{prefix}old"), topic(1, 1), None, pin=gone.topic_id),
                *(Change(acl_key(binding), None, binding) for binding in new),
                *(Change(acl_key(binding), binding, None) for binding in given),
            ),
        )

    def live(self) -> Mapping[Key, Spec]:
        """The resources of the plan as they are."""
        return actual(Servers(self.cluster), self.plan.changes, Settings())

    def told_truly(self, outcomes: list[dict[str, str]]) -> None:
        """Every change has one outcome, and the cluster agrees with it."""
        changes = {(change.key.kind, change.key.name): change for change in self.plan.changes}
        assert sorted((one["kind"], one["name"]) for one in outcomes) == sorted(changes)
        for one in outcomes:
            change = changes[one["kind"], one["name"]]
            if one["status"] in ("done", "already", "unverified"):
                eventually(lambda: reached(change, self.live().get(change.key)))  # noqa: B023
            elif one["status"] in ("failed", "skipped") and "partitions were added" not in (one["detail"] or ""):
                assert self.live().get(change.key) == change.before, one
            else:
                assert one["status"] == "unknown" or "its configs are as before" in one["detail"], one


def eventually(seen: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def case(kafka: Sandbox, prefix: str) -> Iterator[Case]:
    with open_cluster({"bootstrap.servers": kafka.bootstrap}) as cluster:
        yield Case(cluster, prefix)


@pytest.fixture
def desk(tmp_path: Path, case: Case) -> Desk:
    made = Desk(tmp_path)
    made.write("p.json", plan_file.dumps(case.plan))
    return made


def apply(desk: Desk, bootstrap: str) -> Result:
    """Apply the plan by the broker at this address, with both reports."""
    for name in ("r.json", "r.txt"):
        (desk.home / name).unlink(missing_ok=True)
    words = ["apply", "p.json", "--timeout", "3", "--report", "json=r.json", "--report", "text=r.txt"]
    return desk.run(*words, "-X", f"bootstrap.servers={bootstrap}")


def test_without_a_fault_an_apply_asks_this(case: Case, desk: Desk, kafka: Sandbox) -> None:
    with proxy(kafka.bootstrap) as between:
        assert apply(desk, between.bootstrap).code == 0
    assert tuple(between.log[: len(REQUESTS)]) == REQUESTS  # the last ones may come again: reads lag writes
    assert {*between.log[len(REQUESTS) :]} <= {"Metadata", "DescribeConfigs", "DescribeAcls"}


@pytest.mark.parametrize(("place", "fault"), CASES)
def test_a_fault_is_told_truly_and_a_second_run_converges(
    case: Case, desk: Desk, kafka: Sandbox, place: int, fault: Fault
) -> None:
    with proxy(kafka.bootstrap, {place: fault}) as between:
        result = apply(desk, between.bootstrap)
        assert len(between.log) > place
    assert "Traceback" not in result.err
    if (desk.home / "r.json").exists():
        told = json.loads((desk.home / "r.json").read_text())
        case.told_truly(told["outcomes"])
        good = all(one["status"] in ("done", "already") for one in told["outcomes"])
        assert result.code == (0 if good and not told["summary"]["unseen"] else 6), result
        last = (desk.home / "r.txt").read_text().splitlines()[-1]
        assert last in result.out
    else:  # nothing was written
        assert result.code in (1, 5), result
        assert result.err.startswith("error: ")
        assert case.live() == {change.key: change.before for change in case.plan.changes if change.before is not None}
    second = apply(desk, kafka.bootstrap)
    assert second.code == 0, second
    third = apply(desk, kafka.bootstrap)
    assert (third.code, json.loads((desk.home / "r.json").read_text())["summary"]["already"]) == (0, 7), third
