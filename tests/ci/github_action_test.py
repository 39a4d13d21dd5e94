"""The action as a text: its inputs reach the program as words and by variables alone, and it installs from nowhere else."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"


def test_every_input_reaches_the_run_and_has_its_own_variable() -> None:
    body = yaml.safe_load(ACTION.read_text())
    install, run_step = body["runs"]["steps"]
    given = {**install["env"], **run_step["env"]}
    used = [value for value in given.values() if value.startswith("${{ inputs.")]
    used.append(run_step["working-directory"])  # read by the runner, by no shell
    assert sorted(used) == sorted(f"${{{{ inputs.{name} }}}}" for name in body["inputs"])
    assert all(one["description"] and one["required"] is False and "default" in one for one in body["inputs"].values())
    named = [name for name in run_step["env"] if name not in ("GITHUB_TOKEN", "KAFKA_GITOPS_OPTIONS")]
    assert all(name.startswith("KAFKA_GITOPS_ACTION_") and f'"${name}"' in run_step["run"] for name in named)


def words_of(tmp_path: Path, event: str = "pull_request", **inputs: str) -> list[str]:
    """The words that the action's script calls the program with, for an event and values of its inputs."""
    program = tmp_path / "kafka-gitops" / "bin" / "kafka-gitops"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\nprintf %s "$KAFKA_GITOPS_OPTIONS" > "$RUNNER_TEMP/options"\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    body = yaml.safe_load(ACTION.read_text())
    script = body["runs"]["steps"][1]
    values = dict.fromkeys(body["inputs"], "") | {"command": "plan", "comment": "true"} | inputs
    env = {key: values[value.removeprefix("${{ inputs.").removesuffix(" }}")] for key, value in script["env"].items()}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script["run"]]
    env |= {"RUNNER_TEMP": str(tmp_path), "PATH": "/usr/bin:/bin", "GITHUB_EVENT_NAME": event}
    return subprocess.run(shell, env=env, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("tool", ["uv", "python3"])
def test_nothing_is_installed_from_where_the_pull_request_is(tmp_path: Path, tool: str) -> None:
    folders = {name: tmp_path / name for name in ("bin", "temp", "workspace")}
    for folder in folders.values():
        folder.mkdir()
    for program in (folders["bin"] / tool, folders["temp"] / "kafka-gitops" / "bin" / "python"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\npwd >> "{tmp_path}/seen"\nmkdir -p "{program.parent}"\n')
        program.chmod(0o755)
    script = yaml.safe_load(ACTION.read_text())["runs"]["steps"][0]["run"].replace("rm -rf", ":")
    env = {"RUNNER_TEMP": str(folders["temp"]), "PATH": f"{folders['bin']}:/usr/bin:/bin", "KAFKA_GITOPS_PYTHON": tool}
    shell = ["/bin/bash", "-eo", "pipefail", "-c", script]
    subprocess.run(shell, env={**env, "GITHUB_ACTION_PATH": "/action"}, cwd=folders["workspace"], check=True)
    assert (tmp_path / "seen").read_text().splitlines() == [str(folders["temp"])] * 3


def test_inputs_become_options(tmp_path: Path) -> None:
    inputs = {"path": "a b\n\nc", "environment": "prod", "accept": "x:1\ny", "only-change": "true", "comment": "false"}
    assert words_of(tmp_path, **inputs) == [
        "ci", "plan", "a b", "c", "--environment=prod", "--accept=x:1", "--accept=y", "--only-change", "--no-comment",
    ]  # fmt: skip


@pytest.mark.parametrize(("issue", "words"), [("true", []), ("", []), ("false", ["--no-issue"])])
def test_who_wants_no_issue_about_drift_says_so(tmp_path: Path, issue: str, words: list[str]) -> None:
    assert words_of(tmp_path / "drift", command="drift", issue=issue) == ["ci", "drift", *words]
    assert words_of(tmp_path / "plan", issue=issue) == ["ci", "plan"]


def test_empty_inputs_are_no_options(tmp_path: Path) -> None:
    assert words_of(tmp_path) == ["ci", "plan"]


@pytest.mark.parametrize(("event", "given", "only"), [
    ("push", "", True), ("workflow_dispatch", "", True), ("pull_request", "", False), ("merge_group", "", False),
    ("pull_request", "true", True), ("push", "false", False),
])  # fmt: skip
def test_a_pull_request_tells_what_was_pending_and_a_push_leaves_it_alone(
    tmp_path: Path, event: str, given: str, only: bool
) -> None:
    words = words_of(tmp_path, event=event, **{"only-change": given})
    assert words == ["ci", "plan", *(["--only-change"] if only else [])]


@pytest.mark.parametrize("text", ["a b;$(touch pwned)", "`touch pwned`", "'; touch pwned; '", '"; touch pwned; "', "*"])
def test_hostile_inputs_stay_words(tmp_path: Path, text: str) -> None:
    names = ["command", "path", "config", "policy", "base", "prune", "max-deletes", "approved", "fail-on", "reports"]
    words = words_of(tmp_path, **dict.fromkeys(names, text))
    assert words[:3] == ["ci", text, text]
    assert [word.partition("=")[2] for word in words[3:]] == [text] * 8
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("text", ["--accept 'a b' --timeout 9", "$(touch pwned)", "'; touch pwned; '", "\n--x\n"])
def test_options_reach_the_program_by_the_environment_alone(tmp_path: Path, text: str) -> None:
    assert words_of(tmp_path, options=text) == ["ci", "plan"]
    assert (tmp_path / "options").read_text() == text
    assert not (tmp_path / "pwned").exists()


def test_what_is_installed_has_hashes_and_is_all_that_the_package_needs() -> None:
    lines = (ROOT / "requirements.txt").read_text().replace("\\\n", "").splitlines()[1:]
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+", line) for line in lines)
    names = {line.partition("==")[0] for line in lines}
    text = (ROOT / "pyproject.toml").read_text()
    found = [re.search(rf"(?ms)^{key} = \[\n(.*?)^\]", text) for key in ("dependencies", "cluster", "schemas")]
    needed = re.findall(r'^  "([a-z0-9-]+)', "".join(one[1] for one in found if one is not None), re.MULTILINE)
    assert len(needed) >= 10
    assert {*needed, "hatchling"} <= names
