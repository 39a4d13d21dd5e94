"""The `kafka-acls` lines that messages print do what they say when Kafka's own program runs them, each form once."""

import pytest
from kafka_acls import lines, there, typed
from making import acl

from kafka_gitops.by_hand import remove
from kafka_gitops.clients.cluster import open_cluster
from kafka_gitops.clients.refusals import grant, missing_cluster_right, missing_topics
from kafka_gitops.model import Acl
from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
WHO = "it's of, CN=us"


@pytest.mark.parametrize(
    ("line", "given"),
    [
        (lines(missing_cluster_right(f"User:{WHO}", "ACLs").help)[0], [acl(WHO, "DESCRIBE", "cluster")]),
        (
            lines(missing_topics(f"User:{WHO}", ["printed.a", "printed.b"], "DescribeConfigs", "read").help)[0],
            [acl(WHO, "DESCRIBE_CONFIGS", "topic:printed.a"), acl(WHO, "DESCRIBE_CONFIGS", "topic:printed.b")],
        ),
        (
            grant(None, "Create", "--topic", "printed.", "--resource-pattern-type", "prefixed"),
            [acl("NAME", "CREATE", "topic:printed.*")],
        ),
    ],
    ids=["cluster", "topics", "prefix"],
)
def test_a_grant_gives_what_was_missing(kafka: Sandbox, line: str, given: list[Acl]) -> None:
    typed(kafka, line)
    with open_cluster(kafka.client()) as cluster:
        try:
            assert there(kafka, f"User:{WHO}", "User:NAME") == set(given)
        finally:
            cluster.delete_acls(given)


BY_HAND = [
    acl(WHO, "READ", "topic:printed.t"),
    acl(WHO, "DESCRIBE_CONFIGS", "topic:printed.*"),
    acl(WHO, "ALL", "group:*"),
    acl(WHO, "WRITE", "transactional_id:it's mine", host="10.0.0.1", permission="DENY"),
    acl(WHO, "IDEMPOTENT_WRITE", "cluster"),
    acl(WHO, "DESCRIBE", "delegation_token:printed t"),
    acl(WHO, "CREATE_TOKENS", "user:User:o'hara b"),
]


def test_each_removal_takes_its_binding_and_no_other(kafka: Sandbox) -> None:
    others = [one._replace(host="10.0.0.2") for one in BY_HAND]
    with open_cluster(kafka.client()) as cluster:
        assert set(cluster.create_acls([*BY_HAND, *others]).values()) == {None}
    left = {*BY_HAND, *others}
    for binding in BY_HAND:
        typed(kafka, remove(binding), "--force")
        left.discard(binding)
        assert there(kafka, f"User:{WHO}") == left, remove(binding)
    with open_cluster(kafka.client()) as cluster:
        cluster.delete_acls(others)
