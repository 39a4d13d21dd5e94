"""`connectors:` of a file: what is understood, and each thing that is wrong at its place."""

from pathlib import PurePosixPath

import pytest
from reading import line

from kafka_gitops.kinds.connector import section
from kafka_gitops.kinds.connector.declared import One, connectors
from kafka_gitops.kinds.connector.spec import Connector
from kafka_gitops.model import Topology
from kafka_gitops.reading.draft import Draft
from kafka_gitops.settings import Language
from kafka_gitops.text.source import parse

CANARY = "canary-5d1f9e"
CLASS = "org.apache.kafka.connect.file.FileStreamSinkConnector"


def read(text: str, files: dict[str, str] | None = None, servers: tuple[str, ...] | None = ("main",)) -> Draft:
    def reader(_topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
        found = (files or {}).get(str(PurePosixPath(path)))
        return (found, None) if found is not None else (None, "there is no such file")

    draft = Draft(Language(connect_servers=servers), read=reader)
    root = parse("a.yaml", text).root
    assert root is not None
    for key, node in root.map.items():
        (section.artefacts if key == "artefacts" else section.read)(draft, node, None)
    return draft


def one(text: str, files: dict[str, str] | None = None) -> One:
    draft = read(text, files)
    assert [line(problem) for problem in draft.problems] == []
    (found,) = connectors(Topology(declared=tuple(draft.declared)))
    return found


def said(text: str, files: dict[str, str] | None = None, servers: tuple[str, ...] | None = ("main",)) -> list[str]:
    return [line(problem) for problem in read(text, files, servers).problems]


def test_all_that_an_item_may_say() -> None:
    found = one(
        f"""\
connectors:
- name: orders-sink
  cluster: main
  config: {{connector.class: {CLASS}, tasks.max: 2, topics: "a,b", x: 1.50, y: true}}
  state: paused
  keep: [z]
  replaces: orders-old
  restart: failed
"""
    )
    config = {"connector.class": CLASS, "tasks.max": "2", "topics": "a,b", "x": "1.50", "y": "true"}
    assert found.spec == Connector(config, "paused", ("z",), "main/orders-old")
    assert (str(found.key), found.flags) == ("connector main/orders-sink", frozenset({"restart"}))
    place = "  config: {connector.class: " + CLASS + ", tasks.max: 2"
    assert str(found.at("tasks.max")) == f"a.yaml:4:{len(place)}"


@pytest.mark.parametrize(
    "text",
    [
        f'{{"connector.class": "{CLASS}", "topics": "a", "tasks.max": 1}}',
        f'{{"name": "ORDERS-sink", "config": {{"name": "x", "connector.class": "{CLASS}", "topics": "a", "tasks.max": 1}}}}',
    ],
)
def test_a_file_has_the_config_or_the_name_and_the_config(text: str) -> None:
    found = one("connectors: [{name: orders-sink, file: c.json}]", {"c.json": text})
    assert found.spec == Connector({"connector.class": CLASS, "topics": "a", "tasks.max": "1"})
    assert found.at("topics").path == "c.json"


def test_an_artefact_of_julieops_is_the_same() -> None:
    found = one(
        "artefacts: [{path: c.json, server: main, name: orders-sink}]", {"c.json": f'{{"connector.class": "{CLASS}"}}'}
    )
    assert (str(found.key), found.flags) == ("connector main/orders-sink", frozenset({"julieops"}))


def test_principals_with_rights_are_passed_over() -> None:
    assert not read("connectors: [{principal: User:a, topics: {read: [x]}}]").declared


SINK = f"{{connector.class: {CLASS}, topics: a}}"
WRONG = [
    (f"connectors: [{{name: a/b, config: {SINK}}}]", "connector-name", "contains /"),
    (f"connectors: [{{name: ' a', config: {SINK}}}]", "connector-name", "blanks around"),
    ("connectors: [{name: x, config: {topics: a}}]", "missing-key", "connector.class"),
    ("connectors: [{name: x, config: [a]}]", "wrong-type", "expected a mapping"),
    ("connectors: [{name: x, state: running}]", "missing-key", 'one of "config" and "file"'),
    (f"connectors: [{{name: x, file: c.json, config: {SINK}}}]", "missing-key", "found both"),
    ("connectors: [{name: x, file: no.json}]", "file-not-found", "no.json: there is no such file"),
    ("connectors: [{name: x, file: broken.json}]", "artefact-syntax", "this is not JSON"),
    ("connectors: [{name: x, file: list.json}]", "artefact-syntax", "not a JSON object"),
    ("connectors: [{name: x, file: twice.json}]", "duplicate-key", '"topics"'),
    ("connectors: [{name: x, file: other.json}]", "wrong-type", 'the file is about "y"'),
    (f"connectors: [{{name: x, cluster: nosuch, config: {SINK}}}]", "wrong-type", 'no Connect cluster is called "nosuch"'),
    (f"connectors: [{{name: x, replaces: x, config: {SINK}}}]", "wrong-type", "that is itself"),
    (f"connectors: [{{name: x, keep: [topics], config: {SINK}}}]", "wrong-type", "both kept and written"),
    (f"connectors: [{{name: x, config: {{connector.class: {CLASS}, topics: [a]}}}}]", "connector-value", "found a list"),
    (f"connectors: [{{name: x, config: {{connector.class: {CLASS}, topics: null}}}}]", "connector-value", "found nothing"),
    (f"connectors: [{{name: x, config: {{connector.class: {CLASS}, topics: {{a: 1}}}}}}]", "connector-value", "a mapping"),
    (f"connectors: [{{name: x, config: {{connector.class: {CLASS}, db.password: {CANARY}}}}}]", "connector-secret", "in clear"),
    (f"connectors: [{{name: x, config: {{connector.class: {CLASS}, y: yes}}}}]", "unquoted-oddity", "text for Connect"),
]  # fmt: skip
FILES = {
    "broken.json": "{",
    "list.json": "[1]",
    "twice.json": f'{{"connector.class": "{CLASS}", "topics": "a", "topics": "b"}}',
    "other.json": '{"name": "y", "config": {}}',
}


@pytest.mark.parametrize(("text", "rule", "part"), WRONG)
def test_what_is_wrong_is_told_once_with_its_rule(text: str, rule: str, part: str) -> None:
    (problem,) = said(text, FILES)
    assert f" {rule} " in problem and part in problem


def test_a_secret_is_in_no_spec_and_in_no_message() -> None:
    text = f"connectors: [{{name: x, config: {{connector.class: {CLASS}, db.password: {CANARY}}}}}]"
    draft = read(text)
    assert CANARY not in str([declared.spec for declared in draft.declared]) + str(draft.problems)
    assert draft.declared[0].spec == Connector({"connector.class": CLASS, "db.password": "(secret)"})


def test_of_several_clusters_one_must_be_named() -> None:
    text = f"connectors: [{{name: x, config: {SINK}}}]"
    assert "which Connect cluster?" in said(text, servers=("main", "other"))[0]
    assert str(read(text, servers=("other",)).declared[0].key) == "connector other/x"
    assert str(read(text, servers=None).declared[0].key) == "connector x"
