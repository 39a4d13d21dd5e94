"""Quotas on a real broker: what an apply sets is what clients meet, and each refusal has its way through."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from making import acl, topic

from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.link import Link
from kafka_gitops.clients.quotas import KafkaQuotas
from kafka_gitops.clients.translate import login
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox) -> Iterator[Desk]:
    """The shared broker; no quota outlives a test."""
    yield Desk(tmp_path, ["-X", f"bootstrap.servers={kafka.bootstrap}"])
    link = Link(login(kafka.client()), timeout=10)
    quotas = KafkaQuotas(link)
    until = time.monotonic() + 60
    while found := quotas.list_quotas():
        quotas.alter_quotas({entity: dict.fromkeys(values) for entity, values in found.items()})
        assert time.monotonic() < until
    link.close()


def written(*items: str, removed: str = "") -> str:
    """A topology of quotas."""
    quotas = "\n".join(["quotas:", *(f"- {{{item}}}" for item in items)] if items else [])
    return f"context: acme\n{quotas}\nprojects: []\n{removed}\n"


def commit(desk: Desk, *words: str) -> None:
    import subprocess

    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    if not (desk.home / ".git").exists():
        subprocess.run([*git, "init", "-q"], cwd=desk.home, check=True)
    subprocess.run([*git, "add", "-A"], cwd=desk.home, check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], cwd=desk.home, check=True)


def throttled(kafka: Sandbox, name: str) -> float:
    """The longest that the client says it was held back while it wrote, in milliseconds."""
    from confluent_kafka import Producer

    longest = [0.0]

    def told(text: str) -> None:
        brokers = json.loads(text)["brokers"].values()
        longest[0] = max(longest[0], *(broker["throttle"]["max"] for broker in brokers))

    config: dict[str, Any] = {**kafka.client("streams"), "statistics.interval.ms": 100, "stats_cb": told}
    producer = Producer(config)
    for _ in range(40):
        producer.produce(name, b"x" * 10_000)
        producer.poll(0)
    producer.flush(60)
    until = time.monotonic() + 3
    while time.monotonic() < until and not longest[0]:
        producer.poll(0.1)
    return longest[0]


def test_a_client_is_really_throttled_after_an_apply_and_no_more_after_the_removal(
    desk: Desk, kafka: Sandbox, prefix: str
) -> None:
    name, right = prefix + "t", acl("streams", "WRITE", f"topic:{prefix}t")
    with open_cluster(kafka.client()) as cluster:
        cluster.create_topics({name: topic(1, 1)})
        cluster.create_acls([right])
        until = time.monotonic() + 60
        while right not in cluster.list_acls() or cluster.describe_topics([name])[name] is None:
            assert time.monotonic() < until
        assert throttled(kafka, name) == 0
        desk.write("t.yaml", written("user: streams, producer_byte_rate: 40000"))
        assert "quota user=streams" in desk.ok("plan", "t.yaml")
        desk.ok("apply", "t.yaml", "--yes")
        assert throttled(kafka, name) > 0
        desk.write("t.yaml", written(removed='removed: [{quota: "user=streams"}]'))
        desk.ok("apply", "t.yaml", "--yes")
        assert throttled(kafka, name) == 0
        cluster.delete_topics({name: None})
        cluster.delete_acls([right])


EVERY = (
    "user: app, producer_byte_rate: 10485760, request_percentage: 200",
    "user: app, client_id: batch, consumer_byte_rate: 1048576",
    "client_id: lone, controller_mutation_rate: 0.5",
    "user: <default>, producer_byte_rate: 1099511627776",
    "client_id: <default>, consumer_byte_rate: 1099511627776",
    "user: <default>, client_id: <default>, consumer_byte_rate: 1099511627776",
    'ip: "2001:DB8::1", connection_creation_rate: 20',
    "ip: <default>, connection_creation_rate: 100000",
)


def test_every_form_of_an_entity_goes_through_a_saved_plan_and_the_second_plan_is_empty(desk: Desk) -> None:
    desk.write("t.yaml", written(*EVERY))
    refused = desk.run("apply", "t.yaml", "--yes")
    assert refused.code == 4 and "--accept quota-default" in refused.out + refused.err
    assert "everybody's who has none of their own" in refused.out + refused.err
    shown = desk.run("plan", "t.yaml", "-o", "plan.json").out
    assert "10485760 (10 MiB/s per broker)" in shown
    assert "quota ip=2001:db8::1" in shown
    desk.ok("apply", "plan.json", "--yes", "--accept", "quota-default")
    assert "No changes." in desk.ok("plan", "t.yaml", "--exit-code")
    assert desk.run("drift", "t.yaml").code == 0


def test_drift_after_a_change_by_hand(desk: Desk, kafka: Sandbox) -> None:
    desk.write("t.yaml", written("user: app, producer_byte_rate: 10485760"))
    desk.ok("apply", "t.yaml", "--yes")
    link = Link(login(kafka.client()), timeout=10)
    KafkaQuotas(link).alter_quotas({(("user", "app"),): {"producer_byte_rate": 5.0, "consumer_byte_rate": 6.0}})
    until = time.monotonic() + 60
    while (result := desk.run("drift", "t.yaml")).code == 0:
        assert time.monotonic() < until
    assert result.code == 2
    assert "5 bytes/s per broker" in result.out and "consumer_byte_rate" in result.out
    assert "consumer_byte_rate" not in desk.run("plan", "t.yaml", "--undeclared-configs", "keep").out
    link.close()


def test_a_quota_of_user_name_that_julieops_left_is_named_and_taken_away(desk: Desk, kafka: Sandbox) -> None:
    link = Link(login(kafka.client()), timeout=10)
    KafkaQuotas(link).alter_quotas({(("user", "User:app"),): {"producer_byte_rate": 5.0}})
    link.close()
    text = "context: acme\nplatform: {kafka: {quotas: [{principal: 'User:app', producer_byte_rate: 5.0}]}}\n"
    desk.write("t.yaml", text)
    assert "quota-principal" in desk.run("lint", "t.yaml").out
    refused = desk.run("apply", "t.yaml", "--yes")
    assert refused.code == 4 and "--accept quota-first:user=app" in refused.out + refused.err
    desk.write("t.yaml", text + 'removed: [{quota: "user=User:app", because: "it limited nobody"}]\n')
    desk.ok("apply", "t.yaml", "--yes", "--accept", "quota-first:user=app")
    assert "No changes." in desk.ok("plan", "t.yaml", "--exit-code")


def test_a_quota_of_somebody_else_is_taken_over_with_a_yes(desk: Desk, kafka: Sandbox) -> None:
    link = Link(login(kafka.client()), timeout=10)
    KafkaQuotas(link).alter_quotas({(("user", "app"),): {"producer_byte_rate": 5.0}})
    link.close()
    desk.write("t.yaml", written())
    commit(desk)
    desk.write("t.yaml", written("user: app, producer_byte_rate: 6"))
    refused = desk.run("apply", "t.yaml", "--yes", "--base", "HEAD")
    assert refused.code == 4 and "--accept taken-over:user=app" in refused.out + refused.err
    desk.ok("apply", "t.yaml", "--yes", "--base", "HEAD", "--accept", "taken-over:user=app")
    assert "No changes." in desk.ok("plan", "t.yaml", "--exit-code", "--base", "HEAD")


def test_who_lacks_the_rights_is_told_which(tmp_path: Path, kafka: Sandbox) -> None:
    options = [word for key, value in kafka.client("alice").items() for word in ("-X", f"{key}={value}")]
    desk = Desk(tmp_path, options)
    desk.write("t.yaml", written("user: app, producer_byte_rate: 5"))
    result = desk.run("plan", "t.yaml")
    assert result.code == 1
    assert "User:alice may not read the cluster's quotas" in result.err
    assert "--operation DescribeConfigs --cluster" in result.err
    assert desk.run("plan", "t.yaml", "--only", "topics").code == 0


def test_a_scope_without_the_principal_refuses_it(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", "manage: {topics: ['acme.*'], principals: ['User:acme-*']}\n")
    desk.write("t.yaml", written("user: app, producer_byte_rate: 5", "user: acme-app, producer_byte_rate: 5"))
    result = desk.run("plan", "t.yaml")
    assert result.code != 0
    assert "`User:app` is not in `manage.principals`" in result.out + result.err
