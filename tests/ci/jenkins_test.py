"""`Jenkinsfile.example`, executed by the interpreter of tests/jenkins in Jenkins' own Groovy, against a real broker.

Jenkins reads files and is told nothing by an API, so there is nothing that a build could post.
"""

import json
import shlex
import sys
from pathlib import Path

import hostile
import pytest
from hooking import git
from jenkins_runs import APPLIED, LINTED, MAIN, PLANNED, brought_to, change, run
from pipelines import Estate, estate

from kafka_gitops.sandbox import Sandbox

pytestmark = [pytest.mark.kafka, pytest.mark.ci]


@pytest.fixture
def site(tmp_path: Path, prefix: str, kafka: Sandbox) -> Estate:
    """A repository with the example as its Jenkinsfile."""
    return estate(tmp_path / "repo", prefix, kafka, "Jenkinsfile.example", "Jenkinsfile")


@pytest.mark.parametrize("more", [{}, {"CHANGE_FORK": "stranger"}], ids=["own", "fork"])
def test_a_change_request_is_linted_without_any_secret(site: Estate, more: dict[str, str]) -> None:
    git(site.home, "checkout", "-q", "-b", "work")
    site.commit("old", "new")
    ran = run(site, change(**more))
    assert (ran.problems, ran.result, ran.stages(), ran.exits()) == ([], "SUCCESS", ["Lint"], [0])
    [tests], [issues] = ran.all("junit"), ran.all("recordIssues")
    assert (tests["tests"], tests["failures"], issues["issues"]) == (1, 0, 0)
    assert ran.archived() == [sorted([*LINTED, "has-changes"])]
    assert ran.text("summary.md").startswith("### kafka-gitops lint: No problems")
    assert (ran.all("withCredentials"), site.state()) == ([], {})


def test_a_change_request_with_findings_fails_and_reports_them(site: Estate) -> None:
    git(site.home, "checkout", "-q", "-b", "work")
    site.commit("old retention.mss=5")
    ran = run(site, change(), secrets=False)
    [tests], [issues] = ran.all("junit"), ran.all("recordIssues")
    assert (ran.result, ran.exits(), tests["failures"], issues["issues"]) == ("FAILURE", [1], 1, 1)
    assert 'no topic config is called "retention.mss"' in ran.shells()
    assert "topic-config-unknown" in ran.text("summary.md")
    assert (ran.all("withCredentials"), site.state()) == ([], {})


def test_the_main_branch_plans_asks_applies_and_then_does_not_ask(site: Estate) -> None:
    ran = run(site, MAIN, input="granted")
    stages = ["Lint", "Plan", "Approve", "Apply"]
    assert (ran.result, ran.stages(), ran.exits()) == ("SUCCESS", stages, [0, 0, 0]), ran.shells()
    [asked] = ran.all("input")
    assert (asked["executor"], asked["held"], asked["submitter"]) == (False, ["timeout 1"], "kafka-operators")
    assert [one["ordinal"] for one in ran.all("milestone")] == [10, 20]
    [plan_login, apply_login] = ran.all("withCredentials")
    assert (plan_login["ids"], plan_login["held"]) == (["kafka-plan"], ["timeout 15"])
    assert (apply_login["ids"], apply_login["held"]) == (["kafka-apply"], ["lock kafka-production"])
    assert len({one["agent"] for one in ran.all("agent")}) == 3
    assert "1 applied" in ran.shells()
    assert ran.archived()[1:] == [PLANNED, APPLIED]
    assert json.loads(ran.text("apply.json"))["summary"]["done"] == 1
    assert site.state() == {"old": {}}
    again = run(site, MAIN, after=[ran])
    assert (again.result, again.stages(), again.all("input")) == ("SUCCESS", ["Lint", "Plan"], [])
    assert (again.exits(), again.text("has-changes")) == ([0, 0], "false\n")
    assert again.text("summary.md").startswith("**No changes.** This change does nothing to production; ")
    assert (again.archived()[1:], site.state()) == ([PLANNED], {"old": {}})


