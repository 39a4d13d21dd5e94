"""`${values.NAME}`: the same as having written it, wherever a value stands, and nothing in any other file."""

import json
import pickle
import re
from pathlib import Path
from random import Random

import pytest
from mixing import PLANS, ROLES, drawn
from reading import described, language, messages, understood
from valued import with_values

from kafka_gitops.changes import Change, Origin
from kafka_gitops.descriptor.build import topology
from kafka_gitops.diagnostics import Span
from kafka_gitops.kinds.valued import placed
from kafka_gitops.model import Topology, topic_key
from kafka_gitops.report import words
from kafka_gitops.settings import Language, Value
from kafka_gitops.text.source import parse

GOLDEN = sorted((Path(__file__).parents[1] / "golden").iterdir())
VALUES = {
    "env": Value("dev"),
    "replicas": Value("3", plain=True),
    "topic": Value("no"),
    "off": Value("off", plain=True),
}
ONE = "context: a\nprojects:\n- name: p\n  topics:\n  - name: t\n    config: {%s}\n"
WRITTEN = """\
context: ${values.env}
projects:
- name: p
  consumers:
  - {principal: "User:${values.env}-app", group: "${values.env}-*"}
  topics:
  - name: ${values.env}-t${values.replicas}
    plan: ${values.env}
    config:
      replication.factor: ${values.replicas}
acls:
- {principals: ["User:${values.env}"], allow: [READ], topics: ["${values.env}.*"], hosts: ["${values.host}"]}
access:
- {principal: "User:${values.env}", can: read, topic: "${values.env}.p.x"}
removed:
- {topic: "${values.env}.old"}
"""


def same(found: object) -> object:
    """What was understood, without columns: what stands behind a value on its line has moved."""
    return json.loads(re.sub(r"(\.yaml:\d+):\d+", r"\1", json.dumps(found)))


def texts() -> list[tuple[str, str]]:
    return [(folder.name, (folder / "topology.yaml").read_text()) for folder in GOLDEN] + [
        (f"drawn {seed} {path}", text) for seed in range(12) for path, text in drawn(seed).items()
    ]


def test_replacing_is_having_written_it() -> None:
    random, replaced = Random(14), 0
    for name, text in texts():
        changed, values = with_values(text, random)
        replaced += len(values)
        now = understood(changed, settings=Language(values=values), roles=ROLES, plans=PLANS)
        assert same(described(now)) == same(described(understood(text, roles=ROLES, plans=PLANS))), (name, changed)
    assert replaced > 1_000


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_the_reference_s_files_mean_what_they_meant(folder: Path) -> None:
    text, usual = (folder / "topology.yaml").read_text(), language((folder / "config.properties").read_text())
    one = parse("t.yaml", text)
    assert one.filled(VALUES) is one
    found = understood(text, settings=usual._replace(values=VALUES))
    assert described(found) == described(understood(text, settings=usual))


def test_values_are_everywhere_where_a_value_is() -> None:
    values = {**VALUES, "host": Value("10.0.0.1"), "env": Value("dev")}
    plans = "plans:\n  dev:\n    config: {retention.ms: '${values.replicas}000'}\n"
    found = understood(WRITTEN, settings=Language(values=values), plans=plans)
    assert messages(found) == []
    assert [(one.name, one.spec.fields()) for one in found.topics] == [
        ("dev.p.dev-t3", {"partitions": None, "replication": "3", "retention.ms": "3000"})
    ]
    assert sorted(map(str, found.acls)) == [
        "User:dev may READ topic dev.* from 10.0.0.1",
        "User:dev-app may DESCRIBE topic dev.p.dev-t3",
        "User:dev-app may READ group dev-*",
        "User:dev-app may READ topic dev.p.dev-t3",
    ]
    assert found.removals[0].key.name == "dev.old"
    assert (found.access[0].principal, found.access[0].resources) == ("User:dev", (("TOPIC", "dev.p.x"),))
    assert found.topics[0].node.at("config", "replication.factor") == (*("a.yaml", 10, 27, 10, 45),), (
        "a value keeps the place of what it stands for"
    )


