"""Own rules are code: in a change request they run as the base has them, or not at all, whatever secrets there are."""

import py_compile
from pathlib import Path

import pytest
from ci_trust_test import Site, site
from desk import ONE_CLUSTER, topology
from hooking import git, head

__all__ = ["site"]
CONFIG = ONE_CLUSTER.replace("topic-owner: off", "topic-owner: off, plugins: [rules/own.py]")
RULE = """\
from kafka_gitops.diagnostics import Severity
NAME = "own-rule"
SEVERITY = Severity.info
print("own rule runs")
def check(topology, options):
    return iter(())
"""
STOLEN = "import os\nprint('stolen', os.environ['PASSWORD'])\n"


@pytest.fixture
def ruled(site: Site) -> Site:
    """The same with an own rule at the base."""
    site.commit(("kafka-gitops.yaml", CONFIG), ("rules/own.py", RULE))
    site.base = head(site.home)
    return site


def not_run(site: Site, why: str) -> None:
    for command in ("lint", "plan"):
        result = site.pull(command)
        assert [said for said in ("stolen", "own rule runs") if said in result.out + result.err] == []
        assert result.err.count(f"note: own rules are not run: this change edits {why}") == 1, result


@pytest.mark.parametrize("command", ["lint", "plan"])
def test_as_the_base_has_them_they_run(ruled: Site, command: str) -> None:
    ruled.commit(("topologies/a.yaml", topology("acme.", "orders", "new")), ("elsewhere/b.py", ""))
    result = ruled.pull(command)
    assert result.code == {"lint": 0, "plan": 5}[command], result
    assert result.out.count("own rule runs") == 1
    assert "own rules are not run" not in result.err


@pytest.mark.parametrize("name", ["rules/own.py", "rules/other.py", "rules/more/other.py", "RULES/other.py"])
def test_edited_ones_and_what_they_may_import_do_not(ruled: Site, name: str) -> None:
    ruled.commit((name, STOLEN + RULE))
    not_run(ruled, f"{name}\n")


def test_compiled_ones_do_not(ruled: Site) -> None:
    """Python runs such a file without a look at its source, where it says so."""
    source = ruled.home / "evil.py"
    source.write_text(STOLEN + RULE)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    made = py_compile.compile(str(source), invalidation_mode=mode)
    assert made is not None
    source.unlink()
    compiled = Path(made).rename(Path(made).with_name(Path(made).name.replace("evil", "own")))
    (ruled.home / "rules").joinpath("__pycache__").mkdir()
    compiled.rename(ruled.home / "rules" / "__pycache__" / compiled.name)
    git(ruled.home, "add", "-Af")
    ruled.commit()
    not_run(ruled, f"rules/__pycache__/{compiled.name}\n")


def test_those_of_an_edited_config_do_not(ruled: Site) -> None:
    ruled.commit(("kafka-gitops.yaml", CONFIG.replace("own.py", "x.py")), ("rules/x.py", STOLEN))
    not_run(ruled, "kafka-gitops.yaml, which says where")


def test_a_link_to_one_does_not(ruled: Site) -> None:
    ruled.commit(("elsewhere/b.py", STOLEN))
    ruled.base = head(ruled.home)
    (ruled.home / "rules" / "own.py").unlink()
    (ruled.home / "rules" / "own.py").symlink_to("../elsewhere/b.py")
    ruled.commit()
    not_run(ruled, "rules/own.py: a link")


def test_without_a_base_to_compare_with_they_do_not(ruled: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    monkeypatch.setenv("JENKINS_URL", "http://j/")
    monkeypatch.setenv("CHANGE_ID", "7")
    result = ruled.run("ci", "lint")
    assert "own rule runs" not in result.out
    assert "note: own rules are not run: the commit that this change is to be compared with is not known" in result.err


def test_after_the_merge_they_run(ruled: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    ruled.commit(("rules/own.py", RULE + "\n"))
    assert ruled.run("ci", "lint").out.count("own rule runs") == 1