def test_a_plan_that_went_stale_while_it_waited_is_not_applied(site: Estate) -> None:
    site.commit("old retention.ms=2592000000")
    ran = run(site, MAIN, input="granted", meanwhile=[making(site)])
    assert (ran.result, ran.exits()) == ("FAILURE", [0, 0, 3]), ran.shells()
    assert "Nothing was applied: the plan made now has changes that nobody approved" in ran.shells()
    assert "**Not in the approved plan:**" in ran.text("summary.md")
    assert ran.archived()[1:] == [PLANNED, [name for name in APPLIED if name != "apply.json"]]
    assert site.state() == {"old": {}}


def making(site: Estate) -> str:
    """A shell command that makes the topic `old` while the build waits."""
    script = (
        "from confluent_kafka.admin import AdminClient, NewTopic; import json, sys; "
        "admin = AdminClient(json.loads(sys.argv[1])); "
        "[made.result() for made in admin.create_topics([NewTopic(sys.argv[2], 1, 1)]).values()]"
    )
    return shlex.join([sys.executable, "-c", script, json.dumps(site.kafka.client()), f"{site.prefix}old"])


def test_nothing_happens_without_a_yes_or_when_a_newer_build_is_past(site: Estate) -> None:
    for scenario, result in (
        ({"input": "aborted"}, "ABORTED"),
        ({}, "ABORTED"),  # nobody answers until the time is out
        ({"input": "granted", "passed": [20]}, "NOT_BUILT"),
    ):
        ran = run(site, MAIN, **scenario)
        assert (ran.result, ran.exits()) == (result, [0, 0])
    assert site.state() == {}


def test_the_brake_stops_before_anybody_is_asked_and_a_build_by_hand_lifts_it(site: Estate) -> None:
    base = site.commit("old", "older", "oldest")
    site.make("old", "older", "oldest")
    site.commit("old", accept="change-topic-absent")
    before = brought_to(base)
    braked = run(site, MAIN, after=[before])
    assert (braked.result, braked.exits(), braked.all("input")) == ("FAILURE", [0, 4], []), braked.shells()
    assert "2 topics would be deleted (limit 1" in braked.shells()
    assert braked.text("summary.md").startswith("### Refused: 2 topics would be deleted")
    assert (braked.archived()[1:], site.state()) == ([PLANNED], {"old": {}, "older": {}, "oldest": {}})
    given = {"KAFKA_GITOPS_OPTIONS": "--max-deletes topics=2"}
    allowed = run(site, MAIN, after=[before, braked], input="granted", parameters=given)
    assert (allowed.result, allowed.exits(), site.state()) == ("SUCCESS", [0, 0, 0], {"old": {}}), allowed.shells()


def test_without_a_broker_nobody_is_asked(site: Estate) -> None:
    away = run(site, MAIN, reachable=False)
    assert (away.result, away.exits(), away.all("input")) == ("FAILURE", [0, 5], []), away.shells()
    assert away.text("summary.md").startswith("### kafka-gitops plan stopped: Cannot reach 127.0.0.1:9")
    assert away.archived()[1:] == [sorted([*LINTED, "has-changes"])]
    assert site.state() == {}


def test_hostile_text_is_obeyed_by_nobody_and_applied_as_what_it_is(site: Estate) -> None:
    hostile.commit(site.home, hostile.rights(site.prefix))
    applied = run(site, MAIN, input="granted")
    assert (applied.result, applied.exits()) == ("SUCCESS", [0, 0, 0]), applied.shells()
    assert site.principals() == hostile.NAMES
    git(site.home, "checkout", "-q", "-b", "work")
    hostile.commit(site.home, hostile.findings(site.prefix))
    titled = {"CHANGE_TITLE": hostile.WORDS[0], "CHANGE_BRANCH": hostile.WORDS[1], "CHANGE_AUTHOR": hostile.WORDS[5]}
    linted = run(site, change(**titled))
    [tests], [issues] = linted.all("junit"), linted.all("recordIssues")
    found = (linted.result, linted.exits(), tests["failures"], issues["issues"])
    assert found == ("FAILURE", [1], 2 * len(hostile.WORDS), hostile.FOUND)
    for ran in (applied, linted):
        hostile.inert_markdown(ran.text("summary.md"))
        hostile.inert_log(ran.shells())
    assert hostile.touched(site.home.parent) == []


def test_the_timer_looks_for_drift_alone(site: Estate) -> None:
    ran = run(site, MAIN, cause="TimerTrigger")
    assert (ran.result, ran.stages(), ran.exits()) == ("FAILURE", ["Lint", "Drift"], [0, 2]), ran.shells()
    assert site.state() == {}
