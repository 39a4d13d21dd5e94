"""The quick reader and the parser's events make one tree of a text, or only the events make one.

FUZZ says how many texts of each kind (default 300); `make fuzz` tries 5,000.
"""

import os
import random
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from texts import damaged, topology

from kafka_gitops.text import quick
from kafka_gitops.text.node import Node
from kafka_gitops.text.source import Source, parse

COUNT = int(os.environ.get("FUZZ", "300"))
ROOT = Path(__file__).parents[2]
REAL = [path for folder in ("docs", "tests", "examples") for path in sorted((ROOT / folder).rglob("*.y*ml"))]
READ = quick.read


@pytest.fixture
def truth(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Source]:
    """Parses a text by events alone."""

    def by_events(text: str) -> Source:
        with monkeypatch.context() as patch:
            patch.setattr(quick, "read", lambda path, text: None)
            return parse("t.yaml", text)

    return by_events


def told(node: Node | None) -> Iterator[object]:
    """All that a tree says, node by node."""
    waiting = [node] if node is not None else []
    while waiting:
        one = waiting.pop()
        yield (
            one.raw,
            one.plain,
            one.span,
            one.key_span,
            one.head,
            one.size,
            type(one.children),
            [*one.map],
            len(one.items),
        )
        waiting += [*one.map.values(), *one.items]


def agree(text: str, truth: Callable[[str], Source]) -> bool:
    """Asserts that both say one thing; whether the quick reader read it."""
    expected, found = truth(text), parse("t.yaml", text)
    assert (found.problems, found.text) == (expected.problems, expected.text), text
    assert list(told(found.root)) == list(told(expected.root)), text
    return READ("t.yaml", text) is not None


def test_usual_texts_are_one_tree(truth: Callable[[str], Source]) -> None:
    draws = [random.Random(f"usual {number}") for number in range(COUNT)]
    assert sum(agree(topology(draw), truth) for draw in draws) > COUNT / 4


def test_texts_of_windows_are_one_tree(truth: Callable[[str], Source]) -> None:
    draws = [random.Random(f"windows {number}") for number in range(COUNT // 3)]
    assert sum(agree(topology(draw).replace("\n", "\r\n"), truth) for draw in draws) > COUNT / 12


def test_damaged_texts_are_one_tree(truth: Callable[[str], Source]) -> None:
    draws = [random.Random(f"damaged {number}") for number in range(COUNT)]
    assert sum(agree(damaged(topology(draw), draw), truth) for draw in draws) > COUNT / 10


LINES = (
    "a:",
    "b: c",
    "  a:",
    "  b: c",
    "- a",
    "- b: c",
    "  - a",
    "- - a",
    "    x: y",
    "",
    "# c",
    " - a",
    "---",
    "- a:",
)


@pytest.mark.parametrize("first", LINES)
def test_all_texts_of_three_lines_are_one_tree(first: str, truth: Callable[[str], Source]) -> None:
    for lines in product((first,), LINES, LINES):
        for end in ("\n", ""):
            agree("\n".join(lines) + end, truth)


def test_real_files_are_one_tree(truth: Callable[[str], Source]) -> None:
    draw = random.Random("real")
    texts = [text for path in REAL if len(text := path.read_text(encoding="utf-8")) < 20_000]
    assert sum(agree(text, truth) for text in texts) > len(texts) / 4
    for number in range(COUNT):
        agree(damaged(texts[number % len(texts)], draw), truth)
