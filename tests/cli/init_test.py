"""`kafka-gitops init`: what it writes is what is shipped, lints clean, and nothing that exists is changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from desk import Desk, topology
from hooking import LEFT_OUT, TEMPLATES, git, head
from pipelines import ROOT, machine
from recording import Recording, stand_in

from kafka_gitops.scaffold import PIPELINES, release
from kafka_gitops.scaffold.release import filled, installed, parse

COMMIT = "0123456789abcdef0123456789abcdef01234567"
RELEASE = f"https://github.com/acme/kafka-gitops@{COMMIT}"
FROM = ("--from", RELEASE)
HOOK = f"{{repo: https://github.com/acme/kafka-gitops, rev: {COMMIT}, hooks: [{{id: kafka-gitops-lint}}]}}"
PAGES = f"https://github.com/acme/kafka-gitops/blob/{COMMIT}/docs"
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
    result = desk.run("init", "--ci", platform, *FROM)
    assert (result.code, result.out) == (0, "kafka-gitops lint\n")
    assert files(desk.home) == sorted([*STARTED, *PIPELINES[platform]])
    assert not any("auto-merge" in path for path in files(desk.home))  # that one is for who asks for it
    for path, template in PIPELINES[platform].items():
        assert (desk.home / path).read_text() == filled((ROOT / template).read_text(), parse(RELEASE))
    assert desk.run("lint", "--fail-on", "info") == (0, "No problems in 1 file, 1 topic.\n", "")


def test_what_it_writes_revokes_what_leaves_the_files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `prune: [acls]` as written, by the commands of its pipelines and with the topology named by hand."""
    desk.run("init", *FROM)
    commit = ("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "x")
    git(desk.home, "add", "-A")
    git(desk.home, *commit)
    for name in ("KAFKA_BOOTSTRAP", "KAFKA_USERNAME", "KAFKA_PASSWORD"):
        monkeypatch.setenv(name, "a-secret-of-nobody")
    reader = Recording()
    stand_in(monkeypatch, reader)
    desk.ok("apply", "--yes")
    path = desk.home / "topologies" / "example.yaml"
    before, given = path.read_text(), set(reader.acls)
    path.write_text(before[: before.index("  consumers:")] + before[before.index("  topics:") :])
    assert 0 < len(left := {acl for acl in given if acl.operation == "WRITE"}) < len(given)
    for words in (
        ["plan", "--base", "HEAD"],
        ["plan", "topologies/", "--base", "HEAD"],
        ["ci", "plan", "--base", "HEAD"],
    ):
        assert "stay on the cluster" not in (shown := desk.run(*words, "--accept", "last-grant")).out, shown
        assert "  - acl   User:example-" in shown.out, shown
    desk.ok("ci", "apply", "--yes", "--base", "HEAD", "--accept", "last-grant")
    assert left <= reader.acls < given


def test_it_says_what_it_did_and_what_to_do_now(desk: Desk) -> None:
    assert (
        desk.run("init", "--ci", "gitlab", *FROM).err
        == f"""\
  wrote  kafka-gitops.yaml
  wrote  topologies/example.yaml
  wrote  .pre-commit-config.yaml
  wrote  .gitlab-ci.yml
  wrote  .gitignore
What the pipeline needs (credentials, who may approve): {PAGES}/gitlab.md
"""
    )


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://git.example.org/platform/tool.git", f"https://git.example.org/platform/tool/blob/{COMMIT}/docs/x.md"),
        ("git@git.example.org:platform/tool.git", "docs/x.md of git@git.example.org:platform/tool.git"),
    ],
)
def test_the_page_of_a_pipeline_has_the_address_of_the_release(address: str, told: str) -> None:
    assert release.page("docs/x.md", release.Release(address, COMMIT)) == told
    assert release.page("docs/x.md", None) == "docs/x.md in the repository of kafka-gitops"


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    desk.ok("init", *FROM)
    for name in STARTED:
        desk.write(name, "# mine\n")
    result = desk.run("init", "--ci", "jenkins", *FROM)
    assert [(desk.home / name).read_text(encoding="utf-8") for name in STARTED] == ["# mine\n"] * 4
    assert result.code == 0
    assert (
        result.err
        == f"""\
  kept   kafka-gitops.yaml (it exists)
  kept   topologies (it exists)
  kept   .pre-commit-config.yaml (it exists)
  wrote  Jenkinsfile
  found  .pre-commit-config.yaml: commit hooks of others; add below repos: - {HOOK}
What was kept is as it was: move it away and run this again to see what would have been written.
What the pipeline needs (credentials, who may approve): {PAGES}/jenkins.md
Next:
  add the line kafka-gitops-reports/ to .gitignore: reports that `ci` writes do not belong in the repository
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
    result = below.run("init", "--ci", "gitlab", *FROM)
    assert (result.code, result.out) == (0, "kafka-gitops lint\n")
    assert (
        result.err
        == f"""\
  wrote  kafka-gitops.yaml
  wrote  topologies/example.yaml
  wrote  ../.pre-commit-config.yaml
  wrote  ../.gitlab-ci.yml
  wrote  .gitignore
What the pipeline needs (credentials, who may approve): {PAGES}/gitlab.md
It runs at the root. To run it in 'my streams': "In a bigger repository" on that page
"""
    )
    assert below.ok("lint") == "No problems in 1 file, 1 topic.\n"
    git(desk.home, "add", "-A")
    assert desk.ok("lint", "--hook") == ""  # it finds the directory
    again = below.run("init", "--ci", "gitlab")
    assert "kept   ../.gitlab-ci.yml (it exists)\n" in again.err and "wrote" not in again.err


def test_without_a_release_the_place_for_it_is_marked_and_the_exit_code_says_so(desk: Desk) -> None:
    result = desk.run("init", "--ci", "github")
    said = (
        "Next:\n"
        "  say in .pre-commit-config.yaml and 3 more which release to install: OWNER and 0000000... stand for its "
        "repository and commit;\n"
        "  or remove what was written and run: kafka-gitops init --from ADDRESS@COMMIT\n"
    )
    assert (result.code, result.err.endswith(said)) == (1, True), result.err
    for path, template in PIPELINES["github"].items():
        assert (desk.home / path).read_bytes() == (ROOT / template).read_bytes()
    again = desk.run("init", "--ci", "github")
    assert (again.code, "Next:" in again.err) == (0, False)


@pytest.mark.parametrize("platform", PIPELINES)
def test_what_is_written_names_the_release_and_nothing_else(desk: Desk, platform: str) -> None:
    desk.ok("init", "--ci", platform, *FROM)
    texts = {path: (desk.home / path).read_text() for path in (*PIPELINES[platform], ".pre-commit-config.yaml")}
    for path, text in texts.items():
        assert COMMIT in text, path
        assert not re.search(r"OWNER|0{40}|put the commit|kafka-gitops(\[cluster\])?==", text), path


@pytest.mark.parametrize(
    ("address", "used"),
    [
        ("https://github.com/acme/kafka-gitops.git", "acme/kafka-gitops"),
        ("git@github.example:tools/kg.git", "tools/kg"),
        ("ssh://git@github.example:22/tools/kg", "tools/kg"),
    ],
)
def test_an_action_is_named_by_the_path_of_the_address(desk: Desk, address: str, used: str) -> None:
    desk.ok("init", "--ci", "github", "--from", f"{address}@{COMMIT}")
    assert f"uses: {used}@{COMMIT}\n" in (desk.home / ".github" / "workflows" / "kafka-drift.yml").read_text()
    assert f"repo: {address}\n" in (desk.home / ".pre-commit-config.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://github.com/acme/kafka-gitops@v1", "expected ADDRESS@COMMIT with the full commit"),
        (f"https://github.com/acme/kafka-gitops@{COMMIT[:7]}", "expected ADDRESS@COMMIT with the full commit"),
        (f"https://github.com/acme/kafka-gitops@{'0' * 40}", "expected ADDRESS@COMMIT with the full commit"),
        ("https://github.com/acme/kafka-gitops", "expected ADDRESS@COMMIT with the full commit"),
        (f"kafka-gitops@{COMMIT}", "expected an address such as https://github.com/acme/kafka-gitops"),
        (f"https://x/$(id)@{COMMIT}", "expected an address such as https://github.com/acme/kafka-gitops"),
        (f"https://x/a b@{COMMIT}", "expected an address such as https://github.com/acme/kafka-gitops"),
    ],
)
def test_a_release_that_could_be_moved_or_is_no_address_is_refused(desk: Desk, text: str, said: str) -> None:
    result = desk.run("init", "--from", text)
    assert result.code == 64
    assert said in result.err
    assert files(desk.home) == []


def test_a_token_in_the_address_is_refused_and_not_repeated(desk: Desk) -> None:
    result = desk.run("init", "--from", f"https://me:canary-token@github.com/acme/kg@{COMMIT}")
    assert result.code == 64
    assert result.err == "error: --from: the address holds a password or token, and what is written would show it\n"


def direct_url(**told: object) -> SimpleNamespace:
    return SimpleNamespace(read_text=lambda name: json.dumps(told) if name == "direct_url.json" else None)


def test_an_installation_from_git_names_its_own_commit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    told = direct_url(url="https://me:canary@github.com/acme/kg", vcs_info={"vcs": "git", "commit_id": COMMIT})
    monkeypatch.setattr(release, "distribution", lambda name: told)
    desk.ok("init", "--ci", "gitlab")
    text = (desk.home / ".gitlab-ci.yml").read_text()
    assert f'KAFKA_GITOPS_FROM: https://github.com/acme/kg\n  KAFKA_GITOPS_COMMIT: "{COMMIT}"\n' in text


@pytest.mark.parametrize(
    "told",
    [
        direct_url(url="file:///here", dir_info={"editable": True}),
        direct_url(url="https://x/kg-1.whl", archive_info={}),
        direct_url(url="https://x/kg", vcs_info={"vcs": "hg", "commit_id": COMMIT}),
        SimpleNamespace(read_text=lambda name: None),
    ],
)
def test_another_installation_does_not_say_where_it_is_from(
    told: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "distribution", lambda name: told)
    assert installed() is None


@pytest.mark.parametrize("line", ["kafka-gitops-reports/", "/kafka-gitops-reports", "**/kafka-gitops-reports/ "])
def test_reports_that_are_ignored_already_are_not_spoken_of(desk: Desk, line: str) -> None:
    desk.write(".gitignore", f"*.log\n{line}\n")
    result = desk.run("init")
    assert ".gitignore" not in result.err
    below = Desk(desk.home / "below")
    below.home.mkdir()
    assert ".gitignore" not in below.run("init").err


def test_after_ci_the_files_are_as_they_were_committed(desk: Desk) -> None:
    desk.ok("init", *FROM)
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
        "error: .github/workflows/kafka-pull-request.yml cannot be written: .github is not a directory. Nothing was written.\n"
        "  Move it away or make it writable, and run the same command again: what exists by then is kept.\n"
    )


def test_the_commit_hook_is_the_one_of_the_manifest(desk: Desk) -> None:
    desk.ok("init", *FROM)
    [repository] = yaml.safe_load((desk.home / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    [hook] = repository["hooks"]
    [shipped] = [
        one
        for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        if one["id"] == hook["id"]
    ]
    assert [repository["repo"], repository["rev"]] == RELEASE.split("@")
    assert hook.items() <= shipped.items()


@pytest.mark.parametrize("template", [*TEMPLATES, "templates/kafka-gitops.yml", "examples/gitlab/auto-merge.yml"])
def test_a_template_installs_no_name_that_a_stranger_could_register(template: str) -> None:
    text = (ROOT / template).read_text(encoding="utf-8")
    assert not re.search(r"pip\"? install (?!--quiet --(require-hashes|no-deps))|kafka-gitops(\[\w+\])?==", text)
    assert "0" * 40 in text


@pytest.mark.hooks
def test_an_installed_package_writes_the_same_files(tmp_path: Path) -> None:
    """The install lines of the template, from nothing but a Python and git, then `init` of what they installed."""
    source, home, programs = tmp_path / "source", tmp_path / "home", tmp_path / "bin"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*LEFT_OUT))
    git(source, "init", "-q")
    git(source, "add", "-A")
    git(source, "commit", "-qm", "release")
    home.mkdir()
    programs.mkdir()
    (programs / "python3").symlink_to(Path(sys.base_prefix, "bin", "python3"))
    template = yaml.safe_load((ROOT / ".gitlab-ci.example.yml").read_text(encoding="utf-8"))
    install = template[".kafka-gitops"]["before_script"][0]
    env = {**machine(tmp_path), "KAFKA_GITOPS_FROM": f"file://{source}", "KAFKA_GITOPS_COMMIT": head(source)}
    env["PATH"] = os.pathsep.join([str(programs), "/usr/bin", "/bin"])
    script = "\n".join([install, *(f"kafka-gitops init --ci {name} --from {RELEASE}" for name in PIPELINES)])
    done = subprocess.run(["bash", "-ec", script], cwd=home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"installing it failed (is there a network?):\n{done.stdout}\n{done.stderr}"
    for templates in PIPELINES.values():
        for path, name in templates.items():
            assert (home / path).read_text() == filled((ROOT / name).read_text(), parse(RELEASE))
