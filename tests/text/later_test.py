"""A tree that was let go, and nodes that look themselves up: the same values and places as if both had stayed."""

import gc
import weakref

import pytest

from kafka_gitops.text.later import Later
from kafka_gitops.text.source import Source, parse

TEXT = """\
a: &x {k: v, l: [1, "2"]}
b:
  <<: *x
  k: [other]
"""
STEPS: list[tuple[str | int, ...]] = [(), ("a",), ("a", "k"), ("a", "l", 1), ("b",), ("b", "l"), ("b", "k", 0)]


def source(text: str = TEXT) -> Source:
    found = parse("t.yaml", text)
    assert found.problems == ()
    return found


@pytest.mark.parametrize("steps", STEPS, ids=str)
def test_a_node_that_is_looked_up_is_the_one_of_the_tree(steps: tuple[str | int, ...]) -> None:
    file = source()
    assert file.root is not None
    there = file.root.get(*steps)
    assert there is not None
    for name in ("span", "key_span", "head", "text", "value", "raw", "plain", "map", "items", "what", "path", "size"):
        assert getattr(Later(file, steps), name) == getattr(there, name), name
    file.let_go()
    found = Later(file, steps)
    assert (found.span, found.key_span, found.head) == (there.span, there.key_span, there.head)
    assert (found.raw, found.plain, found.what, found.size) == (there.raw, there.plain, there.what, there.size)


def test_a_node_is_not_looked_up_before_somebody_asks() -> None:
    file = source()
    found = Later(file, ("a", "k"))
    file.let_go()
    assert file._waits
    assert found.text == "v"
    assert not file._waits


def test_a_tree_that_is_let_go_is_given_back() -> None:
    class Kept(dict):  # type: ignore[type-arg]
        """A dict that can be watched."""

    file = source()
    assert file.root is not None
    kept = Kept()
    file.root.children = kept
    watch = weakref.ref(kept)
    del kept
    gc.collect()
    assert watch() is not None
    file.let_go()
    gc.collect()
    assert watch() is None


def test_a_tree_that_was_let_go_comes_again() -> None:
    file = source()
    before = file.root
    file.let_go()
    again = file.root
    assert again is not None and before is not None
    assert again is not before
    assert again is file.root
    assert again.at("b", "k", 0) == before.at("b", "k", 0)


def test_a_file_that_could_not_be_read_is_not_read_again() -> None:
    file = parse("t.yaml", "a: [")
    file.let_go()
    assert not file._waits
    assert file.root is None


def test_a_file_is_read_when_somebody_asks() -> None:
    file = Source.unread("t.json", '{\n\t"a": "\\ud83d\\ude00"}')
    assert file.root is not None
    assert file.root.map["a"].text == "\U0001f600"


def test_a_file_by_another_name_keeps_its_tree_and_its_problems() -> None:
    file = parse("t.yaml", "a: 1\na: 2\n")
    other = file.called("x/t.yaml")
    assert (other.path, other.text, other.root) == ("x/t.yaml", file.text, file.root)
    assert other.problems == file.problems != ()
    file.let_go()
    assert file.called("y").root is not None


def test_a_path_from_another_text_is_a_bug() -> None:
    with pytest.raises(LookupError, match=r"t\.yaml has no \('a', 'nothing'\)"):
        _ = Later(source(), ("a", "nothing")).text
    with pytest.raises(AttributeError):
        _ = Later(source(), ("a",)).nothing
