"""Two teams' repositories and their platform's policies on one cluster, and clients that must never be refused."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import confluent_kafka
from desk import Desk, Result
from hooking import git

from kafka_gitops.sandbox import Sandbox

CONFIG = """\
topology: topologies/
prune: [acls, topics, quotas, users, schemas, connectors]
rules: {topic-owner: off}
limits: {percent: 100}
environments:
  prod:
    bootstrap: HOST
    brokers: 1
    broker_defaults: {default.replication.factor: "1", min.insync.replicas: "1"}
    client: {security.protocol: SASL_PLAINTEXT, sasl.mechanism: SCRAM-SHA-256, sasl.username: admin, sasl.password: "${ADMIN}"}
"""
REFUSED = ("AUTHORIZATION", "AUTHENTICATION")  # of the names of librdkafka's errors


@dataclass
class Team:
    """A repository, the policy that bounds it, and the commit that was applied last."""

    desk: Desk
    policy: Path
    applied: str
    deletions: list[str] = field(default_factory=list)

    def write(self, name: str, text: str | None) -> None:
        """Write a topology file, or delete it."""
        if text is None:
            (self.desk.home / "topologies" / name).unlink()
        else:
            self.desk.write(f"topologies/{name}", text)

    def merge(self, says: str) -> None:
        """Commit all."""
        git(self.desk.home, "add", "-A")
        git(self.desk.home, "commit", "-qm", says)

    def plan(self) -> dict[str, Any]:
        """A pipeline's plan for what is merged and not applied; what it would delete is noted.

        There is none while the files declare what the policy keeps outside.
        """
        ran = self.run("plan", "--base", self.applied, "--format", "json")
        if ran.code == 1 and "outside-scope" in ran.err:
            return {"changes": []}
        assert ran.code in (0, 4), ran
        made: dict[str, Any] = json.loads(ran.out)
        self.deletions += [f"{one['kind']} {one['name']}" for one in made["changes"] if one["after"] is None]
        return made

    def apply(self) -> int:
        """The pipeline's apply after that plan; where it ends well the next one starts from here."""
        ran = self.run("apply", "--base", self.applied, "--yes")
        assert ran.code == 0 or (ran.code == 1 and "outside-scope" in ran.err), ran
        if ran.code == 0:
            self.applied = git(self.desk.home, "rev-parse", "HEAD").strip()
        return ran.code

    def run(self, *words: str) -> Result:
        """Run a command within the policy."""
        return self.desk.run("--policy", str(self.policy), *words)


def team(home: Path, policy: Path, kafka: Sandbox, config: str = CONFIG, **files: str) -> Team:
    """A repository with these topology files."""
    home.mkdir(parents=True, exist_ok=True)
    git(home, "init", "-q", "-b", "main")
    made = Team(Desk(home), policy, "")
    made.desk.write("kafka-gitops.yaml", config.replace("HOST", kafka.sasl_bootstrap))
    git(home, "add", "-A")
    git(home, "commit", "-qm", "nothing yet")
    made.applied = git(home, "rev-parse", "HEAD").strip()
    for name, text in files.items():
        made.write(f"{name}.yaml", text)
    made.merge("the beginning")
    return made


@dataclass
class Client:
    """What a client has done so far, and the errors that say it was refused."""

    name: str
    done: int = 0
    refused: list[str] = field(default_factory=list)

    def hear(self, error: confluent_kafka.KafkaError | None) -> None:
        """Note an error that is a refusal."""
        if error is not None and any(word in error.name() for word in REFUSED):
            self.refused.append(f"{self.name}: {error.name()}: {error.str()}")


Work = Callable[[Client, threading.Event], None]


def login(kafka: Sandbox, user: str, password: str) -> dict[str, Any]:
    """librdkafka's settings for a user that files declare."""
    return {**kafka.client(), "sasl.username": user, "sasl.password": password}


def writer(config: Mapping[str, Any], topic: str, transactional_id: str) -> Work:
    """Writes a record in each transaction."""

    def work(client: Client, over: threading.Event) -> None:
        own = {**config, "transactional.id": transactional_id, "error_cb": client.hear, "linger.ms": 0}
        producer = confluent_kafka.Producer(own)
        producer.init_transactions(30)
        while not over.is_set():
            producer.begin_transaction()
            producer.produce(topic, b"x")
            producer.commit_transaction(30)
            client.done += 1
            time.sleep(0.05)

    return work


def reader(config: Mapping[str, Any], topic: str, group: str) -> Work:
    """Reads in a group and commits each offset."""

    def work(client: Client, over: threading.Event) -> None:
        own = {"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
        consumer = confluent_kafka.Consumer({**config, **own, "error_cb": client.hear})
        consumer.subscribe([topic])
        while not over.is_set():
            found = consumer.poll(0.2)
            if found is None:
                continue
            client.hear(found.error())
            if found.error() is None:
                consumer.commit(message=found, asynchronous=False)
                client.done += 1
        consumer.close()

    return work


@contextmanager
def at_work(**works: Work) -> Iterator[Mapping[str, Client]]:
    """Clients in the background, each at its work until the end."""
    over = threading.Event()
    clients = {name: Client(name) for name in works}

    def begin(name: str) -> None:
        try:
            works[name](clients[name], over)
        except confluent_kafka.KafkaException as error:
            clients[name].hear(error.args[0])
            clients[name].refused = clients[name].refused or [f"{name}: {error}"]

    with ExitStack() as stack:
        stack.callback(over.set)
        for name in works:
            thread = threading.Thread(target=begin, args=(name,), daemon=True)
            stack.callback(thread.join, 30)
            thread.start()
        stack.callback(over.set)
        yield clients


def go_on(clients: Mapping[str, Client], *, seconds: float = 30.0) -> None:
    """Wait until each client has done something more, or was refused."""
    before = {name: client.done for name, client in clients.items()}
    until = time.monotonic() + seconds
    while any(client.done <= before[name] and not client.refused for name, client in clients.items()):
        assert time.monotonic() < until, {name: client.done for name, client in clients.items()}
        time.sleep(0.02)


def refusals(clients: Mapping[str, Client]) -> list[str]:
    """Every refusal so far."""
    return [said for client in clients.values() for said in client.refused]
