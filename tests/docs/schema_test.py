"""The published JSON Schemas agree with what the program accepts: on a corpus, on broken copies of it, on single keys.

Where they differ on purpose, the program knows more, because it reads other keys and files too (KNOWS_MORE), or the
YAML reader does (`READERS`): a schema sees data, not text.
"""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from reading import language
from rule_pages import MANY_FILES, example

from kafka_gitops.cli.main import main
from kafka_gitops.cli.schema import KINDS, text_of
from kafka_gitops.descriptor import json_schema
from kafka_gitops.descriptor.build import topology
from kafka_gitops.descriptor.roles_file import ROLES
from kafka_gitops.descriptor.says import EVERYWHERE, OF
from kafka_gitops.diagnostics import Severity
from kafka_gitops.lint import run as lint
from kafka_gitops.reading.plans import PLANS
from kafka_gitops.rules import checks, every
from kafka_gitops.settings import Language, Settings
from kafka_gitops.shape.check import check
from kafka_gitops.text.source import Source, parse

CHECKED = {rule.NAME for rule in (*checks(), *every("READING")) if rule.NAME not in MANY_FILES}
ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parents[1] / "data"
PUBLISHED = ROOT / "docs" / "schemas"

SHAPE_RULES = {"unknown-key", "missing-key", "wrong-type", "nothing-declared"}
VALUE_RULES = {
    *("topic-config-unknown", "topic-config-value", "topic-config-removed", "topic-partitions-invalid"),
    *("topic-name-legal", "acl-resource-name", "acl-principal-format", "acl-principal-prefix", "placeholder"),
    *("name-hidden-character", "segment-suspicious"),
}
NO_EFFECT = ("nobody reads it", "makes an empty part")  # only a warning to us; an editor marks it all the same
KNOWS_MORE = (
    "Kafka has no operation",  # which there are depends on the resource, and case does not count
    "there is no plan",  # the plans stand in another file
    "and no custom role has that name",  # so do the roles
    'needs an "applicationId"',  # only where it is empty, or the names have no project prefix
    'needs the key "value.record.type"',  # depends on subject.name.strategy
    "has one subject for a topic's values",
)
READERS = {
    "multi_doc": "an ordinary reader refuses a second document, we read the first and say so by another rule",
    "octal": "an ordinary reader makes a date of a plain 2020-01-01, to us it is text",
}


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    """The validator of a schema."""
    return jsonschema.Draft202012Validator(json.loads(text_of(kind)))


def we_accept(
    text: str, settings: Language | None = None, *, roles: Source | None = None, plans: Source | None = None
) -> bool | None:
    """Whether the program finds nothing wrong with the shape of a topology file.

    None: only what it knows more, or what is wrong with values, of which a schema knows the commonest.
    """
    found = topology({"a.yaml": parse("a.yaml", text)}, settings or Language(), roles=roles, plans=plans)
    wrong = [
        f"{one.message} ({one.help})"
        for one in found.problems
        if one.rule in SHAPE_RULES or any(words in one.message for words in NO_EFFECT)
    ]
    if wrong and all(any(words in text for words in KNOWS_MORE) for text in wrong):
        return None
    if wrong:
        return False
    judged = lint.run(found, Settings(language=settings or Language()))
    return None if any(one.rule in VALUE_RULES and one.severity is Severity.error for one in judged) else True


def schema_accepts(text: str, kind: str = "topology") -> bool:
    """Whether the schema accepts a text as an ordinary YAML reader understands it."""
    return validator(kind).is_valid(yaml.safe_load(text))


def corpus() -> Iterator[Any]:
    """Every topology of the other tests: real ones, one for each part of the grammar, and tiny strange ones."""
    for path in sorted((Path(__file__).parents[1] / "golden").glob("*/topology.yaml")):
        yield pytest.param(path.read_text(encoding="utf-8"), id=path.parent.name)
    for path in sorted((DATA / "micro").glob("*.json")):
        if path.stem not in READERS:
            yield pytest.param(json.loads(path.read_text(encoding="utf-8"))["text"], id=path.stem)


@pytest.mark.parametrize("text", list(corpus()))
def test_the_corpus(text: str) -> None:
    assert we_accept(text) in (None, schema_accepts(text))


