"""What the access rules say, word for word, and how `access:` is read."""

from pathlib import Path

import pytest
from linting import lint_text, read

from kafka_gitops.descriptor import build
from kafka_gitops.lint import run as lint
from kafka_gitops.model import Access
from kafka_gitops.settings import Language, RuleSetting, Settings
from kafka_gitops.text.source import parse

PAY = """\
context: acme
projects:
- name: pay
  topics:
  - name: orders
    consumers:
    - {principal: User:audit, group: "audit-*"}
  - name: audit
acls:
- principals: [User:audit]
  deny: [WRITE]
  topics: [acme.*]
- principals: [User:intern]
  allow: [ALL]
  topics: [acme.*]
- principals: [User:siem]
  allow: [READ]
  topics: [acme.pay.orders]
  hosts: ["10.1.2.3"]
"""


def said(item: str, *, text: str = PAY, **options: object) -> list[tuple[str, str | None]]:
    """The message and the help of each access-test finding for one expectation."""
    settings = Settings(rules={"access-test": RuleSetting(options=options)})
    found = lint.run(read(f"{text}access:\n- {item}\n"), settings)
    return [(one.message, one.help) for one in found if one.rule == "access-test"]


def test_a_missing_binding_is_named_with_what_is_fine() -> None:
    assert said("{principal: User:audit, can: read, topic: acme.pay.audit, group: audit-1}") == [
        (
            "User:audit cannot read topic acme.pay.audit: no binding gives READ on topic acme.pay.audit; READ on group audit-1 is fine",
            'if it should: under "acls", {principals: [User:audit], allow: [READ], topics: [acme.pay.audit]}',
        )
    ]


def test_a_denial_in_the_way_is_named_with_its_line() -> None:
    assert said("{principal: User:audit, can: write, topic: acme.pay.orders}") == [
        (
            'User:audit cannot write topic acme.pay.orders: the denial "User:audit must not WRITE topic acme.*" (t.yaml:12) is in the way',
            "remove the denial, or correct the expectation",
        )
    ]


def test_what_must_not_be_possible_is_said_with_the_binding_that_makes_it_so() -> None:
    assert said("{principal: User:intern, cannot: delete, topic: acme.pay.orders}") == [
        (
            'User:intern can delete topic acme.pay.orders: by "User:intern may ALL topic acme.*" (t.yaml:15)',
            "remove it, deny it, or correct the expectation",
        )
    ]


def test_everybody_is_every_principal_that_the_bindings_tell_apart() -> None:
    (message, _), *rest = said('{principal: "User:*", cannot: alter, topic: acme.pay.orders}')
    assert message.startswith("User:intern can alter topic acme.pay.orders") and not rest
    ((message, help),) = said('{principal: "User:*", can: alter, topic: "acme.pay.*"}')
    assert message == "User:* cannot alter topic acme.pay.*: no binding gives ALTER on topic acme.pay.*"
    assert help == 'if it should: under "acls", {principals: ["User:*"], allow: [ALTER], topics: ["acme.pay.*"]}'


def test_without_a_host_some_host_is_enough_to_be_able_to() -> None:
    assert said("{principal: User:siem, can: read, topic: acme.pay.orders}") == []
    assert said("{principal: User:siem, can: read, topic: acme.pay.orders, host: 10.1.2.3}") == []
    ((message, _),) = said("{principal: User:siem, can: read, topic: acme.pay.orders, host: 10.1.2.4}")
    assert message.endswith("from 10.1.2.4: no binding gives READ on topic acme.pay.orders")
    ((message, _),) = said("{principal: User:siem, cannot: read, topic: acme.pay.orders}")
    assert message.startswith("User:siem can read topic acme.pay.orders from 10.1.2.3: by")


def test_a_denial_is_said_rather_than_the_hosts_without_a_right() -> None:
    text = PAY + "- {principals: [User:siem], deny: [READ], topics: [acme.pay.orders], hosts: [10.1.2.3]}\n"
    ((message, _),) = said("{principal: User:siem, can: read, topic: acme.pay.orders}", text=text)
    assert message == (
        'User:siem cannot read topic acme.pay.orders from 10.1.2.3: the denial "User:siem must not READ topic '
        'acme.pay.orders from 10.1.2.3" (t.yaml:20) is in the way'
    )


def test_two_rights_from_two_hosts_do_not_add_up() -> None:
    text = PAY + "- {principals: [User:siem], allow: [READ], groups: [g], hosts: [10.9.9.9]}\n"
    assert said("{principal: User:siem, cannot: read, topic: acme.pay.orders, group: g}", text=text) == []


