"""`kafka-gitops init`: what it writes is what is shipped, lints clean, and nothing that exists is changed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from desk import Desk, topology
from hooking import LEFT_OUT, TEMPLATES, git
from pipelines import ROOT, machine

from kafka_gitops import __version__
from kafka_gitops.scaffold import PIPELINES

STARTED = [".gitignore", ".pre-commit-config.yaml", "kafka-gitops.yaml", "topologies/example.yaml"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty git repository."""
    git(tmp_path, "init", "-q")
    return Desk(tmp_path)


def files(folder: Path) -> list[str]:
    """The files below a folder that are not git's."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if path.parts[0] not in (".git", ".venv"))


@pytest.mark.parametrize("platform", PIPELINES)
def test_it_writes_what_is_shipped_and_the_result_lints_clean(desk: Desk, platform: str) -> None:
    result = desk.run("init", "--ci", platform)
    assert (result.code, result.out) == (0, "kafka-gitops lint\n")
    assert files(desk.home) == sorted([*STARTED, *PIPELINES[platform]])
    assert not any("auto-merge" in path for path in files(desk.home))  # that one is for who asks for it
    for path, template in PIPELINES[platform].items():
        assert (desk.home / path).read_bytes() == (ROOT / template).read_bytes()
    assert desk.run("lint", "--fail-on", "info") == (0, "No problems in 1 file, 1 topic.\n", "")


def test_it_says_what_it_did_and_what_to_do_now(desk: Desk) -> None:
    assert (
        desk.run("init", "--ci", "gitlab").err
        == """\
  wrote  kafka-gitops.yaml
  wrote  topologies/example.yaml
  wrote  .pre-commit-config.yaml
  wrote  .gitlab-ci.yml
  wrote  .gitignore
What the pipeline needs (credentials, who may approve): docs/gitlab.md of kafka-gitops
Next:
"""
    )


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    desk.ok("init")
    for name in STARTED:
        desk.write(name, "# mine\n")
    result = desk.run("init", "--ci", "jenkins")
    assert [(desk.home / name).read_text(encoding="utf-8") for name in STARTED] == ["# mine\n"] * 4
    assert result.code == 0
    assert (
        result.err
        == """\
  kept   kafka-gitops.yaml (it exists)
  kept   topologies (it exists)
  kept   .pre-commit-config.yaml (it exists)
  wrote  Jenkinsfile
What was kept is as it was: move it away and run this again to see what would have been written.
What the pipeline needs (credentials, who may approve): docs/jenkins.md of kafka-gitops
Next:
  add the line kafka-gitops-reports/ to .gitignore: what `ci` writes there is no part of the repository
"""
    )


def test_a_config_of_the_other_name_and_a_dangling_link_are_kept(desk: Desk) -> None:
    desk.write("kafka-gitops.yml", "topology: x/\n")
    (desk.home / ".pre-commit-config.yaml").symlink_to("nowhere")
    err = desk.run("init").err
    assert "kept   kafka-gitops.yml (it exists)\n" in err
    assert "kept   x/ (named in kafka-gitops.yml)\n" in err  # an example elsewhere would never be read
    assert files(desk.home) == [".gitignore", "kafka-gitops.yml"]


def test_topologies_that_are_there_are_named_and_not_fenced_off(desk: Desk) -> None:
    desk.write("topology.yaml", topology("acme.", "orders num.partitions=3 replication.factor=3 min.insync.replicas=2"))
    assert "kept   topology.yaml (it exists)\n" in desk.run("init").err
    config = yaml.safe_load((desk.home / "kafka-gitops.yaml").read_text(encoding="utf-8"))
    assert (config["topology"], "manage" in config) == ("topology.yaml", False)
    assert desk.run("lint").out == "No problems in 1 file, 1 topic.\n"


def test_in_a_bigger_repository_hook_and_pipeline_are_at_the_root(desk: Desk) -> None:
    below = Desk(desk.home / "my streams")
    below.home.mkdir()
    result = below.run("init", "--ci", "gitlab")
    assert (result.code, result.out) == (0, "kafka-gitops lint\n")
    assert (
        result.err
        == """\
  wrote  kafka-gitops.yaml
  wrote  topologies/example.yaml
  wrote  ../.pre-commit-config.yaml
  wrote  ../.gitlab-ci.yml
  wrote  .gitignore
