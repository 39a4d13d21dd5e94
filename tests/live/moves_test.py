"""A project moves to another repository by three merges in any order: nothing of it is deleted, no client is refused."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from altering import eventually
from hooking import write
from moving import CONFIG, Client, Team, at_work, go_on, login, reader, refusals, team, writer

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

pytestmark = pytest.mark.kafka
LETS_GO, DECLARES, POLICY = "the old one lets go", "the new one declares", "the policies move"
PROJECT = """\
context: C
projects:
- name: NAME
  topics:
  - name: orders
    config: {num.partitions: "1", replication.factor: "1", retention.ms: "604800000"}
  consumers: [{principal: "User:C.NAME-in", group: C.NAME-in}]
  producers: [{principal: "User:C.NAME-out", transactionId: C.NAME-out}]
  quotas: [{user: C.NAME-out, producer_byte_rate: 10485760}]
  users:
  - {name: C.NAME-in, mechanism: SCRAM-SHA-256, password: "${OF_CLIENTS}"}
  - {name: C.NAME-out, mechanism: SCRAM-SHA-256, password: "${OF_CLIENTS}"}
"""
SHARED = """\
acls:
- {principals: ["User:C.shop-in"], allow: [READ, DESCRIBE], topics: [C.pay.orders]}
"""
RELEASE = 'context: C\nremoved:\n- {release: {project: pay}, because: "now in the repository of payments"}\n'


def named(text: str, context: str, project: str = "pay") -> str:
    return text.replace("NAME", project).replace("C.", f"{context}.").replace("context: C\n", f"context: {context}\n")


def policy(context: str, *projects: str) -> str:
    """A policy for these projects; who owns pay may give rights to the reader of shop too."""
    names = [f'"{context}.{project}.*"' for project in projects]
    apps = [f'"{context}.{project}-*"' for project in projects]
    people = [f'"User:{context}.{one}-*"' for one in projects] + [f'"User:{context}.shop-in"'] * ("pay" in projects)
    return (
        f"manage:\n  topics: [{', '.join(names)}]\n  groups: [{', '.join(apps)}]\n"
        f"  transactional_ids: [{', '.join(apps)}]\n  principals: [{', '.join(people)}]\n"
    )


class Servers(NamedTuple):
    """What the old and the new repository reach besides Kafka, and what the project has there."""

    config: str = ""
    project: str = ""
    policy: str = ""


KAFKA_ALONE = Servers()


class Move:
    """Two teams with their policies, and the three merges that move the project pay from one to the other."""

    def __init__(self, folder: Path, context: str, kafka: Sandbox, servers: Servers = KAFKA_ALONE) -> None:
        self.context, self.folder, self.servers = context, folder, servers
        self.pay = named(PROJECT + servers.project + SHARED, context)
        config = CONFIG + servers.config
        self._policies({"old": ("shop", "pay"), "new": ("risk",)})
        files = {one: named(PROJECT, context, one) for one in ("shop", "risk")}
        self.old = team(folder / "old", folder / "old.yaml", kafka, config, shop=files["shop"], pay=self.pay)
        self.new = team(folder / "new", folder / "new.yaml", kafka, config, risk=files["risk"])
        for one in self.teams:
            assert len(one.plan()["changes"]) > 10 and one.apply() == 0

    @property
    def teams(self) -> tuple[Team, Team]:
        return self.old, self.new

    def step(self, name: str) -> dict[str, int]:
        """Do a merge, and run the pipelines of both repositories; how each apply ended."""
        if name == POLICY:
            self._policies({"old": ("shop",), "new": ("risk", "pay")})
        elif name == LETS_GO:
            self.let_go(named(RELEASE, self.context))
        else:
            self.new.write("pay.yaml", self.pay)
            self.new.merge(name)
        codes = {}
        for one, at in zip(self.teams, ("old", "new"), strict=True):
            made = one.plan()
            touched = [change["name"] for change in made["changes"] if f"{self.context}.pay" in change["name"]]
            assert touched == []
            codes[at] = one.apply()
        return codes

    def let_go(self, statement: str | None) -> None:
        """Take the project out of the old repository, with or without a statement."""
        self.old.write("pay.yaml", None)
        if statement is not None:
            self.old.write("removed.yaml", statement)
        self.old.merge("without pay")

    def _policies(self, projects: Mapping[str, tuple[str, ...]]) -> None:
        for name, own in projects.items():
            more = named(self.servers.policy, self.context) if "pay" in own else ""
            (self.folder / f"{name}.yaml").write_text(policy(self.context, *own) + more, encoding="utf-8")


@pytest.fixture
def context(prefix: str, monkeypatch: pytest.MonkeyPatch, kafka: Sandbox) -> str:
    """A context of its own for each test, and the passwords that the files name."""
    monkeypatch.setenv("OF_CLIENTS", "secret-of-clients")
    monkeypatch.setenv("ADMIN", kafka.users["admin"])
    return prefix.rstrip(".")


@contextmanager
def clients(kafka: Sandbox, context: str) -> Iterator[Mapping[str, Client]]:
    """Who writes and reads the project's topic: its own writer and reader, and a reader of another project."""

    def own(name: str) -> dict[str, str]:
        return login(kafka, f"{context}.{name}", "secret-of-clients")

    topic = f"{context}.pay.orders"
    with at_work(
        writer=writer(own("pay-out"), topic, f"{context}.pay-out"),
        reader=reader(own("pay-in"), topic, f"{context}.pay-in"),
        other=reader(own("shop-in"), topic, f"{context}.shop-in"),
    ) as found:
        go_on(found)
        yield found


