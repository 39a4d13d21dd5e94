"""Which risks block is said once, by the kinds: what accepts them, the docs and the code agree with that table."""

import ast
from pathlib import Path

import pytest

from kafka_gitops.errors import UsageError
from kafka_gitops.kinds import dangers
from kafka_gitops.plan.policy import blocking, consent

ROOT = Path(__file__).parents[2]


def test_every_blocking_risk_can_be_accepted_by_its_name() -> None:
    names = [name for name, danger in dangers().items() if danger.blocks]
    assert consent(names, ()).accepted == {(name, None) for name in names}
    assert list(blocking()) == names


def test_a_risk_that_only_informs_cannot_be_accepted() -> None:
    for name in dangers().keys() - set(blocking()):
        with pytest.raises(UsageError):
            consent([name], ())


def test_no_other_module_decides_what_blocks() -> None:
    made = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "kafka_gitops").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Risk"
    }
    assert made == {"kafka_gitops/changes.py"}  # a danger; a plan that is read back names the type in a table
