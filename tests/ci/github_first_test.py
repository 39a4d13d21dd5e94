"""The first paste for GitHub: what `init --ci github` writes, run by act with nothing but variables and a secret set."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from acting import ROOT, Ran, Runner, pull_request
from desk import Desk
from github_runs import secrets, variables
from hooking import git, write
from hub import Hub
from pipelines import Estate

from kafka_gitops.sandbox import Sandbox

ADDED = "  - {name: returned, config: {num.partitions: 1, replication.factor: 3, min.insync.replicas: 2}}\n"
NO_TLS = {"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}  # the broker here has no certificate that a machine trusts
WORKFLOWS = [*sorted(ROOT.glob("examples/github/*.yml")), ROOT / ".github" / "workflows" / "kafka-gitops.yml"]
LOGIN = {
    "KAFKA_BOOTSTRAP": "${{ vars.KAFKA_BOOTSTRAP }}",
    "KAFKA_USERNAME": "${{ vars.KAFKA_USERNAME }}",
    "KAFKA_PASSWORD": "${{ secrets.KAFKA_PASSWORD }}",
}


@pytest.fixture
def started(tmp_path: Path, three_brokers: Sandbox) -> Estate:
    """A repository with a README on main, and on the branch `start` what `init` writes."""
    home = tmp_path / "streams"
    home.mkdir()
    git(home, "init", "-q", "-b", "main")
    git(home, "remote", "add", "origin", "https://github.com/acme/streams.git")
    write(home / "README.md", "Our topics.\n")
    write(home / ".gitignore", ".github/workflows/under-test.yml\n")
    commit(home)
    git(home, "checkout", "-qb", "start")
    assert Desk(home).run("init", "--ci", "github").code == 1  # the release stays open, as in what is shipped
    commit(home)
    return Estate(home, "example.", three_brokers)


def commit(home: Path) -> None:
    git(home, "add", "-A")
    git(home, "commit", "-qm", "more")


def run(runner: Runner, repo: Estate, name: str, event: str, payload: dict[str, Any], api: str, user: str) -> Ran:
    """A workflow of the repository itself, with the variables and the secret of a user's environment."""
    workflow = str(repo.home / ".github" / "workflows" / f"kafka-{name}.yml")
    has, password = variables(repo, user), secrets(repo, user)
    return runner.run(repo.home, workflow, event, payload, api=api, variables=has, secrets=password, given=NO_TLS)


@pytest.mark.kafka
@pytest.mark.ci
def test_what_init_writes_works_as_it_is(runner: Runner, started: Estate, github: Hub) -> None:
    home, api = started.home, github.server.url
    readme = git(home, "rev-parse", "main").strip()
    started.let_read("ci")
    first = run(runner, started, "pull-request", "pull_request", pull_request(home, readme), api, "ci")
    assert (first.code, first.jobs) == (0, {"plan": "success"}), first.log
    [said] = [text for level, text in first.notes if level == "notice"]
    assert said.startswith("Lint only, no plan: this change edits kafka-gitops.yaml")
    merged = run(runner, started, "merge", "push", {"before": readme}, api, "admin")
    assert (merged.code, merged.jobs) == (0, {"plan": "success", "apply": "success"}), merged.log
    assert started.topics() == ["orders.placed"]
    calm = run(runner, started, "drift", "workflow_dispatch", {}, api, "ci")
    assert (calm.code, calm.jobs, calm.outputs["exit-code"]) == (0, {"drift": "success"}, "0"), calm.log
    base = started.head()
    git(home, "branch", "-f", "main", base)  # as the merge left it: its tip says where credentials go
    with (home / "topologies" / "example.yaml").open("a", encoding="utf-8") as file:
        file.write(ADDED)
    commit(home)
    second = run(runner, started, "pull-request", "pull_request", pull_request(home, base), api, "ci")
    assert (second.code, second.outputs["create-count"]) == (0, "5"), second.log  # a topic, and four rights on it
    assert "example.orders.returned" in github.bodies()[-1]
    assert started.topics() == ["orders.placed"]


@pytest.mark.kafka
@pytest.mark.ci
def test_an_environment_without_its_variables_is_told_which(runner: Runner, started: Estate) -> None:
    payload = {"before": git(started.home, "rev-parse", "main").strip()}
    ran = runner.run(started.home, "examples/github/merge.yml", "push", payload, given=NO_TLS)
    assert (ran.code, ran.jobs, ran.outputs["exit-code"]) == (1, {"plan": "failure"}, "78"), ran.log
    [said] = [text for level, text in ran.notes if level == "error"]
    for name in LOGIN:
        assert f"the variable {name} is empty" in said


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_step_with_the_password_has_the_address_and_the_user_too(path: Path) -> None:
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    given = [step["env"] for job in jobs.values() for step in job["steps"] if "KAFKA_" in str(step.get("env", ""))]
    logins = [env for env in given if "KAFKA_PASSWORD" in env]
    assert logins and all(env == LOGIN for env in logins)


def test_the_page_has_the_config_that_init_writes_and_the_variables_in_its_table() -> None:
    page = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```yaml\n((?:(?!```).)*environments:(?:(?!```).)*SCRAM.*?)```", page, re.DOTALL)
    config = yaml.safe_load((ROOT / "kafka_gitops" / "scaffold" / "kafka-gitops.yaml").read_text(encoding="utf-8"))
    environments = yaml.safe_load(shown)["environments"]
    assert environments["production"].pop("cluster_id")
    assert environments == config["environments"]
    for name in ("kafka-plan", "production"):
        [row] = re.findall(rf"(?m)^ *\| `{name}` \|.*$", page)
        assert all(f"`{variable}`" in row for variable in LOGIN)
