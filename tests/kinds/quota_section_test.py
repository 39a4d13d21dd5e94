"""Quotas in files: each form of them, and each mistake word by word with its place."""

import pytest
import yaml
from reading import messages, understood

from kafka_gitops.kinds import quota
from kafka_gitops.kinds.quota.spec import Quota
from kafka_gitops.model import Key

HEAD = "context: c\nprojects: []\n"


def read(text: str) -> dict[str, dict[str, str]]:
    """The limits by the names of quotas; the text has no mistake."""
    found = understood(f"{HEAD}{text}\n")
    assert messages(found) == []
    specs = {key.name: spec for key, spec in found.wanted("quota").items()}
    return {name: dict(spec.limits) for name, spec in specs.items() if isinstance(spec, Quota)}


def wrong(text: str) -> list[str]:
    return [message.removeprefix("a.yaml:") for message in messages(understood(f"{HEAD}{text}\n"))]


def test_every_form_at_the_top_of_a_file() -> None:
    text = """\
quotas:
- {user: app, producer_byte_rate: 10485760, consumer_byte_rate: "2048", request_percentage: 0.5}
- {user: "User:app", client_id: batch, controller_mutation_rate: 1}
- {user: <default>, client_id: <default>, producer_byte_rate: 1_000}
- {client_id: 7, producer_byte_rate: 1}
- {ip: "0:0:0:0:0:0:0:1", connection_creation_rate: 20}
"""
    assert read(text) == {
        "user=app": {"producer_byte_rate": "10485760", "consumer_byte_rate": "2048", "request_percentage": "0.5"},
        "user=app client-id=batch": {"controller_mutation_rate": "1"},
        "user=<default> client-id=<default>": {"producer_byte_rate": "1000"},
        "client-id=7": {"producer_byte_rate": "1"},
        "ip=::1": {"connection_creation_rate": "20"},
    }


def test_a_project_has_quotas_and_a_plain_text_stays_a_part_of_names() -> None:
    found = understood(
        "context: c\nquotas: eu\nprojects:\n- name: p\n  topics: [{name: t}]\n"
        "  quotas: [{user: app, producer_byte_rate: 1}]\n"
    )
    assert messages(found) == []
    assert [declared.project for declared in found.of("quota")] == ["p"]
    assert [topic.name for topic in found.topics] == ["c.eu.p.t"]


def test_the_list_of_julieops_is_the_same_kind() -> None:
    text = (
        "platform: {kafka: {quotas: [{principal: 'User:app', producer_byte_rate: 1024.0}, "
        "{principal: '', consumer_byte_rate: '5'}]}}"
    )
    assert read(text) == {"user=app": {"producer_byte_rate": "1024"}, "user=<default>": {"consumer_byte_rate": "5"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quotas: [{producer_byte_rate: 1}]",
         ['3:11: error missing-key a quota needs one of "user", "client_id" and "ip" (say whose it is)']),
        ("quotas: [{user: a}]",
         ["3:11: error missing-key a quota without a limit limits nothing: user=a (add producer_byte_rate)"]),
        ("quotas: [{ip: 10.1.2.3}]",
         ["3:11: error missing-key a quota without a limit limits nothing: ip=10.1.2.3"
          " (add connection_creation_rate)"]),
        ("quotas: [{user: a, ip: 10.1.2.3, producer_byte_rate: 1}]",
         ["3:20: error unknown-key a quota of an address is of no user or client id (write an item for each)"]),
        ("quotas: [{user: a, producer_byte_rate: 1, connection_creation_rate: 1}]",
         ['3:43: error unknown-key a quota of a user or client id has no key "connection_creation_rate"'
          " (connection_creation_rate is for ip)"]),
        ("quotas: [{user: a, producer_byte_rate: .nan}]",
         ['3:40: error wrong-type found text, ".nan", expected a number']),
        ("quotas: [{user: a, producer_byte_rate: 10MB}]",
         ['3:40: error wrong-type found text, "10MB", expected a number']),
        ('removed: [{quota: "user=a b"}]',
         ['3:19: error wrong-type found text, "user=a b", expected the name of a quota (write \'user="a b"\')']),
        ('removed: [{quota: "orders"}]',
         ['3:19: error wrong-type found text, "orders", expected the name of a quota'
          ' (for example: {quota: "user=orders client-id=batch"}, with <default> for the default)']),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(text: str, expected: list[str]) -> None:
    assert wrong(text) == expected


def test_a_key_that_is_nearly_known_is_told_with_what_was_meant() -> None:
    (told,) = wrong("quotas: [{user: a, producer_byterate: 1}]")
    assert told.startswith('3:20: error unknown-key a client quota has no key "producer_byterate" (did you mean "prod')
    (told,) = wrong("quotas: [{principal: a, producer_byte_rate: 1}]")
    assert "say whose it is by its bare name: user: NAME" in told


def test_declared_and_removed_is_a_contradiction() -> None:
    (told,) = wrong('quotas: [{user: a, producer_byte_rate: 1}]\nremoved: [{quota: "user=a"}]')
    assert told.startswith("4:")
    assert "both declared and removed" in told


@pytest.mark.parametrize(
    "name", ["user=app", "user=<default>", 'user="a b" client-id=<default>', "ip=::1", 'client-id="<default>x y"']
)
def test_what_is_exported_is_read_again(name: str) -> None:
    entity = quota.spec.parse(name)
    assert entity is not None
    limits = {"connection_creation_rate" if "ip" in name else "producer_byte_rate": "5"}
    section, entry = quota.export(Key("quota", name), Quota(entity, limits))
    assert read(yaml.safe_dump({section: [entry]})) == {name: limits}
