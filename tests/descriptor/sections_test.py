"""Sections of kinds: where they stand, what they share with JulieOps' lists, and how `removed:` names their resources."""

import pytest
from reading import messages, understood

from kafka_gitops.model import Key
from kafka_gitops.settings import Language

HEAD = "context: c\nprojects:\n- name: p\n"
ONE = "{name: s, config: {connector.class: X, topics: t}}"
SINK = Key("connector", "main/s")
MAIN = Language(connect_servers=("main",))


def test_an_item_of_a_list_that_julieops_has_is_told_by_its_keys() -> None:
    found = understood(f"{HEAD}  connectors: [{{principal: User:a}}, {ONE}, User:b]\n", settings=MAIN)
    assert messages(found) == []
    assert [(grant.role, grant.principal) for grant in found.grants] == [
        ("connector", "User:a"),
        ("connector", "User:b"),
    ]
    assert [(one.key, one.project, str(one.node.head)) for one in found.declared] == [(SINK, "p", "a.yaml:4:38")]


def test_an_item_that_is_both_is_an_error() -> None:
    found = understood(f"{HEAD}  connectors: [{{principal: User:a, name: s, config: {{}}}}]\n", settings=MAIN)
    assert [line.partition(" found ")[2] for line in messages(found) if "expected a mapping" in line] == [
        '"principal" and "config" in one item, expected a mapping (a connector) or a principal or a mapping'
        " (a connector of Kafka Connect) (write an item for each)"
    ]
    assert (found.grants, found.declared) == ((), ())


def test_julieops_form_with_access_control_keeps_its_meaning() -> None:
    found = understood(f"{HEAD}  connectors: {{access_control: [{{principal: User:a}}]}}\n", settings=MAIN)
    assert (messages(found), len(found.grants), found.declared) == ([], 1, ())


def test_at_the_top_only_a_list_is_the_section() -> None:
    text = "context: c\nconnectors: {}\nprojects:\n- name: p\n  topics: [name: t]\n".replace("{}", "{}")
    assert [topic.name for topic in understood(text.replace("{}", "eu")).topics] == ["c.eu.p.t"]
    said = messages(understood(text.replace("{}", "{a: b}")))
    assert said == [
        'a.yaml:2:1: error segment-suspicious a mapping under "connectors", expected a list of connectors: it makes an'
        ' empty part in every name of this file (begin every entry with "- ")'
    ]
    found = understood(text.replace("{}", f"[{ONE}]"), settings=MAIN)
    assert ([topic.name for topic in found.topics], [one.key for one in found.of("connector")]) == (["c.p.t"], [SINK])


def test_a_file_with_sections_alone_is_a_topology() -> None:
    found = understood(f"context: c\nconnectors: [{ONE}]\n", settings=MAIN)
    assert (messages(found), [one.key for one in found.declared]) == ([], [SINK])
    assert found.state.keys() == {SINK}
    assert str(found.at(SINK, "name")) == "a.yaml:2:21"


def test_of_two_declarations_the_first_counts() -> None:
    found = understood(f"context: c\nconnectors: [{ONE}, {ONE.replace('X', 'Y')}]\n", settings=MAIN)
    (first,) = found.of("connector")
    assert first is found.declared[0]
    assert found.state == {SINK: first.spec}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{connector: main/s}", None),
        ("{connector: other/s, release: true, because: moved}", None),
        ("{connector: a, topic: b}", 'needs one of "topic",'),
        ("{because: x}", 'needs one of "topic",'),
        ("{connector: [a]}", "found a list, expected text"),
    ],
)
def test_a_removal_names_its_kind(item: str, said: str | None) -> None:
    found = understood(f"context: c\nremoved: [{item}]\n", settings=MAIN)
    if said is not None:
        assert said in messages(found)[0]
        assert found.removals == ()
        return
    (removal,) = found.removed("connector")
    assert (found.removed("topic"), messages(found)) == ((), [])
    assert removal.release == ("release" in item)
    assert (removal.because, removal.part) == ("moved" if "because" in item else None, None)


def test_declared_and_removed_is_told_with_both_places() -> None:
    found = understood(f"context: c\nconnectors: [{ONE}]\nremoved: [{{connector: s}}]\n", settings=MAIN)
    assert messages(found) == [
        'a.yaml:3:23: error resource-duplicate the connector "main/s" is both declared and removed, declared in'
        " a.yaml:2:21 (delete one of the two)"
    ]


ROLE = "roles:\n- name: {}\n  acls:\n  - {{resourceType: Topic, resourceName: '{{{{topic}}}}', patternType: LITERAL, host: '*', operation: READ}}\n"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("quotas", "a list of quotas"),
        ("users", "a list of users"),
        ("schemas", "a list of schemas"),
        ("acls", "a list of bindings"),
    ],
)
def test_a_custom_role_of_a_sections_name_wins_with_a_note(name: str, what: str) -> None:
    text = f"{HEAD}  {name}: [{{principal: User:a, topic: t, subject: s}}]\n"
    found = understood(text, roles=ROLE.format(name))
    assert messages(found) == []
    assert found.notes == (f'a.yaml:4:3: "{name}" is the custom role of that name here, not {what}',)
    assert ([grant.role for grant in found.grants], found.declared) == ([name], ())


def test_a_custom_role_called_connectors_is_julieops_list_as_ever() -> None:
    found = understood(f"{HEAD}  connectors: [{{principal: User:a}}]\n", roles=ROLE.format("connectors"))
    assert ([grant.role for grant in found.grants], len(found.acls), found.notes) == (["connector"], 8, ())


@pytest.mark.parametrize("value", ["eu", "'eu'"])
@pytest.mark.parametrize("name", ["quotas", "users", "schemas", "connectors"])
def test_a_text_under_the_name_is_a_part_of_names_as_in_julieops(name: str, value: str) -> None:
    found = understood(f"context: c\n{name}: {value}\nprojects:\n- name: p\n  topics: [name: t]\n")
    assert [topic.name for topic in found.topics] == ["c.eu.p.t"]
    assert [line for line in messages(found) if " warning segment-unusual " not in line] == []


def test_a_part_of_a_resource_is_removed_beside_what_is_declared_of_it() -> None:
    text = (
        "context: c\nusers: [{name: a, mechanism: SCRAM-SHA-512, password: '${A}'}]\n"
        "removed:\n- {user: a, mechanism: SCRAM-SHA-256}\n- {user: a, mechanism: SCRAM-SHA-512}\n"
        "- {schema: s, version: 3}\n- {topic: t, version: 3}\n- {schema: s, mechanism: SCRAM-SHA-256}\n"
    )
    found = understood(text)
    assert [(str(removal.key), removal.part) for removal in found.removals] == [
        ("user a", "SCRAM-SHA-256"),
        ("user a", "SCRAM-SHA-512"),
        ("schema s", "3"),
    ]
    assert messages(found) == [
        'a.yaml:5:10: error resource-duplicate the user "a" is both declared and removed, declared in a.yaml:2:16'
        " (delete one of the two)",
        'a.yaml:7:14: error unknown-key the key "version" is for a schema, and this removes a topic (delete it)',
        'a.yaml:8:15: error unknown-key the key "mechanism" is for a user, and this removes a schema (delete it)',
    ]
