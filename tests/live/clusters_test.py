"""The main job on other releases of Apache Kafka: the oldest that is supported, the last with ZooKeeper's age, the newest.

Which ones: `TEST_VERSIONS="2.8 3.9"`, or `all`; `make versions` runs all and prints a table of releases and steps.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from desk import Desk

from kafka_gitops import catalog
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.sandbox import Sandbox, running
from kafka_gitops.sandbox.releases import RELEASES, release
from kafka_gitops.sandbox.source import Source

pytestmark = pytest.mark.kafka

CHOSEN = os.environ.get("TEST_VERSIONS", "2.8 3.9 4.4").replace(",", " ").split()
VERSIONS = [str(release(one)) for one in (RELEASES if CHOSEN == ["all"] else CHOSEN)]
TOPICS = """\
context: acme
projects:
- name: pay
  consumers:
  - {{principal: "User:alice", group: pay}}
  producers:
  - {{principal: "User:bob"}}
  topics:
  - name: orders
    config: {{num.partitions: "{partitions}", replication.factor: "1", retention.ms: "{retention}"}}
  - name: keys
    config: {{num.partitions: "1", replication.factor: "1", cleanup.policy: compact}}
"""
DENY = """\
acls:
- {principals: ["User:mallory"], deny: [WRITE], topics: ["acme.*"]}
"""


class Place(NamedTuple):
    """A broker of one release, and a directory whose state goes on from step to step."""

    version: str
    kafka: Sandbox
    desk: Desk


@pytest.fixture(scope="module", params=VERSIONS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    version = request.param
    with running(users={"alice": "alice-secret"}, source=Source(version=version)) as kafka:
        desk = Desk(tmp_path_factory.mktemp("cluster"), [])
        client = [f"      {key}: {value}" for key, value in kafka.client().items() if key != "bootstrap.servers"]
        at = [f"    bootstrap: {kafka.sasl_bootstrap}", f"    cluster_id: {kafka.cluster_id}", "    client:", *client]
        desk.write("kafka-gitops.yaml", "\n".join([f'kafka_version: "{version}"', "environments:", "  it:", *at, ""]))
        yield Place(version, kafka, desk)


@pytest.fixture
def desk(place: Place) -> Desk:
    return place.desk


def test_doctor_names_the_release_and_every_right(desk: Desk, place: Place) -> None:
    out = desk.ok("doctor")
    assert f", Kafka {place.version.rpartition('.')[0]}" in out
    assert "FAIL" not in out and "lacks" not in out
    assert "ok    may create topics    of any name" in out
    assert "ok    may alter ACLs" in out


def test_lint_then_plan_then_apply(desk: Desk) -> None:
    desk.write("t.yaml", TOPICS.format(partitions=1, retention=86400000))
    desk.ok("lint", "t.yaml")
    assert "to create" in desk.ok("plan", "t.yaml")
    assert " applied and verified, 0 failed, 0 skipped, 0 not possible" in desk.ok("apply", "t.yaml", "--yes")


def test_the_second_plan_is_empty(desk: Desk) -> None:
    assert desk.ok("plan", "t.yaml", "--exit-code").startswith("No changes.")


def test_partitions_configs_and_a_deny_come_in_one_apply(desk: Desk) -> None:
    desk.write("t.yaml", TOPICS.format(partitions=3, retention=172800000) + DENY)
    out = desk.ok("apply", "t.yaml", "--yes", "--accept", "deny-added")
    assert "2 applied and verified, 0 failed" in out
    assert desk.ok("plan", "t.yaml", "--exit-code").startswith("No changes.")


def test_a_shorter_retention_blocks(desk: Desk) -> None:
    desk.write("t.yaml", TOPICS.format(partitions=3, retention=3600000) + DENY)
    refused = desk.run("apply", "t.yaml", "--yes")
    assert refused.code == 4
    assert "risk retention-shrink on topic acme.pay.orders is not accepted" in refused.err
    desk.write("t.yaml", TOPICS.format(partitions=3, retention=172800000) + DENY)


def test_a_change_by_hand_is_drift(desk: Desk, place: Place) -> None:
    with open_cluster(place.kafka.client(), timeout=10) as cluster:
        assert cluster.alter_configs({"acme.pay.orders": {"retention.ms": "259200000"}}) == {"acme.pay.orders": None}
    found = desk.run("drift", "t.yaml")
    assert found.code == 2
    assert "retention.ms" in found.out
    assert "1 applied and verified" in desk.ok("apply", "t.yaml", "--yes", "--accept", "retention-shrink")


def test_a_saved_plan_deletes(desk: Desk) -> None:
    kept = TOPICS.format(partitions=3, retention=172800000).partition("  - name: keys")[0]
    desk.write("t.yaml", kept + "removed:\n- {topic: acme.pay.keys, because: nobody reads it}\n")
    desk.ok("plan", "t.yaml", "-o", "plan.json", "--accept", "topic-delete")
    assert "1 applied and verified" in desk.ok("apply", "plan.json", "--accept", "topic-delete")
    assert desk.ok("plan", "t.yaml", "--exit-code").startswith("No changes.")


def test_a_user_without_rights_is_told_the_grant(desk: Desk, place: Place) -> None:
    login = [f"-Xsasl.{key}={value}" for key, value in {"username": "alice", "password": "alice-secret"}.items()]
    refused = desk.run("plan", "t.yaml", *login)
    assert refused.code == 1
    assert (
        "kafka-acls --add --allow-principal User:alice --operation DescribeConfigs --topic acme.pay.orders"
        in refused.err
    )


def test_the_configs_of_the_catalogue_are_those_of_the_broker(place: Place) -> None:
    wanted = catalog.known(place.version)
    with open_cluster(place.kafka.client(), timeout=10) as cluster:
        (found,) = cluster.topic_configs(["acme.pay.orders"], list(wanted)).values()
    assert set(found.effective) == set(wanted)
