"""Whatever stands where, reading never raises: every value of a full topology replaced by every kind of value."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import messages, understood

FOLDER = Path(__file__).parents[1] / "data" / "grammar"
WRONG: list[Any] = [None, "", "x", 7, True, [], {}, [None], [[]], ["x"], {"x": None}, {"principal": {}}, {"name": [1]}]


def mutants(value: Any) -> Iterator[Any]:
    """The tree with each of its values in turn replaced by each wrong one."""
    yield from WRONG
    if isinstance(value, dict):
        for key, child in value.items():
            yield from ({**value, key: mutant} for mutant in mutants(child))
            yield {other: kept for other, kept in value.items() if other != key}
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from ([*value[:index], mutant, *value[index + 1 :]] for mutant in mutants(child))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_value_replaced(path: Path) -> None:
    for mutant in mutants(yaml.safe_load(path.read_text(encoding="utf-8"))):
        found = understood(json.dumps(mutant))
        assert all(problem.span.line >= 1 and problem.span.column >= 1 for problem in found.problems)
        assert all(isinstance(field, str) for acl in found.acls for field in acl)


@pytest.mark.parametrize(("side", "keyword"), [("plans.plans", "plans"), ("roles.roles", "roles")])
def test_every_value_of_a_side_file_replaced(side: str, keyword: str) -> None:
    topology = (FOLDER / side.replace(f".{keyword}", ".yaml")).read_text(encoding="utf-8")
    for mutant in mutants(yaml.safe_load((FOLDER / side).read_text(encoding="utf-8"))):
        found = understood(topology, **{keyword: json.dumps(mutant)})  # type: ignore[arg-type]
        assert all(problem.message for problem in found.problems)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    messages(understood(text))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="{}[]:,-&*!|>'\"#%@` \n\tab:?<", max_size=80))
def test_any_yaml_like_text(text: str) -> None:
    messages(understood(f"context: c\nprojects:\n{text}"))
