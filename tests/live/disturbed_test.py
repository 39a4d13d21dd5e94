"""Something happens to the cluster in the middle of an apply: the report is true, the exit code is one of the table, and
the next run converges."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, Result, topology
from faults import Asked, Forward, Proxy, proxy
from quorum import Quorum, quorum

from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.clients.scram import KafkaUsers

pytestmark = pytest.mark.kafka

TOPICS = 40
SCRAM = "request 51"  # AlterUserScramCredentials, as the proxy calls it


@pytest.fixture(scope="module")
def brokers() -> Iterator[Quorum]:
    with quorum() as kafka, open_cluster({"bootstrap.servers": kafka.bootstrap}, timeout=10) as cluster:
        yield Quorum(kafka, cluster.link)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("WORD", "word-of-the-test")
    return Desk(tmp_path)


def files(desk: Desk, prefix: str) -> None:
    """Something of four kinds, so that an apply has some requests between its first and its last."""
    names = [f"n{number} num.partitions=2 replication.factor=2 retention.ms=86400000" for number in range(TOPICS)]
    extra = [
        "acls:",
        f'- {{principals: ["User:{prefix}p"], allow: [READ, WRITE], topics: ["{prefix}*"]}}',
        f'- {{principals: ["User:{prefix}p"], deny: [WRITE], topics: ["{prefix}n1"]}}',
        f'users: [{{name: {prefix}p, mechanism: SCRAM-SHA-512, password: "${{WORD}}"}}]',
        f"quotas: [{{user: {prefix}p, producer_byte_rate: 1048576}}]",
    ]
    desk.write("t.yaml", topology(prefix, *names, extra="\n".join(extra)))


def run(desk: Desk, bootstrap: str, *words: str) -> Result:
    """A command at these servers."""
    return desk.run("-X", f"bootstrap.servers={bootstrap}", *words)


def applied(desk: Desk, bootstrap: str) -> tuple[int, list[dict[str, Any]]]:
    """Apply; the exit code, and what was told of each change."""
    result = run(
        desk,
        bootstrap,
        "--timeout",
        "20",
        "apply",
        "t.yaml",
        "--yes",
        "--accept",
        "deny-added",
        "--report",
        "json=out.json",
    )
    assert "Traceback" not in result.err, result
    report = desk.home / "out.json"
    told = json.loads(report.read_text(encoding="utf-8"))["outcomes"] if report.exists() else []
    report.unlink(missing_ok=True)
    return result.code, told


def names(cluster: KafkaCluster, prefix: str) -> set[tuple[str, str]]:
    """What is there, by kind and name."""
    found = {("topic", name) for name in cluster.list_topics()} | {("acl", str(acl)) for acl in cluster.list_acls()}
    found |= {("quota", f"user={dict(entity).get('user')}") for entity in KafkaQuotas(cluster.link).list_quotas()}
    found |= {("user", name) for name in KafkaUsers(cluster.link).list_users()}
    return {one for one in found if prefix in one[1]}


def true(told: list[dict[str, Any]], there: set[tuple[str, str]]) -> None:
    """What is said to be done is there, and nothing else, but for what nobody can know."""
    known = {one["status"]: set[tuple[str, str]]() for one in told}
    for one in told:
        known[one["status"]].add((one["kind"], one["name"]))
    assert known.get("done", set()) | known.get("already", set()) | known.get("unverified", set()) <= there
    assert not (known.get("skipped", set()) | known.get("failed", set())) & there, known


def converges(desk: Desk, bootstrap: str) -> None:
    """The second run finishes, and the third has nothing to do."""
    until = time.monotonic() + 120
    while (code := applied(desk, bootstrap)[0]) != 0:
        assert code in (1, 5, 6) and time.monotonic() < until, code
        time.sleep(1)
    assert run(desk, bootstrap, "plan", "t.yaml", "--exit-code").code == 0


def test_a_slow_broker_is_waited_for(brokers: Quorum, desk: Desk, prefix: str) -> None:
    def slow(_asked: Asked, forward: Forward) -> bytes | None:
        time.sleep(0.3)
        frame = forward()
        time.sleep(0.3)
        return frame

    files(desk, prefix)
    first = brokers.kafka.bootstrap.split(",")[0]
    with proxy(first, {"CreateTopics": slow, "CreateAcls": slow, "Metadata": slow}) as between:
        code, told = applied(desk, between.bootstrap)
    assert (code, {one["status"] for one in told}) == (0, {"done"})
    assert run(desk, brokers.kafka.bootstrap, "plan", "t.yaml", "--exit-code").code == 0


@pytest.mark.parametrize(
    ("request_", "answered"),
    [("CreateAcls", False), (SCRAM, True), ("CreateTopics", True), ("CreateTopics", False)],
)
def test_the_network_is_cut(brokers: Quorum, desk: Desk, prefix: str, request_: str, answered: bool) -> None:
    files(desk, prefix)
    first = brokers.kafka.bootstrap.split(",")[0]
    opened: list[Proxy] = []

    def cut(_asked: Asked, forward: Forward) -> bytes | None:
        if answered:
            forward()
        opened[0].close()
        return None

    with proxy(first, {request_: cut}) as between:
        opened.append(between)
        code, told = applied(desk, between.bootstrap)
    with open_cluster({"bootstrap.servers": brokers.kafka.bootstrap}, timeout=10) as cluster:
        lost = {(one["kind"], one["name"]) for one in told if one["status"] == "unknown"}
        settle(cluster, prefix, lost if answered else set())
        true(told, names(cluster, prefix))
    assert code == 6 and lost
    converges(desk, brokers.kafka.bootstrap)


def settle(cluster: KafkaCluster, prefix: str, wanted: set[tuple[str, str]]) -> None:
    """Reads lag writes: wait for what the broker did."""
    until = time.monotonic() + 60
    while not wanted <= names(cluster, prefix):
        assert time.monotonic() < until, wanted - names(cluster, prefix)
        time.sleep(0.1)


def when_begun(brokers: Quorum, prefix: str, act: Callable[[], None]) -> threading.Thread:
    """Do something as soon as the apply has written its first thing, which is a denial."""

    def watch() -> None:
        with open_cluster({"bootstrap.servers": brokers.kafka.bootstrap}, timeout=10) as cluster:
            until = time.monotonic() + 60
            while not any(prefix in acl.principal for acl in cluster.list_acls()) and time.monotonic() < until:
                time.sleep(0.005)
        act()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_the_controller_moves(brokers: Quorum, desk: Desk, prefix: str) -> None:
    files(desk, prefix)
    before = brokers.leader()

    def freeze() -> None:
        brokers.freeze(before)
        time.sleep(8)
        brokers.thaw(before)

    thread = when_begun(brokers, prefix, freeze)
    code, told = applied(desk, brokers.kafka.bootstrap)
    thread.join()
    assert brokers.moved(before) != before
    assert code in (0, 6), told
    with open_cluster({"bootstrap.servers": brokers.kafka.bootstrap}, timeout=10) as cluster:
        settle(cluster, prefix, {(one["kind"], one["name"]) for one in told if one["status"] == "done"})
        true(told, names(cluster, prefix))
    converges(desk, brokers.kafka.bootstrap)


def test_a_broker_is_killed(brokers: Quorum, desk: Desk, prefix: str) -> None:
    """The last test of this file: the broker stays dead. It is the one that the run talks to."""
    files(desk, prefix)
    thread = when_begun(brokers, prefix, lambda: brokers.kill(1))
    code, told = applied(desk, brokers.kafka.bootstrap)
    thread.join()
    left = ",".join(brokers.kafka.bootstrap.split(",")[1:])
    assert code in (0, 6), told
    with open_cluster({"bootstrap.servers": left}, timeout=30) as cluster:
        settle(cluster, prefix, {(one["kind"], one["name"]) for one in told if one["status"] == "done"})
        true(told, names(cluster, prefix))
    converges(desk, brokers.kafka.bootstrap)
