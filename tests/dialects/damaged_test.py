"""No damaged file of another tool ends in a traceback, and what is read is what our own reader has again."""

from collections.abc import Iterator

import pytest
from estates import cases, read_back, taken
from hypothesis import given, settings
from hypothesis import strategies as st

from kafka_gitops.dialects import DIALECTS, documents, layout
from kafka_gitops.dialects.estate import Estate
from kafka_gitops.model import Acl
from kafka_gitops.settings import Language
from kafka_gitops.text.source import parse
from kafka_gitops.writing import grouping

FILES = [(name, path, text) for name in DIALECTS for case in cases(name) for path, text in case.files.items()]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str, str]:
    """A file with a piece cut out, doubled, or replaced."""
    name, path, text = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(1, 3))):
        lines = text.splitlines(keepends=True) or [""]
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(("cut", "drop", "double", "instead", "value")))
        if what == "cut":
            text = text[: draw(st.integers(0, len(text)))]
        elif what == "drop":
            text = "".join([*lines[:at], *lines[at + 1 :]])
        elif what == "double":
            text = "".join([*lines[:at], lines[at], *lines[at:]])
        else:
            key = lines[at].partition(":")[0] if what == "value" else ""
            value = draw(
                st.sampled_from(("[]", "{}", "~", "0x10", "-1", "[{}]", "{a: b}", ".5", "'*'", "''", "!", "😀"))
            )
            text = "".join([*lines[:at], f"{key}: {value}\n", *lines[at + 1 :]])
    return name, path, text


@given(damaged())
@settings(max_examples=400, deadline=None)
def test_a_damaged_file_is_read_or_told(one: tuple[str, str, str]) -> None:
    name, path, text = one
    estate = taken(name, {path: text})
    if not estate.problems:
        made = layout.files(estate, name, "main")
        layout.errors(layout.read_back(made, estate.texts, Language()), made)
    for problem in estate.problems:
        assert problem.span.path == path
        assert 1 <= problem.span.line <= text.count("\n") + 2


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="*"), min_size=1, max_size=8)
ACLS = st.builds(
    Acl,
    st.sampled_from(("User:a", "User:b c", "User:CN=x,O=y")),
    st.sampled_from(("*", "10.0.0.1")),
    st.sampled_from(("READ", "DESCRIBE", "ALL")),
    st.sampled_from(("ALLOW", "DENY")),
    st.sampled_from(("TOPIC", "GROUP")),
    st.sampled_from(("LITERAL", "PREFIXED")),
    st.sampled_from(("a", "b.", "c", "no", "1e3", "0x1", "~")) | NAMES,
)


@given(st.lists(ACLS, max_size=12))
@settings(max_examples=150, deadline=None)
def test_grouped_bindings_are_exactly_those_that_went_in(acls: list[Acl]) -> None:
    root = parse("x.yaml", "a: 1\n").root
    assert root is not None
    estate = Estate()
    for acl in acls:
        estate.grant(acl, root)
    assert set(read_back(estate, "strimzi").acls) == set(acls)
    assert len(list(grouping.items(estate.acls))) <= len(set(acls))


def marks() -> Iterator[tuple[str, list[int]]]:
    yield "a: 1\n---\nb: 2\n", [1, 3]
    yield "---\na: 1\n--- {b: 2}\n...\n---\n# c\n", [2, 3]
    yield "%YAML 1.1\n---\na: |\n  x\n---\nb: 1\r\n", [3, 6]
    yield "a: 'x\n  --- y'\n", [1]


@pytest.mark.parametrize(("text", "lines"), list(marks()))
def test_documents_keep_their_lines(text: str, lines: list[int]) -> None:
    found = documents.documents("x.yaml", text)
    assert [one.problems for one in found] == [()] * len(found)
    assert [one.root.head.line for one in found if one.root is not None] == lines


def test_too_many_documents_are_an_error() -> None:
    (one,) = documents.documents("x.yaml", "---\na: 1\n" * 20_001)
    assert "20,002 documents in one file" in one.problems[0].message


def test_a_document_below_others_has_its_own_places_and_a_broken_one_too() -> None:
    text = "a: &x {b: 1}\n---\na: &x {b: 1}\nc: *x\nd: [*x]\n---\na: 1\nb: 2\na: 3\n"
    first, second, third = documents.documents("x.yaml", text)
    assert second.root is not None and first.root is not None
    assert [first.root.at("a", "b").line, second.root.at("a", "b").line] == [1, 3]
    assert [second.root.at(key).line for key in "acd"] == [3, 3, 3]
    assert [second.root.map[key].key_span.line for key in "acd"] == [3, 4, 5]
    (problem,) = third.problems
    assert (problem.span.line, problem.message) == (9, 'the key "a" is in this mapping twice, first in line 7')


def test_after_many_broken_documents_the_rest_is_not_read() -> None:
    found = documents.documents("x.yaml", "a: [\n---\n" * 100)
    assert len(found) == documents.MOST_BROKEN + 1
