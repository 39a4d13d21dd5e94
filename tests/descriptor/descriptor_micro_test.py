"""Tiny edge cases: the reference's result where it has one worth having, and our messages, word by word.

`differs_because` marks the cases in which we do not copy the reference, with the reason.
"""

import json
import re
from pathlib import Path
from typing import Any

import goldens
import pytest
from reading import acl_lines, configs, line

from kafka_gitops.descriptor.build import topology
from kafka_gitops.settings import Language
from kafka_gitops.text.source import parse

CASES = sorted((Path(__file__).parents[1] / "data" / "micro").glob("*.json"))
PLACED = re.compile(r"\w+\.yaml:[1-9]\d*:[1-9]\d*: (error|warning) [a-z-]+ .+")


def case(path: Path) -> dict[str, Any]:
    """One case as data."""
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_state_and_messages(path: Path) -> None:
    expected = case(path)
    found = topology({expected["path"]: parse(expected["path"], expected["text"])}, Language())
    ours = {"problems": [line(problem) for problem in found.problems], "notes": list(found.notes)}
    made = goldens.as_json({**expected, **ours})
    assert made == goldens.expected(path, made)
    assert configs(found, special=False) == sorted(expected["topics"], key=lambda topic: str(topic["name"]))
    assert [topic["name"] for topic in configs(found, special=True)] == expected["special_topics"]
    assert acl_lines(found) == expected["acls"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_the_reference_refuses_is_an_error_with_a_place(path: Path) -> None:
    expected = case(path)
    assert all(PLACED.fullmatch(text) for text in expected["problems"])
    refused = any(": error " in text for text in expected["problems"])
    assert refused == expected["reference_fails"] or "differs_because" in expected
    assert expected["problems"] or not expected["reference_fails"]


def test_the_differences_are_few() -> None:
    assert sum("differs_because" in case(path) for path in CASES) == 11
