"""`bitbucket-pipelines.example.yml`: its scripts run against a real broker, Code Insights through a proxy played here."""

import json
import subprocess
from pathlib import Path
from typing import Any

import hostile
import pytest
import yaml
from bitbucket_runs import EXAMPLE, LINTED, PLANNED, PROXY, main, pipeline, reports, request
from forge import Answer
from pipelines import Estate, estate, machine

from kafka_gitops.sandbox import Sandbox

LINT, PLAN, APPLY = "kafka-gitops-lint", "kafka-gitops-plan-production", "kafka-gitops-apply-production"


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its pipeline."""
    return estate(tmp_path / "repo", prefix, kafka, EXAMPLE.name, "bitbucket-pipelines.yml")


@pytest.mark.kafka
def test_a_clean_pull_request_has_a_report_without_annotations(site: Estate) -> None:
    base = site.head()
    site.commit("old", "new")
    ran, api = request(site, base)
    assert ran.steps == [("Lint", 0)], ran.out
    assert "No problems in 1 file, 2 topics" in ran.out
    assert reports(site, api) == [(LINT, "PASSED", [0, 0, 0])]
    assert len(api.writes()) == 1
    assert (ran.files(), site.state()) == (LINTED, {})


@pytest.mark.kafka
def test_a_pull_request_with_findings_fails_and_is_annotated(site: Estate) -> None:
    base = site.head()
    site.commit("old retention.mss=5")
    ran, api = request(site, base)
    assert ran.steps == [("Lint", 1)], ran.out
    assert reports(site, api) == [(LINT, "FAILED", [1, 0, 0])]
    [_, (method, path, annotations)] = api.writes()
    assert (method, path.endswith(f"/{LINT}/annotations")) == ("POST", True)
    assert [(one["path"], one["line"], one["severity"]) for one in annotations] == [("topologies/a.yaml", 5, "HIGH")]
    assert "<failure" in ran.text("test-results/lint.xml")
    assert (ran.files(), site.state()) == (LINTED, {})


@pytest.mark.kafka
def test_the_main_branch_plans_waits_applies_and_then_has_nothing_to_do(site: Estate) -> None:
    waiting, api = main(site, manual=False)
    assert waiting.steps == [("Lint", 0), ("Plan", 0)], waiting.out
    assert reports(site, api) == [(LINT, "PASSED", [0, 0, 0])] * 2 + [(PLAN, "PASSED", [1, 0, 0])]
    assert (waiting.files(), site.state()) == (PLANNED, {})
    applied, api = main(site)
    assert applied.steps == [("Lint", 0), ("Plan", 0), ("Apply", 0)], applied.out
    assert reports(site, api)[-1] == (APPLY, "PASSED", [1, 0, 0])
    assert json.loads(applied.text("apply.json"))["summary"]["done"] == 1
    assert site.state() == {"old": {}}
    again, api = main(site)
    assert again.steps == [("Lint", 0), ("Plan", 0), ("Apply", 0)], again.out
    assert again.text("summary.md").startswith("### kafka-gitops apply: 0 applied, 0 failed, 0 skipped"), again.out
    assert [row[2] for row in reports(site, api)[2:]] == [[0, 0, 0]] * 2
    calm = pipeline(site, "custom", "drift", {**site.login(), "BITBUCKET_BRANCH": "main"})
    assert (site.state(), calm.steps) == ({"old": {}}, [("Drift", 0)])


@pytest.mark.kafka
def test_a_merge_carries_out_what_it_removes(site: Estate) -> None:
    site.make("old", "older")
    site.commit("old", "older")
    site.commit("old", accept="change-topic-absent")
    ran, api = main(site)
    assert ran.steps == [("Lint", 0), ("Plan", 0), ("Apply", 0)], ran.out
    assert reports(site, api)[-1] == (APPLY, "PASSED", [0, 0, 1])
    assert site.state() == {"old": {}}


@pytest.mark.kafka
def test_a_plan_that_went_stale_while_it_waited_is_not_applied(site: Estate) -> None:
    site.commit("old retention.ms=2592000000")
    ran, api = main(site, between=lambda: site.make("old"))
    assert ran.steps == [("Lint", 0), ("Plan", 0), ("Apply", 3)], ran.out
    assert "Nothing was applied: the plan made now has changes that nobody approved" in ran.out
    assert "**Not in the approved plan:**" in ran.text("summary.md")
    assert reports(site, api)[-1] == (APPLY, "FAILED", [0, 1, 0])
    assert (ran.files(), site.state()) == (PLANNED, {"old": {}})


@pytest.mark.kafka
def test_the_brake_stops_a_push_that_removes_too_much(site: Estate) -> None:
    site.make("old", "older", "oldest")
    site.commit("old", "older", "oldest")
    site.commit("old", accept="change-topic-absent")
    ran, api = main(site)
    assert ran.steps == [("Lint", 0), ("Plan", 4)], ran.out
    assert "2 topics would be deleted (limit 1" in ran.out
    assert ran.text("summary.md").startswith("### Refused: 2 topics would be deleted")
    assert reports(site, api)[-1] == (PLAN, "FAILED", [0, 0, 2])
    assert (ran.files(), site.state()) == (PLANNED, {"old": {}, "older": {}, "oldest": {}})


@pytest.mark.kafka
def test_without_a_broker_the_plan_says_what_to_look_at(site: Estate) -> None:
    ran, api = main(site, KAFKA_BOOTSTRAP="127.0.0.1:9")
    assert ran.steps == [("Lint", 0), ("Plan", 5)], ran.out
    assert "Cannot reach 127.0.0.1:9" in ran.out
    assert "Traceback" not in ran.out
    assert ran.text("summary.md").startswith("### kafka-gitops plan stopped: Cannot reach 127.0.0.1:9")
    assert reports(site, api) == [(LINT, "PASSED", [0, 0, 0])] * 2
    assert (ran.files(), site.state()) == (LINTED, {})


@pytest.mark.kafka
def test_what_bitbucket_refuses_is_a_warning(site: Estate) -> None:
    ran, api = request(site, site.head(), answer=lambda _asked: Answer(403, {"error": {"message": "no"}}))
    assert ran.steps == [("Lint", 0)], ran.out
    assert "warning: Bitbucket was not told: PUT api.bitbucket.org" in ran.out
    assert len(api.writes()) == 1
    away, _ = request(site, site.head(), {PROXY: "http://127.0.0.1:9"})
    assert away.steps == [("Lint", 0)], away.out
    assert "warning: Bitbucket was not told: PUT api.bitbucket.org" in away.out
    assert (away.files(), site.state()) == (LINTED, {})


@pytest.mark.kafka
def test_hostile_text_is_obeyed_by_nobody_and_applied_as_what_it_is(site: Estate) -> None:
    hostile.commit(site.home, hostile.rights(site.prefix))
    applied, told = main(site)
    assert applied.steps == [("Lint", 0), ("Plan", 0), ("Apply", 0)], applied.out
    assert site.principals() == hostile.NAMES
    base = site.head()
    hostile.commit(site.home, hostile.findings(site.prefix))
    linted, found = request(site, base, {"BITBUCKET_BRANCH": hostile.WORDS[0]})
    assert linted.steps == [("Lint", 1)], linted.out
    [_, (_, _, annotations)] = found.writes()
    assert len(annotations) == hostile.FOUND
    for row in annotations:
        hostile.inert_line(row["summary"])
        hostile.inert_line(row["details"])
    hostile.inert_log(applied.out + linted.out)
    for text in (applied.text("summary.md"), linted.text("summary.md")):
        hostile.inert_markdown(text)
    assert {body["result"] for _, _, body in told.writes() if isinstance(body, dict)} == {"PASSED"}  # else annotations
    assert hostile.touched(site.home.parent) == []


def test_the_example_follows_the_schema(tmp_path: Path) -> None:
    check = ["check-jsonschema", "--builtin-schema", "vendor.bitbucket-pipelines", str(EXAMPLE)]
    done = subprocess.run(check, capture_output=True, text=True, check=False, env=machine(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_step_is_one_that_bitbucket_knows() -> None:
    """Bitbucket's schema lets unknown keys pass, so they are held to what its documentation has."""
    known = {"name", "script", "artifacts", "max-time", "deployment", "trigger", "concurrency-group"}
    body: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    assert [entry["step"].keys() - known for entry in body["definitions"]["steps"]] == [set()] * 4
    assert json.dumps(body["pipelines"]["pull-requests"]).count("deployment") == 0
