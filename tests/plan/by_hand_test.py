"""The commands for a person name exactly one binding."""

import pytest
from making import acl

from kafka_gitops.by_hand import remove
from kafka_gitops.model import Acl


@pytest.mark.parametrize(
    ("binding", "said"),
    [
        (acl("a", "READ", "topic:t"), "--allow-principal User:a --operation Read --topic t"),
        (
            acl("a", "DESCRIBE_CONFIGS", "topic:t.*"),
            "--allow-principal User:a --operation DescribeConfigs --topic t. --resource-pattern-type prefixed",
        ),
        (acl("*", "ALL", "group:*"), "--allow-principal 'User:*' --operation All --group '*'"),
        (
            acl("a", "WRITE", "transactional_id:it's", host="10.0.0.1", permission="DENY"),
            "--deny-principal User:a --deny-host 10.0.0.1 --operation Write --transactional-id 'it'\"'\"'s'",
        ),
        (acl("a", "IDEMPOTENT_WRITE", "cluster"), "--allow-principal User:a --operation IdempotentWrite --cluster"),
        (
            acl("a", "DESCRIBE", "delegation_token:t"),
            "--allow-principal User:a --operation Describe --delegation-token t",
        ),
        (
            acl("a", "CREATE_TOKENS", "user:User:b"),
            "--allow-principal User:a --operation CreateTokens --user-principal User:b",
        ),
        (acl("a;rm -rf /", "READ", "topic:t"), "--allow-principal 'User:a;rm -rf /' --operation Read --topic t"),
    ],
)
def test_the_command_that_takes_one_binding_away(binding: Acl, said: str) -> None:
    assert remove(binding) == f"kafka-acls --remove {said}"
