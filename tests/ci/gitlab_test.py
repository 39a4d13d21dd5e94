"""Merge requests in `.gitlab-ci.example.yml`, run by gitlab-ci-local against a real broker and GitLab's API played here."""

from pathlib import Path

import hostile
import pytest
from gitlab_runs import FORK, LINTED, MERGE_REQUEST, PLANNED, pipeline, request
from hooking import write
from lab import BOT, NOTES, STRANGER, lab, note
from pipelines import Estate, estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]
BOTH = ["PASS kafka:lint", "PASS kafka:plan"]


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its pipeline."""
    return estate(tmp_path / "repo", prefix, kafka, ".gitlab-ci.example.yml", ".gitlab-ci.yml")


def test_a_merge_request_without_secrets_is_linted_and_told_so(site: Estate) -> None:
    base = site.head()
    site.commit("old", "new")
    ran = pipeline(site, **MERGE_REQUEST, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert (ran.code, ran.jobs()) == (0, BOTH), ran.out
    assert "Lint only, no plan: there are no credentials here" in ran.out
    assert ran.report("kafka:lint", "code-quality.json") == []
    assert (ran.files("kafka:lint"), ran.files("kafka:plan")) == (LINTED, LINTED)
    assert site.state() == {}


def test_a_merge_request_of_a_fork_is_linted_although_there_are_secrets(site: Estate) -> None:
    base = site.head()
    site.commit("old", "new")
    ran, api = request(site, base, {**FORK, **site.login()}, "kafka:plan")
    assert ran.code == 0, ran.out
    said = "Lint only, no plan: the merge request comes from a fork."
    assert said in ran.out
    [(method, path, body)] = api.writes()
    assert (method, path) == ("POST", NOTES)
    assert said.removesuffix(".") in body["body"]
    assert ran.files("kafka:plan") == LINTED
    assert site.state() == {}


def test_a_merge_request_with_findings_fails_and_has_them_in_the_widget(site: Estate) -> None:
    base = site.head()
    site.commit("old retention.mss=5")
    ran, api = request(site, base, site.login())
    assert (ran.code, ran.jobs()) == (1, ["FAIL kafka:lint"]), ran.out
    [found] = ran.report("kafka:lint", "code-quality.json")
    assert (found["check_name"], found["location"]) == (
        "topic-config-unknown",
        {"path": "topologies/a.yaml", "lines": {"begin": 5}},
    )
    assert "<failure" in ran.text("kafka:lint", "lint.junit.xml")
    assert ran.files("kafka:lint") == LINTED
    [(method, path, body)] = api.writes()
    assert (method, path) == ("POST", NOTES)
    assert "topic-config-unknown" in body["body"]
    assert site.state() == {}


def test_a_merge_request_with_credentials_is_planned_and_keeps_its_note(site: Estate) -> None:
    site.make("old")
    base = site.head()
    site.commit("old", "new")
    ran, first = request(site, base, site.login())
    assert (ran.code, ran.jobs()) == (0, BOTH), ran.out
    assert ran.report("kafka:plan", "terraform.json") == {"create": 1, "update": 0, "delete": 0}
    assert (ran.files("kafka:lint"), ran.files("kafka:plan")) == (LINTED, PLANNED)
    [(method, path, body)] = first.writes()
    assert (method, path) == ("POST", NOTES)
    assert f"{site.prefix}new" in body["body"]
    assert "1 topic to create" in body["body"]
    assert site.kafka.admin_password not in body["body"]
    notes = [*(note(number, STRANGER, body["body"]) for number in range(1, 4)), note(7, BOT, body["body"])]
    site.commit("old")
    calm, second = request(site, base, site.login(), "kafka:plan", answer=lab(*notes, per_page=2))
    assert calm.code == 0, calm.out
    assert "No changes. Environment production matches the files" in calm.out
    assert calm.report("kafka:plan", "terraform.json") == {"create": 0, "update": 0, "delete": 0}
    assert second.writes() == [("DELETE", f"{NOTES}/7", None)]
    assert site.state() == {"old": {}}


def test_a_note_that_gitlab_refuses_is_a_warning(site: Estate) -> None:
    base = site.head()
    site.commit("old", "new")
    ran, api = request(site, base, site.login(), "kafka:plan", answer=lab(refuse=403))
    assert ran.code == 0, ran.out
    assert "warning: GitLab was not told: POST 127.0.0.1" in ran.out
    assert "403 refused" in ran.out
    assert [method for method, _, _ in api.writes()] == ["POST"]
    assert ran.files("kafka:plan") == PLANNED
    assert site.state() == {}


def test_a_merge_request_without_a_broker_fails_and_says_why(site: Estate) -> None:
    base = site.head()
    site.commit("old", "new")
    ran, api = request(site, base, {**site.login(), "KAFKA_BOOTSTRAP": "127.0.0.1:9"})
    assert (ran.code, ran.jobs()) == (1, ["FAIL kafka:plan", "PASS kafka:lint"]), ran.out
    assert "FAIL 5" in ran.out
    [(method, path, body)] = api.writes()
    assert (method, path) == ("POST", NOTES)
    assert body["body"].startswith("### kafka-gitops plan stopped: Cannot reach 127.0.0.1:9")
    assert ran.files("kafka:plan") == LINTED


def test_a_merge_request_that_says_where_the_password_goes_gets_no_plan(site: Estate) -> None:
    base = site.head()
    config = (site.home / "kafka-gitops.yaml").read_text(encoding="utf-8")
    write(site.home / "kafka-gitops.yaml", config.replace("${KAFKA_BOOTSTRAP}", "thief.example.org:9092"))
    site.commit("old", "new")
    ran = pipeline(site, "kafka:plan", **MERGE_REQUEST, **site.login(), CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert ran.code == 0, ran.out
    said = "Lint only, no plan: this change edits kafka-gitops.yaml, which says where the credentials are sent"
    assert said in ran.out
    assert ran.files("kafka:plan") == LINTED


def test_hostile_text_of_a_merge_request_is_obeyed_by_nobody(site: Estate) -> None:
    base = site.head()
    hostile.commit(site.home, hostile.rights(site.prefix))
    planned, plan = request(site, base, site.login())
    assert (planned.code, planned.jobs()) == (0, BOTH), planned.out
    hostile.commit(site.home, hostile.findings(site.prefix))
    titled = {"CI_MERGE_REQUEST_TITLE": hostile.WORDS[0], "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": hostile.WORDS[1]}
    linted, lint = request(site, base, {**site.login(), **titled})
    assert (linted.code, linted.jobs()) == (1, ["FAIL kafka:lint"]), linted.out
    assert len(linted.report("kafka:lint", "code-quality.json")) == hostile.FOUND
    for _, _, body in (*plan.writes(), *lint.writes()):
        hostile.inert_note(body["body"])
    hostile.inert_log(planned.out + linted.out)
    assert (len(plan.writes()), len(lint.writes())) == (2, 1)  # warnings have a note too
    assert hostile.touched(site.home.parent) == []
    assert (site.state(), site.principals()) == ({}, set())