def test_super_users_open_brokers_and_other_authorizers() -> None:
    item = "{principal: User:root, can: alter, cluster: true}"
    assert len(said(item)) == 1
    assert said(item, super_users=("User:root",)) == said(item, open_without_acl=True) == []
    assert said(item, other_authorizer=True)[0][0].endswith("ALTER on the cluster (ACL part only)")


def test_files_with_rbac_are_judged_by_their_acls_and_say_so() -> None:
    text = PAY.replace("  - name: audit\n", "  - name: audit\n  rbac:\n  - ResourceOwner: [{principal: User:owner}]\n")
    ((message, _),) = said("{principal: User:owner, can: read, topic: acme.pay.orders}", text=text)
    assert message.endswith("(ACL part only)")


def test_a_topic_can_be_created_by_a_right_on_the_cluster() -> None:
    text = PAY + "- {principals: [User:new], allow: [CREATE], cluster: true}\n"
    assert said("{principal: User:new, can: create, topic: any}", text=text) == []


def test_a_file_of_tests_needs_no_context() -> None:
    files = {"a.yaml": PAY, "tests.yaml": "access:\n- {principal: User:x, can: read, topic: acme.pay.orders}\n"}
    topology = build.topology({path: parse(path, text) for path, text in files.items()}, Language())
    assert topology.problems == ()
    found = [str(one.span) for one in lint.run(topology, Settings()) if one.rule == "access-test"]
    assert found == ["tests.yaml:2:28"]


def test_expectations_are_read_with_their_places() -> None:
    topology = read(f"{PAY}access:\n- {{principal: User:a, cannot: Alter Configs, topic: t, cluster: true, host: h}}\n")
    (found,) = topology.access
    assert topology.problems == ()
    assert found == Access(
        "User:a", False, "ALTER_CONFIGS", (("TOPIC", "t"), ("CLUSTER", "kafka-cluster")), "h", found.node
    )
    assert found.node.at("cannot").line == 21


def test_access_as_a_text_is_a_segment_of_the_names_as_ever() -> None:
    topology = read("context: acme\naccess: eu\nprojects:\n- name: pay\n  topics:\n  - name: orders\n")
    assert [topic.name for topic in topology.topics] == ["acme.eu.pay.orders"]


@pytest.mark.parametrize(
    ("item", "rule", "message", "help"),
    [
        ("{can: read, topic: t}", "missing-key", 'an item of access needs the key "principal"', "say who it is: principal: User:NAME"),
        ("{principal: User:a, topic: t}", "missing-key", 'an item of access needs one of "can" and "cannot"', "for example: can: read"),
        (
            "{principal: User:a, can: read, cannot: read, topic: t}",
            "missing-key",
            'an item of access needs one of "can" and "cannot", found both',
            "for example: can: read",
        ),
        (
            "{principal: User:a, can: read}",
            "missing-key",
            "an item of access needs at least one of delegation_token, group, topic, transactional_id, user, cluster: true",
            "say what it is about: topic: NAME",
        ),
        ("{principal: User:a, can: raed, topic: t}", "wrong-type", 'Kafka has no operation "raed" on a topic', 'did you mean "read"?'),
        (
            "{principal: User:a, can: write, topic: t, group: g}",
            "wrong-type",
            'Kafka has no operation "write" on a group',
            "a group knows alter_configs, delete, describe, describe_configs, read",
        ),
        (
            "{principal: User:a, can: read, topics: [t]}",
            "unknown-key",
            'an item of access has no key "topics"',
            "an expectation is about one: write an item for each; known keys: can, cannot, cluster, delegation_token, "
            "group, host, principal, topic, transactional_id, user",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_expectation(item: str, rule: str, message: str, help: str) -> None:
    problems = read(f"access:\n- {item}\n").problems
    assert (rule, message, help) in [(one.rule, one.message, one.help) for one in problems]


def test_a_denial_is_told_from_an_exception() -> None:
    text = Path(__file__).with_name("acl-deny.yaml")
    found = [one.message for one in lint_text(text.read_text()) if one.rule == "acl-deny"]
    assert found[:2] == [
        '"User:a must not WRITE topic acme.pay.orders" denies nothing: no entry allows it, and Kafka denies what nobody allows',
        '"User:a must not READ topic acme.*" takes away what the consumer entry in t.yaml:7 gives: "User:a may READ topic acme.pay.orders"',
    ]


def test_what_else_gives_a_right_is_named() -> None:
    text = PAY + "- {principals: [User:audit], allow: [READ], topics: [acme.pay.orders]}\n"
    found = [(one.message, one.help) for one in lint_text(text) if one.rule == "acl-redundant"]
    assert found == [
        (
            'User:audit has READ on topic acme.pay.orders already: "User:audit may READ topic acme.pay.orders" (t.yaml:7)',
            "delete one of the two",
        )
    ]
