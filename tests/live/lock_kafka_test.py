"""The lock on real brokers: ten at once, one that is killed, one that is frozen, leaders that change."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import frozen_run
import pytest
from altering import eventually, move
from desk import Desk, topology

from kafka_gitops.clients import log as logs
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.errors import Blocked
from kafka_gitops.ledger import lock
from kafka_gitops.ledger.holding import Clock, Holding
from kafka_gitops.ledger.log import Entry, Log, Record
from kafka_gitops.model import Topic
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
DRIVER = Path(frozen_run.__file__)
LEASE = 6.0  # seconds: on a busy machine a run is silent for some
Process: TypeAlias = "subprocess.Popen[str]"
TIME = Clock(time.monotonic, time.sleep)
ANEW = "since the plan was made: it is made anew, under the lock"
CONFIG = """\
owner: OWNER
rules: {topic-owner: off}
environments:
  prod:
    bootstrap: HOST
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    ledger: required
"""


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox, prefix: str) -> Desk:
    """A repository of an owner whose ledger is made; its apply asks for a topic, and then for a right."""
    made = Desk(tmp_path)
    made.write("kafka-gitops.yaml", CONFIG.replace("HOST", kafka.bootstrap).replace("OWNER", prefix.strip(".")))
    made.write("topologies/a.yaml", topology(prefix, "a") + f"  consumers:\n  - principal: User:{prefix}x\n")
    made.ok("ledger", "init")
    return made


@pytest.fixture
def log(kafka: Sandbox, prefix: str) -> Iterator[Log]:
    with open_cluster(kafka.client()) as cluster:
        yield logs.on(cluster.link).log(f"_kafka_gitops.{prefix.strip('.')}.prod")


def apply(desk: Desk, *words: str, stop: int = 0, when: str = "before", lease: float = LEASE) -> Process:
    """An apply in a process of its own."""
    line = [sys.executable, str(DRIVER), str(lease), str(stop), when, "apply", "--yes", "--lock-timeout", "90s", *words]
    return subprocess.Popen(line, cwd=desk.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def tenures(read: Sequence[Record], cluster: str) -> list[str]:
    """Whose the lock was, in order, and that nobody wrote of a run while another had it."""
    state = lock.begun(0)
    found: list[str] = []
    for record in read:
        state = lock.folded(state, [record], cluster)
        if record.key.startswith(("run/", "owner")) and record.value is not None and b'"died"' not in record.value:
            run = json.loads(record.value)["run"]
            assert state.key == f"lock/{run}", f"{record.key} was written while {state.key} had the lock"
        if state.key and (not found or found[-1] != state.key):
            found.append(state.key)
    return found


def test_ten_at_once_are_never_two_inside(desk: Desk, log: Log) -> None:
    runs = [apply(desk, "--record", f"r{number}.json", lease=60) for number in range(10)]
    said = [run.communicate(timeout=120) for run in runs]
    ends = [(run.returncode, *one) for run, one in zip(runs, said, strict=True)]
    assert [one[0] for one in ends] == [0] * 10, ends
    records = [*log.read()]
    assert len(tenures(records, log.cluster)) == 10
    names = {record.key[5:] for record in records if record.key.startswith("lock/")}
    told = [re.findall(r"waiting for the lock of \S+: run (\S+) ", err) for _, err in said]
    assert sum(map(len, told)) >= 5 and {name for one in told for name in one} <= names, told
    anew = [err for _, err in said if ANEW in err]
    assert len(anew) >= 5, said  # their plans were made before another applied
    assert all(
        f"waited for run {one[0]}" in err for one, (_, err) in zip(told, said, strict=True) if one and ANEW in err
    )


def test_one_that_was_killed_is_followed_when_its_lease_is_over(desk: Desk, log: Log) -> None:
    dead = apply(desk, stop=2)
    eventually(lambda: frozen(dead))
    dead.kill()
    begin = time.monotonic()
    out = dead.communicate()[0]
    done = apply(desk)
    said = done.communicate(timeout=60)
    assert done.returncode == 0, said
    assert LEASE - 1 < time.monotonic() - begin < LEASE + 8
    (name,) = re.findall(r"^Run (\S+)$", out, re.MULTILINE)
    assert f": run {name} " in said[1] and "died" in said[1]


def test_who_does_not_wait_is_told_by_whom_it_is_held(desk: Desk, log: Log) -> None:
    with held(log, "20270101-000000-aaaaaa"):
        refused = desk.run("apply", "--yes")
    assert refused.code == 4
    assert re.search(r"^error: The lock of \S+ is held by run 20270101-000000-aaaaaa since 20\d\d-", refused.err, re.M)


@contextmanager
def held(log: Log, run: str) -> Iterator[Holding]:
    holding = Holding(log, run, TIME)
    holding.take(0)
    yield holding
    holding.release()


@pytest.mark.parametrize("when", ["before", "after"])
def test_one_that_is_frozen_for_longer_than_its_lease_asks_for_one_chunk_more_at_most(
    desk: Desk, log: Log, prefix: str, when: str
) -> None:
    cold = apply(desk, stop=1, when=when)  # of its two chunks the topic comes first
    eventually(lambda: frozen(cold))
    other = apply(desk)
    assert other.communicate(timeout=60) and other.returncode == 0
    cold.send_signal(signal.SIGCONT)
    out, err = cold.communicate(timeout=60)
    assert "lost the lock of" in out + err, out + err
    assert cold.returncode in (1, 6)
    assert out.count("skipped: this run lost the lock") == (4 if when == "before" else 3), out
    tenures([*log.read()], log.cluster)


def frozen(process: Process) -> bool:
    """Whether it has stopped itself."""
    assert process.poll() is None
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_leaders_change_while_two_race(three_brokers: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_cluster(three_brokers.client()) as cluster:
        topic = f"_kafka_gitops.{prefix}dev"
        configs = {"cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime"}
        assert not any(cluster.create_topics({topic: Topic(1, 3, configs)}).values())
        all_logs = logs.on(cluster.link)
        both = [all_logs.log(topic, apart=True) for _ in range(2)]
        first, second = (Holding(one, f"run-{name}", TIME) for one, name in zip(both, "ab", strict=True))
        first.take(0)
        for node in (*sorted(cluster.link.brokers), min(cluster.link.brokers)):
            move(cluster.link, topic, {0: [node]})
            first.append([Entry("step/run-a/1", str(node).encode())])
            with pytest.raises(Blocked, match="is held by run run-a"):
                second.take(0)
        first.release()
        second.take(0)
        assert tenures([one for one in all_logs.log(topic).read() if not one.key.startswith("step")], cluster.id) == [
            "lock/run-a",
            "lock/run-b",
        ]
        for one in both:
            one.close()