@pytest.mark.parametrize(
    ("entry", "stands_for", "means"),
    [
        ("x: '${values.v}'", Value("010", plain=True), "010"),  # quoted in the file
        ("x: '${values.v}'", Value("010"), "010"),
    ],
)
def test_quotes_in_a_file_keep_text(entry: str, stands_for: Value, means: str) -> None:
    assert understood(ONE % entry, settings=Language(values={"v": stands_for})).topics[0].spec.config == {"x": means}


@pytest.mark.parametrize(
    ("stands_for", "means"),
    [(Value("010", plain=True), "8"), (Value("010"), "010"), (Value("yes", plain=True), "true"), (Value(""), "")],
)
def test_a_plain_one_is_typed_as_if_it_had_been_written(stands_for: Value, means: str) -> None:
    text = (ONE % "").replace("config: {}", "config:\n      x: ${values.v}")
    assert understood(text, settings=Language(values={"v": stands_for})).topics[0].spec.config == {"x": means}


def test_every_other_text_is_text() -> None:
    texts = (
        "${topic}",
        "${file:/etc/a:b}",
        "${VAR}",
        "{{topic}}",
        "$values.env",
        "${value.env}",
        "${VALUES.env}",
        "$${env}",
    )
    entry = ", ".join(f"x{number}: '{text}'" for number, text in enumerate(texts))
    one = parse("a.yaml", ONE % entry)
    assert one.filled(VALUES) is one
    found = understood(ONE % entry, settings=Language(values=VALUES))
    assert tuple(found.topics[0].spec.config.values()) == texts


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "x: 'a ${values.replica}'",
            'a.yaml:6:20: error value-unknown no value is called "replica" (did you mean "replicas"? Else write '
            '"replica: ..." under `values` in kafka-gitops.yaml, at the top or in the environment)',
        ),
        (
            "x: '${values.a b}'",
            'a.yaml:6:18: error value-unknown no value is called "a b" (write "a b: ..." under `values` in '
            "kafka-gitops.yaml, at the top or in the environment)",
        ),
        (
            "x: '${values.env'",
            'a.yaml:6:18: error value-unknown "${values.env" has no "}" at its end (write ${values.NAME})',
        ),
        (
            "'${values.env}.x': '1'",
            'a.yaml:6:14: error value-unknown "${values.env}.x" is a key: only values are replaced (write the key itself)',
        ),
    ],
)
def test_what_cannot_be_replaced_is_told_with_its_place(entry: str, said: str) -> None:
    assert messages(understood(ONE % entry, settings=Language(values=VALUES)))[0] == said


def test_without_values_their_place_is_told() -> None:
    assert messages(understood(ONE % "x: '${values.env}'")) == [
        'a.yaml:6:18: error value-unknown no value is called "env": there are no `values` (write "env: ..." under '
        "`values` in kafka-gitops.yaml, at the top or in the environment)"
    ]


def test_a_file_that_is_read_again_has_its_values_again() -> None:
    one = parse("a.yaml", ONE % "x: '${values.env}'").filled(VALUES)
    assert one.filled(dict(VALUES)) is one
    for _ in range(2):
        assert one.root is not None and one.root.get("projects", 0, "topics", 0, "config", "x").text == "dev"  # type: ignore[union-attr]
        assert one.used == {(6, 17): ("env",)}
        one.let_go()


FILES = {
    "sink.json": '{"connector.class": "x", "topics": "${values.env}.orders", "p": "${file:/etc/x:${topic}}", "n": "${values.nme}"}',
    "o.avsc": '{"type": "record", "name": "${values.name}", "fields": []}',
}
NAMED = """\
context: a
projects: []
connectors:
- name: c
  file: sink.json
  values: %s
schemas:
- subject: o
  file: o.avsc
  values: %s
"""


