"""JulieOps' state file, in both of its forms: what it made becomes our keys, a damaged one has its place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kafka_gitops.dialects import julieops_state
from kafka_gitops.errors import ConfigError
from kafka_gitops.model import Acl, Key, Topic, acl_key, topic_key

READ = Acl("User:app one", "*", "READ", "ALLOW", "TOPIC", "LITERAL", "orders")
GROUP = Acl("User:app one", "*", "READ", "ALLOW", "GROUP", "PREFIXED", "pay.")
BINDING = {
    "resourceType": "TOPIC",
    "resourceName": "orders",
    "host": "*",
    "operation": "READ",
    "principal": "User:app one",
    "pattern": "LITERAL",
    "scope": None,
}
PREFIXED = {**BINDING, "resourceType": "GROUP", "resourceName": "pay.", "pattern": "PREFIXED"}
ROLE = {**BINDING, "operation": "DeveloperRead", "scope": {"clusters": {"kafka-cluster": "x"}, "resources": []}}
STATE = {
    "bindings": [BINDING, PREFIXED, ROLE],
    "accounts": [{"id": "1", "name": "a", "description": "", "resource_id": None}],
    "topics": ["orders", "gone"],
    "connectors": [{"path": "c.json", "serverLabel": "main", "name": "sink", "hash": "1"}],
    "ksqlStreams": [],
    "ksqlTables": [{"path": "t.sql", "name": "t"}],
}
OLD = """\
acls
'TOPIC', 'orders', '*', 'READ', 'User:app one', 'LITERAL'
"'GROUP', 'pay.', '*', 'READ', 'User:app one', 'PREFIXED'"
ServiceAccounts
{"id":1,"name":"a","description":"b"}
Topics
orders
gone
"""
KEYS = {acl_key(READ), acl_key(GROUP), topic_key("orders"), topic_key("gone")}


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        julieops_state.read("s", text)
    return caught.value.message


def test_the_state_in_json_becomes_keys() -> None:
    owned = julieops_state.read("s", json.dumps(STATE))
    assert owned.keys == {*KEYS, Key("connector", "main/sink")}
    assert owned.others == (("role binding", 1), ("service account", 1), ("ksqlDB table", 1))


def test_the_state_in_text_becomes_the_same_keys() -> None:
    owned = julieops_state.read("s", OLD)
    assert owned.keys == KEYS
    assert owned.others == (("service account", 1),)
    assert julieops_state.read("s", OLD.replace("\n", "\r\n")) == owned


def test_a_state_says_whose_a_resource_is() -> None:
    owned = julieops_state.read("s", OLD)
    there = {topic_key(name): Topic(1, 1, {}) for name in ("orders", "mine")} | {acl_key(READ): READ}
    kept, left = julieops_state.limited(owned, {**there, Key("quota", "user a"): Topic(1, 1, {})})
    assert list(kept) == [topic_key("orders"), acl_key(READ)]
    assert left == [
        ("topic mine", "not in s: JulieOps did not make it"),
        ("quota user a", "s of JulieOps records none of its kind"),
        (str(acl_key(GROUP)), "in s, and not on the cluster"),
        ("topic gone", "in s, and not on the cluster"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "s: this state is empty: JulieOps made nothing, or lost it"),
        ("orders\n", "s:1: neither JSON nor the line acls, with which a state of JulieOps before 3.0 begins"),
        ("acls\n'TOPIC', 'orders'\n", "s:2: expected six fields in quotes, such as 'TOPIC', 'orders', '*', 'READ', "),
        (OLD.replace("LITERAL", "EXACT"), 's:2: "EXACT" is not a pattern type; known: LITERAL, PREFIXED'),
        ('{"topics": [', "s:1:13: this state of JulieOps is not JSON: expecting value"),
        ("[]", "s:1:1: expected an object with bindings, topics, accounts"),
        ('{"topic": []}', 's:1:11: "topic" is not a key of a state of JulieOps; known: bindings, topics, '),
        ('{"topics": {}}', "s:1:12: topics: expected a list"),
        ('{"topics": ["a",\n 3]}', "s:2:2: expected the name of a topic"),
        ('{"bindings": [\n {"host": "*"}]}', 's:2:3: expected an object with "resourceType", a text'),
        (
            json.dumps({"bindings": [{**BINDING, "resourceType": "TOPICS"}]}),
            's:1:16: "TOPICS" is not a resource type of Kafka; known: TOPIC, ',
        ),
        ('{"topics":' + "[" * 100_000, "s: this state of JulieOps is nested too deeply"),
    ],
)
def test_a_damaged_state_has_its_place(text: str, said: str) -> None:
    assert refused(text).startswith(said)


DAMAGES = st.lists(
    st.tuples(st.integers(0, 600), st.sampled_from(("", "{", "]", '"', "\n", "\\", "null", "'"))), max_size=4
)


@given(st.sampled_from((OLD, json.dumps(STATE, indent=1))), DAMAGES)
@settings(max_examples=150, deadline=None)
def test_a_damaged_state_never_ends_in_a_traceback(text: str, damages: list[tuple[int, str]]) -> None:
    for at, instead in damages:
        text = text[:at] + instead + text[at + 1 :]
    try:
        julieops_state.read("s", text)
    except ConfigError as error:
        assert error.message.startswith("s:")
