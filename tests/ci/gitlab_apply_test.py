"""The main branch in `.gitlab-ci.example.yml`, run by gitlab-ci-local against a real broker."""

from pathlib import Path

import hostile
import pytest
from forge import Forge, forge
from gitlab_runs import LINTED, PLANNED, Ran, pipeline
from lab import NOTES, TOKEN, lab
from pipelines import Estate, estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]
ALL = ["PASS kafka:apply", "PASS kafka:lint", "PASS kafka:plan"]
APPLIED = sorted([*PLANNED, "apply.json"])  # the plan's files are there too: the job got them


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its pipeline."""
    return estate(tmp_path / "repo", prefix, kafka, ".gitlab-ci.example.yml", ".gitlab-ci.yml")


def push(site: Estate, *words: str, **variables: str) -> Ran:
    """The pipeline of a push to the main branch, which has a token and tells GitLab nothing by it."""
    ran, api = merged(site, *words, **variables)
    assert api.asked == []
    return ran


def merged(site: Estate, *words: str, **variables: str) -> tuple[Ran, Forge]:
    """The pipeline of a push that is known as a merge request, and what GitLab was asked."""
    with forge(lab(merged=5)) as api:
        told = {"CI_API_V4_URL": f"{api.url}/api/v4", "KAFKA_GITOPS_GITLAB_TOKEN": TOKEN}
        return pipeline(site, *words, **told, **variables), api


def test_the_main_branch_plans_waits_applies_and_then_has_nothing_to_do(site: Estate) -> None:
    site.commit("old", "new retention.ms=3600000")
    site.let_read("ci")
    planned = push(site, **site.login("ci"))
    assert (planned.code, planned.jobs()) == (0, ["PASS kafka:lint", "PASS kafka:plan"]), planned.out
    assert planned.report("kafka:plan", "terraform.json") == {"create": 2, "update": 0, "delete": 0}
    assert (planned.files("kafka:lint"), planned.files("kafka:plan")) == (LINTED, PLANNED)
    assert site.state() == {}
    refused = push(site, "kafka:apply", **site.login("ci"))
    assert (refused.code != 0, site.state()) == (True, {}), refused.out
    assert "TOPIC_AUTHORIZATION_FAILED" in refused.out and "0 applied, 2 failed" in refused.out, refused.out
    assert refused.report("kafka:apply", "apply.json")["summary"]["failed"] == 2
    applied = push(site, "kafka:apply", **site.login())
    whole = {"new": {"retention.ms": "3600000"}, "old": {}}
    assert (applied.code, site.state()) == (0, whole), applied.out
    assert applied.report("kafka:apply", "apply.json")["summary"]["done"] == 2
    assert applied.files("kafka:apply") == APPLIED
    again = push(site, "--manual=kafka:apply", **site.login())
    assert (again.code, again.jobs()) == (0, ALL), again.out
    assert again.report("kafka:plan", "terraform.json") == {"create": 0, "update": 0, "delete": 0}
    assert again.text("kafka:plan", "summary.md").startswith(
        "**No changes.** Environment production matches the files (2 topics, 0 ACLs)."
    )
    assert site.state() == whole


def test_a_plan_that_went_stale_while_it_waited_is_not_applied(site: Estate) -> None:
    given = {"CI_COMMIT_BEFORE_SHA": site.head(), **site.login()}
    site.commit("old retention.ms=2592000000")
    assert push(site, **given).code == 0
    site.make("old")
    stale, api = merged(site, "kafka:apply", **given)
    assert stale.code != 0 and "FAIL 3" in stale.out, stale.out
    assert "Nothing was applied: the plan made now has changes that nobody approved" in stale.out
    [(method, path, body)] = api.writes()
    assert (method, path) == ("POST", NOTES)
    for text in (body["body"], stale.text("kafka:apply", "summary.md")):
        assert "**Not in the approved plan:**" in text
    assert "apply.json" not in stale.files("kafka:apply")
    assert site.state() == {"old": {}}


def test_the_brake_stops_a_push_that_removes_too_much(site: Estate) -> None:
    base = site.commit("old", "older", "oldest")
    site.make("old", "older", "oldest")
    site.commit("old", accept="change-topic-absent")
    ran = push(site, "--manual=kafka:apply", **site.login(), CI_COMMIT_BEFORE_SHA=base)
    assert (ran.code != 0, ran.jobs()) == (True, ["FAIL kafka:plan", "PASS kafka:lint"]), ran.out
    assert "FAIL 4" in ran.out and "2 topics would be deleted (limit 1" in ran.out, ran.out
    assert ran.report("kafka:plan", "terraform.json") == {"create": 0, "update": 0, "delete": 2}
    assert ran.text("kafka:plan", "summary.md").startswith("### Refused: 2 topics would be deleted")
    assert site.state() == {"old": {}, "older": {}, "oldest": {}}


def test_a_pipeline_by_hand_takes_options_quoted_as_in_a_shell(site: Estate) -> None:
    site.make("old")
    site.commit("old retention.ms=1000")
    refused = push(site, **site.login())
    assert "FAIL 4" in refused.out and "risk retention-shrink" in refused.out, refused.out
    more = f"--no-only-change --accept 'retention-shrink:{site.prefix}old'"
    ran = push(site, "--manual=kafka:apply", **site.login(), KAFKA_GITOPS_OPTIONS=more)
    assert (ran.code, ran.jobs()) == (0, ALL), ran.out
    assert site.state() == {"old": {"retention.ms": "1000"}}


def test_without_a_broker_the_plan_says_what_to_look_at(site: Estate) -> None:
    ran = push(site, "--manual=kafka:apply", **{**site.login(), "KAFKA_BOOTSTRAP": "127.0.0.1:9"})
    assert (ran.code != 0, ran.jobs()) == (True, ["FAIL kafka:plan", "PASS kafka:lint"]), ran.out
    assert "FAIL 5" in ran.out and "127.0.0.1:9" in ran.out and "Traceback" not in ran.out
    assert ran.text("kafka:plan", "summary.md").startswith("### kafka-gitops plan stopped: Cannot reach 127.0.0.1:9")
    assert ran.files("kafka:plan") == LINTED
    assert site.state() == {}


def test_hostile_text_is_applied_as_what_it_is(site: Estate) -> None:
    base = site.head()
    hostile.commit(site.home, hostile.rights(site.prefix))
    ran, api = merged(site, "--manual=kafka:apply", **site.login(), CI_COMMIT_BEFORE_SHA=base)
    assert (ran.code, ran.jobs()) == (0, ALL), ran.out
    [(method, path, body)] = api.writes()
    assert (method, path) == ("POST", NOTES)
    hostile.inert_note(body["body"])
    hostile.inert_markdown(ran.text("kafka:apply", "summary.md"))
    hostile.inert_log(ran.out)
    assert hostile.touched(site.home.parent) == []
    assert site.principals() == hostile.NAMES


def test_the_schedule_looks_for_drift(site: Estate) -> None:
    site.make("old")
    with forge(lab()) as api:
        told = {"CI_API_V4_URL": f"{api.url}/api/v4", "KAFKA_GITOPS_GITLAB_TOKEN": TOKEN}
        calm = pipeline(site, **site.login(), **told, CI_PIPELINE_SOURCE="schedule")
        site.commit("old retention.ms=2592000000")
        ran = pipeline(site, **site.login(), **told, CI_PIPELINE_SOURCE="schedule")
    assert (calm.code, calm.jobs()) == (0, ["PASS kafka:drift"]), calm.out
    assert (ran.code != 0, ran.jobs()) == (True, ["FAIL kafka:drift"]) and "FAIL 2" in ran.out, ran.out
    [(method, path, body)] = api.writes()
    assert (method, path) == ("POST", "/api/v4/projects/42/issues")
    assert body["title"] == "Kafka drift: production differs from the files"
    assert site.state() == {"old": {}}
