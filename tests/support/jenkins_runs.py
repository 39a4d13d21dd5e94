"""Builds of a Jenkinsfile, run by the interpreter of tests/jenkins in Jenkins' own Groovy."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipelines import ROOT, Estate, groovy, machine

MAIN = {"BRANCH_NAME": "main"}
EXAMPLE = ROOT / "Jenkinsfile.example"
LINTED = ["lint.checkstyle.xml", "lint.json", "lint.junit.xml", "lint.sarif", "summary.md"]
PLANNED = sorted([*LINTED, "has-changes", "plan.json"])
APPLIED = ["apply.json", "has-changes", "plan.json", "summary.md"]


class Ran(NamedTuple):
    """A build: what Jenkins would have refused, its result, what later builds can read, and what happened in order."""

    problems: list[str]
    result: str
    variables: dict[str, str]
    commit: str
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

    def archived(self) -> list[list[str]]:
        """The names of the reports that each stage kept."""
        return [[Path(file).name for file in one["files"]] for one in self.all("archiveArtifacts")]

    def text(self, name: str) -> str:
        """A report that was kept, of the last stage that did."""
        return (self.home / "artifacts" / "kafka-gitops-reports" / name).read_text(encoding="utf-8")


def build(folder: Path, jenkinsfile: Path, **scenario: Any) -> Ran:
    """Run a Jenkinsfile; `scenario` is what main.groovy reads."""
    home = folder / f"build-{sum(1 for _ in folder.glob('build-*'))}"
    home.mkdir(parents=True)
    said, trace = home / "scenario.json", home / "trace.json"
    said.write_text(json.dumps({"home": str(home), "env": {}, "builds": [], **scenario}), encoding="utf-8")
    command = [*groovy(), str(jenkinsfile), str(said), str(trace)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=machine(folder))
    assert trace.exists(), f"the interpreter broke:\n{done.stdout}\n{done.stderr}"
    found = json.loads(trace.read_text(encoding="utf-8"))
    return Ran(found["problems"], found["result"], found["variables"], found["commit"], found["events"], home)


def run(
    site: Estate,
    env: dict[str, str],
    *,
    after: Sequence[Ran] = (),
    secrets: bool = True,
    reachable: bool = True,
    **scenario: Any,
) -> Ran:
    """A build of the repository with the example, `after` others, on agents that have kafka-gitops."""
    admin = {"username": "admin", "password": site.kafka.admin_password}
    bootstrap = site.kafka.sasl_bootstrap if reachable else "127.0.0.1:9"
    agents = {**machine(site.home.parent), "KAFKA_BOOTSTRAP": bootstrap}
    credentials = {"kafka-plan": admin, "kafka-apply": admin} if secrets else {}
    green = [one.commit for one in after if one.result == "SUCCESS"]
    told = {**env, "GIT_PREVIOUS_SUCCESSFUL_COMMIT": green[-1]} if green else env  # as Run.getPreviousSuccessfulBuild
    builds = [{"result": one.result, "variables": one.variables} for one in after]
    given = {
        "env": told,
        "builds": builds,
        "source": str(site.home),
        "machine": agents,
        "credentials": credentials,
        **scenario,
    }
    ran = build(site.home.parent, EXAMPLE, **given)
    assert site.kafka.admin_password not in json.dumps(ran.events)
    return ran


def brought_to(commit: str) -> Ran:
    """A build of the past that left nothing of a commit to apply."""
    return Ran([], "SUCCESS", {"KAFKA_GITOPS_BASE": commit}, commit, [], Path())


def change(number: str = "5", **more: str) -> dict[str, str]:
    """The variables of a build of a change request."""
    return {"BRANCH_NAME": f"PR-{number}", "CHANGE_ID": number, "CHANGE_TARGET": "main", **more}
