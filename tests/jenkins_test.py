"""`Jenkinsfile.example`, executed by the interpreter of tests/jenkins in Jenkins' own Groovy, against a real broker."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hooking import git
from pipelines import ROOT, Estate, estate, groovy, machine

from kafka_gitops.sandbox import Sandbox

MAIN = {"BRANCH_NAME": "main"}
EXAMPLE = ROOT / "Jenkinsfile.example"


class Ran(NamedTuple):
    """A build: what Jenkins would have refused, its result, and what happened in order."""

    problems: list[str]
    result: str
    events: list[dict[str, Any]]
    home: Path

    def all(self, event: str) -> list[dict[str, Any]]:
        """The events of a kind."""
        return [one for one in self.events if one["event"] == event]

    def stages(self) -> list[str]:
        """The stages that ran."""
        return [one["stage"] for one in self.all("stage")]

    def shells(self) -> str:
        """What the shells printed."""
        return "".join(one["out"] for one in self.all("sh"))

    def exits(self) -> list[int]:
        """How the shells that call kafka-gitops ended."""
        return [one["exit"] for one in self.all("sh") if "kafka-gitops ci" in one["script"]]


def build(folder: Path, jenkinsfile: Path, **scenario: Any) -> Ran:
    """Run a Jenkinsfile; `scenario` is what main.groovy reads."""
    home = folder / f"build-{sum(1 for _ in folder.glob('build-*'))}"
    home.mkdir(parents=True)
    said, trace = home / "scenario.json", home / "trace.json"
    said.write_text(json.dumps({"home": str(home), "env": {}, **scenario}), encoding="utf-8")
    command = [*groovy(), str(jenkinsfile), str(said), str(trace)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=machine(folder))
    assert trace.exists(), f"the interpreter broke:\n{done.stdout}\n{done.stderr}"
    found = json.loads(trace.read_text(encoding="utf-8"))
    return Ran(found["problems"], found["result"], found["events"], home)


def run(site: Estate, env: dict[str, str], *, secrets: bool = True, reachable: bool = True, **scenario: Any) -> Ran:
    """A build of the repository with the example, on agents that have kafka-gitops."""
    admin = {"username": "admin", "password": site.kafka.admin_password}
    bootstrap = site.kafka.sasl_bootstrap if reachable else "127.0.0.1:9"
    agents = {**machine(site.home.parent), "KAFKA_BOOTSTRAP": bootstrap}
    credentials = {"kafka-plan": admin, "kafka-apply": admin} if secrets else {}
    given = {"env": env, "source": str(site.home), "machine": agents, "credentials": credentials, **scenario}
    return build(site.home.parent, EXAMPLE, **given)


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its Jenkinsfile."""
    return estate(tmp_path / "repo", prefix, kafka, "Jenkinsfile.example", "Jenkinsfile")


def change(number: str = "5") -> dict[str, str]:
    """The variables of a build of a change request."""
    return {"BRANCH_NAME": f"PR-{number}", "CHANGE_ID": number, "CHANGE_TARGET": "main"}


@pytest.mark.kafka
def test_a_change_request_is_linted_without_any_secret(site: Estate) -> None:
    git(site.home, "checkout", "-q", "-b", "work")
    site.commit("old", "new")
    ran = run(site, change(), secrets=False)
    assert (ran.problems, ran.result, ran.stages()) == ([], "SUCCESS", ["Lint"])
    [tests], [issues] = ran.all("junit"), ran.all("recordIssues")
    assert (tests["tests"], tests["failures"], issues["issues"]) == (1, 0, 0)
    assert not ran.all("withCredentials") and site.topics() == []


@pytest.mark.kafka
def test_a_change_request_with_findings_fails_and_reports_them(site: Estate) -> None:
    git(site.home, "checkout", "-q", "-b", "work")
    site.commit("old retention.mss=5")
    ran = run(site, change(), secrets=False)
    [tests], [issues] = ran.all("junit"), ran.all("recordIssues")
    assert (ran.result, ran.exits(), tests["failures"], issues["issues"]) == ("FAILURE", [1], 1, 1)
    assert 'no topic config is called "retention.mss"' in ran.shells()


@pytest.mark.kafka
def test_the_main_branch_plans_asks_applies_and_then_does_not_ask(site: Estate) -> None:
    ran = run(site, MAIN, input="granted")
    assert (ran.result, ran.stages(), ran.exits()) == (
        "SUCCESS",
        ["Lint", "Plan", "Approve", "Apply"],
        [0, 0, 0],
    ), ran.shells()
    [asked] = ran.all("input")
    assert (asked["executor"], asked["held"], asked["submitter"]) == (False, ["timeout 1"], "kafka-operators")
    assert [one["ordinal"] for one in ran.all("milestone")] == [10, 20]
    [plan_login, apply_login] = ran.all("withCredentials")
    assert (plan_login["ids"], plan_login["held"]) == (["kafka-plan"], ["timeout 15"])
    assert (apply_login["ids"], apply_login["held"]) == (["kafka-apply"], ["lock kafka-production"])
    assert len({one["agent"] for one in ran.all("agent")}) == 3
    assert site.topics() == ["old"] and "1 applied" in ran.shells()
    assert site.kafka.admin_password not in json.dumps(ran.events)
    again = run(site, {**MAIN, "GIT_PREVIOUS_SUCCESSFUL_COMMIT": site.head()})
    assert (again.result, again.stages(), again.all("input")) == ("SUCCESS", ["Lint", "Plan"], [])


