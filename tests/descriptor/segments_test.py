"""Top-level keys: which may be parts of names, which look like something else, which are places for anchors."""

import pytest
from linting import lint_text
from reading import line, messages, understood

from kafka_gitops.settings import Language, Naming

FILE = "context: acme\n{}\nprojects:\n- name: pay\n  topics:\n  - name: settled\n    config: {{num.partitions: '1'}}\n"
PART = "here it is a part of every name of this file"


def said(text: str, *accepted: str) -> list[str]:
    found = understood(FILE.format(text), settings=Language(Naming(segments=accepted)))
    return [one.removeprefix("a.yaml:") for one in messages(found)]


def accept(key: str) -> str:
    return f', or, if it is intended, "naming: {{segments: [{key}]}}" in kafka-gitops.yaml)'


@pytest.mark.parametrize(
    ("text", "what", "help"),
    [
        ("retention.ms: '1'", "is a topic config", "indent it under the config of a topic"),
        ("num.partitions: '6'", "is a topic config", "indent it under the config of a topic"),
        ("cleanup.policy: compact", "is a topic config", "indent it under the config of a topic"),
        ("partitions: '6'", "belongs to a topic", 'it belongs under "config" as num.partitions'),
        ("replicas: '3'", "belongs to a topic", 'it belongs under "config" as replication.factor'),
        ("topcis: x", 'is nearly "topics"', 'write "topics"'),
        ("producer: x", 'is nearly "producers"', 'write "producers"'),
        ("special_topic: x", 'is nearly "special_topics"', 'write "special_topics"'),
        ("remove: x", 'is nearly "removed"', 'write "removed"'),
        ("retention_ms: '1'", 'is nearly the topic config "retention.ms"', "write retention.ms under the config of a topic"),
        ("segment.byte: '1'", 'is nearly the topic config "segment.bytes"',
         "write segment.bytes under the config of a topic"),
    ],
)  # fmt: skip
def test_what_can_hardly_be_meant(text: str, what: str, help: str) -> None:
    key = text.partition(":")[0]
    assert said(text) == [f'2:1: error segment-suspicious "{key}" {what}: {PART} ({help}{accept(key)}']
    assert said(text, key) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("config: x", "of a topic"),
        ("name: foo", "of a project"),
        ("topics: x", "of a project"),
        ("plan: gold", "of a topic"),
        ("group: x", "of consumers"),
        ("principal: x", "of consumers"),
        ("transactionId: x", "of producers"),
        ("environments: x", "of kafka-gitops.yaml"),
        ("kafka_version: x", "of kafka-gitops.yaml"),
    ],
)
def test_what_has_the_name_of_another_key(text: str, where: str) -> None:
    key = text.partition(":")[0]
    help = f"move it where it belongs{accept(key)}"
    assert said(text) == [f'2:1: warning segment-unusual "{key}" is a key {where}: {PART} ({help}']
    assert said(text, key) == []


@pytest.mark.parametrize(
    "key",
    ["source", "company", "region", "env", "environment", "team", "domain", "product", "country", "app", "project",
     "users", "stage", "tenant", "department", "system", "x-team"],
)  # fmt: skip
def test_what_people_call_their_segments(key: str) -> None:
    found = understood(FILE.format(f"{key}: one"))
    assert messages(found) == []
    assert [topic.name for topic in found.topics] == ["acme.one.pay.settled"]


@pytest.mark.parametrize("value", ["&d {num.partitions: '1'}", "[&d {num.partitions: '1'}]", "{a: &d {b: c}}"])
def test_a_place_for_anchors_is_no_part_of_names(value: str) -> None:
    found = understood(FILE.format(f"x-defaults: {value}").replace("config: {num.partitions: '1'}", "config: *d"))
    assert messages(found) == []
    assert [topic.name for topic in found.topics] == ["acme.pay.settled"]


@pytest.mark.parametrize(("key", "instead"), [(".defaults", "x-defaults"), ("templates", "x-templates")])
@pytest.mark.parametrize(("value", "what"), [("{a: b}", "a mapping"), ("[a]", "a list")])
def test_any_other_mapping_or_list(key: str, instead: str, value: str, what: str) -> None:
    assert said(f"{key}: {value}") == [
        f'2:1: error segment-suspicious {what} under "{key}" makes an empty part in every name of this file'
        f' (for anchors call it "{instead}"; else write a text, or delete the key)'
    ]


@pytest.mark.parametrize(
    ("text", "owner", "help"),
    [
        ("topics: [{name: a}]", "a project", 'the entry of "projects"'),
        ("consumers: [{principal: User:a}]", "a project", 'the entry of "projects"'),
        ("config: {retention.ms: '1'}", "a topic", "the topic"),
    ],
)
def test_a_list_or_mapping_of_a_project_or_topic_in_the_first_column(text: str, owner: str, help: str) -> None:
    key = text.partition(":")[0]
    assert said(text) == [
        f'2:1: error segment-suspicious "{key}" belongs to {owner}: here it makes an empty part in every name of this'
        f' file (indent it under {help} that it belongs to, level with its "name")'
    ]


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\u2003"])
@pytest.mark.parametrize("text", ["retention.ms: '1'", "topics: []"])
def test_spaces_that_yaml_takes_for_letters(space: str, text: str) -> None:
    key = text.partition(":")[0]
    assert said(space * 6 + text) == [
        f'2:1: error segment-suspicious "{key}" is indented with spaces that YAML takes for letters, such as no-break'
        " spaces (indent with ordinary spaces)"
    ]


CHANGE = "context: acme\n{}projects:\n- name: pay\n  topics:\n  - {{name: a}}\n  - {{name: b}}\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "x-team: one\n",
         'error change-segment the key "x-team" is new and a part of every name: 2 topics of this file would be new and'
         ' empty, such as "acme.one.pay.a" instead of "acme.pay.a" (undo it, or move the topics first)'),
        ("x-team: one\n", "x-team: {a: b}\n",
         'error change-segment the key "x-team" was a part of every name and is gone: 2 topics of this file would be'
         ' new and empty, such as "acme.pay.a" instead of "acme.one.pay.a" (undo it, or move the topics first)'),
        ("a: x\nb: y\n", "b: y\na: x\n",
         "error change-segment the parts of names are in another order: context, b, a: 2 topics of this file would be"
         ' new and empty, such as "acme.y.x.pay.a" instead of "acme.x.y.pay.a" (undo it, or move the topics first)'),
        ("x-team: {a: b}\n", "x-team: {a: c}\n", None),
        ("x-team: {a: b}\n", "", None),
    ],
)  # fmt: skip
def test_a_change_that_moves_names(before: str, after: str, expected: str | None) -> None:
    text = f"{CHANGE.format(before)}# after\n{CHANGE.format(after)}"
    found = [line(one).split(": ", 1)[1] for one in lint_text(text) if one.rule == "change-segment"]
    accept = "; or accept it in the message of a commit: Kafka-Gitops-Accept: segment "
    assert [one.partition(accept)[0] for one in found] == ([] if expected is None else [expected.removesuffix(")")])