What the pipeline needs (credentials, who may approve): docs/gitlab.md of kafka-gitops
It runs at the root until it is told of 'my streams': "In a bigger repository" there
Next:
"""
    )
    assert below.ok("lint") == "No problems in 1 file, 1 topic.\n"
    git(desk.home, "add", "-A")
    assert desk.ok("lint", "--hook") == ""  # it finds the directory
    again = below.run("init", "--ci", "gitlab")
    assert "kept   ../.gitlab-ci.yml (it exists)\n" in again.err and "wrote" not in again.err


def test_the_owner_of_the_action_is_said_where_it_was_written(desk: Desk) -> None:
    names = ", ".join(f".github/workflows/kafka-{name}.yml" for name in ("pull-request", "merge", "drift"))
    said = f"  replace OWNER/kafka-gitops@0000... by the repository and the commit of a release in {names}\n"
    assert desk.run("init", "--ci", "github").err.endswith(f"Next:\n{said}")
    assert said not in desk.run("init", "--ci", "github").err


@pytest.mark.parametrize("line", ["kafka-gitops-reports/", "/kafka-gitops-reports", "**/kafka-gitops-reports/ "])
def test_reports_that_are_ignored_already_are_not_spoken_of(desk: Desk, line: str) -> None:
    desk.write(".gitignore", f"*.log\n{line}\n")
    result = desk.run("init")
    assert ".gitignore" not in result.err
    below = Desk(desk.home / "below")
    below.home.mkdir()
    assert ".gitignore" not in below.run("init").err


def test_after_ci_the_files_are_as_they_were_committed(desk: Desk) -> None:
    desk.ok("init")
    git(desk.home, "add", "-A")
    git(desk.home, "commit", "-qm", "all")
    desk.ok("ci", "lint")
    assert (desk.home / "kafka-gitops-reports").is_dir()
    assert git(desk.home, "status", "--porcelain") == ""


@pytest.mark.parametrize("platform", ["github", "gitlab"])
def test_nothing_is_written_where_one_file_cannot_be(desk: Desk, platform: str) -> None:
    desk.write(".github", "a file\n")
    (desk.home / ".gitlab-ci.yml").symlink_to("nowhere")
    result = desk.run("init", "--ci", platform)
    if platform == "gitlab":  # a link is something of the user's
        assert "kept   .gitlab-ci.yml (it exists)\n" in result.err
        return
    assert (result.code, files(desk.home)) == (1, [".github"])
    assert result.err == (
        "error: .github/workflows/kafka-pull-request.yml cannot be written: .github is no directory. Nothing was written.\n"
        "  Move it away or make it writable, and run the same command again: what exists by then is kept.\n"
    )


def test_the_commit_hook_is_the_one_of_the_manifest(desk: Desk) -> None:
    desk.ok("init")
    [repository] = yaml.safe_load((desk.home / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    [hook] = repository["hooks"]
    [shipped] = [
        one
        for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        if one["id"] == hook["id"]
    ]
    assert hook.pop("additional_dependencies") == [f"kafka-gitops=={__version__}"]
    assert hook.items() <= shipped.items()


@pytest.mark.parametrize("template", [*TEMPLATES, "templates/kafka-gitops.yml"])
def test_a_pipeline_installs_the_version_that_it_was_shipped_with(template: str) -> None:
    named = re.findall(r"kafka-gitops\[cluster\]==([\w.]+)", (ROOT / template).read_text(encoding="utf-8"))
    assert named == [__version__]


@pytest.mark.hooks
def test_an_installed_package_writes_the_same_files(tmp_path: Path) -> None:
    """The install line of the template, from nothing but a Python, then `init` of what it installed."""
    source, home, programs = tmp_path / "source", tmp_path / "home", tmp_path / "bin"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*LEFT_OUT))
    home.mkdir()
    programs.mkdir()
    (programs / "python3").symlink_to(Path(sys.base_prefix, "bin", "python3"))
    template = yaml.safe_load((ROOT / ".gitlab-ci.example.yml").read_text(encoding="utf-8"))
    install = template[".kafka-gitops"]["before_script"][0]
    env = {**machine(tmp_path), "KAFKA_GITOPS_INSTALL": str(source)}
    env["PATH"] = os.pathsep.join([str(programs), "/usr/bin", "/bin"])
    script = "\n".join([install, *(f"kafka-gitops init --ci {platform}" for platform in PIPELINES)])
    done = subprocess.run(["bash", "-ec", script], cwd=home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"installing it failed (is there a network?):\n{done.stdout}\n{done.stderr}"
    for templates in PIPELINES.values():
        for path, name in templates.items():
            assert (home / path).read_bytes() == (ROOT / name).read_bytes()
