"""`.gitlab-ci.example.yml`, executed by gitlab-ci-local against a real broker and GitLab's API played here."""

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from forge import Answer, Asked, forge
from hooking import write
from pipelines import Estate, estate, machine, node

from kafka_gitops.sandbox import Sandbox

pytestmark = pytest.mark.kafka
PREDEFINED = {"GITLAB_CI": "true", "CI_PROJECT_ID": "42", "CI_COMMIT_BEFORE_SHA": "0" * 40}
MERGE_REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "5",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42",
}


class Ran(NamedTuple):
    """A pipeline: its exit code, what it printed, and the folder with its artifacts by job."""

    code: int
    out: str
    artifacts: Path

    def report(self, job: str, name: str) -> Any:
        """A JSON report of a job."""
        return json.loads(self.text(job, name))

    def text(self, job: str, name: str) -> str:
        """A report of a job; in names of folders gitlab-ci-local writes a colon in its own way."""
        folder = self.artifacts / job.replace(":", "Og") / "kafka-gitops-reports"
        return (folder / name).read_text(encoding="utf-8")

    def jobs(self) -> list[str]:
        """Each job that ran, with how it ended: `PASS kafka:lint`."""
        rows = [line.split() for line in self.out.splitlines()]
        return sorted(f"{row[0]} {row[1]}" for row in rows if len(row) == 2 and row[0] in ("PASS", "FAIL"))


