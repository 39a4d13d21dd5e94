"""`kafka-gitops ci` where no topology file is found, and where files have errors that are let pass."""

from pathlib import Path

import pytest
from desk import ONE_CLUSTER, Desk, topology

from kafka_gitops.sandbox import Sandbox

HELP = "  Run this where the topology is, name its files or directories, or set `topology` in kafka-gitops.yaml.\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty repository."""
    (tmp_path / ".git").mkdir()
    return Desk(tmp_path)


@pytest.mark.parametrize("command", ["lint", "plan"])
def test_a_wrong_directory_is_no_success(desk: Desk, command: str) -> None:
    result = desk.run("ci", command)
    assert result.code == 64
    said = f"neither topologies nor topology.yaml in {desk.home}, and no kafka-gitops.yaml here or above."
    assert result.err == f"error: Nothing was checked: there is {said}\n{HELP}"


def test_a_config_that_names_nothing_is_said(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", ONE_CLUSTER)
    result = desk.run("ci", "lint")
    assert result.code == 64
    assert "topology.yaml in" in result.err and ", and kafka-gitops.yaml names no topology.\n" in result.err


def test_a_topology_that_is_not_there_is_named(desk: Desk) -> None:
    desk.write("kafka-gitops.yaml", "topology: streams/\n")
    assert desk.run("ci", "lint")[::2] == (
        64,
        "error: There is no streams/.\n  Name topology files or directories, or - for stdin.\n",
    )


@pytest.mark.parametrize("name", ["team/a.yaml", "a.yml.txt"])
def test_a_directory_whose_files_are_not_read_is_an_error(desk: Desk, name: str) -> None:
    desk.write("kafka-gitops.yaml", "topology: streams/\n")
    desk.write(f"streams/{name}", topology("acme.", "orders"))
    result = desk.run("ci", "lint")
    assert result.code == 64
    assert (
        f"error: Nothing was checked: there is no topology file in streams/, looked at from {desk.home}." in result.err
    )


@pytest.mark.parametrize("name", [".gitkeep", "README.md"])
def test_a_directory_that_is_empty_on_purpose_is_remarked(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("kafka-gitops.yaml", "topology: streams/\n")
    desk.write(f"streams/{name}", "")
    assert "Nothing was checked: there is no topology file in streams/.\n" in desk.ok("ci", "lint")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "::notice title=kafka-gitops::Nothing was checked" in desk.ok("ci", "lint")


BROKEN = {
    "what cannot be read": "context: acme\nprojects: [\n",
    "what is outside `manage`": topology("other.", "orders"),
    "what has an unknown key": topology("acme.", "orders").replace("config:", "confi:"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_never_does_not_let_pass(desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PASSWORD", "pw-of-this-test")
    desk.write("kafka-gitops.yaml", f'manage: {{topics: ["acme.*"]}}\n{ONE_CLUSTER}')
    desk.write("topologies/a.yaml", text)
    result = desk.run("ci", "plan", "--fail-on", "never")
    assert (result.code, "1 error in the files, nothing was planned." in result.err) == (1, True)


def test_never_does_not_let_pass_what_the_policy_demands(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "pw-of-this-test")
    desk.write("policy.yaml", "rules: {topic-owner: error}\n")
    desk.write("kafka-gitops.yaml", ONE_CLUSTER)
    desk.write("topologies/a.yaml", topology("acme.", "orders"))
    assert desk.run("ci", "plan", "--fail-on", "never", "--policy", "policy.yaml").code == 1


@pytest.mark.kafka
def test_never_plans_files_with_errors(
    desk: Desk, kafka: Sandbox, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", kafka.admin_password)
    text = ONE_CLUSTER.replace("127.0.0.1:9", kafka.sasl_bootstrap)
    desk.write("kafka-gitops.yaml", text.replace("topic-owner: off", "topic-owner: error"))
    desk.write("topologies/a.yaml", topology(prefix, "a"))
    assert desk.run("ci", "plan").code == 1
    result = desk.run("ci", "plan", "--fail-on", "never")
    assert result.code == 0
    assert "error[topic-owner]" in result.out and "1 topic to create" in result.out
    assert "note: 1 error in the files let pass (--fail-on never)" in result.err
