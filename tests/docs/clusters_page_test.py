"""The page on clusters lists every release that the sandbox knows and every step of the tests, all of them passed."""

import ast
from pathlib import Path

import matrix

from kafka_gitops.sandbox.releases import RELEASES

TESTS = Path(__file__).parents[1] / "live" / "clusters_test.py"


def rows() -> list[list[str]]:
    text = matrix.PAGE.read_text(encoding="utf-8").partition(matrix.BEGIN)[2].partition(matrix.END)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.strip().splitlines()]


def test_every_release_and_every_step_is_there() -> None:
    head, _, *body = rows()
    assert head == ["Kafka", *matrix.STEPS.values()]
    assert [row[0] for row in body] == list(RELEASES)
    assert {cell for row in body for cell in row[1:]} == {"ok"}


def test_the_steps_are_the_tests() -> None:
    functions = [
        node for node in ast.parse(TESTS.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    assert list(matrix.STEPS) == [one.name for one in functions if one.name.startswith("test_")]
