"""`${values.NAME}`: the same as having written it, wherever a value stands, and nothing in any other file."""

import json
import re
from pathlib import Path
from random import Random

import pytest
from mixing import PLANS, ROLES, drawn
from reading import described, language, messages, understood
from valued import with_values

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