@pytest.mark.parametrize("name", READERS)
def test_what_only_the_reader_knows(name: str) -> None:
    text = json.loads((DATA / "micro" / f"{name}.json").read_text(encoding="utf-8"))["text"]
    assert we_accept(text) is not False
    with pytest.raises((yaml.YAMLError, AssertionError)):
        assert schema_accepts(text)


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value below a node."""
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in below:
        yield (*at, key)
        yield from places(value, (*at, key))


GONE = object()
OTHERS: tuple[object, ...] = (GONE, None, 3, "text", ["a"], {"x": {"y": 1}}, [{"zzz": 1}])


def broken(data: Any, at: tuple[Any, ...], value: object) -> str:
    """A copy with another value at a path, or without it, as JSON (which is YAML too)."""
    made = copy.deepcopy(data)
    parent = made
    for key in at[:-1]:
        parent = parent[key]
    if value is GONE:
        del parent[at[-1]]
    else:
        parent[at[-1]] = value
    return json.dumps(made)


@pytest.mark.parametrize("path", sorted((DATA / "grammar").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_grammar_with_every_value_broken_in_every_way(path: Path) -> None:
    """Every key of the grammar stands in these files: each is dropped, and replaced by something of another kind."""
    roles, plans = path.with_suffix(".roles"), path.with_suffix(".plans")
    side = {
        name: parse(name, file.read_text(encoding="utf-8"))
        for name, file in (("roles", roles), ("plans", plans))
        if file.exists()
    }
    properties = path.with_suffix(".properties")
    settings = language(properties.read_text(encoding="utf-8") if properties.exists() else "")
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert we_accept(json.dumps(data), settings, **side) is not False
    assert schema_accepts(json.dumps(data))
    disagree = [
        (at, text)
        for at in places(data)
        for value in OTHERS
        if we_accept(text := broken(data, at, value), settings, **side) not in (None, schema_accepts(text))
    ]
    assert disagree == []


HEAD = "context: c\nprojects:\n- name: p\n  topics:\n  - name: t\n"
BAD = {
    "empty": "{}",
    "a list": "[]",
    "a text": "topology",
    "no context": "projects: []",
    "nothing declared": "context: c",
    "a misspelt key of a topic": HEAD + "    conifg: {}\n",
    "a config beside config": HEAD + "    retention.ms: 1\n",
    "a list as config": HEAD + "    config: [retention.ms]\n",
    "a mapping as a config's value": HEAD + "    config: {retention.ms: {days: 1}}\n",
    "a text as keyed": HEAD + "    keyed: very\n",
    "a consumer without principal": HEAD + "    consumers: [{group: g}]\n",
    "both allow and deny": HEAD + "acls: [{principals: [User:a], allow: [READ], deny: [READ], topics: [t]}]\n",
    "acls without a resource": HEAD + "acls: [{principals: [User:a], allow: [READ]}]\n",
    "acls without principals": HEAD + "acls: [{principals: [], allow: [READ], topics: [t]}]\n",
    "access without can": HEAD + "access: [{principal: User:a, topic: t}]\n",
    "removed without topic": HEAD + "removed: [{because: old}]\n",
    "a release of a project and of patterns": HEAD + "removed: [{release: {project: q, topics: [a]}}]\n",
    "a release of nothing": HEAD + "removed: [{release: {}}]\n",
    "a release of many beside one": HEAD + "removed: [{topic: a, release: {project: q}}]\n",
    "users at the top": HEAD + "users: [{name: a}]\n",
    "a negative quota": HEAD + "platform: {kafka: {quotas: [{principal: User:a, producer_byte_rate: -1}]}}\n",
    "an unknown format of a schema": HEAD + "    schemas: {value.schema.file: a.avsc, value.format: XML}\n",
}
GOOD = {
    "bare principals": HEAD + "    consumers: [User:a]\n    producers: [User:b]\n",
    "plain numbers and truths": HEAD
    + "    config: {num.partitions: 3, preallocate: true, min.cleanable.dirty.ratio: 0.5}\n    keyed: yes\n",
    "segments of the hierarchy": HEAD + "source: s\nregion: 3\nempty: null\nusers: u\n",
    "access alone": "access: [{principal: User:a, can: read, topic: t}]\n",
    "a quota in quotes": HEAD + "platform: {kafka: {quotas: [{principal: User:a, producer_byte_rate: '1.5'}]}}\n",
    "any topic config": HEAD + "    config: {confluent.value.schema.validation: 'true'}\n",
}


@pytest.mark.parametrize("name", BAD)
def test_both_refuse(name: str) -> None:
    assert (we_accept(BAD[name]), schema_accepts(BAD[name])) == (False, False)


@pytest.mark.parametrize("name", GOOD)
def test_both_accept(name: str) -> None:
    assert (we_accept(GOOD[name]), schema_accepts(GOOD[name])) == (True, True)


SIDE = {
    "plans": [
        ("plans: {gold: {alias: g, config: {retention.ms: 1, num.partitions: '3'}}, none: {}}", True),
        ("plans: {}", True),
        ("plans: {gold: {config: null}}", True),
        ("plans: [gold]", False),
        ("plans: {gold: {retention.ms: 1}}", False),
        ("plans: {gold: null}", False),
        ("plan: {}", False),
        ("[]", False),
    ],
    "roles": [
        (
            "roles: [{name: r, acls: [{resourceType: Topic, resourceName: null, patternType: LITERAL, host: h, role: READ}]}]",
            True,
        ),
        ("roles: [{name: r, acls: []}]", True),
        ("roles: []", True),
        ("roles: {r: []}", False),
        ("roles: [{name: r}]", False),
        ("roles: [{name: r, acls: [{resourceType: Topic, resourceName: t, patternType: LITERAL, role: READ}]}]", False),
        ("roles: [{name: r, acls: [], rights: []}]", False),
        ("{}", False),
    ],
}


@pytest.mark.parametrize(("kind", "text", "good"), [(kind, *one) for kind, cases in SIDE.items() for one in cases])
def test_side_files(kind: str, text: str, good: bool) -> None:
    root = parse("f.yaml", text).root
    assert root is not None
    accepted = not list(check(root, {"plans": PLANS, "roles": ROLES}[kind]))
    assert (accepted, schema_accepts(text, kind)) == (good, good)


def test_a_pattern_type_is_one_of_two_and_an_operation_is_needed() -> None:
    acl = "roles: [{{name: r, acls: [{{resourceType: Topic, resourceName: t, patternType: {}, host: h{}}}]}}]"
    assert schema_accepts(acl.format("PREFIXED", ", role: READ"), "roles")
    assert not schema_accepts(acl.format("prefixed", ", role: READ"), "roles")
    assert not schema_accepts(acl.format("PREFIXED", ""), "roles")


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_is_made_from_the_tables(kind: str) -> None:
    assert (PUBLISHED / f"{kind}.json").read_text(encoding="utf-8") == text_of(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema_of_its_draft_without_loose_ends(kind: str) -> None:
    schema = json.loads(text_of(kind))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    referred = {value for key, value in _values(schema) if key == "$ref"}
    assert referred == {f"#/$defs/{name}" for name in schema.get("$defs", ())}


def _values(node: Any) -> Iterator[tuple[str, Any]]:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield str(key), value
        if isinstance(value, dict | list):
            yield from _values(value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described(kind: str) -> None:
    tables = [value for key, value in _values(json.loads(text_of(kind))) if key == "properties"]
    words = {name: body.get("description") for table in tables for name, body in table.items()}
    assert [name for name, text in words.items() if not text or text != text.strip() or len(text) < 10] == []


def test_every_description_has_its_key() -> None:
    every = [json_schema.FILES[kind]() for kind in json_schema.FILES]
    said = {
        text
        for schema in every
        for key, table in _values(schema)
        if key == "properties"
        for body in table.values()
        for text in body.get("description", "").split(" Or: ")
    }
    written = {*EVERYWHERE.values(), *(text for texts in OF.values() for text in texts.values())}
    assert written - said == set()


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == text_of("topology")
    assert main(["schema", "plans"]) == 0
    assert capsys.readouterr().out == text_of("plans")


def test_an_unknown_kind_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "topologies"]) == 64
    assert "topology" in capsys.readouterr().err


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("*.yaml")), ids=lambda path: path.name)
def test_the_examples_name_their_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
    kind = "config" if path.name == "kafka-gitops.yaml" else "topology"
    assert named == PUBLISHED / f"{kind}.json"
    assert schema_accepts(path.read_text(encoding="utf-8"), kind)


CONFIG, ENTRY = HEAD + "    config: {%s}\n", HEAD + "  producers:\n  - principal: %s\n"
ITEM = "context: c\nprojects: []\nacls:\n- {principals: ['User:a'], %s}\n"
MISTAKES = {
    "topic-config-unknown": [
        CONFIG % one
        for one in ("retention.mss: 1", "partitions: 6", "num.partition: 6", "replication_factor: 3", "replicas: 3",
                    "retentionMs: 1", "retention.hours: 168", "min.insync.replica: 2", "segment: 1")
    ],
    "topic-config-removed": [CONFIG % "message.format.version: '2.8'"],
    "topic-config-value": [
        CONFIG % one
        for one in ("retention.ms: 7d", "retention.ms: 6.5", "retention.ms: -2", "retention.ms: '-2'", "retention.ms: ''",
                    "retention.ms: null", "retention.bytes: 1GB", "segment.bytes: 0", "max.message.bytes: -1",
                    "cleanup.policy: compacted", "cleanup.policy: 'compact;delete'", "compression.type: ZSTD",
                    "message.timestamp.type: createtime", "unclean.leader.election.enable: 'oui'",
                    "min.cleanable.dirty.ratio: 1.5", "min.insync.replicas: 0", "compression.gzip.level: 12",
                    "replication.factor: 0", "replication.factor: three")
    ],
    "topic-partitions-invalid": [CONFIG % f"num.partitions: {one}" for one in ("six", "0", "'-3'", "'0'", "1.5")],
    "acl-principal-format": [
        ENTRY % one
        for one in ("orders", "'user:orders'", "'Usr:orders'", "'Users:orders'", "'User: orders'", "'User:'",
                    "'User:a,User:b'", "GROUP:x", "':a'", "'User:a '")
    ],
    "acl-principal-prefix": [ENTRY % "'User:app-*'"],
    "placeholder": [ENTRY % "'User:${APP}'", ENTRY % "'User:{{ app }}'", HEAD.replace("- name: t", "- name: 't-${E}'")],
    "name-hidden-character": [ENTRY % '"User:a\\u200b"', ITEM % 'allow: [READ], groups: ["a "]'],
    "topic-name-legal": [HEAD.replace("- name: t", "- name: new orders"), HEAD.replace("- name: t", "- name: naïve")],
    "acl-resource-name": [ITEM % f"allow: [READ], topics: ['{one}']" for one in ("*.t", "a?b", "/x/", "a.*.b", "a b")],
    "wrong-type": [ITEM % "allow: [RAED], topics: [t]", ITEM % "deny: [EVERYTHING], groups: [g]"],
    "missing-key": ["contxt: c\nprojects: []\n"],
    "nothing-declared": ["context: c\nproject: []\n"],
    "unknown-key": [
        HEAD + f"  {one}:\n  - principal: User:a\n" for one in ("producer", "consumer", "prodcuers", "Consumers", "stream")
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in MISTAKES.items() for text in texts])
def test_an_editor_marks_what_lint_marks_without_other_files(rule: str, text: str) -> None:
    found = topology({"a.yaml": parse("a.yaml", text)}, Language())
    errors = {one.rule for one in lint.run(found, Settings()) if one.severity is Severity.error}
    assert rule in errors, errors
    assert not schema_accepts(text)


@pytest.mark.parametrize("key", ["retention.ms", "cleanup.policy", "projetcs", "special_topic", "acsl", "Removed"])
def test_an_editor_marks_a_key_at_column_0_that_would_rename_every_topic(key: str) -> None:
    assert not schema_accepts(f"context: c\nplatform: {{}}\n{key}: x\n")


@pytest.mark.parametrize("name", sorted(CHECKED))
def test_an_editor_does_not_mark_the_good_example_of_a_rule(name: str) -> None:
    text = example(name, "Good")
    assert schema_accepts(text), [one.message for one in validator("topology").iter_errors(yaml.safe_load(text))]


def test_the_commands_of_the_page_work_as_printed(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    (block,) = [part for part in page.split("```") if "kafka-gitops schema" in part]
    bin_folder = Path(sys.executable).parent
    subprocess.run(["sh", "-euc", block], cwd=tmp_path, check=True, env={"PATH": f"{bin_folder}:/usr/bin:/bin"})
    for kind in ("topology", "config"):
        assert (tmp_path / "schemas" / f"{kind}.json").read_text(encoding="utf-8") == text_of(kind)
