"""CONTRIBUTING.md: the rooms are those of the layers' table, and each recipe does on a copy what it says."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from goldens import expected
from imports_test import LEAVES, MAY, PACKAGE

from kafka_gitops.kinds.contract import Kind

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "CONTRIBUTING.md"
TEXT = PAGE.read_text(encoding="utf-8")
PAY = "context: acme\nprojects:\n- name: pay\n  topics:\n  - name: orders\n    consumers: [User:a]\n"
COPIED = ("kafka_gitops", "examples", "tests/support", "tests/rules", "tests/conftest.py", "pyproject.toml")
_BLOCK = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^(`{3,})(\w+)\n(.*?)^\2$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a recipe, with the path above it."""

    path: str
    language: str
    text: str


def recipes() -> dict[str, list[Block]]:
    """The blocks of each recipe by its heading."""
    parts = re.split(r"(?m)^### (.+)\n", TEXT.split("## Six recipes", 1)[1])[1:]
    return {
        name: [Block(found[1] or "", found[3], found[4]) for found in _BLOCK.finditer(text)]
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What a recipe needs of this repository, and a topology to run commands on."""
    for name in COPIED:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place)
    (tmp_path / "topologies").mkdir()
    (tmp_path / "topologies" / "pay.yaml").write_text(PAY, encoding="utf-8")
    return tmp_path


def edited(text: str, difference: str) -> str:
    """A text with the lines of a difference taken out and put in, each hunk (blank lines part them) after the last."""
    lines, at = text.splitlines(), 0
    for hunk in difference.strip("\n").split("\n\n"):
        marks = [(line[:1], line[1:]) for line in hunk.splitlines()]
        old = [line for mark, line in marks if mark != "+"]
        at = next((one for one in range(at, len(lines)) if lines[one : one + len(old)] == old), -1)
        assert at >= 0, f"nowhere: {old}"
        new = [line for mark, line in marks if mark != "-"]
        lines[at : at + len(old)] = new
        at += len(new)
    return "\n".join(lines) + "\n"


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with the texts that its output has."""
    for part in re.split(r"(?m)^(?!#>)", block):
        command, *said = part.strip().splitlines() or [""]
        if command:
            yield command, [line.removeprefix("#> ") for line in said]


def carried_out(folder: Path, block: Block) -> None:
    """Do what a block says."""
    if block.language == "sh":
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        for command, said in commands(block.text):
            variables = {"PATH": path, "PYTHONPATH": str(folder), "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
            done = subprocess.run(command, shell=True, cwd=folder, env=variables, capture_output=True, text=True)  # noqa: S602
            assert done.returncode == 0, done.stdout + done.stderr
            assert [line for line in said if line not in done.stdout + done.stderr] == []
        return
    place = folder / block.path
    place.parent.mkdir(parents=True, exist_ok=True)
    old = place.read_text(encoding="utf-8") if block.language == "diff" else ""
    assert block.language == "diff" or not place.exists()
    place.write_text(edited(old, block.text) if block.language == "diff" else block.text, encoding="utf-8")


@pytest.mark.parametrize("name", recipes())
def test_a_recipe_does_what_it_says(name: str, copy: Path) -> None:
    blocks = recipes()[name]
    assert [block.language for block in blocks][-1] == "sh"
    for block in blocks:
        carried_out(copy, block)


def test_there_are_six() -> None:
    assert len(recipes()) == 6


def test_the_code_of_recipes_is_formatted_and_clean(tmp_path: Path) -> None:
    found = [one for blocks in recipes().values() for one in blocks if one.language == "python"]
    for one in found:
        place = tmp_path / one.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(one.text, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for arguments in (
        ["check", "--no-cache", "--config", "lint.isort.known-first-party=['kafka_gitops']"],
        ["format", "--check", "--no-cache"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert len(found) >= 5


def test_the_kind_of_the_recipe_answers_every_question() -> None:
    (module,) = [one for one in recipes()["A kind of resource"] if one.language == "python"]
    names: set[str] = set()
    for node in ast.parse(module.text).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names |= {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        names |= {node.name} if isinstance(node, ast.FunctionDef) else set()
    assert {name for name in vars(Kind) if not name.startswith("_")} - names == set()


def first_sentence(name: str) -> str:
    """What a room says it is for."""
    parts = name.split(".")
    path = PACKAGE.joinpath(*parts)
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text(encoding="utf-8").split('"""')[1].splitlines()[0].rstrip(".")


def rooms() -> str:
    """The table of rooms, as the layers' table has them."""
    lines = ["| room | what it is | may import |", "| --- | --- | --- |"]
    for name, may in MAY.items():
        if name in {"cli", "git", "trailers", "tip"} | LEAVES - {"text", "shape"}:
            continue
        named = [*(["the leaves"] if may >= LEAVES else []), *sorted(may - LEAVES - {""} if may >= LEAVES else may)]
        lines.append(f"| `{name}` | {first_sentence(name)} | {', '.join(named)} |")
    return "\n".join(lines)


def questions() -> str:
    """What a kind is asked, as its Protocol has it."""
    lines = ["| the module has | which is |", "| --- | --- |"]
    for name, found in vars(Kind).items():
        text = (found.fget if isinstance(found, property) else found).__doc__ if not name.startswith("_") else None
        if text:
            lines.append(f"| `{name}` | {' '.join(text.split())} |")
    return "\n".join(lines)


def test_its_tables_are_those_of_the_code() -> None:
    made = TEXT
    for mark, table in (("rooms", rooms()), ("kind", questions())):
        before, rest = made.split(f"<!-- {mark} -->", 1)
        made = f"{before}<!-- {mark} -->\n\n{table}\n\n<!-- /{mark} -->{rest.split(f'<!-- /{mark} -->', 1)[1]}"
    assert made == expected(PAGE, made)


def test_the_doors_are_there_and_say_what_they_do() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    doors = set(re.findall(r"`make (\w+)", TEXT))
    assert doors <= set(re.findall(r"(?m)^(\w+):", makefile))
    phony = makefile.split(".PHONY:", 1)[1].splitlines()[0].split()
    assert doors <= set(phony) <= set(re.findall(r"(?m)^(\w+):", makefile))


def test_one_test_alone_loads_no_helper_of_brokers_and_pipelines() -> None:
    text = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    top = re.findall(r"(?m)^(?:import|from) (\S+)", text)
    ours = [
        name
        for name in top
        if not hasattr(sys, "stdlib_module_names") or name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert ours == ["goldens", "pytest", "kafka_gitops.cli", "kafka_gitops.redact"]
