"""How an acceptance is read: the line that a comment says to copy is the line that is understood."""

import pytest
from making import acl, topic

from kafka_gitops.acceptance import TRAILER, said
from kafka_gitops.changes import Change
from kafka_gitops.model import Key, topic_key
from kafka_gitops.policy import accept_trailer

DENY = acl("intern", "WRITE", "topic:acme.orders")._replace(permission="DENY")


@pytest.mark.parametrize(
    "change",
    [
        Change(topic_key("acme.orders"), topic(1, 1), None),
        Change(Key("acl", str(DENY)), None, DENY),
        Change(Key("principal", "User:CN=app,O=Acme Ltd: Berlin"), None, None),
    ],
)
def test_what_a_comment_says_to_copy_is_understood(change: Change) -> None:
    line = accept_trailer("deny-added", change)
    assert said(line.removeprefix(f"{TRAILER}:")) == ("deny-added", change.key.name)


@pytest.mark.parametrize(
    ("value", "rule", "name"),
    [
        ("RULE", "RULE", ""),
        ("RULE:User:app", "RULE", "User:app"),
        ("RULE: User:app", "RULE", "User:app"),
        (" RULE  User:app ", "RULE", "User:app"),
        ("", "", ""),
        (":", "", ""),
    ],
)
def test_the_ways_to_write_it(value: str, rule: str, name: str) -> None:
    assert said(value) == (rule, name)