def artefact(_topology: str, path: str, /, *, beside: bool = False) -> tuple[str | None, str | None]:
    return FILES[path], None


def test_a_file_that_an_entry_names_is_taken_as_it_is() -> None:
    values = {"env": Value("dev"), "name": Value('O"')}
    sources = {"a.yaml": parse("a.yaml", NAMED % ("false", "no"))}
    found = topology(sources, Language(values=values), read=artefact)
    assert messages(found) == []
    assert found.declared[0].spec.config == json.loads(FILES["sink.json"])  # type: ignore[attr-defined]
    assert found.declared[1].spec.text == FILES["o.avsc"]  # type: ignore[attr-defined]


def test_an_entry_may_want_values_in_its_file() -> None:
    values = {"env": Value("dev"), "name": Value('O"'), "name2": Value("x")}
    sources = {"a.yaml": parse("a.yaml", NAMED % ("true", "'true'"))}
    found = topology(sources, Language(values=values), read=artefact)
    assert messages(found) == [
        f'sink.json:1:{FILES["sink.json"].index("${values.nme") + 1}: error value-unknown no value is called "nme" (did you mean "name"? Else write "nme: ..." under '
        "`values` in kafka-gitops.yaml, at the top or in the environment)"
    ]
    assert found.declared[0].spec.config == {  # type: ignore[attr-defined]
        **json.loads(FILES["sink.json"]),
        "topics": "dev.orders",
    }
    assert json.loads(found.declared[1].spec.text)["name"] == 'O"', "as JSON writes it"  # type: ignore[attr-defined]


def test_julieops_files_are_never_looked_at() -> None:
    text = "context: a\nprojects:\n- name: p\n  connectors:\n    artefacts:\n    - {path: sink.json, name: c}\n"
    found = topology({"a.yaml": parse("a.yaml", text)}, Language(values=VALUES), read=artefact)
    assert found.declared[0].spec.config == json.loads(FILES["sink.json"])  # type: ignore[attr-defined]


def test_a_plan_says_which_value_a_field_has() -> None:
    values = {"replicas": Value("3", place=Span("kafka-gitops.yaml", 9, 3, 9, 4)), "gone": Value("1")}
    text = (
        ONE % "retention.ms: '${values.replicas}000', cleanup.policy: delete, replication.factor: '${values.replicas}'"
    )
    found = understood(text, settings=Language(values=values))
    key = topic_key("a.p.t")
    origin = Origin.at(found.topics[0].node.head, "p")
    (change,) = placed([Change(key, None, found.specs["a.p.t"], origin=origin)], found)
    shown = {edit.field: words.edit_text(change, edit)[1] for edit in change.edits() if edit.after is not None}
    said = "(values.replicas = 3, kafka-gitops.yaml:9)"
    assert shown == {"replication": said, "cleanup.policy": "", "retention.ms": said}


def test_own_rules_in_another_process_see_the_same() -> None:
    values = {**VALUES, "host": Value("10.0.0.1"), "env": Value("dev")}
    found = understood(WRITTEN, settings=Language(values=values), plans="plans:\n  dev: {}\n")
    there: Topology = pickle.loads(pickle.dumps(found))
    assert described(there) == described(found)
    assert there.topics[0].node.text == "" and there.topics[0].node.at("name") == found.topics[0].node.at("name")
    assert [one.used for one in there.sources.values()] == [one.used for one in found.sources.values()] != [{}]


def test_a_text_does_not_grow_beyond_what_is_read() -> None:
    text = ONE % f"x: '{'${values.long}' * 33}'"
    (said,) = messages(understood(text, settings=Language(values={"long": Value("x" * 1000)})))
    assert said == (
        "a.yaml:6:17: error value-unknown with its values this is 33,000 characters, at most 32,767 are read (shorten it)"
    )
