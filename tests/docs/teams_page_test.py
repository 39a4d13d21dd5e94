"""docs/teams.md: its two repositories hold what they say, and each platform's recipe for a policy works."""

import re
from pathlib import Path
from textwrap import dedent

import jenkins_runs
import pytest
from desk import Desk
from gitlab_runs import MERGE_REQUEST, pipeline
from hooking import git, head, write
from pipelines import ROOT, Estate, estate

from kafka_gitops.adopt.teams_file import read
from kafka_gitops.sandbox import Sandbox
from kafka_gitops.text.source import parse

PAGE = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
ORDERS, ORDERS_FILE, PAYMENTS, PAYMENTS_FILE, TEAMS, POLICY = re.findall(r"(?ms)^```yaml\n(\S.*?)^```$", PAGE)
[RELEASE] = [dedent(text) for text in re.findall(r"(?ms)^   ```yaml\n(.*?)^   ```$", PAGE)]
[JENKINS] = re.findall(r"(?s)```sh\n(.*?)```", PAGE)


def linted(home: Path, config: str, topology: str, *options: str) -> tuple[int, str]:
    (home / ".git").mkdir(parents=True)
    desk = Desk(home)
    desk.write("kafka-gitops.yaml", config)
    desk.write("topologies/a.yaml", topology)
    code, said, _ = desk.run("lint", *options)
    return code, said


@pytest.mark.parametrize(
    ("config", "topology"), [(ORDERS, ORDERS_FILE), (PAYMENTS, PAYMENTS_FILE)], ids=["orders", "payments"]
)
def test_each_team_states_its_own(tmp_path: Path, config: str, topology: str) -> None:
    assert linted(tmp_path / "a", config, topology, "--fail-on", "warning")[0] == 0


@pytest.mark.parametrize(("config", "topology"), [(PAYMENTS, ORDERS_FILE), (ORDERS, PAYMENTS_FILE)])
def test_no_team_states_what_is_of_the_other(tmp_path: Path, config: str, topology: str) -> None:
    code, said = linted(tmp_path / "a", config, topology)
    assert code == 1
    assert "outside-scope" in said


def test_the_teams_of_the_page_do_not_meet() -> None:
    teams, problems = read(parse("teams.yaml", TEAMS))
    assert ([team.name for team in teams], problems) == (["orders", "payments", "platform"], [])


def test_what_lets_go_is_read(tmp_path: Path) -> None:
    assert linted(tmp_path / "a", ORDERS, f"{ORDERS_FILE}{RELEASE.partition('context: acme')[2]}")[0] == 0
    assert linted(tmp_path / "b", PAYMENTS, f"{PAYMENTS_FILE}{RELEASE.partition('context: acme')[2]}")[0] == 1


def test_the_policy_allows_what_its_team_has_and_nothing_of_the_other(tmp_path: Path) -> None:
    policy = tmp_path / "payments.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    given = ("--policy", str(policy))
    assert linted(tmp_path / "a", "topology: topologies/\n", PAYMENTS_FILE, *given)[0] == 0
    assert linted(tmp_path / "b", "topology: topologies/\n", ORDERS_FILE, *given)[0] == 1


def narrow(site: Estate, folder: Path) -> Path:
    """A policy of a platform's repository, committed, that allows the topic `old` alone."""
    file = folder / "kafka" / "payments.yaml"
    write(file, f'manage: {{topics: ["{site.prefix}old"]}}\n')
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "policy")
    return file


@pytest.mark.kafka
@pytest.mark.ci
def test_jenkins_takes_the_policy_at_a_commit(
    tmp_path: Path, prefix: str, kafka: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = estate(tmp_path / "repo", prefix, kafka, "Jenkinsfile.example", "Jenkinsfile")
    narrow(site, tmp_path / "platform")
    lines = JENKINS.replace("https://git.example.org/platform.git", str(tmp_path / "platform"))
    text = jenkins_runs.EXAMPLE.read_text(encoding="utf-8")
    at = '  PATH="$PATH:$WORKSPACE_TMP/venv/bin"\n'
    assert text.count(at) == 1
    write(
        tmp_path / "Jenkinsfile.pinned",
        text.replace(at, at + lines.replace("FULL-COMMIT", head(tmp_path / "platform"))),
    )
    monkeypatch.setattr(jenkins_runs, "EXAMPLE", tmp_path / "Jenkinsfile.pinned")
    site.commit("old", "new")
    ran = jenkins_runs.run(site, jenkins_runs.MAIN, input="granted")
    assert (ran.problems, ran.result, ran.exits()) == ([], "FAILURE", [1]), ran.shells()
    assert re.search(r"`manage\.topics` of \S+/kafka/payments\.yaml:1", ran.shells())


@pytest.mark.kafka
@pytest.mark.ci
def test_gitlab_hands_the_policy_as_a_file(tmp_path: Path, prefix: str, kafka: Sandbox) -> None:
    site = estate(tmp_path / "repo", prefix, kafka, ".gitlab-ci.example.yml", ".gitlab-ci.yml")
    base = site.head()
    site.commit("old", "new")
    policy = str(narrow(site, tmp_path / "platform"))  # the runner writes such a variable beside the checkout
    given = {**MERGE_REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "KAFKA_GITOPS_POLICY": policy}
    ran = pipeline(site, **given)
    assert (ran.code, ran.jobs()) == (1, ["FAIL kafka:lint"]), ran.out
    assert re.search(r"`manage\.topics` of \S+/kafka/payments\.yaml:1", ran.out)
