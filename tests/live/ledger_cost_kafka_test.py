"""What a ledger asks of a real broker beside what a run without one asks: counted, request by request."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acting import repository
from desk import Desk
from hooking import git

from kafka_gitops.clients.wire import Wire
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
CONFIG = """\
owner: OWNER
manage: {topics: ["PREFIX*"], groups: [], transactional_ids: [], principals: ["User:PREFIX*"]}
rules: {topic-owner: off}
environments:
  prod:
    bootstrap: HOST
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    ledger: MODE
    client: {security.protocol: SASL_PLAINTEXT, sasl.mechanism: SCRAM-SHA-256, sasl.username: admin, sasl.password: admin-secret}
"""
TOPIC = 'context: unused\nspecial_topics:\n- {name: PREFIXa, config: {num.partitions: "1", replication.factor: "1"}}\n'
RIGHT = "acls:\n- {principals: [User:PREFIXreader], allow: [READ], topics: [PREFIXa]}\n"
READ = {"ListOffsets": 2, "Fetch": 1}  # of the end of one ledger: where it begins and ends, both asked at once, and it
Asked = Callable[..., Counter[str]]


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox, prefix: str) -> Desk:
    """A repository whose owner has a ledger, and has applied a topic."""
    made = Desk(tmp_path / "repo")
    repository(made.home, "topology: topologies\n")
    text = CONFIG.replace("HOST", kafka.sasl_bootstrap).replace("PREFIX", prefix)
    for name, mode in (("kafka-gitops", "required"), ("off", "off")):
        told = text.replace("OWNER", prefix.strip(".")).replace("MODE", mode)
        made.write(f"{name}.yaml", told)
    made.write(".gitignore", "kafka-gitops-record.json\n")
    committed(made, TOPIC.replace("PREFIX", prefix))
    made.ok("ledger", "init")
    made.ok("apply", "--yes")
    return made


def committed(desk: Desk, files: str) -> None:
    desk.write("topologies/a.yaml", files)
    git(desk.home, "add", "-A")
    git(desk.home, "commit", "-qm", "files")


@pytest.fixture
def asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """How often what is asked of the broker by a command."""
    names: list[str] = []
    send = Wire._send

    def sent(self: Wire, request: Any) -> Any:
        names.append(request.name.removesuffix("Request"))
        return send(self, request)

    def run(*words: str) -> Counter[str]:
        names.clear()
        desk.ok(*words)
        return Counter(names)

    monkeypatch.setattr(Wire, "_send", sent)
    return run


def test_a_plan_asks_one_bounded_read_of_its_ledger_and_whether_its_topic_is_as_it_must_be(asked: Asked) -> None:
    without = asked("plan", "--config", "off.yaml")
    more = asked("plan")
    more.subtract(without)
    assert +more == {**READ, "Metadata": 2, "DescribeConfigs": 1}
    assert -more == {}


def test_an_apply_reads_its_ledger_three_times_and_appends_five_times(desk: Desk, asked: Asked, prefix: str) -> None:
    committed(desk, (TOPIC + RIGHT).replace("PREFIX", prefix))
    found = asked("apply", "--yes", "--accept", "first-acl")
    # the plan, the lock, and what was applied last once the lock is there
    assert {name: found[name] for name in READ} == {name: 3 * number for name, number in READ.items()}
    # that it is there, its claim, what it asks for, what came of that, its record
    assert found["Produce"] == 5
