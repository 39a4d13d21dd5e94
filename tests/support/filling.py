"""A wild cluster onto real servers, and servers made empty again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from desk import Desk
from dumping import rest
from wild import Wild

from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.clients.scram import KafkaUsers
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.sandbox.rest import Server

CONFIG = """\
environments:
  wild:
    bootstrap: {bootstrap}
    brokers: 1
    schema_registry: {{url: "{registry}"}}
    connect: {{main: {{url: "{connect}"}}}}
"""


@contextmanager
def emptied(home: Path, kafka: Sandbox, registry: Server, worker: Server) -> Iterator[Desk]:
    """A repository for servers of its tests alone, which are empty before and after."""
    clear(kafka, registry, worker)
    made = Desk(home)
    made.write("kafka-gitops.yaml", CONFIG.format(bootstrap=kafka.bootstrap, registry=registry.url, connect=worker.url))
    yield made
    clear(kafka, registry, worker)


def fill(wild: Wild, kafka: Sandbox, registry: Server, worker: Server) -> None:
    """Make all that is in a wild cluster, and wait until it is seen."""
    with open_cluster(kafka.client()) as cluster:
        _done(cluster.create_topics(wild.topics))
        _done(cluster.create_acls(sorted(wild.acls)))
        _done(KafkaQuotas(cluster.link).alter_quotas(dict(wild.quotas)))
        _done(KafkaUsers(cluster.link).write_users(dict(wild.users)))
        for subject, versions in wild.schemas.items():
            for schema in versions:
                body: dict[str, Any] = {"schema": schema.text, "schemaType": schema.type}
                body["references"] = [one._asdict() for one in schema.references]
                rest(registry, f"subjects/{quote(subject, safe='')}/versions", "POST", body)
        for subject, level in wild.levels.items():
            rest(registry, f"config/{quote(subject, safe='')}", "PUT", {"compatibility": level})
        for name, config in wild.connectors.items():
            rest(worker, "connectors", "POST", {"name": name, "config": config, "initial_state": wild.states[name]})
        _until(lambda: wild.topics.keys() <= cluster.list_topics().keys(), "topics")
        _until(lambda: wild.acls <= {*cluster.list_acls()}, "ACLs")
        _until(lambda: _settled(wild, worker), "connectors")


def clear(kafka: Sandbox, registry: Server, worker: Server) -> None:
    """Take everything away but what the servers themselves need, and wait until it is gone."""
    with open_cluster(kafka.client()) as cluster:
        for name in rest(worker, "connectors"):
            rest(worker, f"connectors/{quote(name, safe='')}", "DELETE")
        _without_subjects(registry)
        _done(cluster.delete_acls([*cluster.list_acls()]))
        quotas, users = KafkaQuotas(cluster.link), KafkaUsers(cluster.link)
        _done(quotas.alter_quotas({entity: dict.fromkeys(limits) for entity, limits in quotas.list_quotas().items()}))
        there = {name: found for name, found in users.list_users().items() if name not in kafka.users}
        _done(users.write_users({(name, one): None for name, found in there.items() for one in found}))
        _done(cluster.delete_topics(dict.fromkeys(_topics(cluster))))
        _until(lambda: not _topics(cluster) and not [*cluster.list_acls()], "an empty cluster")
        _until(lambda: not quotas.list_quotas() and users.list_users().keys() <= kafka.users.keys(), "no quotas, users")
        _until(lambda: not rest(worker, "connectors"), "no connectors")


def _topics(cluster: KafkaCluster) -> list[str]:
    names = cluster.list_topics()
    return [name for name, live in names.items() if not live.internal and not name.startswith("connect-")]


def _without_subjects(registry: Server) -> None:
    """Delete subjects for good, those that others refer to last; their levels as well.

    A version that is deleted softly refers to others still, so those of earlier tests go too.
    """
    left = [*rest(registry, "subjects?deleted=true")]
    for _ in range(5):
        for subject in [*left]:
            path = f"subjects/{quote(subject, safe='')}"
            rest(registry, f"config/{quote(subject, safe='')}", "DELETE")
            try:
                rest(registry, path, "DELETE")
                rest(registry, f"{path}?permanent=true", "DELETE")
                left.remove(subject)
            except AssertionError as failure:
                assert "42206" in str(failure), failure
        if not left:
            return
    raise AssertionError(left)


def _settled(wild: Wild, worker: Server) -> bool:
    found = rest(worker, "connectors?expand=status")
    for name, state in wild.states.items():
        status = found.get(name, {}).get("status")
        if status is None or status["connector"]["state"] != state:
            return False
        if state == "RUNNING" and [task["state"] for task in status["tasks"]] != [state]:  # the others have none
            return False
    return True


def _done(answers: Any) -> None:
    assert not {key: problem for key, problem in answers.items() if problem is not None}, answers


def _until(seen: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < end, f"never seen: {what}"
        time.sleep(0.1)