def there(kafka: Sandbox, context: str) -> tuple[object, ...]:
    """All that the cluster has of a context."""
    with open_cluster(kafka.client()) as cluster:
        topics = sorted(name for name in cluster.list_topics() if name.startswith(context))
        rights = sorted(str(one) for one in cluster.list_acls() if f"{context}." in str(one))
        return topics, {name: one.overrides for name, one in cluster.topic_configs(topics, []).items()}, rights


@pytest.mark.parametrize("order", [*permutations((LETS_GO, DECLARES, POLICY))], ids=" then ".join)
def test_in_any_order_nothing_is_deleted_and_nobody_is_refused(
    tmp_path: Path, context: str, kafka: Sandbox, order: tuple[str, ...]
) -> None:
    move = Move(tmp_path, context, kafka)
    before = there(kafka, context)
    with clients(kafka, context) as working:
        for name in order:
            at = order.index
            done = {one for one in order if at(one) <= at(name)}
            expected = {
                "old": 1 if POLICY in done and LETS_GO not in done else 0,  # it still declares what is not its own
                "new": 1 if DECLARES in done and POLICY not in done else 0,  # it declares what is not its own yet
            }
            assert move.step(name) == expected
            go_on(working)
        assert refusals(working) == []
        move.old.write("removed.yaml", None)
        move.old.merge("nothing is left to be said")
        for one in move.teams:
            assert one.apply() == 0
        go_on(working)
    assert refusals(working) == []
    assert (move.old.deletions, move.new.deletions) == ([], [])
    assert there(kafka, context) == before
    for one in move.teams:
        assert one.run("plan", "-v").out.startswith("No changes.")
    assert f"{context}.pay" not in move.old.run("drift", "-v").out


def servers(registry: Server, worker: Server, file: Path) -> Servers:
    """A schema and a connector of the project, whose records go to a file."""
    cls = "org.apache.kafka.connect.file.FileStreamSinkConnector"
    converter = "org.apache.kafka.connect.storage.StringConverter"
    return Servers(
        f"    schema_registry: {{url: {registry.url}}}\n    connect: {{main: {{url: {worker.url}}}}}\n",
        f"""\
  schemas: [{{subject: C.pay.orders-value, file: orders.avsc, compatibility: FULL}}]
  connectors:
  - name: C.pay-sink
    config: {{connector.class: {cls}, tasks.max: "1", topics: C.pay.orders, file: {file}, value.converter: {converter}}}
""",
        f"  subjects: [C.pay.*]\n  connectors: [C.pay-*]\n  connector_classes: [{cls}]\n",
    )


def test_schemas_and_connectors_move_too(
    tmp_path: Path, context: str, kafka: Sandbox, registry: Server, worker: Server
) -> None:
    sink = tmp_path / "sink.txt"
    sink.touch()
    for home in ("old", "new"):
        write(tmp_path / home / "topologies" / "orders.avsc", '{"type": "string"}')
    move = Move(tmp_path, context, kafka, servers(registry, worker, sink))
    subject, name = f"{context}.pay.orders-value", f"{context}.pay-sink"
    with clients(kafka, context) as working:
        for step in (LETS_GO, POLICY, DECLARES):
            assert move.step(step) == {"old": 0, "new": 0}
            grows(sink)
            assert asked(f"{registry.url}/subjects/{subject}/versions") == [1]
            assert asked(f"{registry.url}/config/{subject}") == {"compatibilityLevel": "FULL"}
            assert asked(f"{worker.url}/connectors/{name}/status")["connector"]["state"] == "RUNNING"
        go_on(working)
    assert refusals(working) == []
    assert (move.old.deletions, move.new.deletions) == ([], [])
    assert move.new.run("plan", "-v").out.startswith("No changes.")
    assert f"{context}.pay" not in move.old.run("drift", "-v").out
    move.new.write("pay.yaml", None)
    move.new.merge("the end of the test")
    risks = _risks(move.new.plan())
    assert {f"schema {subject}", f"connector main/{name}"} <= {*move.new.deletions}
    ran = move.new.run("apply", "--base", move.new.applied, "--yes", *(f"--accept={risk}" for risk in risks))
    assert ran.code == 0, ran


def grows(file: Path) -> None:
    """Wait until more is written to a file."""
    size = file.stat().st_size
    eventually(lambda: file.stat().st_size > size)


def asked(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def test_without_the_statement_prune_takes_the_rights_and_the_clients_are_refused(
    tmp_path: Path, context: str, kafka: Sandbox
) -> None:
    """What the clients of the other tests would notice."""
    move = Move(tmp_path, context, kafka)
    with clients(kafka, context) as working:
        move.let_go(None)
        planned = move.old.plan()
        assert f"user {context}.pay-in" in move.old.deletions
        ran = move.old.run(
            "apply", "--base", move.old.applied, "--yes", *(f"--accept={risk}" for risk in _risks(planned))
        )
        assert ran.code == 0, ran
        go_on(working)
        go_on(working)
    assert refusals(working) != []


def _risks(plan: dict[str, list[dict[str, list[dict[str, object]]]]]) -> set[object]:
    return {risk["name"] for change in plan["changes"] for risk in change["risks"] if risk["blocks"]}