@pytest.mark.kafka
def test_a_plan_that_went_stale_while_it_waited_is_not_applied(site: Estate) -> None:
    site.commit("old retention.ms=2592000000")
    ran = run(site, MAIN, input="granted", meanwhile=[making(site)])
    assert (ran.result, ran.exits()) == ("FAILURE", [0, 0, 3]), ran.shells()
    assert "Nothing was applied: the plan made now has changes that nobody approved" in ran.shells()
    assert site.configs("old") == {}


def making(site: Estate) -> str:
    """A shell command that makes the topic `old` while the build waits."""
    script = (
        "from confluent_kafka.admin import AdminClient, NewTopic; import json, sys; "
        "admin = AdminClient(json.loads(sys.argv[1])); "
        "[made.result() for made in admin.create_topics([NewTopic(sys.argv[2], 1, 1)]).values()]"
    )
    return shlex.join([sys.executable, "-c", script, json.dumps(site.kafka.client()), f"{site.prefix}old"])


@pytest.mark.kafka
def test_nothing_happens_without_a_yes_or_when_a_newer_build_is_past(site: Estate) -> None:
    for scenario, result in (
        ({"input": "aborted"}, "ABORTED"),
        ({}, "ABORTED"),  # nobody answers until the time is out
        ({"input": "granted", "passed": [20]}, "NOT_BUILT"),
    ):
        ran = run(site, MAIN, **scenario)
        assert (ran.result, ran.exits()) == (result, [0, 0])
    assert site.topics() == []


@pytest.mark.kafka
def test_the_brake_stops_before_anybody_is_asked_and_a_build_by_hand_lifts_it(site: Estate) -> None:
    base = site.commit("old", "older", "oldest")
    site.make("old", "older", "oldest")
    site.commit("old", accept="change-topic-absent")
    main = {**MAIN, "GIT_PREVIOUS_SUCCESSFUL_COMMIT": base}
    braked = run(site, main)
    assert (braked.result, braked.exits(), braked.all("input")) == ("FAILURE", [0, 4], []), braked.shells()
    assert "2 topics would be deleted (limit 1" in braked.shells()
    allowed = run(site, main, input="granted", parameters={"KAFKA_GITOPS_OPTIONS": "--max-deletes topics=2"})
    assert (allowed.result, allowed.exits(), site.topics()) == ("SUCCESS", [0, 0, 0], ["old"]), allowed.shells()


@pytest.mark.kafka
def test_without_a_broker_nobody_is_asked(site: Estate) -> None:
    away = run(site, MAIN, reachable=False)
    assert (away.result, away.exits(), away.all("input")) == ("FAILURE", [0, 5], []), away.shells()


@pytest.mark.kafka
def test_the_timer_looks_for_drift_alone(site: Estate) -> None:
    ran = run(site, MAIN, cause="TimerTrigger")
    assert (ran.result, ran.stages(), ran.exits()) == ("FAILURE", ["Lint", "Drift"], [0, 2]), ran.shells()


WRONG = """\
pipeline {
  agnet any
  options { disableConcurentBuilds() }
  stages {
    stage('One') {
      when { brunch 'main' }
      stepz { echo 'x' }
    }
    stage('Two') {
      agent any
      steps {
        shh 'true'
        withCredentials([string(credentialsId: 'x', variable: 'X')]) { sh "echo ${X}" }
        def y = 1
      }
      post { allways { echo 'x' } }
    }
  }
}
"""


@pytest.mark.kafka  # no broker, but the network: Groovy comes from Maven Central
def test_the_interpreter_refuses_what_jenkins_refuses(tmp_path: Path) -> None:
    (tmp_path / "Jenkinsfile").write_text(WRONG, encoding="utf-8")
    ran = build(tmp_path, tmp_path / "Jenkinsfile", source=str(tmp_path))
    said = [problem.split(", expected")[0] for problem in ran.problems]
    assert (ran.result, ran.events) == ("FAILURE", [])
    assert said == [
        'line 2: Unknown "agnet" in pipeline',
        'line 1: Missing required section "agent"',
        'line 3: Unknown "disableConcurentBuilds" in options',
        'line 7: Unknown "stepz" in stage',
        "line 5: A stage has exactly one of steps, stages, parallel, matrix",
        'line 6: Unknown "brunch" in when',
        'line 16: Unknown "allways" in post',
        'line 12: Unknown step "shh"',
        "line 13: sh in double quotes: use single quotes, so that the shell fills in the variables",
        "line 14: Expected a step (other Groovy belongs into script { })",
    ]


NO_AGENT = "pipeline { agent none\n stages { stage('One') { steps { sh 'true' } } } }\n"


@pytest.mark.kafka
def test_a_shell_needs_an_agent(tmp_path: Path) -> None:
    (tmp_path / "Jenkinsfile").write_text(NO_AGENT, encoding="utf-8")
    ran = build(tmp_path, tmp_path / "Jenkinsfile", source=str(tmp_path))
    assert (ran.problems, ran.result) == ([], "FAILURE")
    assert "sh needs an agent" in ran.all("stopped")[0]["message"]
