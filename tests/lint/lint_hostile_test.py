"""Broken input of every kind: never a traceback, always a place inside the file."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from making import scope
from reading import language

from kafka_gitops.descriptor import build
from kafka_gitops.diagnostics import Diagnostic, Severity
from kafka_gitops.lint import run as lint
from kafka_gitops.report import formats
from kafka_gitops.report.findings import Findings
from kafka_gitops.settings import Language, Settings
from kafka_gitops.text.source import parse

FOLDERS = sorted((Path(__file__).parents[1] / "golden").iterdir())[::4]
TEXTS = [(folder / "topology.yaml").read_text(encoding="utf-8") for folder in FOLDERS]
LANGUAGES = [language((folder / "config.properties").read_text()) for folder in FOLDERS]
SCOPE = scope(topics=("a*",), groups=("b",), transactional_ids=(), principals=("User:*",))
ODD = [
    "",
    "*",
    ".",
    "x" * 300,
    "a b",
    "\x1b[31m",
    "::error::",
    "User:",
    "null",
    "0777",
    "é",
    "'",
    '"',
    "{{x}}",
    "-1",
    "1" * 5000,
]
ODD_VALUES: list[object] = [None, True, 0, -1, 2**70, 1.5, [], {}, [[]], [None], {"a": {}}, [{"name": {}}], *ODD]


def looked_at(text: str, how: Language) -> list[Diagnostic]:
    """The findings of a text, printed in every format; each has a place inside the text."""
    given = Settings(language=how, scopes=(SCOPE,), kafka_version="3.6", broker_defaults={"min.insync.replicas": "x"})
    sources = {"t.yaml": parse("t.yaml", text)}
    topology = build.topology(sources, how)
    found = lint.run(topology, given)
    list(lint.notes(topology, given))
    result = Findings(found, sources, len(topology.topics), 0.0)
    for printed in (formats.render(name, result) for name in formats.FORMATS):
        assert not set(printed) & set("\x1b\x00\r\x85")
    last = len(result.lines("t.yaml"))
    for one in found:
        assert one.span.path == "t.yaml" and 1 <= one.span.line <= last and one.span.column >= 1, one
        assert one.message
    return found


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Language]:
    """A golden topology with a few of its values dropped, doubled, mistyped or swapped."""
    index = draw(st.integers(0, len(TEXTS) - 1))
    tree = yaml.safe_load(TEXTS[index])
    for _ in range(draw(st.integers(1, 4))):
        mutate(tree, draw)
    return json.dumps(tree) if draw(st.booleans()) else yaml.safe_dump(tree, allow_unicode=True), LANGUAGES[index]


def mutate(tree: object, draw: st.DrawFn) -> None:
    """Walk down at random and change what is there."""
    while isinstance(tree, dict | list) and tree:
        key = draw(st.sampled_from(list(tree) if isinstance(tree, dict) else list(range(len(tree)))))
        below = tree[key]
        if isinstance(below, dict | list) and below and draw(st.integers(0, 3)):
            tree = below
            continue
        act: Callable[..., None] = draw(st.sampled_from([drop, replace, rename, double]))
        act(tree, key, draw)
        return


def drop(tree: dict[object, object], key: object, draw: st.DrawFn) -> None:
    """Take it away."""
    del tree[key]


def replace(tree: dict[object, object], key: object, draw: st.DrawFn) -> None:
    """Put something of another kind there."""
    tree[key] = deepcopy(draw(st.sampled_from(ODD_VALUES)))  # a later mutation may go into it


def rename(tree: dict[object, object], key: object, draw: st.DrawFn) -> None:
    """Misspell the key, or put an odd value into the list."""
    if isinstance(tree, dict):
        tree[draw(st.sampled_from([f"{key}s", str(key)[1:], str(key).upper(), *ODD]))] = tree.pop(key)
    else:
        replace(tree, key, draw)


def double(tree: dict[object, object], key: object, draw: st.DrawFn) -> None:
    """Say it again somewhere else."""
    if isinstance(tree, list):
        tree.append(deepcopy(tree[key]))
    else:
        tree[f"{key}2"] = deepcopy(tree[key])


@settings(max_examples=150, deadline=None)
@given(mutated())
def test_mutated_topologies_have_places(case: tuple[str, Language]) -> None:
    looked_at(*case)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(TEXTS) - 1), st.data())
def test_mutated_text_has_places(index: int, data: st.DataObject) -> None:
    text = TEXTS[index]
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 30))
    junk = data.draw(
        st.one_of(st.text(max_size=5), st.sampled_from(["\t", "- ", ": ", "{", "*a", "&a ", "<<: *x\n", "---\n"]))
    )
    looked_at(text[:start] + junk + text[start + length :], LANGUAGES[index])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "null",
        "[]",
        "- a",
        "x",
        "context:",
        "context: {}",
        "context: c\nprojects: x",
        "context: c\nprojects: [x]",
        "context: c\nprojects: [[]]",
        "context: c\nprojects: [{name: [a]}]",
        "context: c\nprojects: [{name: p, topics: [{name: }]}]",
        "context: c\nprojects: [{name: p, topics: [x, 1, null, {}]}]",
        "context: c\nprojects: [{name: p, topics: [{name: t, config: [a]}]}]",
        "context: c\nprojects: [{name: p, topics: [{name: t, config: {num.partitions: {}}}]}]",
        "context: c\nprojects: [{name: p, consumers: [{group: {}}]}]",
        "context: c\nprojects: []\nacls: [{principals: [[]], allow: [READ], topics: [{}], hosts: [[]]}]",
        "context: c\nprojects: []\nremoved: [x, {topic: [a]}]",
        "{{ template }}",
        "a: *b",
        "a: &a [*a]",
        "? [a]\n: b",
        "\ufeffcontext: c\nprojects: []",
        "[" * 5000,
        "a: !!python/object:os.system x",
    ],
)
def test_small_broken_files_are_said(text: str) -> None:
    found = looked_at(text, Language())
    assert any(one.severity is Severity.error for one in found) or text.endswith("projects: []")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    looked_at(text, Language())