def pipeline(site: Estate, *words: str, **variables: str) -> Ran:
    """Run the pipeline of the repository; `words` name jobs or are options, `variables` are the project's."""
    programs, tools = node()
    given = {**PREDEFINED, **variables}
    options = [f"--variable={key}={value}" for key, value in given.items()]
    if "CI_PIPELINE_SOURCE" in given:
        options += ["--unset-variable=CI_COMMIT_BRANCH"] if "CI_MERGE_REQUEST_IID" in given else []
    ignored = [f"--ignore-predefined-vars={','.join(given)}"]
    command = [
        str(tools / "gitlab-ci-local"),
        "--force-shell-executor",
        "--shell-isolation",
        "--no-artifacts-to-source",
    ]
    done = subprocess.run(
        [*command, *options, *ignored, *words],
        cwd=site.home,
        env=machine(site.home.parent, programs, tools),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, site.home / ".gitlab-ci-local" / "artifacts")


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its pipeline."""
    return estate(tmp_path / "repo", prefix, kafka, ".gitlab-ci.example.yml", ".gitlab-ci.yml")


def test_a_merge_request_without_secrets_is_linted_and_told_so(site: Estate) -> None:
    base = site.head()
    site.commit("old", "new")
    ran = pipeline(site, **MERGE_REQUEST, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert (ran.code, ran.jobs()) == (0, ["PASS kafka:lint", "PASS kafka:plan"]), ran.out
    assert "Lint only, no plan: there are no credentials here" in ran.out
    assert ran.report("kafka:lint", "code-quality.json") == []
    assert site.topics() == []


def test_a_merge_request_with_findings_fails_and_has_them_in_the_widget(site: Estate) -> None:
    base = site.head()
    site.commit("old retention.mss=5")
    ran = pipeline(site, **MERGE_REQUEST, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert (ran.code, ran.jobs()) == (1, ["FAIL kafka:lint"]), ran.out
    [found] = ran.report("kafka:lint", "code-quality.json")
    assert (found["check_name"], found["location"]) == (
        "topic-config-unknown",
        {"path": "topologies/a.yaml", "lines": {"begin": 5}},
    )
    assert "<failure" in ran.text("kafka:lint", "lint.junit.xml")


def test_the_main_branch_plans_waits_applies_and_then_has_nothing_to_do(site: Estate) -> None:
    site.commit("old", "new")
    site.let_read("ci")
    planned = pipeline(site, **site.login("ci"))
    assert (planned.code, planned.jobs()) == (0, ["PASS kafka:lint", "PASS kafka:plan"]), planned.out
    assert planned.report("kafka:plan", "terraform.json") == {"create": 2, "update": 0, "delete": 0}
    assert site.topics() == []
    refused = pipeline(site, "kafka:apply", **site.login("ci"))
    assert (refused.code != 0, site.topics()) == (True, []), refused.out
    assert "TOPIC_AUTHORIZATION_FAILED" in refused.out and "0 applied, 2 failed" in refused.out, refused.out
    applied = pipeline(site, "kafka:apply", **site.login())
    assert (applied.code, site.topics()) == (0, ["new", "old"]), applied.out
    again = pipeline(site, "--manual=kafka:apply", **site.login())
    assert (again.code, again.jobs()) == (0, ["PASS kafka:apply", "PASS kafka:lint", "PASS kafka:plan"]), again.out
    assert again.report("kafka:plan", "terraform.json") == {"create": 0, "update": 0, "delete": 0}


def test_a_plan_that_went_stale_while_it_waited_is_not_applied(site: Estate) -> None:
    site.commit("old retention.ms=2592000000")
    assert pipeline(site, **site.login()).code == 0
    site.make("old")
    stale = pipeline(site, "kafka:apply", **site.login())
    assert stale.code != 0 and "FAIL 3" in stale.out, stale.out
    assert "Nothing was applied: the plan made now has changes that nobody approved" in stale.out
    assert site.configs("old") == {}


def test_the_brake_stops_a_push_that_removes_too_much(site: Estate) -> None:
    base = site.commit("old", "older", "oldest")
    site.make("old", "older", "oldest")
    site.commit("old", accept="change-topic-absent")
    ran = pipeline(site, "--manual=kafka:apply", **site.login(), CI_COMMIT_BEFORE_SHA=base)
    assert (ran.code != 0, ran.jobs()) == (True, ["FAIL kafka:plan", "PASS kafka:lint"]), ran.out
    assert "FAIL 4" in ran.out and "2 topics would be deleted (limit 1" in ran.out, ran.out
    assert ran.report("kafka:plan", "terraform.json") == {"create": 0, "update": 0, "delete": 2}
    assert site.topics() == ["old", "older", "oldest"]


def test_without_a_broker_the_plan_says_what_to_look_at(site: Estate) -> None:
    ran = pipeline(site, "kafka:plan", **{**site.login(), "KAFKA_BOOTSTRAP": "127.0.0.1:9"})
    assert ran.code != 0 and "FAIL 5" in ran.out, ran.out
    assert "127.0.0.1:9" in ran.out and "Traceback" not in ran.out


def test_a_merge_request_with_credentials_is_planned_and_has_its_note(site: Estate) -> None:
    base = site.head()
    site.commit("old", "new")
    with forge(notes_of_strangers) as api:
        told = {"CI_API_V4_URL": f"{api.url}/api/v4", "KAFKA_GITOPS_GITLAB_TOKEN": "glpat-CANARY"}
        ran = pipeline(site, **MERGE_REQUEST, **site.login(), **told, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert (ran.code, ran.jobs()) == (0, ["PASS kafka:lint", "PASS kafka:plan"]), ran.out
    assert ran.report("kafka:plan", "terraform.json") == {"create": 2, "update": 0, "delete": 0}
    [(method, path, body)] = api.writes()
    assert (method, path) == ("POST", "/api/v4/projects/42/merge_requests/5/notes")
    assert f"{site.prefix}new" in body["body"] and "2 to create" in body["body"]
    assert "CANARY" not in ran.out and site.kafka.admin_password not in ran.out + body["body"]
    assert site.topics() == []


def test_a_merge_request_that_says_where_the_password_goes_gets_no_plan(site: Estate) -> None:
    base = site.head()
    config = (site.home / "kafka-gitops.yaml").read_text(encoding="utf-8")
    write(site.home / "kafka-gitops.yaml", config.replace("${KAFKA_BOOTSTRAP}", "thief.example.org:9092"))
    site.commit("old", "new")
    ran = pipeline(site, "kafka:plan", **MERGE_REQUEST, **site.login(), CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert ran.code == 0, ran.out
    assert (
        "Lint only, no plan: this change edits kafka-gitops.yaml, which says where the credentials are sent" in ran.out
    )


def notes_of_strangers(asked: Asked) -> Answer:
    """A merge request that has no note of ours."""
    if asked.path == "/api/v4/user":
        return Answer(body={"username": "project_42_bot"})
    return Answer(body=[]) if asked.method == "GET" else Answer(201, {"id": 1})


def test_the_schedule_looks_for_drift(site: Estate) -> None:
    site.make("old")
    with forge(notes_of_strangers) as api:
        told = {"CI_API_V4_URL": f"{api.url}/api/v4", "KAFKA_GITOPS_GITLAB_TOKEN": "glpat-CANARY"}
        calm = pipeline(site, **site.login(), **told, CI_PIPELINE_SOURCE="schedule")
        site.commit("old retention.ms=2592000000")
        ran = pipeline(site, **site.login(), **told, CI_PIPELINE_SOURCE="schedule")
    assert (calm.code, calm.jobs()) == (0, ["PASS kafka:drift"]), calm.out
    assert (ran.code != 0, ran.jobs()) == (True, ["FAIL kafka:drift"]) and "FAIL 2" in ran.out, ran.out
    [(method, path, body)] = api.writes()
    assert (method, path, body["title"]) == (
        "POST",
        "/api/v4/projects/42/issues",
        "Kafka differs from its files: production",
    )
