"""What the rules about names say: the form that Kafka sees, and what to write."""

import time

import pytest
from linting import lint_text

from kafka_gitops.rules.acl.names_of_certificates import read

ENTRY = "context: a\nprojects:\n- name: p\n  producers:\n  - principal: '%s'\n  topics:\n  - name: t\n"
ACL = "context: a\nprojects: []\nacls:\n- {principals: ['User:c'], allow: [READ], %s}\n"


def said(text: str) -> list[str]:
    """Rule, message and help of each finding about names."""
    about = ("acl-principal", "acl-resource", "acl-star", "placeholder", "name-", "topic-name", "topic-config")
    return [f"{one.rule}: {one.message}; {one.help}" for one in lint_text(text) if one.rule.startswith(about)]


@pytest.mark.parametrize(
    ("principal", "found"),
    [
        (
            "User:C=DE, O=Acme, CN=svc",
            'acl-principal-dn: the principal "User:C=DE, O=Acme, CN=svc" has blanks around its commas or equals signs, as '
            'openssl prints them; Kafka\'s has none; write "User:CN=svc,O=Acme,C=DE"',
        ),
        (
            "User:alice,User:bob",
            'acl-principal-format: "User:alice,User:bob" is 2 principals in one text; list them one by one: '
            "User:alice, User:bob",
        ),
        (
            "user:alice",
            'acl-principal-format: "user:alice" is of type "user", which nobody has; did you mean "User:alice"?',
        ),
        (
            "User:CN=*,OU=Platform,O=Acme",
            'acl-principal-dn: the principal "User:CN=*,OU=Platform,O=Acme" matches nobody: Kafka takes its * literally; '
            "name each principal",
        ),
        (
            "User:${APP_USER}",
            'placeholder: ${APP_USER} in the principal "User:${APP_USER}": only ${values.NAME} is replaced here; write the '
            "value itself; if environments differ, write ${values.NAME} and define it in kafka-gitops.yaml",
        ),
        ("${APP_USER}", None),
    ],
)
def test_a_principal_has_one_finding(principal: str, found: str | None) -> None:
    told = said(ENTRY % principal)
    assert told == [found] if found else [one.split(":")[0] for one in told] == ["placeholder"]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("CN=svc, OU=Platform, O=Acme, C=DE", "CN=svc,OU=Platform,O=Acme,C=DE"),
        ("C = DE, ST = BY, O = Acme, CN = svc", "CN=svc,O=Acme,ST=BY,C=DE"),
        ("/C=DE/O=Acme/CN=svc", "CN=svc,O=Acme,C=DE"),
        ("DC = com, DC = acme, OU = A, CN = x y", "CN=x y,OU=A,DC=acme,DC=com"),
        ("cn=svc,o=Acme", "CN=svc,O=Acme"),
        ("O=Acme\\, Inc., CN=svc", "CN=svc,O=Acme\\, Inc."),
        ('O="Acme, Inc.", CN=svc', 'CN=svc,O="Acme, Inc."'),
        ("CN=svc,OU=Platform,O=Acme", "CN=svc,OU=Platform,O=Acme"),
    ],
)
def test_a_subject_in_the_form_of_kafka(written: str, normal: str) -> None:
    reading = read(written)
    assert reading is not None and reading.normal == normal


@pytest.mark.parametrize("name", ["alice", "a=b", "a, b", "CN", "x/CN=y z", "=", ",", ""])
def test_what_is_no_subject(name: str) -> None:
    assert read(name) is None


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        (
            "topics: ['*.t']",
            'acl-resource-name: no topic can be called "*.t": "*" is not allowed: this grants nothing; Kafka takes it '
            'literally: only "*" alone and at the end is special; name each topic, or a prefix',
        ),
        (
            "topics: ['a b*']",
            'acl-resource-name: no topic can begin with "a b": a blank is not allowed: this grants nothing; use letters, '
            'digits, ".", "_" and "-"',
        ),
        (
            "groups: ['*-x']",
            'acl-star-literal: the * in the group "*-x" is taken literally: only "*" alone and at the end is special; '
            "name each group, or a prefix",
        ),
        (
            "groups: ['x ']",
            'name-hidden-character: the group "x " ends with a blank, which is part of the name for Kafka; write "x"',
        ),
        (
            "topics: ['${T}']",
            'placeholder: ${T} in the topic "${T}": only ${values.NAME} is replaced here; write the value itself; if '
            "environments differ, write ${values.NAME} and define it in kafka-gitops.yaml",
        ),
        ("topics: ['t*'], groups: ['*', 'a b', 'x?']", None),
    ],
)
def test_a_resource_has_one_finding(resources: str, found: str | None) -> None:
    assert said(ACL % resources) == ([found] if found else [])


def test_a_config_with_a_placeholder_has_one_finding() -> None:
    text = "context: a\nprojects:\n- name: p\n  topics:\n  - name: t\n    config: {retention.ms: '${R}'}\n"
    assert said(text) == [
        "placeholder: ${R} in retention.ms: only ${values.NAME} is replaced here; write the value itself; if environments "
        "differ, write ${values.NAME} and define it in kafka-gitops.yaml"
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("168", 'kept 168 (168 ms), less than 1 minute: they are deleted almost at once; 168 hours (7 days) are "604800000"'),
        ("3600", 'kept 3600 (3.6 s), less than 1 minute: they are deleted almost at once; 3600 seconds (1 hour) are "3600000"'),
        ("1440", 'kept 1440 (about 1.4 s), less than 1 minute: they are deleted almost at once; 1440 minutes (1 day) are "86400000"'),
        ("86400", 'kept 86400 (about 1.4 minutes): it looks like seconds; 86400 seconds (1 day) are "86400000"'),
        ("604800", 'kept 604800 (about 10.1 minutes): it looks like seconds; 604800 seconds (7 days) are "604800000"'),
        ("30", 'kept 30 (30 ms), less than 1 minute: they are deleted almost at once; 30 days are "2592000000"'),
        ("1000", "kept 1000 (1 s), less than 1 minute: they are deleted almost at once; Kafka counts in milliseconds"),
    ],
)  # fmt: skip
def test_a_retention_that_looks_like_another_unit_says_which(text: str, found: str) -> None:
    topic = f"context: a\nprojects:\n- name: p\n  topics:\n  - name: t\n    config: {{retention.ms: '{text}'}}\n"
    (one,) = [one for one in lint_text(topic) if one.rule == "topic-retention"]
    assert f"{one.message}; {one.help}".startswith(f"records are {found}")


@pytest.mark.parametrize(
    "name", ["{{" * 200_000, "CN=a" + " " * 400_000, "/C=" * 150_000, "a," * 200_000, "%a" * 200_000]
)
def test_a_name_as_long_as_a_file_takes_no_time(name: str) -> None:
    began = time.perf_counter()
    lint_text(ENTRY % f"User:{name}x")
    lint_text(ACL % f"groups: ['{name}x'], topics: ['{name}x']")
    assert time.perf_counter() - began < 5
