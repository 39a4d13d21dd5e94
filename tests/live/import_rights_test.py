"""An import by principals that may not read everything, of parts, and with rules that the platform demands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from altering import eventually
from desk import Desk
from making import acl, topic

from kafka_gitops.clients.cluster import KafkaCluster, open_cluster
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka


@pytest.fixture
def cluster(kafka: Sandbox) -> Iterator[KafkaCluster]:
    with open_cluster(kafka.client()) as opened:
        yield opened


def options(kafka: Sandbox, user: str = "admin") -> list[str]:
    return [word for key, value in kafka.client(user).items() for word in ("-X", f"{key}={value}")]


@pytest.fixture
def desk(tmp_path: Path, kafka: Sandbox) -> Desk:
    return Desk(tmp_path, options(kafka))


def test_who_may_not_see_every_topic_is_refused_and_may_import_its_own(
    tmp_path: Path, kafka: Sandbox, cluster: KafkaCluster, prefix: str
) -> None:
    orders = f"{prefix}orders"
    assert not any(cluster.create_topics({orders: topic(2, 1)}).values())
    rights = [acl("carol", one, f"topic:{prefix}*") for one in ("DESCRIBE", "DESCRIBE_CONFIGS")]
    assert not any(cluster.create_acls(rights).values())
    carol = Desk(tmp_path, options(kafka, "carol"))
    eventually(lambda: carol.run("import", "--out", "seen", "--only", "topics", "--topics", f"{prefix}*").code == 0)
    refused = carol.run("import", "--out", "found", "--only", "topics")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        "error: User:carol may not describe every topic of *, so an import would leave some out unseen. Grant it, or "
        "name what it may see: --topics PATTERN\n"
        "    kafka-acls --add --allow-principal User:carol --operation Describe --topic '*'\n"
        "    kafka-acls --add --allow-principal User:carol --operation DescribeConfigs --topic '*'\n"
    )
    assert not (tmp_path / "found").exists()
    said = carol.ok("import", "--out", "found", "--only", "topics", "--topics", f"{prefix}*")
    assert said.startswith("1 topic, 0 ACLs, read from cluster ")
    assert carol.ok("plan", "found", "--only", "topics", "--exit-code").startswith("No changes.")
    all_kinds = carol.run("import", "--out", "other", "--topics", f"{prefix}*")
    assert all_kinds.code == 1 and "User:carol may not read the cluster's ACLs" in all_kinds.err


def test_topics_bound_the_rights_to_those_on_them(desk: Desk, cluster: KafkaCluster, prefix: str) -> None:
    names = [f"{prefix}{name}" for name in ("orders", "paid")]
    cluster.create_topics({name: topic(1, 1) for name in names})
    eventually(lambda: {*names} <= cluster.list_topics().keys())
    rights = [
        acl("app", "READ", f"topic:{names[0]}"),
        acl("app", "READ", f"group:{prefix}g"),
        acl("app", "READ", f"topic:{prefix}*"),
    ]
    assert not any(cluster.create_acls(rights).values())
    eventually(lambda: {*rights} <= {*cluster.list_acls()})
    said = desk.ok("import", "--out", "found", "--topics", names[0])
    assert said.startswith("1 topic, 1 ACL, read from cluster ")
    assert "quotas, users: it is not about the topics that --topics names" in said


def test_nothing_to_import_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    found = desk.run("import", "--out", "found", "--only", "topics", "--topics", "no.such.topic")
    assert (found.code, found.err) == (
        1,
        "error: There is nothing of no.such.topic on the servers that files could declare: nothing was written.\n",
    )
    assert "--topics no.such.topic: no topic that this principal sees is called so" in found.out
    assert not (tmp_path / "found").exists()


def test_what_a_platform_demands_is_not_waived_and_told(desk: Desk, cluster: KafkaCluster, prefix: str) -> None:
    """Its policy demands a pattern of names; what lint refuses otherwise has its waiver."""
    name = f"{prefix}orders"
    cluster.create_topics({name: topic(1, 1, unclean_leader_election_enable="true")})
    eventually(lambda: name in cluster.list_topics())
    desk.write("policy.yaml", "rules: {topic-name-pattern: {severity: error, pattern: 'acme[.].*'}}\n")
    said = desk.ok("import", "--out", "found", "--only", "topics", "--topics", name, "--policy", "policy.yaml")
    assert "Waived in the files, each with a comment to look at: topic-unclean-election (1)\n" in said
    assert "lint will refuse: topology.yaml:" in said and "(topic-name-pattern)" in said
    assert desk.run("lint", "found", "--policy", "policy.yaml").code == 1
    assert desk.run("lint", "found").code == 0
