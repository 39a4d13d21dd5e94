"""Wrong entries: only `lint` of the user who can write there is told them; nothing that decides ever looks."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from warming import BAD, Desk, write_entry

from kafka_gitops.descriptor import plain
from kafka_gitops.reading.part import Part
from kafka_gitops.text.source import Source

NOTHING: Any = plain.dump(Part(), Source.unread("t.yaml", ""))
PACKAGE = Path(__file__).parents[2] / "kafka_gitops"
CONFIG = "environments: {dev: {bootstrap: 'localhost:1', topology: [topologies]}}\n"
DECIDES = [
    ("ci", "lint"),
    ("ci", "plan"),
    ("ci", "apply"),
    ("ci", "drift"),
    ("plan",),
    ("apply", "--yes"),
    ("drift",),
    ("render",),
]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A repository with an error in a file, and an entry of the cache that says that there is none."""
    found = Desk(tmp_path, monkeypatch, capsys)
    found.write(topologies__t_yaml=BAD, kafka_gitops_yaml=CONFIG)
    assert found.lint().code == 1
    found.plant(findings=[])
    for path in found.shelves():
        data = json.loads(path.read_bytes()[65:])
        for file in data["files"].values():
            file[1] = [True, NOTHING, []]
        write_entry(path, json.dumps(data).encode())
    return found


def test_a_planted_entry_is_read(desk: Desk) -> None:
    assert desk.lint().code == 0  # else what follows would show nothing
    for path in desk.entries():
        path.unlink()
    assert desk.lint().code == 0
    assert desk.lint("--no-cache").code == 1


@pytest.mark.parametrize("command", DECIDES, ids=" ".join)
def test_no_verdict_of_what_decides_is_another(
    command: tuple[str, ...], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA_GITOPS_CACHE", "/dev/null")
    without = desk.run(*command)
    monkeypatch.setenv("KAFKA_GITOPS_CACHE", str(desk.kept.parent))
    before = [path.read_bytes() for path in sorted(desk.kept.iterdir())]
    told = desk.run(*command)
    assert told == without
    assert "new orders" in told.out + told.err or command == ("drift",)
    assert [path.read_bytes() for path in sorted(desk.kept.iterdir())] == before


def test_a_lint_of_a_pipeline_does_not_look(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert desk.lint().code == 1


def test_nothing_but_lint_and_its_hooks_knows_the_cache() -> None:
    assert importers("kafka_gitops.cache", outside="cache") == {"cli/warm.py"}
    assert importers("kafka_gitops.cli.warm", outside="-") <= {
        "cli/hook.py",
        "cli/lint.py",
        "cli/linting.py",
    }


def importers(module: str, outside: str) -> set[str]:
    """The files of the package that import a module, or one in it."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            names = [f"{node.module}.{name}" for name in names] if isinstance(node, ast.ImportFrom) else names
            if any(f"{name}.".startswith(f"{module}.") for name in names):
                found.add(path.relative_to(PACKAGE).as_posix())
    return {path for path in found if not path.startswith(f"{outside}/")}
