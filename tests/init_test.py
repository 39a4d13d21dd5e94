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

STARTED = [".pre-commit-config.yaml", "kafka-gitops.yaml", "topologies/example.yaml"]


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
What the pipeline needs (credentials, who may approve): docs/gitlab.md of kafka-gitops
Next:
"""
    )


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    desk.ok("init")
    for name in STARTED:
        desk.write(name, "# mine\n")
    result = desk.run("init", "--ci", "jenkins")
    assert [(desk.home / name).read_text(encoding="utf-8") for name in STARTED] == ["# mine\n"] * 3
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
"""
    )


def test_a_config_of_the_other_name_and_a_dangling_link_are_kept(desk: Desk) -> None:
    desk.write("kafka-gitops.yml", "topology: x/\n")
    (desk.home / ".pre-commit-config.yaml").symlink_to("nowhere")
    assert "kept   kafka-gitops.yml (it exists)\n" in desk.run("init").err
    assert files(desk.home) == ["kafka-gitops.yml", "topologies/example.yaml"]


def test_topologies_that_are_there_are_named_and_not_fenced_off(desk: Desk) -> None:
    desk.write("topology.yaml", topology("acme.", "orders num.partitions=3 replication.factor=3 min.insync.replicas=2"))
    assert "kept   topology.yaml (it exists)\n" in desk.run("init").err
    config = yaml.safe_load((desk.home / "kafka-gitops.yaml").read_text(encoding="utf-8"))
    assert (config["topology"], "manage" in config) == ("topology.yaml", False)
    assert desk.run("lint").out == "No problems in 1 file, 1 topic.\n"


def test_it_belongs_to_the_root_of_a_repository(desk: Desk) -> None:
    below = desk.home / "below"
    below.mkdir()
    result = Desk(below).run("init")
    assert (result.code, files(below)) == (64, [])
    assert result.err == f"error: This is not the root of the repository, {desk.home} is.\n  cd {desk.home}\n"


def test_a_directory_that_cannot_be_written_is_an_error(desk: Desk) -> None:
    desk.write("topologies", "a file\n")
    desk.write(".github", "a file\n")
    result = desk.run("init", "--ci", "github")
    assert result.code == 1
    assert result.err.endswith(
        "error: .github/workflows/kafka-pull-request.yml cannot be written: Not a directory\n"
    ) or result.err.endswith("error: .github/workflows/kafka-pull-request.yml cannot be written: File exists\n")


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
